package graph_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/url"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"daybook/audit"
	"daybook/graph"
)

// TestExportGolden compares both formats with files. UPDATE_GOLDEN=1 writes them
// anew; look at the difference before committing it.
func TestExportGolden(t *testing.T) {
	log := newExportLog(t, exportFixture(t))
	recordedAt := regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z(","sequence"|,recorded)`)
	for file, parameters := range map[string]string{
		"events.ndjson":         "",
		"newest.ndjson":         `order={"field":"OCCURRED_AT"}&filter={"actions":["UPDATE"],"occurredAt":{"from":"2026-03-02T00:00:00Z"}}`,
		"nothing.ndjson":        `filter={"categories":[]}`,
		"events.csv":            "format=csv",
		"nothing.csv":           `format=csv&filter={"categories":[]}`,
		"every-column.csv":      "format=csv&columns=" + strings.Join(slices.DeleteFunc(audit.ExportColumns(), func(c string) bool { return c == "recordedAt" }), ","),
		"one-column-twelve.csv": `format=csv&columns=afterText&filter={"changed":[{"property":"note"}]}`,
	} {
		text := log.get(t, url.PathEscape(parameters))
		compareGolden(t, filepath.Join("testdata/export", file), recordedAt.ReplaceAll([]byte(text), []byte("(recordedAt)$1")))
	}
}

// Columns of everything a line of ndjson has.
const everyField = `query($after: String) { auditLog(orderBy: {field: RECORDED_AT, direction: ASC}, first: 500, after: $after) { edges { cursor node {
	id category action eventName occurredAt recordedAt sequence performedBy { ...A } performedByName onBehalfOf { ...A } onBehalfOfName
	section { id key name } object { ...O } changes { id property propertyName operation before after beforeText afterText redacted }
	ipAddress userAgent correlationId causedBy { id } metadata
	details {
		__typename
		... on AuthorizationDetails { user { ...A } outcome attemptedLogin }
		... on BillingDetails { plan { before after } seats { kind before after } }
		... on ConversationDetails { conversation { ...O } surveyAnswers { question score answer } }
		... on CustomerDetails { customer { ...O } mergedFrom { ...O } }
		... on SettingsDetails { area }
		... on WorkSessionDetails { agent { ...A } workSessionExternalId status { before { name type } after { name type } cause }
			capacity { before { used total state } after { used total state } } conversation { ...O } }
	}
} } } }
fragment A on AuditActor { id externalId kind name email }
fragment O on AuditObject { type externalId name }`

func TestALineOfAnExportIsWhatTheAPIAnswers(t *testing.T) {
	var events []json.RawMessage
	for line := range bytes.Lines(read(t, "testdata/golden/data.ndjson")) {
		events = append(events, bytes.TrimSpace(line))
	}
	log := newExportLog(t, append(events, exportFixture(t)...))
	answer := log.graphql.Execute(log.as(t, audit.ScopeReadAuditLog), graph.Request{Query: everyField})
	if len(answer.Errors) > 0 {
		t.Fatal(answer.Errors)
	}
	var page struct {
		AuditLog struct {
			Edges []struct {
				Cursor string
				Node   map[string]any
			}
		}
	}
	decodeExact(t, answer.Data, &page)
	lines := strings.Split(strings.TrimSpace(log.get(t, "")), "\n")
	if len(lines) != len(page.AuditLog.Edges)+1 || len(lines) < 39 {
		t.Fatalf("%d lines for %d events", len(lines), len(page.AuditLog.Edges))
	}
	for i, edge := range page.AuditLog.Edges {
		var got map[string]any
		decodeExact(t, []byte(lines[i]), &got)
		edge.Node["cursor"] = edge.Cursor
		if !reflect.DeepEqual(got, edge.Node) {
			t.Errorf("the line is\n%v\nand the API answers\n%v", got, edge.Node)
		}
	}
}

func decodeExact(t *testing.T, text []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

func TestLineBreaksWithinRecordedJSONDoNotBreakTheLine(t *testing.T) {
	event := json.RawMessage(`{"action":"UPDATE","section":"user","performedBy":{"user":{"externalId":"u"}},"details":{"authorization":{}},` +
		"\"metadata\":{\r\n\t\"b\" : [1.0,\n2],\"a\":\"x\\ny\"}}")
	log := newExportLog(t, nil)
	variables := append(append([]byte(`{"event":`), event...), '}')
	if answer := log.graphql.Execute(log.as(t, audit.Scopes()...), graph.Request{
		Query: `mutation ($event: EventInput!) { recordEvent(event: $event) { result { status } } }`, Variables: variables,
	}); !bytes.Contains(answer.Data, []byte("CREATED")) {
		t.Fatalf("%v %s", answer.Errors, answer.Data)
	}
	text := log.get(t, "")
	if want := "\"metadata\":{  \t\"b\" : [1.0, 2],\"a\":\"x\\ny\"}"; strings.Count(text, "\n") != 2 || !strings.Contains(text, want) {
		t.Errorf("%q does not have %q on one of two lines", text, want)
	}
}

// Every value of a table can be had back, and none is a formula.
func TestCellsAreNoFormulasAndLoseNothing(t *testing.T) {
	log := newExportLog(t, exportFixture(t))
	reader := csv.NewReader(strings.NewReader(log.get(t, "format=csv&columns=property,beforeText,afterText,objectName")))
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, row := range rows[1 : len(rows)-1] {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n#", rune(cell[0])) {
				t.Errorf("the cell %q can be taken for something else", cell)
			}
			values = append(values, strings.TrimPrefix(cell, "'"))
		}
	}
	// encoding/csv makes LF of CR LF within cells when it reads.
	for _, want := range []string{"=1+1", "'=1+1", "-5", "12345678901234567890", "#end", "@SUM(A1)", "#end events=1", "\tx", "\rx", "-2+3 line\nbreaks, \"quotes\" and 𝔘"} {
		if !slices.Contains(values, want) {
			t.Errorf("%q is not among the values %q", want, values)
		}
	}
}

func TestAnExportGoesOnAfterAnyEvent(t *testing.T) {
	log := newExportLog(t, numbered(230))
	for _, order := range []string{"", `&order={"field":"RECORDED_AT","direction":"DESC"}`, `&order={"field":"OCCURRED_AT","direction":"ASC"}`, `&order={}`} {
		order = strings.NewReplacer("{", "%7B", "}", "%7D", `"`, "%22").Replace(order)
		whole := strings.SplitAfter(log.get(t, order), "\n")
		for _, at := range []int{0, 98, 99, 100, 228, 229} {
			rest := log.get(t, "after="+cursorIn(t, whole[at])+order)
			got := strings.SplitAfter(rest, "\n")
			if !slices.Equal(got[:len(got)-2], whole[at+1:230]) {
				t.Errorf("%s: after %d come %d events, not the %d that are left", order, at, len(got)-2, 229-at)
			}
			if end := exportEnd(t, rest); end.Events != 229-at || end.Cursor != cursorIn(t, whole[229]) {
				t.Errorf("%s: after %d the end is %+v", order, at, end)
			}
		}
	}
	end := exportEnd(t, log.get(t, ""))
	log.record(t, numbered(3))
	if next := exportEnd(t, log.get(t, "after="+end.Cursor)); next.Events != 3 {
		t.Errorf("an export after the end has %d of 3 new events", next.Events)
	}
}
