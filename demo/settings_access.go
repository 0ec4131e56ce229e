package demo

import "daybook/audit"

func accessKind(section string) settingKind { return settingKind{audit.AreaKustomerAccess, section} }

// access is who may come in and what they may do.
func access() []openingSetting {
	return []openingSetting{
		{"access-ip-allow-list", accessKind("access"), []assignment{
			{"name", "IP allow list"},
			{"enabled", true},
			{"addresses", []string{"198.51.100.0/24", "192.0.2.0/24"}},
		}},
		{"access-sso", accessKind("access"), []assignment{
			{"name", "Single sign-on"},
			{"enabled", true},
			{"required", false},
			{"provider", script(`{"protocol":"saml","issuer":"https://sso.example.com","groups":["support"]}`)},
		}},
		{"access-password", accessKind("access"), []assignment{
			{"name", "Password policy"},
			{"policy", script(`{"minimumLength":10,"failuresUntilLockout":5,"expiresDays":null}`)},
		}},
		{"role-agents", accessKind("role"), []assignment{
			{"name", "Agents"},
			{"permissions", []string{"conversation.read", "conversation.write", "customer.read"}},
		}},
		{"role-senior-agents", accessKind("role"), []assignment{
			{"name", "Senior agents"},
			{"permissions", []string{"conversation.read", "conversation.write", "customer.read", "customer.write"}},
		}},
		{id: "role-seasonal-agents", kind: accessKind("role")},
		{"key-shop", accessKind("api_key"), []assignment{
			{"name", "Shop integration"},
			{"scopes", []string{"customer.write", "conversation.write"}},
			{"expires_at", "2026-12-31"},
		}},
		{id: "key-reporting", kind: accessKind("api_key")},
	}
}

func accessStories() []settingStory {
	return []settingStory{
		{at: "2026-02-12T10:22:04Z", by: "usr-ana", id: "access-ip-allow-list", set: []assignment{
			{"addresses", []string{"198.51.100.0/24", "192.0.2.0/24", "2001:db8::/32"}},
		}},
		{at: "2026-02-24T11:50:29Z", by: "usr-ana", id: "key-reporting", action: audit.ActionCreate, set: []assignment{
			{"name", "Monthly reporting"}, {"scopes", []string{"conversation.read"}}, {"secret", hidden{}},
		}},
		{at: "2026-03-05T09:15:47Z", by: "usr-ana", id: "role-senior-agents", set: []assignment{
			{"permissions", []string{"conversation.read", "conversation.write", "conversation.merge", "customer.read", "customer.write"}},
		}},
		{at: "2026-03-25T10:02:15Z", by: "usr-ana", id: "access-sso", set: []assignment{
			{"provider", script(`{"protocol":"saml","issuer":"https://sso.example.com","groups":["support","operations"]}`)},
		}},
		{at: "2026-04-22T12:12:12Z", by: "usr-ana", id: "key-shop", set: []assignment{
			{"secret", hidden{}}, {"expires_at", "2027-04-30"},
		}},
		{at: "2026-05-11T08:41:56Z", by: "usr-ana", id: "access-ip-allow-list", set: []assignment{
			{"addresses", []string{"198.51.100.0/24", "192.0.2.0/25", "2001:db8::/32"}},
		}},
		{at: "2026-05-19T06:40:33Z", by: "usr-ana", id: "access-password", set: []assignment{
			{"policy", script(`{"minimumLength":14,"failuresUntilLockout":3,"expiresDays":null}`)},
		}},
		{at: "2026-05-20T07:30:00Z", by: "usr-ana", id: "access-sso", set: []assignment{{"required", true}}},
		{at: "2026-05-22T09:33:08Z", by: "usr-ana", id: "role-seasonal-agents", action: audit.ActionCreate, set: []assignment{
			{"name", "Seasonal agents"}, {"permissions", []string{"conversation.read", "conversation.write"}},
		}},
		{at: "2026-06-18T15:55:41Z", by: "usr-marcus", id: "role-seasonal-agents", set: []assignment{
			{"permissions", []string{"conversation.read", "conversation.write", "customer.read"}},
		}},
		{at: "2026-07-01T08:08:20Z", by: "usr-ana", id: "key-reporting", action: audit.ActionDelete},
		{at: "2026-07-15T13:20:49Z", by: "usr-ana", id: "access-ip-allow-list", set: []assignment{{"enabled", false}}},
		{at: "2026-07-15T13:46:02Z", by: "usr-ana", id: "access-ip-allow-list", set: []assignment{
			{"enabled", true}, {"addresses", []string{"198.51.100.0/24", "192.0.2.0/25", "203.0.113.16/28", "2001:db8::/32"}},
		}},
	}
}
