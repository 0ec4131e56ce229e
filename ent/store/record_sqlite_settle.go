package store

import (
	"context"
	stdsql "database/sql"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// settleSQLite waits for the write lock, behind which no attempt is under way.
func settleSQLite(ctx context.Context, db *stdsql.DB, group audit.Group, after int64) ([]audit.Appended, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	sequences := sequenceWindow()
	sequences.from(nextSequence(after))
	where := append(entriesWithin(group.Organization, &sequences), sql.EQ(sql.Table("journal").C("token"), group.Token))
	query := sql.Dialect(dialect.SQLite).Select().AppendSelectExpr(entryID(), sql.Raw(entrySequence), sql.Raw("journal.recorded_at")).
		FromExpr(sql.Raw(eachEntry)).Where(allOf(where...))
	text, args := inSequence(query).Query()
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	return scanAppended(rows)
}
