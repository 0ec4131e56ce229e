package demo

import "daybook/audit"

// applyRules lets the business rules that are enabled now look at a new
// conversation. What each does is what its criteria and actions say in
// settings_rules.go.
func (w *world) applyRules(to *chain, c *conversation) {
	if vip := w.settings["rule-vip"]; vip.enabled() && isVIP(vip.revision, c) {
		w.applyRule(to, c, vip, 1, "vip")
	}
	if recall := w.settings["rule-recall"]; recall.enabled() && c.topic.name == rainJacket && c.priority > 2 {
		w.applyRule(to, c, recall, 2, "safety")
	}
	if w.settings["rule-spam"].enabled() && !c.told && c.channel == "email" && w.perMille(20) {
		c.tag(to, w.rule("rule-spam"), "suspicious")
	}
	if w.settings["rule-night"].enabled() && (w.now.Hour() < 7 || w.now.Hour() >= 23) {
		w.message(to, c, w.rule("rule-night"), "out")
	}
}

// isVIP is the criteria of "Escalate VIP customers" at a revision.
func isVIP(revision int, c *conversation) bool {
	who := c.customer
	switch revision {
	case 0:
		return who.tier == "platinum"
	case 1:
		return who.tier == "platinum" || who.tier == "gold"
	case 2:
		return (who.tier == "platinum" || who.tier == "gold") && c.channel != "sms"
	case 3:
		return who.lifetimeValue >= 500 && c.channel != "sms"
	default:
		return who.lifetimeValue >= 350
	}
}

// applyRule sets priority and a tag in the name of a rule.
func (w *world) applyRule(to *chain, c *conversation, rule *setting, priority int, tag string) {
	tagged, _ := c.tagged(tag)
	event := c.event(audit.ActionUpdate, "conversation.update", w.rule(rule.id), change("priority", c.priority, priority), tagged)
	event.Metadata = value(map[string]any{"rule": rule.id, "revision": rule.revision})
	c.priority = priority
	to.record(event)
}
