package store

import (
	"context"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	"github.com/lib/pq"
)

// runtimeRights are what a server needs. It may read everything and manage
// organizations and keys, and what is built from the journal; what was recorded
// it reaches only through the functions, which run with the rights of the tables'
// owner.
var runtimeRights = []string{
	`SELECT ON organizations, api_keys, actors, actor_profiles, sections, properties, section_properties,
		shared_texts, events, property_changes, merge_sources, journal, idempotency_keys, daybook_migrations`,
	`INSERT ON organizations, api_keys`,
	`UPDATE (revoked_at, last_used_at) ON api_keys`,
	`SELECT, INSERT, UPDATE ON journal_followers, event_counts`,
	`SELECT, INSERT ON text_blocks, text_grams`,
	`EXECUTE ON FUNCTION daybook_record_v1, daybook_record_one_v1, daybook_settle_v1`,
}

// Grant gives an existing role the rights to run a server on this database, and
// no others. It is called by the owner after each migration. SQLite has no
// roles, so it fails there.
func (s *Store) Grant(ctx context.Context, role string) error {
	if s.dialect != dialect.Postgres {
		return errors.New("grant: only Postgres has roles")
	}
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("grant: %w", err)
	}
	defer tx.Rollback()
	var schema string
	if err := tx.QueryRowContext(ctx, `SELECT current_schema()`).Scan(&schema); err != nil {
		return fmt.Errorf("grant: %w", err)
	}
	rights := append([]string{`USAGE ON SCHEMA ` + pq.QuoteIdentifier(schema)}, runtimeRights...)
	for _, right := range rights {
		if _, err := tx.ExecContext(ctx, `GRANT `+right+` TO `+pq.QuoteIdentifier(role)); err != nil {
			return fmt.Errorf("grant to %s: %w", role, err)
		}
	}
	return tx.Commit()
}
