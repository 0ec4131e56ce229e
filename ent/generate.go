// Package ent holds Daybook's storage: schema describes the entities by hand,
// gen is generated from it, store is the SQL around both.
package ent

//go:generate go run entgo.io/ent/cmd/ent generate --target ./gen ./schema
