// Package schema describes Daybook's tables to ent.
//
// The tables themselves are made by the SQL of ent/store/migrations; a test
// proves that ent would change nothing in them. Events and the tables without a
// primary key of one column are written only by recording, in ent/store; the
// latter are views here, which ent cannot write to.
//
// ent's generator fails when the entity whose name sorts last is a view.
package schema
