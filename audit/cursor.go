package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
)

// Cursors are opaque to clients: base64url of a version byte, a byte that names
// the order, the position in it, and an authentication code made with the
// organization's key. A cursor is therefore valid for one organization and one
// order only, and cannot be made up.
const (
	cursorVersion  = 1
	cursorCodeSize = 12
)

// cursorOrder is the byte that names an order.
type cursorOrder byte

const actorCursor cursorOrder = 1

func eventCursor(order Order) cursorOrder {
	return cursorOrder(order.Field)<<4 | cursorOrder(order.Direction)
}

// cursorKey makes and reads the cursors of one organization. Its key is prepared
// once, because a page has many cursors; it serves one goroutine at a time.
type cursorKey struct {
	mac hash.Hash
	raw []byte
}

func newCursorKey(key []byte) *cursorKey { return &cursorKey{mac: hmac.New(sha256.New, key)} }

// start begins a cursor: what comes before the position.
func (k *cursorKey) start(order cursorOrder) []byte {
	return append(k.raw[:0], cursorVersion, byte(order))
}

// finish makes the cursor of what start began.
func (k *cursorKey) finish(signed []byte) string {
	return base64.RawURLEncoding.EncodeToString(k.sign(signed))
}

// sign puts the authentication code behind what start began.
func (k *cursorKey) sign(signed []byte) []byte {
	k.raw = append(signed, k.code(signed)...)
	return k.raw
}

// read gives the position inside a cursor. It fails with CodeBadCursor for text
// that was not made with this key for this order.
func (k *cursorKey) read(order cursorOrder, size int, cursor string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < 2+cursorCodeSize {
		return nil, Errorf(CodeBadCursor, "This is not a cursor of this API.")
	}
	signed := raw[:len(raw)-cursorCodeSize]
	if !hmac.Equal(raw[len(signed):], k.code(signed)) || signed[0] != cursorVersion {
		return nil, Errorf(CodeBadCursor, "This is not a cursor of this API, or it belongs to another organization.")
	}
	if cursorOrder(signed[1]) != order || len(signed) != 2+size {
		return nil, Errorf(CodeBadCursor, "This cursor belongs to another order or another connection.")
	}
	return signed[2:], nil
}

func (k *cursorKey) code(signed []byte) []byte {
	k.mac.Reset()
	k.mac.Write(signed)
	var sum [sha256.Size]byte
	return k.mac.Sum(sum[:0])[:cursorCodeSize]
}

// event is the cursor of an event in an order.
func (k *cursorKey) event(order Order, event *Event) string {
	return k.finish(k.startEvent(order, event))
}

// appendEvent writes the cursor of an event in an order.
func (k *cursorKey) appendEvent(to []byte, order Order, event *Event) []byte {
	return base64.RawURLEncoding.AppendEncode(to, k.sign(k.startEvent(order, event)))
}

func (k *cursorKey) startEvent(order Order, event *Event) []byte {
	signed := k.start(eventCursor(order))
	if order.Field == OrderRecordedAt {
		return binary.BigEndian.AppendUint64(signed, uint64(event.Sequence))
	}
	return append(signed, event.ID[:]...)
}

// readEvent is the inverse of event; nil for nil.
func (k *cursorKey) readEvent(order Order, cursor *string) (*Position, error) {
	if cursor == nil {
		return nil, nil
	}
	var position Position
	if order.Field == OrderRecordedAt {
		raw, err := k.read(eventCursor(order), 8, *cursor)
		if err != nil {
			return nil, err
		}
		position.Sequence = int64(binary.BigEndian.Uint64(raw))
		return &position, nil
	}
	raw, err := k.read(eventCursor(order), len(position.ID), *cursor)
	if err != nil {
		return nil, err
	}
	copy(position.ID[:], raw)
	return &position, nil
}

// actor is the cursor of an actor.
func (k *cursorKey) actor(id ActorID) string {
	return k.finish(binary.BigEndian.AppendUint32(k.start(actorCursor), uint32(id)))
}

// readActor is the inverse of actor; 0 for nil.
func (k *cursorKey) readActor(cursor *string) (ActorID, error) {
	if cursor == nil {
		return 0, nil
	}
	raw, err := k.read(actorCursor, 4, *cursor)
	if err != nil {
		return 0, err
	}
	return ActorID(binary.BigEndian.Uint32(raw)), nil
}
