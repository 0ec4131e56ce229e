package scalar_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"daybook/audit"
	"daybook/graph/scalar"
)

func TestDateTimesAreAnsweredInUTCToTheMicrosecond(t *testing.T) {
	for given, want := range map[string]string{
		"2026-03-11T18:02:09Z":                 "2026-03-11T18:02:09.000000Z",
		"2026-03-11t18:02:09z":                 "2026-03-11T18:02:09.000000Z",
		"2026-03-11T12:02:09.25-06:00":         "2026-03-11T18:02:09.250000Z",
		"2026-03-11T18:02:09.1234569Z":         "2026-03-11T18:02:09.123456Z",
		"1985-04-12T00:59:59.999999999999999Z": "1985-04-12T00:59:59.999999Z",
		"1937-01-01T12:00:27.87+00:20":         "1937-01-01T11:40:27.870000Z",
		"0001-01-01T00:00:00Z":                 "0001-01-01T00:00:00.000000Z",
		"9999-12-31T23:59:59.999999Z":          "9999-12-31T23:59:59.999999Z",
		"2024-02-29T00:00:00-00:00":            "2024-02-29T00:00:00.000000Z",
	} {
		instant, err := scalar.UnmarshalDateTime(given)
		if err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		if got := marshalled(scalar.MarshalDateTime(instant)); got != `"`+want+`"` {
			t.Errorf("%s is answered as %s, want %q", given, got, want)
		}
	}
}

func TestWhatIsNoDateTimeIsRefused(t *testing.T) {
	for _, given := range []any{
		"", "2026-03-11", "2026-03-11T18:02Z", "2026-03-11T18:02:09", "2026-03-11 18:02:09Z", "2026-03-11T18:02:09,5Z",
		"2026-03-11T8:02:09Z", "2026-02-29T00:00:00Z", "2026-03-11T24:00:00Z", "2026-03-11T18:02:09+24:00",
		"2026-03-11T18:02:09+05:60", "2026-03-11T18:02:09.Z", "2026-03-11T18:02:09Z\n", " 2026-03-11T18:02:09Z",
		"1998-12-31T23:59:60Z", "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
		int64(1773252129), json.Number("1773252129"), true, nil,
		[]any{},
	} {
		if instant, err := scalar.UnmarshalDateTime(given); err == nil {
			t.Errorf("%v is taken as %s", given, instant)
		} else if audit.ErrorCode(err) != audit.CodeBadInput {
			t.Errorf("%v: code %s", given, audit.ErrorCode(err))
		}
	}
}

func TestEveryDateTimeComesBackTheSame(t *testing.T) {
	first := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	last := time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC).UnixMicro()
	rapid.Check(t, func(t *rapid.T) {
		instant := time.UnixMicro(rapid.Int64Range(first, last).Draw(t, "microseconds"))
		text := strings.Trim(marshalled(scalar.MarshalDateTime(instant)), `"`)
		if back, err := scalar.UnmarshalDateTime(text); err != nil || !back.Equal(instant) {
			t.Fatalf("%s came back as %s, %v", text, back, err)
		}
	})
}

// Leap seconds are valid in the published suite and refused here: they could not
// be returned as sent.
func TestPublishedDateTimes(t *testing.T) {
	folder := os.Getenv("DAYBOOK_TEST_DATA")
	if folder == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("DAYBOOK_TEST_DATA is not set; CI needs the data folder")
		}
		t.Skip("DAYBOOK_TEST_DATA is not set: the published formats are not at hand")
	}
	file, err := os.Open(filepath.Join(folder, "formats.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seen := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var sample struct {
			Format, Value, Why string
			Valid              bool
		}
		if err := json.Unmarshal(lines.Bytes(), &sample); err != nil {
			t.Fatal(err)
		}
		if sample.Format != "date-time" {
			continue
		}
		seen++
		want := sample.Valid && !strings.Contains(sample.Value, ":60")
		if _, err := scalar.UnmarshalDateTime(sample.Value); (err == nil) != want {
			t.Errorf("%q (%s): %v", sample.Value, sample.Why, err)
		}
	}
	if seen == 0 {
		t.Error("formats.ndjson has no date-times")
	}
}
