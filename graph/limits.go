package graph

import (
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

// Limits bound what one request may ask for, whatever it is that it asks. Zero
// means the default. A request beyond one of them is refused as a whole, with
// CodeQueryTooExpensive and the limit, before anything is looked up.
type Limits struct {
	// Body is the size of an HTTP request's body in bytes. Default 16 MiB.
	Body int
	// Query is the length of a query document in bytes. Large values belong into
	// variables. Default 1 MiB.
	Query int
	// Tokens is the number of words and signs of a query document. Default 2000.
	Tokens int
	// Depth is how deep fields nest, fragments included. Default 15.
	Depth int
	// RootFields is the number of fields at the root of an operation. Default 50.
	RootFields int
	// Aliases is the number of renamed fields of an operation, each use of a
	// fragment counted. Default 100.
	Aliases int
	// Cost is the number of fields that the answer may have, estimated as rows
	// times selected fields. Default 150,000: a full page with every field of its
	// events and of their causes.
	Cost int
}

// defaultCost is also how many fields an activity's lists have at most, which
// nobody knows before it is computed.
const defaultCost = 150_000

func (l Limits) withDefaults() Limits {
	for _, limit := range []struct {
		value    *int
		standard int
	}{
		{&l.Body, 16 << 20},
		{&l.Query, 1 << 20},
		{&l.Tokens, 2000},
		{&l.Depth, 15},
		{&l.RootFields, 50},
		{&l.Aliases, 100},
		{&l.Cost, defaultCost},
	} {
		if *limit.value == 0 {
			*limit.value = limit.standard
		}
	}
	return l
}

// maxRepeats is how often one selection may name the same field. Validation
// compares each with each.
const maxRepeats = 50

// tooExpensive refuses a request that is beyond a limit. The message has one %d
// for the limit.
func tooExpensive(limit int, message string) *audit.Error {
	err := audit.Errorf(audit.CodeQueryTooExpensive, message, limit)
	err.Limit = limit
	return err
}

// checkStructure holds a parsed document, not yet validated, against the limits
// that need neither schema nor variables. It visits each fragment once, so its
// time is linear in the document, whatever the document expands to.
func (l Limits) checkStructure(document *ast.QueryDocument) *audit.Error {
	check := structureCheck{fragments: document.Fragments, measured: map[string]structure{}}
	for _, operation := range document.Operations {
		s := check.measure(operation.SelectionSet)
		switch {
		case check.repeats > maxRepeats:
			return tooExpensive(maxRepeats, "The query names a field more than %d times in one selection.")
		case s.depth > l.Depth:
			return tooExpensive(l.Depth, "The query nests deeper than %d fields.")
		case s.fields > l.RootFields:
			return tooExpensive(l.RootFields, "The query has more than %d fields at its root.")
		case s.aliases > l.Aliases:
			return tooExpensive(l.Aliases, "The query has more than %d aliases.")
		}
	}
	return nil
}

// structure is the extent of a selection with its fragments in place.
type structure struct {
	depth   int
	aliases int
	fields  int // at its top level
}

// plenty is more than any limit; adding stops there.
const plenty = 1 << 30

func (s *structure) add(other structure) {
	s.depth = max(s.depth, other.depth)
	s.aliases = min(s.aliases+other.aliases, plenty)
	s.fields = min(s.fields+other.fields, plenty)
}

type structureCheck struct {
	fragments ast.FragmentDefinitionList
	measured  map[string]structure // by fragment
	repeats   int                  // of the most repeated field of any selection
}

// measure looks at one selection set and all below it.
func (c *structureCheck) measure(set ast.SelectionSet) structure {
	if len(set) > maxRepeats {
		c.countRepeats(set, map[string]int{})
	}
	var total structure
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			total.add(c.field(s))
		case *ast.InlineFragment:
			total.add(c.measure(s.SelectionSet))
		case *ast.FragmentSpread:
			total.add(c.fragment(s.Name))
		}
	}
	return total
}

func (c *structureCheck) field(field *ast.Field) structure {
	s := c.measure(field.SelectionSet)
	s.fields = 1
	// Introspection needs a long chain of these, and each is a single small value.
	if field.Name != "ofType" {
		s.depth++
	}
	if field.Alias != field.Name {
		s.aliases++
	}
	return s
}

// fragment is measured once. In a cycle, which validation will refuse, it counts
// as empty.
func (c *structureCheck) fragment(name string) structure {
	s, done := c.measured[name]
	if !done {
		c.measured[name] = structure{}
		if definition := c.fragments.ForName(name); definition != nil {
			s = c.measure(definition.SelectionSet)
		}
		c.measured[name] = s
	}
	return s
}

func (c *structureCheck) countRepeats(set ast.SelectionSet, counts map[string]int) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			counts[s.Alias]++
			c.repeats = max(c.repeats, counts[s.Alias])
		case *ast.InlineFragment:
			c.countRepeats(s.SelectionSet, counts)
		}
	}
}
