package audit

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestInstantsAreWrittenInUTCToTheMicrosecond(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		micros := rapid.Int64Range(0, time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).UnixMicro()).Draw(t, "micros")
		zone := time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "zone"))
		instant := time.UnixMicro(micros).In(zone)
		want := instant.UTC().Format("2006-01-02T15:04:05.000000Z")
		if got := string(AppendInstant([]byte("at "), instant)); got != "at "+want {
			t.Errorf("%d is written %q, want %q", micros, got, want)
		}
	})
}
