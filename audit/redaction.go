package audit

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Redacted stands where a value was that must not be kept.
const Redacted = "[redacted]"

// DefaultRedaction names what no audit log should hold. A name is matched
// against the end of a property name or JSON key, word by word and without
// regard to case: "api key" is in "apiKey", "X-API-KEY" and "webhook_api_key",
// but not in "api_key_count".
var DefaultRedaction = []string{
	"password", "passwd", "pwd", "passphrase", "password hash", "user password", "new password", "old password", "current password",
	"secret", "client secret", "secret key", "api secret", "shared secret", "webhook secret", "signing secret", "signing key",
	"token", "access token", "refresh token", "id token", "session token", "auth token", "api token", "bearer token", "csrf token",
	"api key", "private key", "access key", "encryption key", "authorization", "proxy authorization", "cookie", "set cookie", "cookies",
	"session cookie", "credentials", "card number", "credit card number", "cvv", "cvc", "card verification code", "iban",
	"account number", "routing number", "social security number", "ssn", "one time password", "otp", "recovery code", "recovery codes",
}

// harmless are names that end as a secret's does but hold none: numbers that
// requests and pages are told apart by.
var harmless = joinedNames([]string{
	"client token", "client request token", "request token", "idempotency token", "page token", "next page token", "next token",
	"continuation token", "sync token", "design token",
})

// Redaction is a policy: which values are replaced before anything of an event
// is stored, digested, logged or answered. The zero value replaces nothing.
type Redaction struct {
	everywhere map[string]bool
	sections   map[string]map[string]bool
}

// NewRedaction makes a policy of names that count everywhere, and of further
// names for single sections, by section key.
func NewRedaction(everywhere []string, sections map[string][]string) *Redaction {
	r := &Redaction{everywhere: joinedNames(everywhere), sections: map[string]map[string]bool{}}
	for section, names := range sections {
		r.sections[section] = joinedNames(names)
	}
	return r
}

func joinedNames(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		if joined, _ := joinedWords(name, nil, nil); len(joined) > 0 {
			set[string(joined)] = true
		}
	}
	return set
}

// joinedWords appends a key's letters and digits in lower case, and where its
// words begin among them: "webhookApi_Key" is webhook, api, key; "APIKey" is
// api, key.
func joinedWords(key string, to []byte, starts []int) ([]byte, []int) {
	previous, within := rune(0), false
	for i, r := range key {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			within = false
			continue
		}
		if !within || unicode.IsUpper(r) && (unicode.IsLower(previous) || nextIsLower(key[i:])) {
			starts = append(starts, len(to))
		}
		to = utf8.AppendRune(to, unicode.ToLower(r))
		previous, within = r, true
	}
	return to, starts
}

func nextIsLower(key string) bool {
	_, size := utf8.DecodeRuneInString(key)
	next, _ := utf8.DecodeRuneInString(key[size:])
	return unicode.IsLower(next)
}

// matches says whether the values under a key must not be kept.
func (r *Redaction) matches(section, key string) bool {
	if r == nil || len(r.everywhere)+len(r.sections[section]) == 0 {
		return false
	}
	var buffer [64]byte
	var starts [16]int
	joined, ends := joinedWords(key, buffer[:0], starts[:0])
	ours, found := r.sections[section], false
	for _, start := range slices.Backward(ends) {
		name := joined[start:]
		if harmless[string(name)] {
			return ours[string(name)]
		}
		found = found || r.everywhere[string(name)] || ours[string(name)]
	}
	return found
}

// tells says whether a value under a secret's name tells anything of it. Whether
// a password is set, and stars in its place, do not.
func tells(v *jsonValue) bool {
	if v == nil || v.kind == jsonNull || v.kind == jsonBool {
		return false
	}
	if v.kind != jsonString {
		return true
	}
	switch strings.ToLower(v.text) {
	case "", "true", "false", "on", "off", "yes", "no", "enabled", "disabled", strings.ToLower(Redacted):
		return false
	}
	return strings.Trim(v.text, "*•xX") != ""
}

// value gives the value with everything under a matching key replaced, at any
// depth, and whether anything was. The value itself is not changed.
func (r *Redaction) value(section string, v *jsonValue) (*jsonValue, bool) {
	if r == nil || v == nil || !structured(v) {
		return v, false
	}
	names := v.kind == jsonObject && r.namesSecret(section, v)
	var changed *jsonValue
	for i, elem := range v.elems {
		var replaced *jsonValue
		var is bool
		switch {
		case v.kind == jsonObject && tells(elem) && (r.matches(section, v.keys[i]) || names && holdsValue(v.keys[i])):
			replaced, is = redactedValue(), true
		default:
			replaced, is = r.value(section, elem)
		}
		if !is {
			continue
		}
		if changed == nil {
			changed = &jsonValue{kind: v.kind, keys: v.keys, elems: slices.Clone(v.elems)}
		}
		changed.elems[i] = replaced
	}
	if changed == nil {
		return v, false
	}
	return changed, true
}

// namesSecret knows pairs such as {"name": "Authorization", "value": "..."}.
func (r *Redaction) namesSecret(section string, object *jsonValue) bool {
	for _, key := range []string{"name", "key", "field", "property", "header"} {
		if name := object.field(key); name != nil && name.kind == jsonString && r.matches(section, name.text) {
			return true
		}
	}
	return false
}

func holdsValue(key string) bool {
	return slices.Contains([]string{"value", "values", "before", "after", "old", "new"}, strings.ToLower(key))
}

func redactedValue() *jsonValue { return &jsonValue{kind: jsonString, text: Redacted} }

// redact replaces in the entry what must not be kept: what the policy says, and
// the values of changes that were sent as redacted. Of a change it stays known
// that it happened.
func (p *preparation) redact(r *Redaction) {
	section := p.entry.Section
	if metadata, changed := r.value(section, p.metadata); changed {
		p.metadata = metadata
		p.entry.Metadata = metadata.compact(nil)
	}
	for i := range p.entry.Changes {
		change, values := &p.entry.Changes[i], &p.values[i]
		if change.Redacted || r.matches(section, change.Property) && changeTells(change, values) {
			redactWhole(change, values)
			continue
		}
		before, changedBefore := r.value(section, values.before)
		after, changedAfter := r.value(section, values.after)
		if changedBefore {
			change.Before, values.before, change.GivenTexts.Before = before.compact(nil), before, nil
		}
		if changedAfter {
			change.After, values.after, change.GivenTexts.After = after.compact(nil), after, nil
		}
		change.Redacted = changedBefore || changedAfter
	}
}

// changeTells says whether anything of the change tells of a secret.
func changeTells(change *Change, values *changeValues) bool {
	if tells(values.before) || tells(values.after) {
		return true
	}
	for _, text := range []*string{change.GivenTexts.Before, change.GivenTexts.After} {
		if text != nil && tells(&jsonValue{kind: jsonString, text: *text}) {
			return true
		}
	}
	return false
}

// redactWhole replaces both values of a change and what was shown of them.
func redactWhole(change *Change, values *changeValues) {
	change.Redacted = true
	if change.Before != nil {
		values.before = redactedValue()
		change.Before = values.before.compact(nil)
	}
	if change.After != nil {
		values.after = redactedValue()
		change.After = values.after.compact(nil)
	}
	text := Redacted
	if change.GivenTexts.Before != nil {
		change.GivenTexts.Before = &text
	}
	if change.GivenTexts.After != nil {
		change.GivenTexts.After = &text
	}
}
