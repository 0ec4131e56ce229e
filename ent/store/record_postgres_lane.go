package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/lib/pq"
	"github.com/lib/pq/oid"
)

// lane is a connection that records. Its first call goes as it is, so that a
// connection that is soon lost again has been of use; the next ones prepare what
// they need, and from there on each takes one round trip and no planning.
type lane struct {
	conn     *sql.Conn
	used     bool
	prepared map[string]*sql.Stmt
	types    rowTypes
}

// lanes are the connections that record, opened when first needed and kept.
type lanes struct {
	mutex  sync.Mutex
	idle   []*lane  // the last one used comes first: it has its plans in its caches
	types  rowTypes // nil until they are read
	closed bool
}

// take gives an idle lane, or a new one, for a statement.
func (l *lanes) take(ctx context.Context, db *sql.DB, statement string) (*lane, error) {
	l.mutex.Lock()
	one := &lane{types: l.types, prepared: map[string]*sql.Stmt{}}
	if last := len(l.idle) - 1; last >= 0 {
		one, l.idle = l.idle[last], l.idle[:last]
	}
	l.mutex.Unlock()
	if err := one.open(ctx, db, statement); err != nil {
		one.close()
		return nil, fmt.Errorf("prepare recording: %w", err)
	}
	return one, nil
}

// giveBack keeps a lane for the next call, unless its call failed: the connection
// may be lost, or what it knows of the function be that of another database.
func (l *lanes) giveBack(one *lane, err error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.types = one.types
	if e := pq.As(err); e != nil && e.Code.Class() == "42" { // no such function or type
		l.types = nil
	}
	if l.closed || err != nil && !rejected(err) {
		one.close()
		return
	}
	l.idle = append(l.idle, one)
}

func (l *lanes) close() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.closed = true
	for _, one := range l.idle {
		one.close()
	}
	l.idle = nil
}

// open does what is missing for a call of the statement.
func (l *lane) open(ctx context.Context, db *sql.DB, statement string) (err error) {
	if l.conn == nil {
		if l.conn, err = db.Conn(ctx); err != nil {
			return err
		}
	}
	if l.types == nil {
		if l.types, err = readRowTypes(ctx, l.conn); err != nil {
			return err
		}
	}
	if !l.used || l.prepared[statement] != nil {
		return nil
	}
	prepared, err := l.conn.PrepareContext(ctx, statement) //nolint:sqlclosecheck // closed with the lane
	if err != nil {
		return err
	}
	l.prepared[statement] = prepared
	return nil
}

// close gives the connection back to the pool, which drops a lost one.
func (l *lane) close() {
	for _, statement := range l.prepared {
		_ = statement.Close() // its connection may be lost
	}
	if l.conn != nil {
		_ = l.conn.Close()
	}
}

// readRowTypes asks for the numbers of the types, which each database chooses
// for itself.
func readRowTypes(ctx context.Context, conn *sql.Conn) (rowTypes, error) {
	rows, err := conn.QueryContext(ctx, `SELECT typname, oid::bigint FROM pg_catalog.pg_type
		WHERE typname LIKE 'daybook\_record\_v1\_%' AND pg_catalog.pg_type_is_visible(oid)`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types := rowTypes{}
	for rows.Next() {
		var name string
		var number oid.Oid
		if err := rows.Scan(&name, &number); err != nil {
			return nil, err
		}
		types[name] = number
	}
	return types, rows.Err()
}

// record runs the function. The commit comes after its row, so the answer counts
// only when it was read to the end. The call belongs to its connection: unlike a
// pool, it is never repeated on another one when that is lost, after which the
// function may have been executed.
func (l *lane) record(ctx context.Context, call *recordCall) (*recordResult, error) {
	rows, err := l.send(ctx, call.statement(), call.arguments(l.types))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	result := &recordResult{}
	for rows.Next() {
		if err := call.scan(rows, result); err != nil {
			return nil, err
		}
	}
	return result, rows.Err()
}

func (l *lane) send(ctx context.Context, statement string, args []any) (*sql.Rows, error) {
	l.used = true
	if prepared := l.prepared[statement]; prepared != nil {
		return prepared.QueryContext(ctx, args...)
	}
	return l.conn.QueryContext(ctx, statement, args...)
}
