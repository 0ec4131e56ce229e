package store

import (
	"daybook/audit"
)

// entryColumns are the columns of events that follow from the entry alone, in
// the order of entryValues. The recording function of Postgres takes them in this
// order too.
var entryColumns = []string{
	"category", "action",
	"object_key", "object_type", "object_id", "object_name", "subject_key",
	"address", "address_key", "correlation_id",
	"outcome", "settings_area", "seat_kinds",
	"status_from", "status_to", "status_cause", "capacity_from", "capacity_to", "work_session",
	"changes", "details", "metadata", "search_text", "seed",
}

// entryValues are what an entry puts into entryColumns: int64, string, []byte or
// nil. JSON goes as text.
func entryValues(e *audit.Entry) ([]any, error) {
	details, err := encodeDetails(e.Details, e.Object)
	if err != nil {
		return nil, err
	}
	values := make([]any, 0, len(entryColumns))
	values = append(values, int64(e.Category), int64(e.Action))
	values = append(values, objectValues(e)...)
	address, key := addressColumns(e)
	values = append(values, address, key, optional(e.CorrelationID))
	values = append(values, filterValues(e.Details)...)
	return append(values, textOrNil(encodeChanges(e.Changes)), textOrNil(details), textOrNil(e.Metadata), e.SearchText, e.Seed[:]), nil
}

// recordedColumns are the columns of events in the order of recordedEvent.
func recordedColumns() []string {
	return append([]string{
		"id", "organization", "recorded_at", "actor", "profile", "behalf_actor", "behalf_profile",
		"about_actor", "about_profile", "section", "event_name", "user_agent", "caused_by",
	}, entryColumns...)
}

// recordedEvent is the row of the i-th entry, whose names have their ids.
func recordedEvent(group audit.Group, n *names, appended []audit.Appended, i int) ([]any, error) {
	entry, place, at := group.Entries[i], &n.entries[i], appended[i]
	values, err := entryValues(entry)
	if err != nil {
		return nil, err
	}
	row := make([]any, 0, len(values)+13)
	row = append(row, at.ID, int64(group.Organization), at.RecordedAt)
	for _, p := range []participantNames{place.performer, place.behalf, place.about} {
		row = append(row, n.participant(p)...)
	}
	row = append(row, n.sections[place.section].id, n.text(place.eventName), n.text(place.userAgent), cause(group, appended, i))
	return append(row, values...), nil
}

// recordedChanges are the i-th entry's rows of property_changes.
func recordedChanges(group audit.Group, n *names, i int, id audit.EventID) [][]any {
	properties := n.entries[i].properties
	rows := make([][]any, len(properties))
	for k, ordinal := range ordinals(properties) {
		digest := &group.Entries[i].Digests[k]
		rows[k] = []any{
			n.properties[properties[k]].id, id, ordinal, changeAndKind(digest), optionalNumber(digest.After), optionalNumber(digest.Before),
		}
	}
	return rows
}

// changeAndKind are both in one number, which leaves a row without a gap.
func changeAndKind(digest *audit.PropertyDigest) int64 {
	return int64(digest.Change)<<digestKindBits | int64(digest.Kind)
}

// digestKindBits are the low bits of the column "change" that hold the kind.
const digestKindBits = 3

// recordedMerges are the i-th entry's rows of merge_sources.
func recordedMerges(group audit.Group, i int, id audit.EventID) [][]any {
	keys := mergeSources(group.Entries[i])
	rows := make([][]any, len(keys))
	for k, key := range keys {
		rows[k] = []any{int64(group.Organization), key, id}
	}
	return rows
}

// recordedKeys is the i-th entry's row of idempotency_keys, if it has a key.
func recordedKeys(group audit.Group, i int, id audit.EventID) [][]any {
	entry := group.Entries[i]
	if entry.KeyHash == nil {
		return nil
	}
	return [][]any{{int64(group.Organization), entry.KeyHash[:], entry.Fingerprint[:], id}}
}

// recordedBundles are the group's rows of the journal. What shares one was recorded
// at one instant, as all of a group is but where it is loaded.
func recordedBundles(group audit.Group, appended []audit.Appended) [][]any {
	var rows [][]any
	for first := 0; first < len(appended); {
		end := first + 1
		for end < min(first+bundleSize, len(appended)) && appended[end].RecordedAt.Equal(appended[first].RecordedAt) {
			end++
		}
		ids, digests := make([]byte, 0, idBytes*(end-first)), make([]byte, 0, digestBytes*(end-first))
		for i := first; i < end; i++ {
			digest := audit.Digest(group.Organization, appended[i], cause(group, appended, i), group.Entries[i].ContentRoot)
			ids, digests = append(ids, appended[i].ID[:]...), append(digests, digest[:]...)
		}
		last := appended[end-1]
		rows = append(rows, []any{int64(group.Organization), last.Sequence, last.RecordedAt, group.Token, ids, digests})
		first = end
	}
	return rows
}

// objectValues are the object and, where it is another, the subject.
func objectValues(e *audit.Entry) []any {
	values := make([]any, 5)
	if e.Object != nil {
		values[0] = audit.ObjectKey(e.Object.Type, e.Object.ExternalID)
		values[1], values[2], values[3] = objectType(e.Object.Type), e.Object.ExternalID, optional(e.Object.Name)
	}
	if e.SubjectType != "" {
		if key := audit.ObjectKey(e.SubjectType, e.SubjectID); key != values[0] {
			values[4] = key
		}
	}
	return values
}

// filterValues repeat what filters look for in details.
func filterValues(details audit.Details) []any {
	values := make([]any, 9)
	switch d := details.(type) {
	case *audit.AuthorizationDetails:
		values[0] = int64(d.Outcome)
	case *audit.SettingsDetails:
		values[1] = int64(d.Area)
	case *audit.BillingDetails:
		kinds := make([]audit.SeatKind, len(d.Seats))
		for i, seat := range d.Seats {
			kinds[i] = seat.Kind
		}
		values[2] = int64(seatKindBits(kinds))
	case *audit.WorkSessionDetails:
		workSessionValues(d, values[3:])
	}
	return values
}

func workSessionValues(d *audit.WorkSessionDetails, values []any) {
	if status := d.Status; status != nil {
		if status.Before != nil {
			values[0] = int64(status.Before.Type)
		}
		values[1], values[2] = int64(status.After.Type), int64(status.Cause)
	}
	if capacity := d.Capacity; capacity != nil {
		if capacity.Before != nil {
			values[3] = int64(capacity.Before.State())
		}
		values[4] = int64(capacity.After.State())
	}
	values[5] = optional(d.WorkSessionExternalID)
}

func optional(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}

func optionalNumber(number *int64) any {
	if number == nil {
		return nil
	}
	return *number
}

func textOrNil(text []byte) any {
	if text == nil {
		return nil
	}
	return string(text)
}

// ordinals number the digests of one entry within their property, from 0.
func ordinals(properties []int) []int64 {
	next := map[int]int64{}
	numbers := make([]int64, len(properties))
	for i, property := range properties {
		numbers[i] = next[property]
		next[property]++
	}
	return numbers
}

// mergeSources are the keys of the customers that the event merged, each once.
func mergeSources(e *audit.Entry) []int64 {
	keys := make([]int64, 0, len(e.MergedFrom))
	seen := map[int64]bool{}
	for _, externalID := range e.MergedFrom {
		key := audit.ObjectKey(audit.ObjectCustomer, externalID)
		if !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}
