package graph

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"daybook/audit"
)

// ExportParameters say what to export in texts, as they stand in a URL or on a
// command line. Empty ones are left out.
type ExportParameters struct {
	Format  string // ndjson or csv; ndjson when left out
	Filter  string // an AuditFilter as JSON; all events when left out
	Order   string // an AuditOrder as JSON; by recordedAt, oldest first, when left out
	Columns string // of csv, with commas between; see audit.ExportColumns
	After   string // the cursor after which to go on
}

// ReadExport reads the parameters of an export. Filter and order are read as the
// variables of a GraphQL request are, so that what the API refuses is refused here
// with the same code and path ("filter/categories/0"), each problem as an error
// of its own.
func (h *Handler) ReadExport(ctx context.Context, p ExportParameters) (audit.ExportRequest, []*audit.Error) {
	request := audit.ExportRequest{Format: audit.ExportNDJSON, Order: audit.DefaultExportOrder()}
	var problems []*audit.Error
	if p.Format != "" {
		format, err := audit.ParseExportFormat(p.Format)
		if err != nil {
			problems = append(problems, known(err))
		}
		request.Format = format
	}
	if p.Columns != "" {
		request.Columns = strings.Split(p.Columns, ",")
	}
	if p.After != "" {
		request.After = &p.After
	}
	arguments, refused := h.exportArguments(ctx, p)
	if problems = append(problems, refused...); len(problems) > 0 {
		return audit.ExportRequest{}, problems
	}
	request.Filter, _ = arguments["filter"].(*audit.Filter)
	if order, _ := arguments["orderBy"].(*audit.Order); order != nil {
		request.Order = *order
	}
	return request, nil
}

// exportQuery has the arguments of an export. It is never resolved.
const exportQuery = `query Export($filter: AuditFilter, $order: AuditOrder) { auditLog(filter: $filter, orderBy: $order, first: 0) { __typename } }`

// exportArguments reads filter and order as a query for events would get them.
func (h *Handler) exportArguments(ctx context.Context, p ExportParameters) (arguments map[string]any, problems []*audit.Error) {
	variables, problems := exportVariables(p)
	if len(problems) > 0 {
		return nil, problems
	}
	operation, errs := h.prepare(Request{Query: exportQuery, Variables: variables})
	if len(errs) > 0 {
		return nil, exportProblems(errs)
	}
	operation.ResolverMiddleware = func(ctx context.Context, _ graphql.Resolver) (any, error) {
		arguments = graphql.GetFieldContext(ctx).Args
		return nil, nil
	}
	response := h.run(ctx, operation)
	for _, err := range response.Errors {
		errs = append(errs, err)
	}
	return arguments, exportProblems(errs)
}

// exportVariables puts filter and order together as variables. Each must be JSON
// by itself.
func exportVariables(p ExportParameters) (json.RawMessage, []*audit.Error) {
	var problems []*audit.Error
	var fields []string
	for _, parameter := range []struct{ name, text string }{{"filter", p.Filter}, {"order", p.Order}} {
		if parameter.text == "" {
			continue
		}
		reader := jsonReader{text: []byte(parameter.text)}
		_, err := reader.skip()
		if err == nil {
			err = reader.end()
		}
		if err != nil {
			problems = append(problems, audit.BadInput(parameter.name, "%s is not JSON: %v.", parameter.name, err))
		}
		fields = append(fields, `"`+parameter.name+`":`+parameter.text)
	}
	return json.RawMessage("{" + strings.Join(fields, ",") + "}"), problems
}

// exportProblems names the parameters at fault as they are called outside.
func exportProblems(errs []error) []*audit.Error {
	var problems []*audit.Error
	for _, err := range errs {
		problem := *known(err)
		problem.Path = strings.TrimPrefix(problem.Path, "variables/")
		problem.Message = strings.TrimPrefix(problem.Message, "variables/")
		problems = append(problems, &problem)
	}
	return problems
}

// known is an error as one of the domain: it is, it was before it was presented,
// or clients may not see it.
func known(err error) *audit.Error {
	if domain := (*audit.Error)(nil); errors.As(err, &domain) {
		return domain
	}
	if presented := (*gqlerror.Error)(nil); errors.As(err, &presented) {
		code, _ := presented.Extensions["code"].(string)
		path, _ := presented.Extensions["path"].(string)
		return &audit.Error{Code: audit.Code(code), Path: path, Message: presented.Message}
	}
	return &audit.Error{Code: audit.CodeInternal, Message: "Internal error.", Cause: err}
}
