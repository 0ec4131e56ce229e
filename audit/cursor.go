package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
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

func encodeCursor(key []byte, order cursorOrder, position []byte) string {
	raw := append([]byte{cursorVersion, byte(order)}, position...)
	raw = append(raw, cursorCode(key, raw)...)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// decodeCursor gives the position inside a cursor. It fails with CodeBadCursor
// for text that encodeCursor did not make with this key for this order.
func decodeCursor(key []byte, order cursorOrder, size int, cursor string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < 2+cursorCodeSize {
		return nil, Errorf(CodeBadCursor, "This is not a cursor of this API.")
	}
	signed := raw[:len(raw)-cursorCodeSize]
	if !hmac.Equal(raw[len(signed):], cursorCode(key, signed)) || signed[0] != cursorVersion {
		return nil, Errorf(CodeBadCursor, "This is not a cursor of this API, or it belongs to another organization.")
	}
	if cursorOrder(signed[1]) != order || len(signed) != 2+size {
		return nil, Errorf(CodeBadCursor, "This cursor belongs to another order or another connection.")
	}
	return signed[2:], nil
}

func cursorCode(key, signed []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(signed)
	return mac.Sum(nil)[:cursorCodeSize]
}

// encodeEventCursor is the cursor of an event in an order.
func encodeEventCursor(key []byte, order Order, event *Event) string {
	if order.Field == OrderRecordedAt {
		return encodeCursor(key, eventCursor(order), binary.BigEndian.AppendUint64(nil, uint64(event.Sequence)))
	}
	return encodeCursor(key, eventCursor(order), event.ID[:])
}

// decodeEventCursor is the inverse of encodeEventCursor; nil for nil.
func decodeEventCursor(key []byte, order Order, cursor *string) (*Position, error) {
	if cursor == nil {
		return nil, nil
	}
	var position Position
	if order.Field == OrderRecordedAt {
		raw, err := decodeCursor(key, eventCursor(order), 8, *cursor)
		if err != nil {
			return nil, err
		}
		position.Sequence = int64(binary.BigEndian.Uint64(raw))
		return &position, nil
	}
	raw, err := decodeCursor(key, eventCursor(order), len(position.ID), *cursor)
	if err != nil {
		return nil, err
	}
	copy(position.ID[:], raw)
	return &position, nil
}

func encodeActorCursor(key []byte, id ActorID) string {
	return encodeCursor(key, actorCursor, binary.BigEndian.AppendUint32(nil, uint32(id)))
}

// decodeActorCursor is the inverse of encodeActorCursor; 0 for nil.
func decodeActorCursor(key []byte, cursor *string) (ActorID, error) {
	if cursor == nil {
		return 0, nil
	}
	raw, err := decodeCursor(key, actorCursor, 4, *cursor)
	if err != nil {
		return 0, err
	}
	return ActorID(binary.BigEndian.Uint32(raw)), nil
}
