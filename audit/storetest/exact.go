package storetest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"daybook/audit"
)

func exactPromises() []promise {
	return []promise{
		{"StringsComeBackAsTheyWere", stringsComeBack},
		{"LongStringsComeBackAsTheyWere", longStringsComeBack},
		{"JSONComesBackByteForByte", jsonComesBack},
		{"StringsAreFoundOnlyAsTheyAre", stringsAreFound},
		{"TextIsFoundAsItIs", textIsFound},
		{"NaughtyStringsComeBackAsTheyWere", naughtyStrings},
	}
}

func stringsComeBack(t *testing.T, w *workspace) {
	checkExact(t, w, spreadAll(nastyStrings()))
}

// naughtyStrings is the Big List of Naughty Strings, of which the tests' data
// folder has a copy.
func naughtyStrings(t *testing.T, w *workspace) {
	text, err := os.ReadFile(filepath.Join(dataFolder(t), "naughty-strings.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	for i, s := range list {
		list[i] = strings.ReplaceAll(s, "\x00", "NUL")
	}
	checkExact(t, w, spreadAll(list))
}

// dataFolder is where large inputs are, which are no part of the project.
func dataFolder(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("DAYBOOK_TEST_DATA")
	switch {
	case folder != "":
	case os.Getenv("CI") != "":
		t.Fatal("DAYBOOK_TEST_DATA is not set; CI needs the data folder")
	default:
		t.Skip("DAYBOOK_TEST_DATA is not set; the suite's own values cover the same ground")
	}
	return folder
}

// checkExact records the entries, reads them back by scan and by id, and
// compares every part.
func checkExact(t *testing.T, w *workspace, entries []*audit.Entry) {
	t.Helper()
	appended := w.recordAll(t, w.org, entries)
	byID := w.read(t, w.org, appended)
	scanned := map[audit.EventID]*audit.Event{}
	for _, event := range w.find(t, w.org, oldestFirst(nil)) {
		scanned[event.ID] = event
	}
	for i, e := range entries {
		checkEvent(t, e, byID[i])
		if event := scanned[appended[i].ID]; event == nil {
			t.Errorf("a scan did not find event %d", i)
		} else {
			checkEvent(t, e, event)
		}
	}
}

// spreadAll puts each string in every place that a string can have, in an
// event of each kind of details.
func spreadAll(list []string) []*audit.Entry {
	var entries []*audit.Entry
	for _, s := range list {
		for _, details := range everyDetails(s) {
			entries = append(entries, spread(s, details))
		}
	}
	return entries
}

func spread(s string, details audit.Details) *audit.Entry {
	value, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	key := keyText(s)
	actor := audit.EntryActor{Kind: audit.ActorUser, ExternalID: key, Name: &s, Email: &s}
	return entry(
		by(actor), onBehalfOf(actor), about(actor), called(s), in(key), correlated(s), detailed(details),
		changing(
			audit.Change{
				Property: key, Operation: audit.OperationChanged, Before: value, After: audit.JSON(`[1]`),
				GivenTexts: audit.ChangeTexts{Before: &s, After: &s},
			},
			changed("other "+s, "", string(value)),
			changed("list", "["+string(value)+"]", "[]"),
		),
		func(e *audit.Entry) {
			e.Object = &audit.Object{Type: key, ExternalID: key, Name: &s}
			e.UserAgent = &s
			e.Metadata = value
		},
	)
}

// keyText is the text where one may not be empty: validation sees to that.
func keyText(s string) string {
	if s == "" {
		return "(empty)"
	}
	return s
}

func everyDetails(s string) []audit.Details {
	subject := audit.Subject{ExternalID: keyText(s), Name: &s}
	status := audit.RoutingStatus{Name: s, Type: audit.StatusBusy}
	return []audit.Details{
		&audit.AuthorizationDetails{Outcome: audit.OutcomeFailure, AttemptedLogin: &s},
		&audit.BillingDetails{Plan: &audit.PlanChange{Before: &s, After: &s}},
		&audit.ConversationDetails{Conversation: &subject, SurveyAnswers: []audit.SurveyAnswer{{Question: &s, Answer: &s}}},
		&audit.CustomerDetails{Customer: &subject, MergedFrom: []audit.Subject{subject}},
		&audit.WorkSessionDetails{
			WorkSessionExternalID: &s, Conversation: &subject,
			Status: &audit.StatusChange{Before: &status, After: status, Cause: audit.CauseUnknown},
		},
	}
}

// longStringsComeBack has them only where length is not bounded for an index.
func longStringsComeBack(t *testing.T, w *workspace) {
	long := longString()
	value, err := json.Marshal(long)
	if err != nil {
		t.Fatal(err)
	}
	checkExact(t, w, []*audit.Entry{entry(
		changing(audit.Change{
			Property: "text", Operation: audit.OperationAdded, After: value,
			GivenTexts: audit.ChangeTexts{Before: &long, After: &long},
		}),
		detailed(&audit.ConversationDetails{
			Conversation:  &audit.Subject{ExternalID: "c", Name: &long},
			SurveyAnswers: []audit.SurveyAnswer{{Question: &long, Answer: &long}},
		}),
		func(e *audit.Entry) {
			e.UserAgent, e.Metadata = &long, value
			e.Object = &audit.Object{Type: "t", ExternalID: "x", Name: &long}
		},
	)})
}

func jsonComesBack(t *testing.T, w *workspace) {
	var entries []*audit.Entry
	for _, value := range nastyJSON() {
		entries = append(entries, entry(
			changing(changed("added", "", value), changed("changed", value, value), changed("removed", value, "")),
			func(e *audit.Entry) { e.Metadata = audit.JSON(value) },
		))
	}
	checkExact(t, w, entries)
}

// stringsAreFound: a filter finds a text by itself and by nothing that looks
// like it.
func stringsAreFound(t *testing.T, w *workspace) {
	list := nastyStrings()
	var entries []*audit.Entry
	for _, s := range list {
		entries = append(entries, spread(s, everyDetails(s)[4]))
	}
	appended := w.recordAll(t, w.org, entries)
	for i, s := range list {
		key, value := keyText(s), entries[i].Metadata
		actor := &audit.ActorFilter{ExternalIDs: []string{key}}
		filters := []audit.Filter{
			{EventNames: []string{s}},
			{Sections: []string{key}},
			{CorrelationIDs: []string{s}},
			{Objects: []audit.ObjectRef{{Type: key, ExternalID: key}}},
			{ObjectTypes: []string{key}},
			{WorkSessionExternalIDs: []string{s}},
			{Conversations: []string{key}},
			{PerformedBy: actor},
			{OnBehalfOf: actor},
			{About: actor},
			{Properties: []string{key}},
			{Changed: []audit.ChangeFilter{{Property: key, Before: value}}},
			{Changed: []audit.ChangeFilter{{Property: "list", Removed: value}}},
		}
		for _, filter := range filters {
			w.expectOnly(t, filter, appended[i].ID)
		}
	}
}

func (w *workspace) expectOnly(t *testing.T, filter audit.Filter, id audit.EventID) {
	t.Helper()
	found := idsOf(w.find(t, w.org, oldestFirst(&filter)))
	if len(found) != 1 || found[0] != id {
		t.Errorf("filter %s found %s, want only #%d", show(filter), showIDs(found), id.Sequence())
	}
}

// textIsFound compares with the folded text itself: no pattern is read into it.
func textIsFound(t *testing.T, w *workspace) {
	list := nastyStrings()
	var entries []*audit.Entry
	for _, s := range list {
		entries = append(entries, entry(called("<"+s+">"), by(namedUser("u"+s, "<"+s+">"))))
	}
	appended := w.recordAll(t, w.org, entries)
	reference := newReference(entries, w.read(t, w.org, appended))
	for _, s := range list {
		for _, text := range []string{s, "<" + s + ">", strings.ToUpper(s)} {
			checkScan(t, w, w.org, reference, oldestFirst(&audit.Filter{Text: &text}))
			checkScan(t, w, w.org, reference, oldestFirst(&audit.Filter{PerformedBy: &audit.ActorFilter{Name: &text}}))
		}
	}
}
