package store

import (
	"encoding/json"
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
		got, err := decodeChanges(id, stored)
		if err != nil || !reflect.DeepEqual(got, changes) {
			t.Fatalf("%q gave\n%+v, %v, want\n%+v", stored, got, err, changes)
		}
	})
}

func TestDamagedChangesAreAnError(t *testing.T) {
	whole := encodeChanges([]audit.Change{{
		Property: `a"b`, Operation: audit.OperationChanged, Before: audit.JSON(`["x",{}]`), After: audit.JSON("1"),
		GivenTexts: audit.ChangeTexts{After: &[]string{"one"}[0]},
	}})
	for n := 1; n < len(whole); n++ {
		if _, err := decodeChanges(audit.EventID{}, whole[:n]); err == nil {
			t.Errorf("%q was read without an error", whole[:n])
		}
	}
	if _, err := decodeChanges(audit.EventID{}, append(whole, ' ')); err == nil {
		t.Error("text after the changes was not noticed")
	}
}

func TestDetailsComeBack(t *testing.T) {
	about := &audit.Participant{ActorID: 7, ProfileID: 8}
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(audit.Categories()).Draw(t, "category")
		details := drawDetails(t, c, about)
		stored, err := encodeDetails(details)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeDetails(c, stored, about)
		if err != nil || !reflect.DeepEqual(got, details) {
			t.Fatalf("%s gave\n%+v, %v, want\n%+v", stored, got, err, details)
		}
	})
}

func TestDamagedDetailsAreAnError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(audit.Categories()).Draw(t, "category")
		whole, err := encodeDetails(drawDetails(t, c, nil))
		if err != nil {
			t.Fatal(err)
		}
		for n := range whole {
			if _, err := decodeDetails(c, whole[:n], nil); err == nil {
				t.Errorf("%q was read without an error", whole[:n])
			}
		}
		if _, err := decodeDetails(c, append(whole, ' '), nil); err == nil {
			t.Error("text after the details was not noticed")
		}
		if _, err := decodeDetails(0, whole, nil); err == nil {
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

func drawSubject(t *rapid.T) *audit.Subject {
	return maybe(t, rapid.Just(audit.Subject{ExternalID: texts().Draw(t, "subject"), Name: maybe(t, texts(), "name")}), "subject")
}
