package audit

import (
	"fmt"
	"strings"
	"testing"
)

const topSecret = "hunter2-swordfish"

func TestNamesOfSecrets(t *testing.T) {
	policy := NewRedaction(DefaultRedaction, map[string][]string{"webhook": {"target url"}})
	for key, want := range map[string]bool{
		"password": true, "PASSWORD": true, "newPassword": true, "user_password_hash": true, "X-API-Key": true, "apikey": true,
		"webhook_api_key": true, "stripeAPIKey": true, "Authorization": true, "Set-Cookie": true, "cardNumber": true, "client.secret": true,
		"refreshToken": true, "": false, "status": false, "secretary": false, "token_count": false, "password_changed_at": false,
		"monkey": false, "author": false, "targetUrl": false, "clientRequestToken": false, "nextPageToken": false,
	} {
		if got := policy.matches("user", key); got != want {
			t.Errorf("%q: %v, want %v", key, got, want)
		}
	}
	if !policy.matches("webhook", "target_url") {
		t.Error("a section's own rule does not count in it")
	}
}

func TestNothingOfASecretIsKept(t *testing.T) {
	policy := NewRedaction(DefaultRedaction, nil)
	secret := topSecret
	in := aLogin()
	in.Changes = []ChangeInput{
		{Property: "webhookSecret", Before: JSON(`"` + secret + `"`), AfterText: &secret},
		{Property: "config", After: JSON(`{"a":[{"Api-Key":"` + secret + `","b":1}],"headers":[{"name":"Authorization","value":"` + secret + `"}]}`), AfterText: &secret},
		{Property: "sent as redacted", Before: JSON(`["` + secret + `"]`), BeforeText: &secret, Redacted: true},
		{Property: "status", Before: JSON(`"Open"`), After: JSON(`"Done"`)},
	}
	in.Metadata = JSON(`{"request":{"cookie":"` + secret + `","path":"/"}}`)
	entry, problems := prepare(in, testNow, policy)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if everything := fmt.Sprintf("%+v %s %s", entry, entry.Metadata, entry.SearchText) + changesDump(entry); strings.Contains(everything, secret) {
		t.Errorf("the secret is in %s", everything)
	}
	for i, want := range []struct {
		after    string
		redacted bool
	}{{``, true}, {`{"a":[{"Api-Key":"[redacted]","b":1}],"headers":[{"name":"Authorization","value":"[redacted]"}]}`, true}, {``, true}, {`"Done"`, false}} {
		if c := entry.Changes[i]; string(c.After) != want.after || c.Redacted != want.redacted {
			t.Errorf("%s: after %s, redacted %v", c.Property, c.After, c.Redacted)
		}
	}
	if c := entry.Changes[0]; string(c.Before) != `"[redacted]"` || c.Operation != OperationRemoved || *c.AfterText() != Redacted {
		t.Errorf("a secret that was removed reads %+v", c)
	}
	if got, want := string(entry.Metadata), `{"request":{"cookie":"[redacted]","path":"/"}}`; got != want {
		t.Errorf("metadata %s, want %s", got, want)
	}
	in.Changes[0].Before, in.Changes[1].AfterText = JSON(`"another"`), nil
	if again, _ := prepare(in, testNow, policy); again.Fingerprint != entry.Fingerprint {
		t.Error("the fingerprint tells secrets apart")
	}
}

func TestWhatTellsNothingOfASecretIsKept(t *testing.T) {
	policy := NewRedaction(DefaultRedaction, nil)
	for _, value := range []string{`true`, `"on"`, `"****"`, `""`, `null`} {
		in := aLogin()
		in.Changes = []ChangeInput{{Property: "password", Before: JSON(value)}}
		entry, _ := prepare(in, testNow, policy)
		if c := entry.Changes[0]; c.Redacted {
			t.Errorf("%s was redacted", value)
		}
	}
}

func changesDump(e *Entry) string {
	var b strings.Builder
	for _, c := range e.Changes {
		fmt.Fprintf(&b, "%s %s ", c.Before, c.After)
		for _, text := range []*string{c.BeforeText(), c.AfterText()} {
			if text != nil {
				b.WriteString(*text)
			}
		}
	}
	return b.String()
}

func TestWithoutAPolicyValuesStayAsTheyAre(t *testing.T) {
	in := aLogin()
	in.Changes = []ChangeInput{{Property: "password", After: JSON(`"` + topSecret + `"`)}}
	entry, _ := prepare(in, testNow, nil)
	if c := entry.Changes[0]; c.Redacted || !strings.Contains(string(c.After), topSecret) {
		t.Errorf("%+v", c)
	}
}
