// Package dataset makes a large audit log to measure reading on: always the
// same, and of the shape that logs of a support platform have.
//
// Four organizations have 60, 25, 10 and 5 % of it. Its events are spread evenly
// over 24 months; what they are is said in package event and in input.go.
package dataset

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"daybook/audit"
	"daybook/bench/event"
)

// Version changes with everything that changes the log.
const Version = 3

// Organizations is how many the log has. The first is the largest.
const Organizations = 4

// Begin and End are the edges of the log: its first instant, and the first that
// is no longer in it.
var (
	Begin = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
	End   = Begin.AddDate(2, 0, 0)
)

// shares are how many of each 20 events an organization has.
var shares = [Organizations]int{12, 5, 2, 1}

const shared = 20

// ChunkSize is how many events a chunk has.
const ChunkSize = 10_000

// Log is the log with a number of events, a multiple of [ChunkSize].
type Log struct{ Events int }

// Chunks is how many chunks the log has, in the order of time.
func (l Log) Chunks() int { return l.Events / ChunkSize }

// EventsOf is how many events an organization has.
func (l Log) EventsOf(organization audit.OrganizationID) int {
	return l.Events / shared * shares[organization-1]
}

// Chunk is a part of the log as it is recorded: a group for each organization,
// and the positions of its entries.
type Chunk struct {
	Groups    []audit.Group
	Positions [][]audit.Appended
}

// together is how many events, of all organizations, are recorded at one instant: a
// busy server commits what came meanwhile.
const together = 64

// Chunk makes the n-th chunk.
func (l Log) Chunk(ctx context.Context, n int) (*Chunk, error) {
	random := rand.New(rand.NewPCG(uint64(n), uint64(l.Events))) //nolint:gosec // nothing secret
	inputs := make([]audit.EventInput, ChunkSize)
	for i := range inputs {
		inputs[i] = input(random, l.at(float64(n*ChunkSize+i)+random.Float64()))
	}
	entries, err := event.Prepare(ctx, inputs)
	if err != nil {
		return nil, fmt.Errorf("chunk %d: %w", n, err)
	}
	c := &Chunk{Groups: make([]audit.Group, Organizations), Positions: make([][]audit.Appended, Organizations)}
	for i := range c.Groups {
		c.Groups[i].Organization, c.Groups[i].Token = audit.OrganizationID(i+1), int64(n+1)
	}
	for i, entry := range entries {
		committed := min((i/together+1)*together, ChunkSize)
		if err := c.add(entry, n, l.at(float64(n*ChunkSize+committed))); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// add gives the next entry of the n-th chunk to its organization.
func (c *Chunk) add(entry *audit.Entry, n int, recordedAt time.Time) error {
	organization := organizationOf(c.size())
	group, positions := &c.Groups[organization-1], &c.Positions[organization-1]
	before := n * ChunkSize / shared * shares[organization-1]
	at := audit.Appended{Sequence: int64(before + len(group.Entries) + 1), RecordedAt: recordedAt}
	var err error
	if at.ID, err = audit.NewEventID(*entry.OccurredAt, at.Sequence, organization); err != nil {
		return err
	}
	group.Entries, *positions = append(group.Entries, entry), append(*positions, at)
	return nil
}

func (c *Chunk) size() (events int) {
	for _, group := range c.Groups {
		events += len(group.Entries)
	}
	return events
}

// organizationOf says whose the i-th event is: the pattern repeats, so that each
// organization's sequence is known anywhere in the log.
func organizationOf(i int) audit.OrganizationID {
	place := i * 7 % shared // 7 and 20 have no common factor: all of the pattern, mixed
	for organization, share := range shares {
		if place -= share; place < 0 {
			return audit.OrganizationID(organization + 1)
		}
	}
	return Organizations
}

// at is the instant at which that many events have happened.
func (l Log) at(events float64) time.Time {
	elapsed := float64(End.Sub(Begin)) * events / float64(l.Events)
	return Begin.Add(time.Duration(elapsed)).Truncate(time.Microsecond)
}
