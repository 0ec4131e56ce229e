package store

import (
	"encoding/binary"
	"fmt"
	"time"

	"entgo.io/ent/dialect"
)

// instant is a time as either engine keeps it.
type instant time.Time

// postgresEpoch is where timestamptz_send counts from: 2000-01-01, in
// microseconds since 1970.
const postgresEpoch = 946_684_800_000_000

// Scan reads a timestamp, the microseconds since 1970 that SQLite keeps, or the
// eight bytes of timestamptz_send.
func (i *instant) Scan(src any) error {
	switch v := src.(type) {
	case time.Time:
		*i = instant(v.UTC())
	case int64:
		*i = instant(time.UnixMicro(v).UTC())
	case []byte:
		if len(v) != 8 {
			return fmt.Errorf("instant: %d bytes, not 8", len(v))
		}
		*i = instant(time.UnixMicro(int64(binary.BigEndian.Uint64(v)) + postgresEpoch).UTC())
	default:
		return fmt.Errorf("instant: cannot read %T", src)
	}
	return nil
}

// instantArg is t as an argument that compares with stored instants as t would,
// which have whole microseconds: the first of those at or after t.
func instantArg(engine string, t time.Time) any {
	t = t.UTC()
	if whole := t.Truncate(time.Microsecond); whole.Before(t) {
		t = whole.Add(time.Microsecond)
	}
	if engine == dialect.SQLite {
		return t.UnixMicro()
	}
	return t
}
