package store

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
)

// texts draws strings that JSON writers like to change: with quotation marks,
// control characters, HTML, line separators and characters beyond 16 bits.
func texts() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"", `"`, `\`, `\\"`, "\x01\x1f\x7f", "<b>&amp;</b>", "\u2028\u2029", "😀", "é", `{"a":[1,2]}`, ",]}"}),
	)
}

// values draws JSON texts that keep their bytes only if nobody reformats them.
func values() *rapid.Generator[audit.JSON] {
	return rapid.Custom(func(t *rapid.T) audit.JSON {
		fixed := rapid.SampledFrom([]string{
			"null", " null ", "true", "0", "-0", "1.0", "1e400", "9007199254740993", "\t[ 1 , 2 ]\n", `{"b":1, "a":{"]":"}"}}`,
			`"\u00e9\/"`, `"\\\""`, `["a,b","]","\"}"]`, "[]", "{}", `[[],{},[{}]]`,
		})
		quoted := rapid.Map(texts(), func(s string) string {
			text, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		})
		return audit.JSON(rapid.OneOf(fixed, quoted).Draw(t, "value"))
	})
}

func maybe[T any](t *rapid.T, of *rapid.Generator[T], name string) *T {
	if !rapid.Bool().Draw(t, "has "+name) {
		return nil
	}
	value := of.Draw(t, name)
	return &value
}

func TestChangesComeBackByteForByte(t *testing.T) {
	id, err := audit.NewEventID(time.Unix(1, 0), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var changes []audit.Change
		for i := range rapid.IntRange(0, 4).Draw(t, "changes") {
			change := audit.Change{
				EventID: id, Ordinal: i, Property: texts().Draw(t, "property"),
				Operation:  audit.ChangeOperation(rapid.IntRange(1, 3).Draw(t, "operation")),
				GivenTexts: audit.ChangeTexts{Before: maybe(t, texts(), "text before"), After: maybe(t, texts(), "text after")},
				Redacted:   rapid.Bool().Draw(t, "redacted"),
			}
			if before := maybe(t, values(), "before"); before != nil {
				change.Before = *before
			}
			if after := maybe(t, values(), "after"); after != nil {
				change.After = *after
			}
			changes = append(changes, change)
		}
		stored := encodeChanges(changes)
		if stored != nil && !json.Valid(stored) {
			t.Fatalf("%q is not JSON", stored)
		}
		got, err := new(changeMemory).decode(id, stored)
		if err != nil || !reflect.DeepEqual(got, changes) {
			t.Fatalf("%q gave\n%+v, %v, want\n%+v", stored, got, err, changes)
		}
	})
}

// TestChangesOfManyEventsStayApart: they are put into the same memory.
func TestChangesOfManyEventsStayApart(t *testing.T) {
	var memory changeMemory
	var all [][]audit.Change
	for i := range 400 {
		changes := make([]audit.Change, i*i%13)
		for j := range changes {
			changes[j] = audit.Change{Property: fmt.Sprint(i % 20), Ordinal: j, Operation: audit.OperationAdded, After: audit.JSON(fmt.Sprint(i, j))}
		}
		got, err := memory.decode(audit.EventID{}, encodeChanges(changes))
		if err != nil {
			t.Fatal(err)
		}
		_ = append(got, audit.Change{Property: "another"}) //nolint:gocritic // into what may lie behind
		all = append(all, got)
	}
	for i, changes := range all {
		if len(changes) != i*i%13 {
			t.Errorf("event %d has %d changes", i, len(changes))
		}
		for j, change := range changes {
			if string(change.After) != fmt.Sprint(i, j) || change.Property != fmt.Sprint(i%20) || change.Ordinal != j {
				t.Fatalf("change %d of event %d became %+v", j, i, change)
			}
		}
	}
}

func TestDamagedChangesAreAnError(t *testing.T) {
	whole := encodeChanges([]audit.Change{{
		Property: `a"b`, Operation: audit.OperationChanged, Before: audit.JSON(`["x",{}]`), After: audit.JSON("1"),
		GivenTexts: audit.ChangeTexts{After: &[]string{"one"}[0]},
	}})
	for n := 1; n < len(whole); n++ {
		if _, err := new(changeMemory).decode(audit.EventID{}, whole[:n]); err == nil {
			t.Errorf("%q was read without an error", whole[:n])
		}
	}
	if _, err := new(changeMemory).decode(audit.EventID{}, append(whole, ' ')); err == nil {
		t.Error("text after the changes was not noticed")
	}
}

func TestDetailsComeBack(t *testing.T) {
	about := &audit.Participant{ActorID: 7, ProfileID: 8}
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(audit.Categories()).Draw(t, "category")
		details, object := drawDetails(t, c, about), drawObject(t)
		stored, err := encodeDetails(details, object)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(stored) {
			t.Fatalf("%q is not JSON", stored)
		}
		got, err := decodeDetails(c, stored, object, about)
		if err != nil || !reflect.DeepEqual(got, details) {
			t.Fatalf("%s gave\n%+v, %v, want\n%+v", stored, got, err, details)
		}
	})
}

func TestDamagedDetailsAreAnError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(audit.Categories()).Draw(t, "category")
		object := drawObject(t)
		whole, err := encodeDetails(drawDetails(t, c, nil), object)
		if err != nil {
			t.Fatal(err)
		}
		for n := range whole {
			if _, err := decodeDetails(c, whole[:n], object, nil); err == nil {
				t.Errorf("%q was read without an error", whole[:n])
			}
		}
		if _, err := decodeDetails(c, append(whole, ' '), object, nil); err == nil {
			t.Error("text after the details was not noticed")
		}
		if _, err := decodeDetails(0, whole, object, nil); err == nil {
			t.Error("details without a category were read")
		}
	})
}

func drawDetails(t *rapid.T, c audit.Category, about *audit.Participant) audit.Details {
	switch c {
	case audit.CategoryAuthorization:
		return &audit.AuthorizationDetails{About: about, Outcome: audit.OutcomeFailure, AttemptedLogin: maybe(t, texts(), "login")}
	case audit.CategoryBilling:
		return &audit.BillingDetails{
			Plan:  maybe(t, rapid.Just(audit.PlanChange{Before: maybe(t, texts(), "plan")}), "plan change"),
			Seats: []audit.SeatChange{{Kind: audit.SeatSeasonal, Before: maybe(t, rapid.Int32(), "seats")}, {Kind: audit.SeatFullTime}},
		}
	case audit.CategoryConversation:
		answer := audit.SurveyAnswer{Score: maybe(t, rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64), "score"), Answer: maybe(t, texts(), "answer")}
		return &audit.ConversationDetails{Conversation: drawSubject(t), SurveyAnswers: []audit.SurveyAnswer{answer}}
	case audit.CategoryCustomer:
		return &audit.CustomerDetails{Customer: drawSubject(t), MergedFrom: []audit.Subject{{ExternalID: texts().Draw(t, "source")}}}
	case audit.CategorySettings:
		return &audit.SettingsDetails{Area: audit.AreaBusinessRules}
	default:
		return &audit.WorkSessionDetails{
			About: about, WorkSessionExternalID: maybe(t, texts(), "session"), Conversation: drawSubject(t),
			Status:   &audit.StatusChange{After: audit.RoutingStatus{Name: texts().Draw(t, "status"), Type: audit.StatusBusy}, Cause: audit.CauseCall},
			Capacity: &audit.CapacityChange{Before: &audit.Capacity{Used: 1, Total: 2}, After: audit.Capacity{Total: 2}},
		}
	}
}

// identifiers are few, so that subjects often are the object.
func identifiers() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom([]string{"", "1", `"`}), texts())
}

func drawSubject(t *rapid.T) *audit.Subject {
	subject := audit.Subject{ExternalID: identifiers().Draw(t, "subject"), Name: maybe(t, identifiers(), "name")}
	return maybe(t, rapid.Just(subject), "subject")
}

func drawObject(t *rapid.T) *audit.Object {
	types := []string{audit.ObjectConversation, audit.ObjectCustomer, audit.ObjectUser}
	object := audit.Object{
		Type: rapid.SampledFrom(types).Draw(t, "object type"), ExternalID: identifiers().Draw(t, "object"), Name: maybe(t, identifiers(), "object name"),
	}
	return maybe(t, rapid.Just(object), "object")
}

// TestWhatTheObjectSaysIsNotStoredAgain: most conversations and customers are the
// object of their event.
func TestWhatTheObjectSaysIsNotStoredAgain(t *testing.T) {
	name, other := "A name", "Another"
	object := &audit.Object{Type: audit.ObjectConversation, ExternalID: "1", Name: &name}
	for stored, subject := range map[string]*audit.Subject{
		``:                              {ExternalID: "1", Name: &name},
		`{"c":null}`:                    nil,
		`{"c":{"i":"1"}}`:               {ExternalID: "1"},
		`{"c":{"i":"1","n":"Another"}}`: {ExternalID: "1", Name: &other},
		`{"c":{"i":"2","n":"A name"}}`:  {ExternalID: "2", Name: &name},
	} {
		text, err := encodeDetails(&audit.ConversationDetails{Conversation: subject}, object)
		if err != nil || string(text) != stored {
			t.Errorf("%+v is stored as %s, want %s: %v", subject, text, stored, err)
		}
	}
}

// TestMostChangesTakeOneDigitMore: beside property and values, a change has to say
// only what is in it.
func TestMostChangesTakeOneDigitMore(t *testing.T) {
	changes := []audit.Change{
		{Property: "status", Operation: audit.OperationChanged, Before: audit.JSON(`"open"`), After: audit.JSON(`"closed"`)},
		{Property: "tag", Operation: audit.OperationAdded, After: audit.JSON(`"vip"`)},
		{Property: "secret", Operation: audit.OperationRemoved, Redacted: true},
	}
	const want = `[["status",3,"open","closed"],["tag",2,"vip"],["secret",112]]`
	if stored := string(encodeChanges(changes)); stored != want {
		t.Errorf("changes are stored as %s, want %s", stored, want)
	}
}
