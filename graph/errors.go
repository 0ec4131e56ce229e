package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"daybook/audit"
)

// ErrorMapper is the one place where errors become what clients see: a message
// and extensions.code, with what belongs to the code. Only the messages of
// audit.Error and those about the query itself are shown; for any other error
// clients get INTERNAL and a requestId under which the log has the cause.
type ErrorMapper struct {
	log          *slog.Logger
	newRequestID func() string
}

// NewErrorMapper makes an ErrorMapper. newRequestID gives a fresh text each time.
func NewErrorMapper(log *slog.Logger, newRequestID func() string) *ErrorMapper {
	return &ErrorMapper{log: log, newRequestID: newRequestID}
}

// Present maps an error; it is gqlgen's error presenter.
func (m *ErrorMapper) Present(ctx context.Context, err error) *gqlerror.Error {
	var raised *gqlerror.Error
	if !errors.As(err, &raised) {
		raised = gqlerror.WrapPath(graphql.GetPath(ctx), err)
	}
	var known *audit.Error
	switch {
	case errors.As(err, &known) && known.Code != audit.CodeInternal:
		return m.presentKnown(ctx, raised, known)
	case aboutQuery(raised):
		return presentQuery(raised)
	case argumentPath(ctx, raised) != "":
		return m.presentKnown(ctx, raised, audit.BadInput("", "%s", raised.Message))
	default:
		return m.presentInternal(ctx, raised, err)
	}
}

// Recover turns a panic into an error that Present maps to INTERNAL; it is
// gqlgen's recover function.
func (m *ErrorMapper) Recover(_ context.Context, value any) error {
	return &panicError{value: value, stack: debug.Stack()}
}

// panicError is a panic of a resolver.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// presentKnown shows an error of the domain.
func (m *ErrorMapper) presentKnown(ctx context.Context, raised *gqlerror.Error, known *audit.Error) *gqlerror.Error {
	if known.Cause != nil {
		m.log.WarnContext(ctx, "request refused", "code", string(known.Code), "error", known.Cause)
	}
	extensions := map[string]any{"code": string(known.Code)}
	path := known.Path
	if path == "" {
		path = argumentPath(ctx, raised)
	}
	if path != "" && known.Code == audit.CodeBadInput {
		extensions["path"] = path
	}
	if len(known.Scopes) > 0 {
		extensions["scopes"] = scopeNames(known.Scopes)
	}
	if known.Limit > 0 {
		extensions["limit"] = known.Limit
	}
	if known.RetryAfter > 0 {
		extensions["retryAfter"] = int(math.Ceil(known.RetryAfter.Seconds()))
	}
	return &gqlerror.Error{
		Message: known.Message, Path: fieldPath(ctx, raised), Locations: raised.Locations, Extensions: extensions,
	}
}

// aboutQuery says whether the error is of the parser or the validator: about the
// text of the query, whose author may see it.
func aboutQuery(raised *gqlerror.Error) bool {
	code, _ := raised.Extensions["code"].(string)
	return raised.Rule != "" || strings.HasPrefix(code, "GRAPHQL_")
}

// presentQuery shows what is wrong with a query. Its path, if any, is one into
// the variables or into the arguments of a field: nothing was executed, so that
// there is no field of the answer to name.
func presentQuery(raised *gqlerror.Error) *gqlerror.Error {
	extensions := map[string]any{"code": string(audit.CodeBadInput)}
	path := raised.Path
	if len(path) > 1 && path[0] == ast.PathName("variable") {
		path = path[1:]
	}
	if len(path) > 0 {
		extensions["path"] = joinPath(path)
	}
	return &gqlerror.Error{Message: raised.Message, Locations: raised.Locations, Extensions: extensions}
}

// presentInternal hides an error and logs it under a fresh id.
func (m *ErrorMapper) presentInternal(ctx context.Context, raised *gqlerror.Error, err error) *gqlerror.Error {
	id := m.newRequestID()
	attributes := []any{"request_id", id, "path", joinPath(raised.Path), "error", causeOf(err)}
	level := slog.LevelError
	var panicked *panicError
	switch {
	case errors.As(err, &panicked):
		attributes = append(attributes, "stack", string(panicked.stack))
	case errors.Is(err, context.Canceled):
		level = slog.LevelInfo // the client has gone away
	}
	m.log.Log(ctx, level, "request failed", attributes...)
	return &gqlerror.Error{
		Message: "Internal error.", Path: fieldPath(ctx, raised), Locations: raised.Locations,
		Extensions: map[string]any{"code": string(audit.CodeInternal), "requestId": id},
	}
}

// causeOf is the text for the log: the cause of an error of the domain, else the
// error without gqlgen's wrapping.
func causeOf(err error) string {
	var known *audit.Error
	if errors.As(err, &known) && known.Cause != nil {
		return known.Message + ": " + known.Cause.Error()
	}
	var raised *gqlerror.Error
	if errors.As(err, &raised) && raised.Err != nil {
		return raised.Err.Error()
	}
	return err.Error()
}

// fieldPath is the path of the field in the answer. Errors of arguments come
// with the path of the argument appended.
func fieldPath(ctx context.Context, raised *gqlerror.Error) ast.Path {
	if argumentPath(ctx, raised) != "" {
		return graphql.GetPath(ctx)
	}
	return raised.Path
}

// argumentPath is the part of an error's path that lies within the arguments of
// the field that ctx resolves: "filter/occurredAt/from".
func argumentPath(ctx context.Context, raised *gqlerror.Error) string {
	field := graphql.GetPath(ctx)
	if len(field) == 0 || len(raised.Path) <= len(field) || !slices.Equal(field, raised.Path[:len(field)]) {
		return ""
	}
	if _, index := raised.Path[len(field)].(ast.PathIndex); index {
		return "" // an element of the answer
	}
	return joinPath(raised.Path[len(field):])
}

func joinPath(path ast.Path) string {
	parts := make([]string, len(path))
	for i, element := range path {
		switch element := element.(type) {
		case ast.PathName:
			parts[i] = string(element)
		case ast.PathIndex:
			parts[i] = strconv.Itoa(int(element))
		}
	}
	return strings.Join(parts, "/")
}
