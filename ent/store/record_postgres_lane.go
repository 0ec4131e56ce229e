package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/lib/pq"
	"github.com/lib/pq/oid"

	"daybook/audit"
)

// recordStatement is the function's call.
const recordStatement = `SELECT * FROM daybook_record_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

// lane is a connection that records: the call is prepared, so that each takes
// one round trip and no planning.
type lane struct {
	conn  *sql.Conn
	call  *sql.Stmt
	types rowTypes
}

// lanes are the connections that record, opened when first needed and kept.
type lanes struct {
	mutex  sync.Mutex
	idle   []*lane // the last one used comes first: it has its plans in its caches
	closed bool
}

// take gives an idle lane, or a new one.
func (l *lanes) take(ctx context.Context, db *sql.DB) (*lane, error) {
	l.mutex.Lock()
	if last := len(l.idle) - 1; last >= 0 {
		defer l.mutex.Unlock()
		idle := l.idle[last]
		l.idle = l.idle[:last]
		return idle, nil
	}
	l.mutex.Unlock()
	return openLane(ctx, db)
}

// giveBack keeps a lane for the next call. One whose call failed is not kept: its
// connection may be lost, or its statement be of another release's function.
func (l *lanes) giveBack(one *lane, failed bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if failed || l.closed {
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

func openLane(ctx context.Context, db *sql.DB) (*lane, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	one := &lane{conn: conn}
	if one.types, err = readRowTypes(ctx, conn); err == nil {
		one.call, err = conn.PrepareContext(ctx, recordStatement)
	}
	if err != nil {
		one.close()
		return nil, fmt.Errorf("prepare recording: %w", err)
	}
	return one, nil
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

// close gives the connection back to the pool, which drops a lost one.
func (l *lane) close() {
	if l.call != nil {
		_ = l.call.Close() // its connection may be lost
	}
	_ = l.conn.Close()
}

// recordResult is what daybook_record_v1 returns.
type recordResult struct {
	outcomes                               pq.StringArray
	firstSequences, recordedAt             pq.Int64Array
	foundGroups, foundPlaces               pq.Int64Array
	foundEvents                            []audit.EventID
	foundFingerprints                      pq.ByteaArray
	actors, profiles, sections, properties pq.Int64Array
}

// record runs the function. The commit comes after its row, so the answer counts
// only when it was read to the end. The statement belongs to its connection:
// unlike a pool, it is never repeated on another one when that is lost, after
// which the function may have been executed.
func (l *lane) record(ctx context.Context, call *recordCall) (*recordResult, error) {
	rows, err := l.call.QueryContext(ctx, call.arguments(l.types)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var r recordResult
	for rows.Next() {
		err := rows.Scan(&r.outcomes, &r.firstSequences, &r.recordedAt,
			&r.foundGroups, &r.foundPlaces, pq.Array(&r.foundEvents), &r.foundFingerprints,
			&r.actors, &r.profiles, &r.sections, &r.properties)
		if err != nil {
			return nil, err
		}
	}
	return &r, rows.Err()
}
