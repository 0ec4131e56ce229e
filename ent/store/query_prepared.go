package store

import (
	"context"
	stdsql "database/sql"
	"sync"
)

// queryPrepared is queryText for one of the few statements that are prepared, once
// for as long as the store is open.
func queryPrepared[T any](ctx context.Context, s *Store, text string, scan func(*stdsql.Rows) (T, error), args ...any) ([]T, error) {
	statement, err := s.prepared.of(ctx, s.reader, text) //nolint:sqlclosecheck // it is kept
	if err != nil {
		return nil, err
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	return readRows(rows, scan)
}

// preparedStatements are statements by their texts. The zero value is ready.
type preparedStatements struct {
	mutex  sync.Mutex
	byText map[string]*stdsql.Stmt
}

// of prepares a statement that was not prepared yet. It is closed with the
// connections.
func (p *preparedStatements) of(ctx context.Context, db *stdsql.DB, text string) (*stdsql.Stmt, error) {
	p.mutex.Lock()
	statement := p.byText[text]
	p.mutex.Unlock()
	if statement != nil {
		return statement, nil
	}
	statement, err := db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.byText == nil {
		p.byText = map[string]*stdsql.Stmt{}
	}
	if first := p.byText[text]; first != nil { // somebody else was faster
		return first, statement.Close() //nolint:sqlclosecheck // the other is used
	}
	p.byText[text] = statement
	return statement, nil
}
