package dataset

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"daybook/audit"
	"daybook/ent/store"
)

// Load writes the log into a Postgres database that has the organizations and no
// events, in the order of time. progress is told after each chunk.
func (l Log) Load(ctx context.Context, engine *store.Store, progress func(events int)) error {
	defer debug.SetGCPercent(debug.SetGCPercent(loadingGC))
	return l.each(ctx, func(n int, c *Chunk) error {
		err := engine.Load(ctx, c.Groups, c.Positions)
		progress((n + 1) * ChunkSize)
		return err
	})
}

// loadingGC lets garbage grow to some hundred megabytes: what a chunk is made of
// is thrown away soon, and collecting it would take a sixth of the time.
const loadingGC = 400

// recordedTogether is how many events a group has when the log is recorded.
const recordedTogether = audit.MaxRecordEvents

// Record records the log as a server does that many callers keep busy: in groups
// of 500, each organization for itself.
func (l Log) Record(ctx context.Context, engine audit.Appender, progress func(events int)) error {
	return l.each(ctx, func(n int, c *Chunk) error {
		for len(c.Groups[0].Entries) > 0 {
			groups := c.nextGroups()
			for i, outcome := range engine.Append(ctx, groups) {
				if outcome.Appended == nil {
					return fmt.Errorf("record %d events: %w", len(groups[i].Entries), outcome.Err)
				}
			}
		}
		progress((n + 1) * ChunkSize)
		return nil
	})
}

// nextGroups takes a group from each organization, the largest of 500 events.
func (c *Chunk) nextGroups() []audit.Group {
	groups := make([]audit.Group, 0, len(c.Groups))
	for i := range c.Groups {
		from := &c.Groups[i]
		count := min(len(from.Entries), max(1, recordedTogether*shares[i]/shares[0]))
		if count == 0 {
			continue
		}
		group := *from
		group.Token = from.Entries[0].OccurredAt.UnixMicro()
		group.Entries, from.Entries = from.Entries[:count], from.Entries[count:]
		groups = append(groups, group)
	}
	return groups
}

// each makes the chunks, on all processors, and hands them over in their order.
func (l Log) each(ctx context.Context, take func(n int, c *Chunk) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type made struct {
		chunk *Chunk
		err   error
	}
	pending := make(chan chan made, runtime.NumCPU()) // bounds how far making is ahead
	go func() {
		defer close(pending)
		for n := range l.Chunks() {
			one := make(chan made, 1)
			select {
			case pending <- one:
			case <-ctx.Done():
				return
			}
			go func() {
				chunk, err := l.Chunk(ctx, n)
				one <- made{chunk, err}
			}()
		}
	}()
	n := 0
	for one := range pending {
		m := <-one
		if m.err != nil {
			return m.err
		}
		if err := take(n, m.chunk); err != nil {
			return err
		}
		n++
	}
	return ctx.Err()
}
