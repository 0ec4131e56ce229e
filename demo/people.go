package demo

import (
	"fmt"
	"strings"
	"time"

	"daybook/audit"
)

// person is a user of the platform, as of now.
type person struct {
	id         string
	properties map[string]any // of the account: name, email, phone, role_group, team, ...
	office     *office
	address    string // where they usually sign in from
	homeIPv6   string // and where they do when they work from home
	browser    string
	at         string    // the address they are signed in from; empty when they are not
	leaves     time.Time // zero: stays
}

func (p *person) name() string  { return p.text("name") }
func (p *person) email() string { return p.text("email") }

func (p *person) text(property string) string {
	text, _ := p.properties[property].(string)
	return text
}

// firstName is the part of the id that names the person.
func (p *person) firstName() string { return strings.TrimPrefix(p.id, "usr-") }

// input is the person as an event names them now.
func (p *person) input() *audit.UserInput {
	return &audit.UserInput{ExternalID: p.id, Name: new(p.name()), Email: new(p.email())}
}

func (p *person) actor() audit.ActorInput { return audit.ActorInput{User: p.input()} }

func (p *person) object() *audit.ObjectInput {
	return &audit.ObjectInput{Type: audit.ObjectUser, ExternalID: p.id, Name: new(p.name())}
}

// hiring is one line of the staff list.
type hiring struct {
	id, name, roleGroup, team string
	denver                    bool
	days                      int // in a hundred weekdays, on an ordinary day; 0: takes no conversations
	share                     int // of the conversations, against others on duty
	total                     int32
	from, until               string // dates; empty: the whole half year
}

// staff is everybody, in a fixed order. A few do most of the work.
func staff() []hiring {
	return []hiring{
		{id: "usr-ana", name: "Ana Ribeiro", roleGroup: "Administrators", team: "Operations"},
		{id: "usr-helena", name: "Helena Duarte", roleGroup: "Supervisors", team: "Lisbon chat"},
		{id: "usr-marcus", name: "Marcus Webb", roleGroup: "Supervisors", team: "Denver chat", denver: true},
		{id: "usr-priya", name: "Priya Nair", roleGroup: "Agents", team: "Denver chat", denver: true, days: 100, share: 30, total: 10},
		{id: "usr-jonas", name: "Jonas Berg", roleGroup: "Agents", team: "Lisbon e-mail", days: 100, share: 26, total: 5},
		{id: "usr-diego", name: "Diego Salazar", roleGroup: "Agents", team: "Denver phone", denver: true, days: 50, share: 22, total: 4},
		{id: "usr-amina", name: "Amina Diallo", roleGroup: "Agents", team: "Lisbon chat", days: 48, share: 20, total: 3},
		{id: "usr-hana", name: "Hana Kim", roleGroup: "Agents", team: "Denver e-mail", denver: true, days: 36, share: 14, total: 4},
		{id: "usr-tiago", name: "Tiago Moreira", roleGroup: "Agents", team: "Lisbon phone", days: 34, share: 14, total: 4},
		{id: "usr-zofia", name: "Zofia Kowalczyk", roleGroup: "Senior agents", team: "Lisbon e-mail", days: 28, share: 12, total: 5},
		{id: "usr-tyrone", name: "Tyrone Jackson", roleGroup: "Agents", team: "Denver chat", denver: true, days: 26, share: 12, total: 3},
		{id: "usr-luca", name: "Luca Ferrante", roleGroup: "Agents", team: "Lisbon chat", days: 22, share: 9, total: 3},
		{id: "usr-mei", name: "Mei-Ling Chen", roleGroup: "Senior agents", team: "Denver e-mail", denver: true, days: 20, share: 9, total: 5},
		{id: "usr-kwame", name: "Kwame Mensah", roleGroup: "Agents", team: "Denver phone", denver: true, days: 18, share: 8, total: 3},
		{id: "usr-noor", name: "Noor Haddad", roleGroup: "Agents", team: "Lisbon e-mail", days: 14, share: 7, total: 4},
		{id: "usr-sofia", name: "Sofía Hernández", roleGroup: "Agents", team: "Denver chat", denver: true, days: 14, share: 7, total: 3},
		{id: "usr-elif", name: "Elif Yıldız", roleGroup: "Agents", team: "Lisbon phone", days: 12, share: 6, total: 3},
		{id: "usr-aiyana", name: "Aiyana Begay", roleGroup: "Agents", team: "Denver e-mail", denver: true, days: 10, share: 5, total: 4},
		{id: "usr-saoirse", name: "Saoirse Ní Bhriain", roleGroup: "Agents", team: "Lisbon chat", days: 10, share: 5, total: 3},
		{id: "usr-ravi", name: "Ravi Iyer", roleGroup: "Agents", team: "Denver phone", denver: true, days: 8, share: 4, total: 3},
		{id: "usr-pieter", name: "Pieter van Dijk", roleGroup: "Agents", team: "Lisbon phone", days: 14, share: 5, total: 3, until: "2026-04-30"},
		{id: "usr-lena", name: "Lena Novák", roleGroup: "Seasonal agents", team: "Lisbon chat", days: 30, share: 6, total: 2, from: "2026-05-25"},
		{id: "usr-omar", name: "Omar Farouk", roleGroup: "Seasonal agents", team: "Denver chat", denver: true, days: 30, share: 6, total: 2, from: "2026-05-25"},
		{id: "usr-grace", name: "Grace O'Neill", roleGroup: "Seasonal agents", team: "Denver chat", denver: true, days: 24, share: 5, total: 2, from: "2026-05-25"},
	}
}

// hire opens the staff list: everyone is on it, and those who join later get
// their account in accounts.go.
func (w *world) hire() {
	offices := map[bool]*office{false: lisbon(), true: denver()}
	w.people = map[string]*person{}
	for i, line := range staff() {
		p := newPerson(line, offices[line.denver], i+1)
		w.people[p.id] = p
		if line.days > 0 {
			w.agents = append(w.agents, newAgent(p, line))
		}
	}
}

func newPerson(line hiring, o *office, number int) *person {
	mailbox := asciiLower(line.name)
	p := &person{
		id: line.id, office: o,
		address:  fmt.Sprintf("%s%d", o.addressPrefix, 10+number),
		homeIPv6: fmt.Sprintf("2001:db8:%x::%x", 0x50+number, 0x100+number*7),
		browser:  browsers[number%len(browsers)],
		properties: map[string]any{
			"name": line.name, "email": mailbox + "@example.com",
			"phone":      fmt.Sprintf(o.phoneTemplate, 100+number*37),
			"role_group": line.roleGroup, "team": line.team,
			"locked": false, "two_factor": "authenticator",
		},
	}
	if line.until != "" {
		p.leaves = moment(line.until + "T17:30:00Z")
	}
	return p
}

// asciiLower makes the local part of an e-mail address out of a name.
func asciiLower(name string) string {
	plain := strings.NewReplacer("í", "i", "á", "a", "ı", "i", "'", "", "é", "e", "ö", "o", "Ø", "O", "ø", "o", "ñ", "n", "ç", "c", "ã", "a", "ł", "l", "ü", "u")
	return strings.ReplaceAll(strings.ToLower(plain.Replace(name)), " ", ".")
}
