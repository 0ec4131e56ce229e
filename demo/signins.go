package demo

import (
	"fmt"
	"slices"
	"time"

	"daybook/audit"
)

// accountEvent is something that happens to a user's account.
func accountEvent(p *person, action audit.Action, name string, by audit.ActorInput, changes ...audit.ChangeInput) audit.EventInput {
	return audit.EventInput{
		Action: action, EventName: new(name), PerformedBy: by, Section: "user", Object: p.object(),
		Changes: append([]audit.ChangeInput{}, changes...),
		Details: audit.DetailsInput{Authorization: &audit.AuthorizationDetailsInput{User: p.input()}},
	}
}

// from notes where a request came from.
func from(event audit.EventInput, address, browser string) audit.EventInput {
	event.IPAddress, event.UserAgent = new(address), new(browser)
	return event
}

// signIn is a user coming in: mostly from the office, sometimes from home, and
// now and then with a typing mistake first.
func (w *world) signIn(p *person) {
	if p.at != "" {
		return
	}
	p.at = p.address
	if w.percent(15) {
		p.at = p.homeIPv6
	}
	if w.percent(3) {
		w.failToSignIn(p, p.at, "wrong password")
		w.after(w.span(6*time.Second, 50*time.Second), func() { w.comeIn(p) })
		return
	}
	w.comeIn(p)
}

func (w *world) comeIn(p *person) {
	event := accountEvent(p, audit.ActionLogin, "user_auth.login", p.actor())
	event.Metadata = value(map[string]any{"method": w.signInMethod(), "secondFactor": p.properties["two_factor"]})
	w.newChain().record(from(event, p.at, p.browser))
}

// signInMethod follows the single sign-on setting.
func (w *world) signInMethod() string {
	if required, ok := w.settings["access-sso"].value("required").(bool); ok && required {
		return "sso"
	}
	return "password"
}

func (w *world) signOut(p *person) {
	if p.at == "" {
		return
	}
	event := accountEvent(p, audit.ActionLogout, "user_auth.logout", p.actor())
	w.newChain().record(from(event, p.at, p.browser))
	p.at = ""
}

// failToSignIn is a wrong password for an account there is. The platform cannot
// tell who typed it; it names the account.
func (w *world) failToSignIn(p *person, address, reason string) {
	event := accountEvent(p, audit.ActionLoginFailed, "user_auth.fail", p.actor())
	event.Details.Authorization.Outcome = new(audit.OutcomeFailure)
	event.Details.Authorization.AttemptedLogin = new(p.email())
	event.Metadata = value(map[string]string{"reason": reason})
	w.newChain().record(from(event, address, p.browser))
}

// strangerFailsToSignIn is somebody trying an account there is not.
func (w *world) strangerFailsToSignIn() {
	login := pick(w.chance, []string{"admin@example.com", "support@example.com", "root", "test@example.com", "info@northwind.example.com"})
	event := audit.EventInput{
		Action: audit.ActionLoginFailed, EventName: new("user_auth.fail"), PerformedBy: systemUser(), Section: "user",
		Changes: []audit.ChangeInput{}, Metadata: value(map[string]string{"reason": "unknown account"}),
		Object: &audit.ObjectInput{Type: "login", ExternalID: login},
		Details: audit.DetailsInput{Authorization: &audit.AuthorizationDetailsInput{
			Outcome: new(audit.OutcomeFailure), AttemptedLogin: new(login),
		}},
	}
	w.newChain().record(from(event, fmt.Sprintf("203.0.113.%d", w.between(100, 250)), "python-requests/2.32"))
}

// lockOut closes an account after too many failures.
func (w *world) lockOut(p *person, address string) {
	event := accountEvent(p, audit.ActionLockout, "user_auth.lockout", systemUser(), p.set("locked", true))
	event.Details.Authorization.Outcome = new(audit.OutcomeFailure)
	event.Details.Authorization.AttemptedLogin = new(p.email())
	event.Metadata = value(map[string]any{"failures": 5, "withinSeconds": 300})
	w.newChain().record(from(event, address, p.browser))
}

// planVisits draws which of those who take no conversations look in on a day,
// and says how many do.
func (w *world) planVisits(day time.Time) int {
	visits := 0
	for _, id := range []string{"usr-ana", "usr-helena", "usr-marcus"} {
		p := w.people[id]
		weekend := slices.Contains([]time.Weekday{time.Saturday, time.Sunday}, day.Weekday())
		if weekend || !w.percent(60) {
			continue
		}
		visits++
		comes := p.office.clock(day, 9*time.Hour).Add(w.span(-time.Hour, time.Hour))
		w.at(comes, func() { w.signIn(p) })
		w.at(comes.Add(w.span(4*time.Hour, 9*time.Hour)), func() { w.signOut(p) })
	}
	return visits
}
