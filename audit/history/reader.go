package history

import (
	"context"
	"time"

	"daybook/audit"
)

// Bounds of what one answer reads. They keep it under a few seconds and its memory
// small; the story of an object that exceeds them can still be paged through.
const (
	// MaxEvents is how many events may have happened to an object up to the instant
	// that its state is asked for.
	MaxEvents = 50_000
	// maxBytes is how large their changes may be in all.
	maxBytes = 64 << 20
	// maxAhead is how many events after the instant are looked at for what was there
	// before.
	maxAhead = 1000
)

// Reader tells the stories of objects out of the log.
type Reader struct {
	log *audit.Reader
	now func() time.Time
}

// NewReader makes a Reader over the log. now is the clock.
func NewReader(log *audit.Reader, now func() time.Time) *Reader { return &Reader{log: log, now: now} }

// AsOf gives an object's state at an instant; nil when no event of the log says
// anything about the object. An instant to come gives what is recorded by now.
//
// It fails with CodeBadInput for a reference out of bounds, with CodeForbidden when
// the viewer may not read the object's history, and with CodeQueryTooExpensive for
// an object with more than [MaxEvents] events up to the instant.
func (r *Reader) AsOf(ctx context.Context, viewer audit.Viewer, object audit.ObjectRef, at time.Time) (*State, error) {
	f := newFold(object, at)
	if err := r.read(ctx, viewer, object, f); err != nil {
		return nil, err
	}
	return f.state(), nil
}

// Compare gives what differs between an object's states at two instants, of which
// to is now when it is nil; nil when no event of the log says anything about the
// object. It fails as AsOf does, and with CodeBadInput when from is after to.
func (r *Reader) Compare(ctx context.Context, viewer audit.Viewer, object audit.ObjectRef, from time.Time, to *time.Time) (*Comparison, error) {
	if to == nil {
		now := r.now()
		to = &now
	}
	if from.After(*to) {
		return nil, audit.BadInput("from", "from is after to.")
	}
	was, is := newFold(object, from), newFold(object, *to)
	if err := r.read(ctx, viewer, object, is, was); err != nil {
		return nil, err
	}
	before, after := was.state(), is.state()
	if before == nil || after == nil {
		return nil, nil
	}
	return Compare(before, after), nil
}

// read adds to the folds what they need: all events up to the instant of the
// latest, which is the first of them, and some after that.
func (r *Reader) read(ctx context.Context, viewer audit.Viewer, object audit.ObjectRef, latest *fold, others ...*fold) error {
	events, size := 0, 0
	add := func(event *audit.ObjectEvent) bool {
		events, size = events+1, size+sizeOf(event)
		if events > MaxEvents || size > maxBytes {
			return false
		}
		latest.add(event)
		for _, f := range others {
			f.add(event)
		}
		return true
	}
	past := audit.ObjectQuery{Object: object, Before: latest.end, Limit: MaxEvents + 1}
	if err := r.log.VisitObject(ctx, viewer, past, add); err != nil {
		return err
	}
	if events > MaxEvents || size > maxBytes {
		return tooMany()
	}
	events, size = 0, 0
	return r.log.VisitObject(ctx, viewer, audit.ObjectQuery{Object: object, From: latest.end, Limit: maxAhead}, add)
}

func tooMany() error {
	err := audit.Errorf(audit.CodeQueryTooExpensive,
		"More than %d events, or %d MiB of changes, happened to this object by then; objectHistory pages through them.", MaxEvents, maxBytes>>20)
	err.Limit = MaxEvents
	return err
}

// sizeOf is about how many bytes an event's changes take.
func sizeOf(event *audit.ObjectEvent) int {
	size := 0
	for i := range event.Changes {
		c := &event.Changes[i]
		size += len(c.Property) + len(c.Before) + len(c.After)
	}
	return size
}

// SetBy gives the properties of a state the events that set them.
func (r *Reader) SetBy(ctx context.Context, viewer audit.Viewer, state *State, fields audit.Fields) error {
	var ids []audit.EventID
	seen := map[audit.EventID]*audit.Event{}
	for i := range state.Properties {
		p := &state.Properties[i]
		if _, again := seen[p.told.Event]; p.Since != nil && !again {
			seen[p.told.Event] = nil
			ids = append(ids, p.told.Event)
		}
	}
	object := audit.ObjectRef{Type: state.Object.Type, ExternalID: state.Object.ExternalID}
	events, err := r.log.EventsOfObject(ctx, viewer, object, ids, fields)
	if err != nil {
		return err
	}
	for _, event := range events {
		seen[event.ID] = event
	}
	for i := range state.Properties {
		if p := &state.Properties[i]; p.Since != nil {
			p.SetBy = seen[p.told.Event]
		}
	}
	return nil
}
