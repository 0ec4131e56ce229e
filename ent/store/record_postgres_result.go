package store

import (
	"database/sql"

	"github.com/lib/pq"

	"daybook/audit"
)

// recordResult is what daybook_record_v1 returns.
type recordResult struct {
	outcomes                               pq.StringArray
	firstSequences, recordedAt             pq.Int64Array
	foundGroups, foundPlaces               pq.Int64Array
	foundEvents                            []audit.EventID
	foundFingerprints                      pq.ByteaArray
	actors, profiles, sections, properties pq.Int64Array
	texts                                  pq.Int64Array
}

// scan reads the row that answers the call.
func (c *recordCall) scan(row *sql.Rows, r *recordResult) error {
	if c.lone() {
		return r.scanOne(row)
	}
	return row.Scan(&r.outcomes, &r.firstSequences, &r.recordedAt,
		&r.foundGroups, &r.foundPlaces, pq.Array(&r.foundEvents), &r.foundFingerprints,
		&r.actors, &r.profiles, &r.sections, &r.properties, &r.texts)
}

// scanOne reads what daybook_record_one_v1 returns.
func (r *recordResult) scanOne(row *sql.Rows) error {
	var outcome string
	var sequence, recordedAt sql.NullInt64
	var found sql.Null[audit.EventID]
	var fingerprint []byte
	if err := row.Scan(&outcome, &sequence, &recordedAt, &found, &fingerprint); err != nil {
		return err
	}
	r.outcomes = pq.StringArray{outcome}
	r.firstSequences, r.recordedAt = pq.Int64Array{sequence.Int64}, pq.Int64Array{recordedAt.Int64}
	if found.Valid {
		r.foundGroups, r.foundPlaces = pq.Int64Array{1}, pq.Int64Array{1}
		r.foundEvents, r.foundFingerprints = []audit.EventID{found.V}, pq.ByteaArray{fingerprint}
	}
	return nil
}
