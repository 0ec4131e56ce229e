package store

import (
	"context"
	stdsql "database/sql"
	"unicode/utf8"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

var _ audit.Catalogue = (*Store)(nil)

// FindSections implements [audit.Catalogue].
func (s *Store) FindSections(ctx context.Context, organization audit.OrganizationID, category audit.Category) ([]*audit.Section, error) {
	return reading(ctx, s, "find sections", func(ctx context.Context) ([]*audit.Section, error) {
		query := selectSections(organization).OrderExpr(byKey())
		if category != 0 {
			query.Where(anyBit("categories", int64(audit.CategorySet(0).With(category))))
		}
		return queryRows(ctx, s, query, scanSection)
	})
}

// SectionsByID implements [audit.Catalogue].
func (s *Store) SectionsByID(ctx context.Context, organization audit.OrganizationID, ids []audit.SectionID) ([]*audit.Section, error) {
	return reading(ctx, s, "fetch sections", func(ctx context.Context) ([]*audit.Section, error) {
		return s.sectionsByID(ctx, organization, ids)
	})
}

func (s *Store) sectionsByID(ctx context.Context, organization audit.OrganizationID, ids []audit.SectionID) ([]*audit.Section, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return queryRows(ctx, s, selectSections(organization).Where(sql.In("id", anys(ids)...)), scanSection)
}

func selectSections(organization audit.OrganizationID) *sql.Selector {
	return sql.Select("id", "key", "name", "categories").From(sql.Table("sections")).
		Where(sql.EQ("organization", int64(organization)))
}

func scanSection(rows *stdsql.Rows) (*audit.Section, error) {
	var section audit.Section
	err := rows.Scan(&section.ID, &section.Key, &section.Name, &section.Categories)
	return &section, err
}

// FindProperties implements [audit.Catalogue].
func (s *Store) FindProperties(ctx context.Context, organization audit.OrganizationID, query audit.PropertyQuery) ([]audit.Property, error) {
	return reading(ctx, s, "find properties", func(ctx context.Context) ([]audit.Property, error) {
		if query.Limit <= 0 {
			return nil, nil
		}
		return queryRows(ctx, s, selectProperties(organization, query), scanProperty)
	})
}

func selectProperties(organization audit.OrganizationID, query audit.PropertyQuery) *sql.Selector {
	properties := sql.Table("properties")
	selector := sql.Select("key").From(properties).Limit(query.Limit).OrderExpr(byKey()).
		Where(sql.EQ("organization", int64(organization)))
	if query.StartsWith != "" {
		selector.Where(startsWith("key", query.StartsWith))
	}
	if query.Sections != nil {
		sections := sql.Select("id").From(sql.Table("sections")).
			Where(sql.And(sql.EQ("organization", int64(organization)), sql.In("key", anys(query.Sections)...)))
		used := sql.Select("property").From(sql.Table("section_properties")).Where(sql.In("section", sections))
		selector.Where(sql.In("id", used))
	}
	return selector
}

func scanProperty(rows *stdsql.Rows) (property audit.Property, err error) {
	err = rows.Scan(&property.Key)
	property.Name = audit.DisplayName(property.Key)
	return property, err
}

// startsWith compares exactly, which LIKE does not do on SQLite.
func startsWith(column, prefix string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.WriteString("substr(").Ident(column).WriteString(", 1, ").Arg(utf8.RuneCountInString(prefix))
		b.WriteString(") = ").Arg(prefix)
	})
}

// byKey orders by the bytes of the key on both engines, whatever the language
// of a Postgres database.
func byKey() sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) {
		b.Ident("key")
		if b.Dialect() == dialect.Postgres {
			b.WriteString(` COLLATE "C"`)
		}
	})
}
