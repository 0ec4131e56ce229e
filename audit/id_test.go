package audit

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestEventIDKeepsItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMicro(rapid.Int64Range(0, maxMillis*1000).Draw(t, "micros")).UTC()
		sequence := rapid.Int64Range(1, maxSequence).Draw(t, "sequence")
		organization := OrganizationID(rapid.Int32Range(1, maxOrganization).Draw(t, "organization"))
		id, err := NewEventID(at, sequence, organization)
		if err != nil {
			t.Fatal(err)
		}
		if !id.OccurredAt().Equal(at) || id.Sequence() != sequence || id.Organization() != organization {
			t.Fatalf("%s holds %s, %d, %d", id, id.OccurredAt(), id.Sequence(), id.Organization())
		}
		if version, variant := id[6]>>4, id[8]>>6; version != 7 || variant != 2 {
			t.Fatalf("%s is version %d, variant %d; RFC 9562 wants 7 and 2", id.UUID(), version, variant)
		}
		parsed, err := ParseEventID(id.String())
		if err != nil || parsed != id {
			t.Fatalf("%s parses as %s, %v", id, parsed, err)
		}
		var scanned EventID
		if err := scanned.Scan(id.UUID()); err != nil || scanned != id {
			t.Fatalf("%s scans as %s, %v", id.UUID(), scanned, err)
		}
	})
}

func TestEventIDsSortByInstantThenSequence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (int64, int64, EventID) {
			micros := rapid.Int64Range(0, 3000).Draw(t, name+" micros")
			sequence := rapid.Int64Range(1, 3).Draw(t, name+" sequence")
			id, err := NewEventID(time.UnixMicro(micros), sequence, 7)
			if err != nil {
				t.Fatal(err)
			}
			return micros, sequence, id
		}
		micros1, sequence1, id1 := draw("first")
		micros2, sequence2, id2 := draw("second")
		earlier := micros1 < micros2 || micros1 == micros2 && sequence1 < sequence2
		if got := bytes.Compare(id1[:], id2[:]) < 0; got != earlier {
			t.Fatalf("%s before %s: %v", id1, id2, got)
		}
		if got := id1.String() < id2.String(); got != earlier {
			t.Fatalf("as text, %s before %s: %v", id1, id2, got)
		}
	})
}

func TestFirstEventIDAtBoundsARange(t *testing.T) {
	at := time.Date(2026, 3, 11, 18, 2, 0, 123456000, time.UTC)
	before, _ := NewEventID(at.Add(-time.Microsecond), maxSequence, maxOrganization)
	first, _ := NewEventID(at, 1, 1)
	bound := FirstEventIDAt(at)
	if bytes.Compare(before[:], bound[:]) >= 0 || bytes.Compare(bound[:], first[:]) >= 0 {
		t.Errorf("%s is not between %s and %s", bound, before, first)
	}
	if got := FirstEventIDAt(at.Add(-time.Nanosecond)); got != bound {
		t.Errorf("an instant between two microseconds begins with the later one")
	}
	if got := FirstEventIDAt(time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC)); !got.IsZero() {
		t.Errorf("before 1970: %s", got)
	}
	far := FirstEventIDAt(time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC))
	if bytes.Compare(far[:], first[:]) <= 0 {
		t.Errorf("year 20000: %s", far)
	}
}

func TestEventIDOutOfRangeIsRefused(t *testing.T) {
	good := time.Unix(0, 0)
	for name, make := range map[string]func() (EventID, error){
		"before 1970":       func() (EventID, error) { return NewEventID(good.Add(-1), 1, 1) },
		"sequence 0":        func() (EventID, error) { return NewEventID(good, 0, 1) },
		"sequence too high": func() (EventID, error) { return NewEventID(good, maxSequence+1, 1) },
		"organization 0":    func() (EventID, error) { return NewEventID(good, 1, 0) },
		"organization high": func() (EventID, error) { return NewEventID(good, 1, maxOrganization+1) },
	} {
		if id, err := make(); err == nil {
			t.Errorf("%s: got %s", name, id)
		}
	}
}

func FuzzParseIDs(f *testing.F) {
	f.Add("evt_00000000000000000000000000")
	f.Add("act_1")
	f.Add("sec_zz")
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := ParseEventID(s); err == nil && id.String() != s {
			t.Errorf("event %q became %q", s, id)
		}
		if id, err := ParseActorID(s); err == nil && id.String() != s {
			t.Errorf("actor %q became %q", s, id)
		}
		if id, err := ParseSectionID(s); err == nil && id.String() != s {
			t.Errorf("section %q became %q", s, id)
		}
	})
}
