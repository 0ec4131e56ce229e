package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"daybook/audit"
)

// golden is what all events of the default size hash to, on every machine. It
// changes whenever the story does, and then the release notes say so: a
// database filled before does not take the new story as duplicates.
const golden = "d5800f3fc5c3237b0f2c95133c61481d8ae52650b837e9cc3bd9d5cc645f1367"

func TestTheSameCountGivesTheSameEvents(t *testing.T) {
	events := Events(DefaultEvents)
	first := fingerprint(t, slices.Collect(events))
	if again := fingerprint(t, slices.Collect(events)); again != first {
		t.Error("ranging over the sequence again gives other events")
	}
	if first != golden {
		t.Errorf("the events hash to %s, want %s: if the story was changed on purpose, put the new value here", first, golden)
	}
}

func fingerprint(t *testing.T, events []audit.EventInput) string {
	t.Helper()
	hash := sha256.New()
	if err := json.NewEncoder(hash).Encode(events); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

func TestExactlyAsManyEventsAsAskedFor(t *testing.T) {
	for _, count := range []int{-1, 0, 1, 2, 7, 500, 1999, 10_000, DefaultEvents, 54_321} {
		got := 0
		for range Events(count) {
			got++
		}
		if got != max(count, 0) {
			t.Errorf("Events(%d) yields %d events", count, got)
		}
	}
}

func TestTheStoryEndsWhenTheReceiverHasEnough(t *testing.T) {
	got := 0
	for range Events(DefaultEvents) {
		if got++; got == 10 {
			break
		}
	}
	if got != 10 {
		t.Errorf("received %d events after breaking off at 10", got)
	}
}

func TestEventsSpanTheHalfYearInOrder(t *testing.T) {
	for _, count := range []int{10_000, DefaultEvents, 60_000} {
		previous, together := begin, 0
		for event := range Events(count) {
			at := *event.OccurredAt
			if at.Before(previous) || !at.Before(end) || at.Location() != time.UTC {
				t.Fatalf("Events(%d): %s comes after %s", count, at, previous)
			}
			if at.Equal(previous) {
				together++
			}
			if !at.Equal(at.Truncate(time.Microsecond)) {
				t.Fatalf("%s is finer than a microsecond", at)
			}
			previous = at
		}
		if previous.Format(time.DateOnly) != "2026-07-31" {
			t.Errorf("Events(%d) ends on %s", count, previous)
		}
		if together < count/10 {
			t.Errorf("Events(%d): only %d events share an instant with the one before", count, together)
		}
	}
}

// Streaming ten times as many events takes no more memory to speak of.
func TestMemoryDoesNotGrowWithTheStory(t *testing.T) {
	const limit = 16 << 20
	before, most := heapInUse(), uint64(0)
	seen := 0
	for range Events(200_000) {
		if seen++; seen%50_000 == 0 {
			most = max(most, heapInUse())
		}
	}
	if most > before+limit {
		t.Errorf("the heap grew from %d to %d bytes", before, most)
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func TestKeysAreDistinctAndCausesComeShortlyBefore(t *testing.T) {
	const reach = 20
	position := map[string]int{}
	caused := 0
	for event := range Events(DefaultEvents) {
		here := len(position)
		if _, used := position[*event.IdempotencyKey]; used {
			t.Fatalf("%s is used twice", *event.IdempotencyKey)
		}
		position[*event.IdempotencyKey] = here
		if event.CausedBy == nil {
			continue
		}
		caused++
		cause, ok := position[*event.CausedBy.IdempotencyKey]
		if !ok || here-cause > reach || cause == here {
			t.Fatalf("%s is caused by %s, which is not among the %d events before", *event.IdempotencyKey, *event.CausedBy.IdempotencyKey, reach)
		}
	}
	if caused < DefaultEvents/10 {
		t.Errorf("only %d events have a cause", caused)
	}
}

// Nothing points at anyone: documentation addresses and example.com only.
func TestNothingIsReal(t *testing.T) {
	documentation := []netip.Prefix{
		netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"),
		netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("2001:db8::/32"),
	}
	versions := map[bool]int{}
	for event := range Events(DefaultEvents) {
		if event.IPAddress != nil {
			address := netip.MustParseAddr(*event.IPAddress)
			versions[address.Is6()]++
			if !slices.ContainsFunc(documentation, func(p netip.Prefix) bool { return p.Contains(address) }) {
				t.Fatalf("%s is not a documentation address", address)
			}
		}
		text := fmt.Sprintf("%s %s", fingerprintable(t, event.Changes), fingerprintable(t, event.PerformedBy))
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(` "[],:`, r) }) {
			if name, host, ok := strings.Cut(word, "@"); ok && name != "" && host != "example.com" && !strings.HasSuffix(host, ".example.com") {
				t.Fatalf("%s is not an example address", word)
			}
		}
	}
	if versions[true] == 0 || versions[false] == 0 {
		t.Errorf("want both IPv6 and IPv4 addresses, got %v", versions)
	}
}

func fingerprintable(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
