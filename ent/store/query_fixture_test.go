package store

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// Sizes of the bulk log, per organization.
const (
	bulkActors     = 300
	bulkSections   = 20
	bulkProperties = 40
	bulkObjects    = 5000
	bulkNames      = 50
	otherEvery     = 10 // one event in so many is the second organization's
	bulkBundle     = 4  // entries of each row of the journal
)

var bulkStart = time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)

// bulkCategories are as skewed as those of a support team.
var bulkCategories = []struct {
	category audit.Category
	share    float64
	details  audit.Details
}{
	{audit.CategoryConversation, 0.50, &audit.ConversationDetails{}},
	{audit.CategoryCustomer, 0.25, &audit.CustomerDetails{}},
	{audit.CategoryWorkSession, 0.12, &audit.WorkSessionDetails{}},
	{audit.CategorySettings, 0.08, &audit.SettingsDetails{Area: audit.AreaSearches}},
	{audit.CategoryAuthorization, 0.04, &audit.AuthorizationDetails{Outcome: audit.OutcomeSuccess}},
	{audit.CategoryBilling, 0.01, &audit.BillingDetails{}},
}

// bulkLog fills a database with a large log, faster than recording would: it
// serves to look at what queries cost, not at what they mean.
type bulkLog struct {
	t      *testing.T
	s      *Store
	random *rand.Rand
	rows   map[string][][]any
	bundle [3][]audit.EventID // by organization: not in the journal yet
}

func fillBulk(t *testing.T, s *Store, events int) {
	t.Helper()
	log := &bulkLog{t: t, s: s, random: rand.New(rand.NewPCG(1, 2)), rows: map[string][][]any{}}
	for organization := 1; organization <= 2; organization++ {
		log.addCatalogue(organization)
	}
	sequences := [3]int64{}
	for i := range events {
		organization := 1
		if i%otherEvery == 0 {
			organization = 2
		}
		sequences[organization]++
		log.addEvent(organization, sequences[organization], bulkStart.Add(time.Duration(i)*time.Minute))
		if i%5000 == 0 {
			log.flush()
		}
	}
	for organization, ids := range log.bundle {
		if len(ids) > 0 {
			log.addBundle(organization, sequences[organization], bulkStart.Add(time.Duration(events)*time.Minute), ids...)
		}
	}
	log.flush()
	analyze := map[string]string{dialect.Postgres: `VACUUM ANALYZE`, dialect.SQLite: `PRAGMA wal_checkpoint`}
	exec(t, s, analyze[s.dialect])
}

var bulkColumns = map[string][]string{
	"organizations":    {"id", "name", "cursor_key", "created_at"},
	"actors":           {"id", "organization", "kind", "external_id", "name", "name_folded"},
	"actor_profiles":   {"id", "organization", "actor", "name", "name_folded", "digest"},
	"sections":         {"id", "organization", "key", "name", "categories"},
	"properties":       {"id", "organization", "key"},
	"shared_texts":     {"id", "organization", "digest", "text"},
	"property_changes": {"property", "event", "ordinal", "change", "after", "before"},
	"journal":          {"organization", "sequence", "recorded_at", "token", "event_ids", "digests"},
	"events": {
		"id", "organization", "recorded_at", "category", "action", "actor", "profile", "section",
		"object_key", "object_type", "object_id", "changes", "details", "search_text", "seed",
		"event_name", "correlation_id", "address_key", "behalf_actor", "about_actor", "subject_key",
		"outcome", "settings_area", "seat_kinds", "status_from", "status_to", "status_cause", "capacity_from", "capacity_to", "work_session",
	},
}

func (l *bulkLog) add(table string, values ...any) { l.rows[table] = append(l.rows[table], values) }

func (l *bulkLog) addCatalogue(organization int) {
	l.add("organizations", organization, fmt.Sprint("organization ", organization), []byte("key"), instantArg(l.s.dialect, bulkStart))
	for i := range bulkActors {
		id := bulkID(organization, i)
		name := fmt.Sprintf("Agent %d", i)
		l.add("actors", id, organization, int(bulkKind(i)), "actor-"+strconv.Itoa(i), name, audit.Fold(name))
		l.add("actor_profiles", id, organization, id, name, audit.Fold(name), []byte(strconv.Itoa(id)))
	}
	for i := range bulkSections {
		l.add("sections", bulkID(organization, i), organization, "section-"+strconv.Itoa(i), "Section", 2)
	}
	for i := range bulkProperties {
		l.add("properties", bulkID(organization, i), organization, "property-"+strconv.Itoa(i))
	}
	for i := range bulkNames {
		name := "event." + strconv.Itoa(i)
		l.add("shared_texts", bulkID(organization, i), organization, textDigest(name), name)
	}
}

// bulkKind is the kind of the i-th actor: few are automations.
func bulkKind(i int) audit.ActorKind {
	if i%50 == 49 {
		return audit.ActorSystem
	}
	return audit.ActorUser
}

// bulkID is the number of the i-th thing of its kind in an organization.
func bulkID(organization, i int) int { return organization*1000 + i }

// skewed is a number below n, small ones far more often than great ones.
func (l *bulkLog) skewed(n int) int {
	x := l.random.Float64()
	return int(x * x * x * float64(n))
}

func (l *bulkLog) addEvent(organization int, sequence int64, recordedAt time.Time) {
	occurredAt := recordedAt.Add(-time.Duration(l.random.IntN(3600)) * time.Second)
	id, err := audit.NewEventID(occurredAt, sequence, audit.OrganizationID(organization))
	if err != nil {
		l.t.Fatal(err)
	}
	pick := l.random.Float64()
	kind := bulkCategories[0]
	for _, kind = range bulkCategories {
		if pick -= kind.share; pick < 0 {
			break
		}
	}
	details, err := encodeDetails(kind.details, &audit.Object{Type: "conversation", ExternalID: "object"})
	if err != nil {
		l.t.Fatal(err)
	}
	property := l.skewed(bulkProperties)
	changes := encodeChanges([]audit.Change{{Property: "property-" + strconv.Itoa(property), Operation: audit.OperationChanged}})
	actor, object := bulkID(organization, l.skewed(bulkActors)), "object-"+strconv.Itoa(l.skewed(bulkObjects))
	at := instantArg(l.s.dialect, recordedAt)
	row := []any{
		id, organization, at, int(kind.category), 1 + l.random.IntN(19), actor, actor,
		bulkID(organization, l.skewed(bulkSections)), audit.ObjectKey(usualType, object), objectType(usualType), object,
		changes, details, "some text " + object, id[:],
	}
	l.add("events", append(row, l.rareColumns(organization, kind.category, object)...)...)
	if l.bundle[organization] = append(l.bundle[organization], id); sequence%bulkBundle == 0 {
		l.addBundle(organization, sequence, recordedAt, l.bundle[organization]...)
		l.bundle[organization] = nil
	}
	l.add("property_changes", bulkID(organization, property), id, 0, int(audit.DigestChanged), l.random.IntN(100), l.random.IntN(100))
}

// addBundle adds a row of the journal that ends with a sequence.
func (l *bulkLog) addBundle(organization int, sequence int64, recordedAt time.Time, ids ...audit.EventID) {
	var events, digests []byte
	for _, id := range ids {
		events, digests = append(events, id[:]...), append(append(digests, id[:]...), id[:]...)
	}
	l.add("journal", organization, sequence, instantArg(l.s.dialect, recordedAt), 1, events, digests)
}

// rareColumns are those that only some events have.
func (l *bulkLog) rareColumns(organization int, category audit.Category, object string) []any {
	some := func(given bool, value any) any {
		if given {
			return value
		}
		return nil
	}
	in := func(c audit.Category) bool { return category == c }
	one := func(n int) int { return 1 + l.skewed(n) }
	work, status := in(audit.CategoryWorkSession), l.random.IntN(2) == 0
	address := append(make([]byte, 15), byte(one(200)))
	return []any{
		bulkID(organization, l.skewed(bulkNames)), some(l.random.IntN(10) == 0, "operation-"+strconv.Itoa(l.random.IntN(500))), address,
		some(l.random.IntN(20) == 0, bulkID(organization, l.skewed(bulkActors))), some(work, bulkID(organization, l.skewed(bulkActors))),
		some(work, audit.ObjectKey("conversation", object+"'s other")), some(in(audit.CategoryAuthorization), one(2)),
		some(in(audit.CategorySettings), one(5)), some(in(audit.CategoryBilling), 2*one(7)),
		some(work && status, one(4)), some(work && status, one(4)), some(work && status, one(9)),
		some(work && !status, one(4)), some(work && !status, one(4)), some(work, "work session "+strconv.Itoa(l.random.IntN(200))),
	}
}

// flush writes the rows collected so far in one transaction.
func (l *bulkLog) flush() {
	l.t.Helper()
	tx, err := l.s.writer.BeginTx(l.t.Context(), nil)
	if err != nil {
		l.t.Fatal(err)
	}
	for table, rows := range l.rows {
		for len(rows) > 0 {
			n := min(len(rows), 200)
			insert := sql.Dialect(l.s.dialect).Insert(table).Columns(bulkColumns[table]...)
			for _, row := range rows[:n] {
				insert.Values(row...)
			}
			text, args := insert.Query()
			if _, err := tx.ExecContext(l.t.Context(), text, args...); err != nil {
				l.t.Fatalf("fill %s: %v", table, err)
			}
			rows = rows[n:]
		}
	}
	if err := tx.Commit(); err != nil {
		l.t.Fatal(err)
	}
	clear(l.rows)
}
