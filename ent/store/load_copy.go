package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"daybook/audit"
)

// copyInto runs a COPY in the transaction of a connection. write gives the rows.
//
// It goes past database/sql, which takes longer to hand over a row than Postgres
// to store it. What fails is kept from Raw: told that the connection is lost, it
// closes it at once, and waits for ever for the transaction that still has it.
func copyInto(ctx context.Context, conn *sql.Conn, statement string, write func(to *copyText) error) (err error) {
	failed := conn.Raw(func(raw any) error {
		err = copyRows(ctx, raw, statement, write)
		return nil
	})
	return errors.Join(err, failed)
}

func copyRows(ctx context.Context, raw any, statement string, write func(to *copyText) error) (err error) {
	copying, err := raw.(driver.ConnPrepareContext).PrepareContext(ctx, statement)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, copying.Close()) }() // ends the rows, and says what was wrong with them
	to := &copyText{send: func(lines string) error {
		_, err := copying.(copyDriver).CopyData(ctx, lines)
		return err
	}}
	if err := write(to); err != nil {
		return err
	}
	return to.flush()
}

// copyDriver is what lib/pq makes of a COPY statement. CopyData ends what it is
// given with a line feed.
type copyDriver interface {
	CopyData(ctx context.Context, lines string) (driver.Result, error)
}

// copyText is rows in the text form of COPY, sent in pieces.
type copyText struct {
	send  func(lines string) error
	lines []byte
}

// copyBytes is how large a piece is, about.
const copyBytes = 64 << 10

// add appends a row of the values that recorded rows have.
func (c *copyText) add(row []any) error {
	for i, value := range row {
		if i > 0 {
			c.lines = append(c.lines, '\t')
		}
		var err error
		if c.lines, err = appendCopied(c.lines, value); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	c.lines = append(c.lines, '\n')
	if len(c.lines) < copyBytes {
		return nil
	}
	return c.flush()
}

func (c *copyText) flush() error {
	if len(c.lines) == 0 {
		return nil
	}
	err := c.send(string(c.lines[:len(c.lines)-1]))
	c.lines = c.lines[:0]
	return err
}

// null is no value in the text form of COPY.
const null = `\N`

func appendCopied(to []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(to, null...), nil
	case int64:
		return strconv.AppendInt(to, v, 10), nil
	case string:
		return appendEscaped(to, v), nil
	case []byte:
		return hex.AppendEncode(append(to, `\\x`...), v), nil
	case time.Time:
		return v.UTC().AppendFormat(to, "2006-01-02 15:04:05.999999Z"), nil
	case audit.EventID:
		return append(to, v.UUID()...), nil
	case *audit.EventID:
		if v == nil {
			return append(to, null...), nil
		}
		return append(to, v.UUID()...), nil
	default:
		return to, fmt.Errorf("no column takes a %T", value)
	}
}

// copyEscapes are the characters that would end a value or begin an escape.
const copyEscapes = "\\\t\n\r"

func appendEscaped(to []byte, text string) []byte {
	for {
		i := strings.IndexAny(text, copyEscapes)
		if i < 0 {
			return append(to, text...)
		}
		to = append(append(to, text[:i]...), '\\')
		switch text[i] {
		case '\t':
			to = append(to, 't')
		case '\n':
			to = append(to, 'n')
		case '\r':
			to = append(to, 'r')
		default:
			to = append(to, text[i])
		}
		text = text[i+1:]
	}
}
