package store

import (
	"context"
	"database/sql/driver"

	"daybook/audit"
)

// sqliteRows are the arguments of a prepared statement that is run once for each
// row, in one call: what database/sql adds to a call is a seventh of what an
// insert takes.
type sqliteRows [][]any

// sqliteConnector opens connections whose prepared statements take sqliteRows.
type sqliteConnector struct{ driver.Connector }

func (c sqliteConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return sqliteConn{conn.(driverConn)}, nil
}

// driverConn is what database/sql uses of a connection.
type driverConn interface {
	driver.Conn
	driver.Pinger
	driver.Validator
	driver.SessionResetter
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
}

type sqliteConn struct{ driverConn }

func (c sqliteConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	statement, err := c.driverConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return sqliteStatement{statement.(driverStatement)}, nil
}

// driverStatement is what database/sql uses of a statement.
type driverStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type sqliteStatement struct{ driverStatement }

// CheckNamedValue lets sqliteRows through and leaves all else to database/sql.
func (sqliteStatement) CheckNamedValue(value *driver.NamedValue) error {
	if _, many := value.Value.(sqliteRows); many {
		return nil
	}
	return driver.ErrSkip
}

func (s sqliteStatement) ExecContext(ctx context.Context, arguments []driver.NamedValue) (driver.Result, error) {
	if len(arguments) == 1 {
		if rows, many := arguments[0].Value.(sqliteRows); many {
			return driver.RowsAffected(len(rows)), s.each(ctx, rows)
		}
	}
	return s.driverStatement.ExecContext(ctx, arguments)
}

// each runs the statement for each row.
func (s sqliteStatement) each(ctx context.Context, rows sqliteRows) error {
	var arguments []driver.NamedValue
	for _, row := range rows {
		arguments = arguments[:0]
		for i, value := range row {
			arguments = append(arguments, driver.NamedValue{Ordinal: i + 1, Value: driverValue(value)})
		}
		if _, err := s.driverStatement.ExecContext(ctx, arguments); err != nil {
			return err
		}
	}
	return nil
}

// driverValue is a value of a recorded row as drivers take it.
func driverValue(value any) driver.Value {
	switch v := value.(type) {
	case audit.EventID:
		return v[:]
	case *audit.EventID:
		return optionalID(v)
	default:
		return v
	}
}
