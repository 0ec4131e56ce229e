// Package render writes the rows of a page of events as bytes, from a plan that is
// compiled once from what a query selects of them.
//
// It exists because of what a page costs. The executor that gqlgen generates
// resolves every field of every row on its own, with a context, closures and often
// a goroutine each; for a page of 50 events that is most of the time and nearly
// all of the memory that the whole request takes. Every field of an event is a
// plain value by the time it is answered, so that nothing of this is needed: a
// plan is a tree of functions, each of which appends one value to a buffer. JSON
// goes out as it was stored.
//
// The executor stays the authority. A request runs through it as before: it checks
// scopes, resolves the root fields and answers everything of a connection but its
// rows, the lists edges and nodes, which are put in their places afterwards
// ([Rows.Into]). It also answers the rows whenever a plan would not say exactly the
// same:
//
//   - what is selected has a field, a type or a directive that this package does
//     not know: there is no plan;
//   - a field asks for a scope that the viewer lacks, or a value is missing that
//     may not be null, or anything panics: the page is not written by the plan,
//     and the executor finds the error and says it its own way.
//
// What keeps it true is that it decides nothing twice. Which fields are answered,
// in which order, and how repeated ones merge, is asked of the executor's own
// [graphql.CollectFields], once for each combination of values that the variables
// of @skip and @include take; what is not plain text is escaped by gqlgen; values
// come from the same methods of package audit that gqlgen.yml binds. The rest is
// held by a test beside the handler that gives every golden query and thousands of
// drawn ones to both and compares the bytes. A new field of the schema is answered
// by the executor until it is added here, and a test names it.
//
// [Recorded] does the same for the results of recording, whose operations have
// nothing else in them and do without the executor altogether.
package render
