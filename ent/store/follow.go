package store

import (
	"context"
	stdsql "database/sql"
	"log/slog"
	"time"

	"entgo.io/ent/dialect"

	"daybook/audit"
)

// follower builds something from the journal behind recording, which therefore
// does not pay for it. It takes in every journal entry exactly once and in order,
// however often servers end half-way and however many share the work: what it
// builds and its position in the journal change in one transaction.
//
// What it has built may be thrown away: once its own rows and those in
// journal_followers are deleted, it builds everything anew.
type follower struct {
	// name is its key in journal_followers.
	name string
	// fold takes in a stretch of a journal. It MUST write within tx only, and what
	// it builds MUST NOT depend on where stretches begin and end.
	fold func(ctx context.Context, tx *stdsql.Tx, part stretch) error
	// prepare takes the place of fold where there is much to read and to compute:
	// it does so outside of the transaction, which on SQLite holds up the
	// recorder, and gives what is left to be written.
	prepare func(ctx context.Context, part stretch) (write func(context.Context, *stdsql.Tx) error, err error)
	// block, if not 0, is how many entries each of its stretches has: it takes in
	// whole blocks only.
	block int64
}

// due is how many of the entries between a position and the end of a journal the
// follower can take in.
func (f *follower) due(position, head int64) int64 {
	due := max(head-position, 0)
	if f.block > 0 {
		due -= due % f.block
	}
	return due
}

// stretch is a part of one organization's journal: the entries after a sequence,
// through another. It is never empty.
type stretch struct {
	organization   audit.OrganizationID
	after, through int64
}

// followPace bounds what followers take from a database that has to record.
type followPace struct {
	// stretch is how many journal entries one transaction takes in. On SQLite it
	// holds up the recorder, so it is short.
	stretch int64
	// quiet is how long nothing must have been recorded for followers to work
	// without regard for the recorder.
	quiet time.Duration
	// patience is how long followers stay back for a recorder that is never quiet,
	// and patientEvents how far. Readers look at what followers have not seen
	// themselves, and that many events they look at in some 20 ms.
	patience      time.Duration
	patientEvents int64
	// rest is how long followers then pause for each unit of time they worked: 3
	// leaves them a quarter of one connection's time.
	rest int
	// look is how often they look for what other programs have recorded.
	look time.Duration
}

var followPaces = map[string]followPace{
	dialect.SQLite: {
		stretch: 250, quiet: 20 * time.Millisecond, patience: 2 * time.Second, patientEvents: 5000, rest: 3, look: time.Second,
	},
	dialect.Postgres: {
		stretch: 2000, quiet: 20 * time.Millisecond, patience: 2 * time.Second, patientEvents: 5000, rest: 3, look: time.Second,
	},
}

// Follow builds what is built behind recording, until ctx ends. It wakes when
// this store has recorded something, and every second for what other programs
// have. It MUST have returned before the store is closed.
func (s *Store) Follow(ctx context.Context, log *slog.Logger) {
	if len(s.followers) == 0 {
		return
	}
	f := &following{store: s, pace: followPaces[s.dialect], log: log}
	looks := time.NewTicker(f.pace.look)
	defer looks.Stop()
	for f.look(ctx); ; {
		f.work(ctx)
		select {
		case <-ctx.Done():
			return
		case <-s.advances.wake:
		case <-looks.C:
			f.look(ctx)
		}
	}
}

// following is a running Follow.
type following struct {
	store  *Store
	pace   followPace
	log    *slog.Logger
	after  audit.OrganizationID // up to which organizations were looked at
	logged time.Time            // when an error last was
}

// work folds a stretch of each organization that is behind, in turn, until none
// is.
func (f *following) work(ctx context.Context) {
	s := f.store
	for ctx.Err() == nil {
		organization, since, found := s.advances.next()
		if !found {
			return
		}
		s.advances.waitForRecorder(ctx, f.pace, since)
		began := time.Now()
		left, err := s.foldAll(ctx, organization, f.pace.stretch, otherServersFirst)
		if err != nil {
			f.failed(ctx, err) // the next look finds it again
		} else if left > 0 {
			s.advances.add(organization, left)
		}
		s.advances.rest(ctx, f.pace, time.Since(began))
	}
}

// failed logs an error, at most one a minute: with the database away there is
// one each second.
func (f *following) failed(ctx context.Context, err error) {
	if ctx.Err() == nil && time.Since(f.logged) > time.Minute {
		f.logged = time.Now()
		f.log.Warn("what is built behind the journal falls behind", "error", err)
	}
}
