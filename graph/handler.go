package graph

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

// maxErrors is how many errors one answer has at most.
const maxErrors = 20

// Options say how a Handler serves.
type Options struct {
	// Limits bound each request; zero values take the defaults.
	Limits Limits
	// Log takes what clients are not told. It is required.
	Log *slog.Logger
	// NewRequestID gives the fresh texts that connect an INTERNAL error with its line
	// in the log. Random ones, when nil.
	NewRequestID func() string
	// Introspection lets clients ask for the schema. Without it errors make no
	// suggestions either, which would give the names in it away one by one.
	Introspection bool
	// Recorder takes the events of operations that do nothing but record them, which
	// are answered without the executor. The schema's resolvers record, when nil; the
	// answers are the same.
	Recorder Recorder
}

// Handler answers GraphQL requests, over HTTP ([Handler.ServeHTTP]) and within the
// process ([Handler.Execute]).
//
// It takes the place of gqlgen's own handler and executor: documents are checked
// against the limits before anything costly is done with them, variables are
// decoded without loss, and HTTP is spoken as the GraphQL-over-HTTP specification
// says.
type Handler struct {
	schema    graphql.ExecutableSchema
	errors    *ErrorMapper
	options   Options
	documents *documents
	bodies    bodiesInWork
	rows      introspectionRows
}

// NewHandler makes a Handler for a schema.
func NewHandler(schema graphql.ExecutableSchema, options Options) *Handler {
	options.Limits = options.Limits.withDefaults()
	types := newInputTypes(schema.Schema())
	if options.NewRequestID == nil {
		options.NewRequestID = rand.Text
	}
	return &Handler{
		schema:  schema,
		errors:  NewErrorMapper(options.Log, options.NewRequestID),
		options: options,
		documents: &documents{
			schema:      schema.Schema(),
			types:       types,
			readEvent:   newEventReader(types),
			limits:      options.Limits,
			suggestions: options.Introspection,
			cache:       newDocumentCache(),
		},
		rows: newIntrospectionRows(schema.Schema()),
	}
}

// Request is one GraphQL request.
type Request struct {
	Query string
	// OperationName may be left out when the query has one operation.
	OperationName string
	// Variables is a JSON object. It is kept by the answer's resolvers, so it MUST
	// NOT be changed after the call.
	Variables json.RawMessage
}

// Execute answers one request. The context carries the principal. An answer
// without Data means that nothing was executed.
func (h *Handler) Execute(ctx context.Context, request Request) *graphql.Response {
	prepared, errs := h.prepare(request)
	if len(errs) > 0 {
		return h.refuse(ctx, errs)
	}
	return h.run(ctx, prepared)
}

// prepared is an operation that is ready to run.
type prepared struct {
	*graphql.OperationContext // for the executor; nil for a recording

	kind      ast.Operation
	recording *recording // nil for the executor
	variables map[string]any
}

// prepare makes an operation ready to run, or says everything that is wrong with
// the request.
func (h *Handler) prepare(request Request) (*prepared, []error) {
	document, errs := h.documents.load(request.Query)
	if len(errs) > 0 {
		return nil, errs
	}
	operation, err := document.operation(request.OperationName)
	if err == nil {
		err = h.allow(operation)
	}
	if err != nil {
		return nil, []error{err}
	}
	recording := h.recordingOf(operation)
	declared := operation.variables
	if recording != nil {
		declared = recording.variables
	}
	variables, problems := decodeVariables(declared, request.Variables)
	for _, problem := range problems {
		errs = append(errs, problem)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	if err := h.options.Limits.checkCost(operation.definition, variables, h.rows); err != nil {
		return nil, []error{err}
	}
	p := &prepared{kind: operation.definition.Operation, recording: recording, variables: variables}
	if recording == nil {
		p.OperationContext = h.operationContext(document, operation, request, variables)
	}
	return p, nil
}

// operationContext is what the executor needs.
func (h *Handler) operationContext(document *document, o *operation, request Request, variables map[string]any) *graphql.OperationContext {
	writer := rowWriter{plans: o.rows}
	return &graphql.OperationContext{
		RawQuery:               request.Query,
		OperationName:          request.OperationName,
		Variables:              variables,
		Doc:                    document.ast,
		Operation:              o.definition,
		DisableIntrospection:   !h.options.Introspection,
		RecoverFunc:            h.errors.Recover,
		ResolverMiddleware:     writer.field,
		RootResolverMiddleware: writer.root,
	}
}

// allow refuses the operations that this server does not run.
func (h *Handler) allow(operation *operation) *audit.Error {
	switch {
	case operation.definition.Operation == ast.Subscription:
		return audit.BadInput("query", "Subscriptions cannot be answered here.")
	case operation.introspects && !h.options.Introspection:
		return audit.Errorf(audit.CodeForbidden, "Introspection is switched off.")
	}
	return nil
}

// run runs an operation. Errors and panics of resolvers are errors of their
// fields; a panic elsewhere fails the whole operation.
func (h *Handler) run(ctx context.Context, p *prepared) (response *graphql.Response) {
	if p.recording != nil {
		return h.record(ctx, p.recording, p.variables)
	}
	ctx = graphql.WithOperationContext(ctx, p.OperationContext)
	ctx = graphql.WithResponseContext(ctx, h.errors.Present, h.errors.Recover)
	defer func() {
		if cause := recover(); cause != nil {
			response = h.refuse(ctx, []error{h.errors.Recover(ctx, cause)})
		}
	}()
	response = h.schema.Exec(ctx)(ctx)
	response.Errors = append(response.Errors, graphql.GetErrors(ctx)...)
	return bounded(response)
}

// refuse answers a request that is not executed.
func (h *Handler) refuse(ctx context.Context, errs []error) *graphql.Response {
	response := &graphql.Response{}
	for _, err := range errs {
		response.Errors = append(response.Errors, h.errors.Present(ctx, err))
	}
	return bounded(response)
}

// bounded leaves out errors beyond the first maxErrors, and says so.
func bounded(response *graphql.Response) *graphql.Response {
	if more := len(response.Errors) - maxErrors; more > 0 {
		response.Errors = response.Errors[:maxErrors]
		response.Extensions = map[string]any{"errorsLeftOut": more}
	}
	return response
}
