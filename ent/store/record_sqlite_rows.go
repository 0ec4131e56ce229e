package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"

	"daybook/audit"
)

// sqliteInserts are the statements of recording, prepared once on the writer's
// only connection.
type sqliteInserts struct {
	mutex    sync.Mutex
	prepared bool

	findKey, findHead                                              *sql.Stmt
	findActor, addActor, renameActor                               *sql.Stmt
	findProfile, addProfile                                        *sql.Stmt
	findSection, addSection, useSection, findProperty, addProperty *sql.Stmt
	findText, addText                                              *sql.Stmt
	addPair, addEvent, addChange, addMerge, addKey, addBundle      *sql.Stmt
}

// prepare makes the statements when first called, which is after migration.
func (p *sqliteInserts) prepare(ctx context.Context, db *sql.DB) (*sqliteInserts, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.prepared {
		return p, nil
	}
	for into, text := range map[**sql.Stmt]string{
		&p.findKey: `SELECT event, fingerprint FROM idempotency_keys WHERE organization = ? AND key_hash = ?`,
		&p.findHead: `SELECT coalesce(j.sequence, 0), coalesce(j.token, 0), coalesce(j.recorded_at, 0) FROM organizations AS o LEFT JOIN (
			SELECT sequence, token, recorded_at FROM journal WHERE organization = ?1 ORDER BY sequence DESC LIMIT 1
			) AS j WHERE o.id = ?1`,
		&p.findActor: `SELECT id FROM actors WHERE organization = ? AND external_id = ? AND kind = ?`,
		&p.addActor:  `INSERT INTO actors (organization, kind, external_id, name, email, name_folded) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
		&p.renameActor: `UPDATE actors SET name = coalesce(?2, name), email = coalesce(?3, email), name_folded = coalesce(?4, name_folded)
			WHERE id = ?1 AND (name IS NOT coalesce(?2, name) OR email IS NOT coalesce(?3, email))`,
		&p.findProfile:  `SELECT id FROM actor_profiles WHERE actor = ? AND digest = ?`,
		&p.addProfile:   `INSERT INTO actor_profiles (organization, actor, name, email, name_folded, digest) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
		&p.findSection:  `SELECT id FROM sections WHERE organization = ? AND key = ?`,
		&p.addSection:   `INSERT INTO sections (organization, key, name, categories) VALUES (?, ?, ?, ?) RETURNING id`,
		&p.useSection:   `UPDATE sections SET categories = categories | ?2 WHERE id = ?1 AND categories & ?2 <> ?2`,
		&p.findProperty: `SELECT id FROM properties WHERE organization = ? AND key = ?`,
		&p.addProperty:  `INSERT INTO properties (organization, key) VALUES (?, ?) RETURNING id`,
		&p.findText:     `SELECT id FROM shared_texts WHERE organization = ? AND digest = ?`,
		&p.addText:      `INSERT OR FAIL INTO shared_texts (organization, digest, text) VALUES (?, ?, ?) RETURNING id`,
		&p.addPair:      `INSERT INTO section_properties (section, property) VALUES (?, ?) ON CONFLICT DO NOTHING`,
		&p.addEvent:     insertEvent(),
		&p.addChange:    `INSERT OR FAIL INTO property_changes (property, event, ordinal, change, after, before) VALUES (?, ?, ?, ?, ?, ?)`,
		&p.addMerge:     `INSERT OR FAIL INTO merge_sources (organization, object_key, event) VALUES (?, ?, ?)`,
		&p.addKey:       `INSERT OR FAIL INTO idempotency_keys (organization, key_hash, fingerprint, event) VALUES (?, ?, ?, ?)`,
		&p.addBundle: `INSERT OR FAIL INTO journal (organization, sequence, recorded_at, token, event_ids, digests)
			VALUES (?, ?, ?, ?, ?, ?)`,
	} {
		if *into != nil {
			continue // prepared by an earlier call that failed further on
		}
		statement, err := db.PrepareContext(ctx, text)
		if err != nil {
			return nil, err
		}
		*into = statement
	}
	p.prepared = true
	return p, nil
}

// insertEvent names the columns in the order of recordedEvent.
func insertEvent() string {
	columns := recordedColumns()
	return "INSERT OR FAIL INTO events (" + strings.Join(columns, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(columns)-1) + ")"
}

// storeEntries writes the rows of all entries, table by table.
func (t *sqliteTx) storeEntries(group audit.Group, n *names, appended []audit.Appended) error {
	var events, changes, merges, keys sqliteRows
	for i := range group.Entries {
		event, err := recordedEvent(group, n, appended, i)
		if err != nil {
			return err
		}
		events = append(events, event)
		changes = append(changes, recordedChanges(group, n, i, appended[i].ID)...)
		merges = append(merges, recordedMerges(group, i, appended[i].ID)...)
		keys = append(keys, recordedKeys(group, i, appended[i].ID)...)
	}
	for _, table := range []struct {
		add  *sql.Stmt
		rows sqliteRows
	}{
		{t.inserts.addEvent, events},
		{t.inserts.addChange, changes},
		{t.inserts.addMerge, merges},
		{t.inserts.addKey, keys},
		{t.inserts.addBundle, recordedBundles(group, appended)},
	} {
		if len(table.rows) == 0 {
			continue
		}
		if err := t.run(table.add, table.rows); err != nil {
			return err
		}
	}
	return nil
}

// participant gives the columns of one part in an event.
func (n *names) participant(p participantNames) []any {
	if p.actor < 0 {
		return []any{nil, nil}
	}
	return []any{n.actors[p.actor].id, n.profiles[p.profile].id}
}

// text gives the column of a shared text.
func (n *names) text(i int) any {
	if i < 0 {
		return nil
	}
	return n.texts[i].id
}

func optionalID(id *audit.EventID) any {
	if id == nil {
		return nil
	}
	return id[:]
}

// storeNames writes what is not stored yet and completes the ids.
func (t *sqliteTx) storeNames(organization audit.OrganizationID, n *names) error {
	if err := t.storeActors(int64(organization), n); err != nil {
		return err
	}
	for i := range n.sections {
		section := &n.sections[i]
		if section.stored() {
			continue
		}
		categories := int64(section.categories)
		err := t.ensure(&section.id, t.inserts.findSection, []any{int64(organization), section.key},
			t.inserts.addSection, []any{int64(organization), section.key, audit.DisplayName(section.key), categories})
		if err != nil {
			return err
		}
		if err := t.run(t.inserts.useSection, section.id, categories); err != nil {
			return err
		}
	}
	for i := range n.properties {
		key := []any{int64(organization), n.properties[i].key}
		if err := t.ensure(&n.properties[i].id, t.inserts.findProperty, key, t.inserts.addProperty, key); err != nil {
			return err
		}
	}
	if err := t.storeTexts(int64(organization), n); err != nil {
		return err
	}
	for _, pair := range n.pairs {
		if err := t.run(t.inserts.addPair, n.sections[pair.section].id, n.properties[pair.property].id); err != nil {
			return err
		}
	}
	return nil
}

func (t *sqliteTx) storeActors(organization int64, n *names) error {
	for i := range n.actors {
		a := &n.actors[i]
		name, email, foldedName := optional(a.name), optional(a.email), optional(folded(a.name))
		err := t.ensure(&a.id, t.inserts.findActor, []any{organization, a.externalID, int64(a.kind)},
			t.inserts.addActor, []any{organization, int64(a.kind), a.externalID, name, email, foldedName})
		if err != nil {
			return err
		}
		if n.latest {
			continue
		}
		if err := t.run(t.inserts.renameActor, a.id, name, email, foldedName); err != nil {
			return err
		}
	}
	for i := range n.profiles {
		p := &n.profiles[i]
		actor := n.actors[p.actor].id
		err := t.ensure(&p.id, t.inserts.findProfile, []any{actor, p.digest[:]}, t.inserts.addProfile,
			[]any{organization, actor, optional(p.name), optional(p.email), optional(folded(p.name)), p.digest[:]})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *sqliteTx) storeTexts(organization int64, n *names) error {
	for i := range n.texts {
		text := &n.texts[i]
		if text.id != 0 {
			continue // its digest takes time
		}
		digest := textDigest(text.text)
		err := t.ensure(&text.id, t.inserts.findText, []any{organization, digest},
			t.inserts.addText, []any{organization, digest, text.text})
		if err != nil {
			return err
		}
	}
	return nil
}

// ensure finds the id of a row, or adds the row, unless the id is known.
func (t *sqliteTx) ensure(id *int64, find *sql.Stmt, key []any, add *sql.Stmt, row []any) error {
	if *id != 0 {
		return nil
	}
	err := t.row(find, key...).Scan(id)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.row(add, row...).Scan(id)
	}
	return err
}
