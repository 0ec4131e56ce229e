package graph

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"daybook/audit"
	"daybook/graph/render"
)

// document is a query document that has passed every check that can be made
// without variables. It is shared by requests and never changed.
type document struct {
	text       string
	ast        *ast.QueryDocument
	operations []*operation
}

// operation is one operation of a document.
type operation struct {
	definition  *ast.OperationDefinition
	variables   []*variable
	introspects bool
	rows        *render.Plans
	recording   *recording // nil when there is more to it
}

// operation finds the one that a request asks for; the name may be left out when
// there is only one.
func (d *document) operation(name string) (*operation, *audit.Error) {
	if name == "" {
		if len(d.operations) == 1 {
			return d.operations[0], nil
		}
		return nil, audit.BadInput("operationName", "The query has %d operations; operationName must say which one to run.", len(d.operations))
	}
	for _, operation := range d.operations {
		if operation.definition.Name == name {
			return operation, nil
		}
	}
	return nil, audit.BadInput("operationName", "The query has no operation %q.", excerpt([]byte(name)))
}

// documents turns query texts into checked documents.
type documents struct {
	schema      *ast.Schema
	types       inputTypes
	readEvent   reader[audit.EventInput] // nil when the schema has what it does not know
	limits      Limits
	suggestions bool
	cache       *documentCache
}

// load parses and checks a document, or takes it from the cache.
func (d *documents) load(text string) (*document, []error) {
	if known := d.cache.get(text); known != nil {
		return known, nil
	}
	parsed, err := d.parse(text)
	if err != nil {
		return nil, []error{err}
	}
	// Before validation, some rules of which compare each with each.
	if err := d.limits.checkStructure(parsed); err != nil {
		return nil, []error{err}
	}
	if errs := d.validate(parsed, text); len(errs) > 0 {
		return nil, errs
	}
	loaded := &document{text: text, ast: parsed}
	d.prepare(loaded)
	d.cache.add(loaded)
	return loaded, nil
}

func (d *documents) parse(text string) (*ast.QueryDocument, error) {
	switch {
	case strings.TrimSpace(text) == "":
		return nil, audit.BadInput("query", "query is missing.")
	case len(text) > d.limits.Query:
		return nil, tooExpensive(d.limits.Query, "The query is longer than %d bytes. Send large values in variables.")
	case !utf8.ValidString(text):
		return nil, audit.BadInput("query", "query is not valid Unicode (invalid UTF-8, or half of a surrogate pair).")
	}
	parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, d.limits.Tokens)
	if syntax := (*gqlerror.Error)(nil); errors.As(err, &syntax) {
		if syntax.Message == fmt.Sprintf("exceeded token limit of %d", d.limits.Tokens) {
			return nil, tooExpensive(d.limits.Tokens, "The query has more than %d tokens.")
		}
		return nil, queryError(syntax)
	}
	if err == nil && len(parsed.Operations) == 0 {
		return nil, audit.BadInput("query", "query has no operation.")
	}
	return parsed, err
}

// maxSuggestBytes is how long a document may be to get suggestions ("Did you mean
// ...?") with its errors. Finding them takes time with the length of each name.
const maxSuggestBytes = 16 << 10

// validate applies the rules of the GraphQL specification, and our own.
func (d *documents) validate(parsed *ast.QueryDocument, text string) []error {
	list := validator.ValidateWithRules(d.schema, parsed, withoutSuggestions(specifiedRules()))
	if d.suggestions && len(list) > 0 && len(list) <= maxErrors && len(text) <= maxSuggestBytes {
		list = validator.ValidateWithRules(d.schema, parsed, specifiedRules())
	}
	locate(parsed, list)
	errs := make([]error, len(list))
	for i, err := range list {
		errs[i] = queryError(err)
	}
	return errs
}

// specifiedRules are the rules that documents must keep.
func specifiedRules() *rules.Rules {
	set := rules.NewDefaultRules()
	set.AddRule(losslessLiterals.Name, losslessLiterals.RuleFunc)
	return set
}

// queryError marks an error as one about the query, which clients may see. Its
// message may quote the query at length.
func queryError(err *gqlerror.Error) *gqlerror.Error {
	const most = 400
	if len(err.Message) > most {
		err.Message = strings.ToValidUTF8(err.Message[:most], "") + "..."
	}
	errcode.Set(err, errcode.ValidationFailed)
	return err
}

// withoutSuggestions puts the quiet form of each rule that has one.
func withoutSuggestions(set *rules.Rules) *rules.Rules {
	for name, quiet := range map[string]validator.Rule{
		rules.FieldsOnCorrectTypeRule.Name: rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ScalarLeafsRule.Name:         rules.ScalarLeafsRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRule.Name: rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		set.RemoveRule(name)
		set.AddRule(quiet.Name, quiet.RuleFunc)
	}
	return set
}

// prepare looks at each operation of a validated document once, for what
// requests will need.
func (d *documents) prepare(loaded *document) {
	for _, definition := range loaded.ast.Operations {
		operation := &operation{
			definition: definition, variables: d.types.variables(definition), rows: render.NewPlans(d.schema, definition),
		}
		newOperationCheck(operation).run()
		operation.recording = d.newRecording(loaded.ast, operation)
		loaded.operations = append(loaded.operations, operation)
	}
}
