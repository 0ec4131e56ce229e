package store

import (
	"encoding/binary"
	"fmt"

	"github.com/lib/pq/oid"

	"daybook/audit"
)

// The rows that daybook_record_v1 takes; the migration explains their columns.
var (
	groupRows    = rowType{"daybook_record_v1_group", []oid.Oid{oid.T_int8, oid.T_int4, oid.T_int8, oid.T_int8, oid.T_bool}}
	actorRows    = rowType{"daybook_record_v1_actor", []oid.Oid{oid.T_int4, oid.T_int2, oid.T_text, oid.T_text, oid.T_text, oid.T_text}}
	latestRows   = rowType{"daybook_record_v1_latest", []oid.Oid{oid.T_int4, oid.T_int4, oid.T_text, oid.T_text, oid.T_text}}
	profileRows  = rowType{"daybook_record_v1_profile", []oid.Oid{oid.T_int4, oid.T_int4, oid.T_text, oid.T_text, oid.T_text, oid.T_bytea}}
	sectionRows  = rowType{"daybook_record_v1_section", []oid.Oid{oid.T_int4, oid.T_int4, oid.T_text, oid.T_text, oid.T_int4}}
	propertyRows = rowType{"daybook_record_v1_property", []oid.Oid{oid.T_int4, oid.T_text}}
	textRows     = rowType{"daybook_record_v1_text", []oid.Oid{oid.T_int4, oid.T_bytea, oid.T_text}}
	pairRows     = rowType{"daybook_record_v1_pair", []oid.Oid{oid.T_int4, oid.T_int4, oid.T_int4}}
	eventRows    = rowType{"daybook_record_v1_event", append([]oid.Oid{
		oid.T_int4, oid.T_int4, oid.T_int8,
		oid.T_int4, oid.T_int4, oid.T_int4, oid.T_int4, oid.T_int4, oid.T_int4, oid.T_int4, oid.T_int4, oid.T_int4,
		oid.T_uuid, oid.T_int4, oid.T_int8, oid.T_bytea, oid.T_bytea, oid.T_bytea,
	}, entryTypes...)}
	changeRows = rowType{"daybook_record_v1_change", []oid.Oid{
		oid.T_int4, oid.T_int4, oid.T_int8, oid.T_int4, oid.T_int2, oid.T_int2, oid.T_int8, oid.T_int8,
	}}
	mergeRows = rowType{"daybook_record_v1_merge", []oid.Oid{oid.T_int4, oid.T_int4, oid.T_int8, oid.T_int8}}
)

// entryTypes are those of entryColumns.
var entryTypes = []oid.Oid{
	oid.T_int2, oid.T_int2,
	oid.T_int8, oid.T_text, oid.T_text, oid.T_text, oid.T_int8,
	oid.T_text, oid.T_bytea, oid.T_text,
	oid.T_int2, oid.T_int2, oid.T_int2,
	oid.T_int2, oid.T_int2, oid.T_int2, oid.T_int2, oid.T_int2, oid.T_text,
	oid.T_json, oid.T_json, oid.T_json, oid.T_text, oid.T_bytea,
}

// recordCall is one call of daybook_record_v1: its groups, and the arguments
// made of them.
type recordCall struct {
	groups        []audit.Group
	names         []*names
	organizations []byte

	group, event, change, latest, actor, profile, section, property, text, pair, merge rows

	keyed bool

	// The names whose ids come back, in the order of their rows.
	actors     []*namedActor
	profiles   []*namedProfile
	sections   []*namedSection
	properties []*namedProperty
	texts      []*namedText
}

func newRecordCall() *recordCall {
	return &recordCall{
		group: rows{of: groupRows}, event: rows{of: eventRows}, change: rows{of: changeRows}, latest: rows{of: latestRows},
		actor: rows{of: actorRows}, profile: rows{of: profileRows}, section: rows{of: sectionRows},
		property: rows{of: propertyRows}, text: rows{of: textRows}, pair: rows{of: pairRows}, merge: rows{of: mergeRows},
	}
}

const (
	recordStatement    = `SELECT * FROM daybook_record_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
	recordOneStatement = `SELECT * FROM daybook_record_one_v1($1, $2, $3, $4, $5)`
)

// statement calls the function that fits.
func (c *recordCall) statement() string {
	if c.lone() {
		return recordOneStatement
	}
	return recordStatement
}

// lone says whether the call is one event that names nothing unknown: what
// daybook_record_one_v1 takes.
func (c *recordCall) lone() bool {
	if len(c.groups) != 1 || c.event.count != 1 || c.groups[0].Entries[0].CauseIndex >= 0 {
		return false
	}
	return c.actor.count+c.profile.count+c.section.count+c.property.count+c.text.count+c.pair.count+c.merge.count == 0
}

// arguments are those of the function, in their order.
func (c *recordCall) arguments(types rowTypes) []any {
	if c.lone() {
		return []any{
			int64(c.groups[0].Organization), c.group.only(), c.event.only(),
			c.change.argument(types), c.latest.argument(types),
		}
	}
	args := []any{
		append(arrayHead(oid.T_int4, len(c.groups)), c.organizations...),
		c.group.argument(types), c.event.argument(types), c.keyed,
	}
	for _, r := range []*rows{&c.change, &c.latest, &c.actor, &c.profile, &c.section, &c.property, &c.text, &c.pair, &c.merge} {
		args = append(args, r.argument(types))
	}
	return args
}

// add puts a group in. After an error the call is of no use.
func (c *recordCall) add(group audit.Group, n *names) error {
	c.groups, c.names = append(c.groups, group), append(c.names, n)
	c.organizations = binary.BigEndian.AppendUint32(c.organizations, 4)
	c.organizations = binary.BigEndian.AppendUint32(c.organizations, uint32(group.Organization))
	err := c.group.add(group.Token, int64(len(group.Entries)), knownID(n.witness.sequence), n.witness.token, n.latest)
	if err != nil {
		return err
	}
	r := &groupCall{recordCall: c, grp: int64(len(c.groups)), group: group}
	if err := r.addNames(n); err != nil {
		return err
	}
	for i := range group.Entries {
		if err := r.addEntry(i, &n.entries[i]); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return nil
}

// groupCall is one group's part of a call.
type groupCall struct {
	*recordCall
	grp   int64
	group audit.Group

	// What stands for each of the group's names in other rows.
	actorAt, profileAt, sectionAt, propertyAt, textAt []int64
}

// addEntry adds the rows of the i-th entry.
func (r *groupCall) addEntry(i int, at *entryNames) error {
	entry, place := r.group.Entries[i], int64(i+1)
	values, err := entryValues(entry)
	if err != nil {
		return err
	}
	occurredAt, err := r.occurredAt(i)
	if err != nil {
		return err
	}
	row := append(make([]any, 0, len(eventRows.columns)), r.grp, place, occurredAt)
	for _, p := range []participantNames{at.performer, at.behalf, at.about} {
		row = append(row, reference(r.actorAt, p.actor), reference(r.profileAt, p.profile))
	}
	row = append(row, r.sectionAt[at.section], reference(r.textAt, at.eventName), reference(r.textAt, at.userAgent), optionalID(entry.Cause), nil, nil,
		hashOrNil(entry.KeyHash), fingerprint(entry), entry.ContentRoot[:])
	if entry.Cause == nil && entry.CauseIndex >= 0 {
		row[13] = int64(entry.CauseIndex + 1)
		if row[14], err = r.occurredAt(entry.CauseIndex); err != nil {
			return err
		}
	}
	r.keyed = r.keyed || entry.KeyHash != nil
	if err := r.event.add(append(row, values...)...); err != nil {
		return err
	}
	return r.addFound(entry, at, place, occurredAt)
}

// addFound adds the rows by which the entry's changes and merges are found.
func (r *groupCall) addFound(entry *audit.Entry, at *entryNames, place int64, occurredAt any) error {
	for k, ordinal := range ordinals(at.properties) {
		digest := &entry.Digests[k]
		err := r.change.add(r.grp, place, occurredAt, r.propertyAt[at.properties[k]], ordinal,
			changeAndKind(digest), optionalNumber(digest.After), optionalNumber(digest.Before))
		if err != nil {
			return err
		}
	}
	for _, key := range mergeSources(entry) {
		if err := r.merge.add(r.grp, place, occurredAt, key); err != nil {
			return err
		}
	}
	return nil
}

// occurredAt is when the i-th entry occurred, nil for now. The function does not
// check it.
func (r *groupCall) occurredAt(i int) (any, error) {
	at := r.group.Entries[i].OccurredAt
	if at == nil {
		return nil, nil //nolint:nilnil // the NULL of a column
	}
	if _, err := audit.NewEventID(*at, 1, 1); err != nil {
		return nil, fmt.Errorf("%w: %w", errOutOfRange, err)
	}
	return at.UnixMicro(), nil
}

// reference is what stands for the i-th name, NULL for nobody and nothing.
func reference(at []int64, i int) any {
	if i < 0 {
		return nil
	}
	return at[i]
}

// knownID is an id for the function, NULL while it is unknown.
func knownID(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// fingerprint tells whether a key is used again for the same. Without a key nobody
// asks.
func fingerprint(e *audit.Entry) any {
	if e.KeyHash == nil {
		return nil
	}
	return e.Fingerprint[:]
}

func hashOrNil(hash *[16]byte) any {
	if hash == nil {
		return nil
	}
	return hash[:]
}
