package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"daybook/audit"
)

// resolvingField gives the context of a root field of that name.
func resolvingField(ctx context.Context, name string) context.Context {
	field := graphql.CollectedField{Field: &ast.Field{Name: name, Alias: name}}
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: field})
}

func TestErrorsOfTheDomainAreShown(t *testing.T) {
	ctx := resolvingField(t.Context(), "auditLog")
	argument := graphql.WithPathContext(ctx, graphql.NewPathWithField("filter"))
	for name, c := range map[string]struct {
		err  error
		want map[string]any
	}{
		"bad input with its field": {
			err:  audit.BadInput("filter/ipAddresses/0", "Shown."),
			want: map[string]any{"code": "BAD_INPUT", "path": "filter/ipAddresses/0"},
		},
		"bad input in an argument": {
			err:  graphql.ErrorOnPath(argument, audit.BadInput("", "Shown.")),
			want: map[string]any{"code": "BAD_INPUT", "path": "filter"},
		},
		"forbidden with the scopes that suffice": {
			err:  fmt.Errorf("wrapped: %w", &audit.Error{Code: audit.CodeForbidden, Message: "Shown.", Scopes: []audit.Scope{audit.ScopeManageAccess}}),
			want: map[string]any{"code": "FORBIDDEN", "scopes": []string{"MANAGE_ACCESS"}},
		},
		"too expensive with the limit": {
			err:  &audit.Error{Code: audit.CodeQueryTooExpensive, Message: "Shown.", Limit: 12},
			want: map[string]any{"code": "QUERY_TOO_EXPENSIVE", "limit": 12},
		},
		"overloaded with whole seconds to wait": {
			err:  &audit.Error{Code: audit.CodeOverloaded, Message: "Shown.", RetryAfter: 1200 * time.Millisecond},
			want: map[string]any{"code": "OVERLOADED", "retryAfter": 2},
		},
		"bad cursor": {
			err:  audit.Errorf(audit.CodeBadCursor, "Shown."),
			want: map[string]any{"code": "BAD_CURSOR"},
		},
	} {
		mapper := NewErrorMapper(slog.New(slog.DiscardHandler), nil)
		got := mapper.Present(ctx, c.err)
		if got.Message != "Shown." || got.Path.String() != "auditLog" || !reflect.DeepEqual(got.Extensions, c.want) {
			t.Errorf("%s: %q at %q with %v, want %v", name, got.Message, got.Path, got.Extensions, c.want)
		}
	}
}

func TestErrorsAboutTheQueryAreBadInput(t *testing.T) {
	mapper := NewErrorMapper(slog.New(slog.DiscardHandler), nil)
	invalid := &gqlerror.Error{Message: "Cannot query field.", Rule: "FieldsOnCorrectType", Locations: []gqlerror.Location{{Line: 1, Column: 3}}}
	got := mapper.Present(t.Context(), gqlerror.List{invalid}[0])
	if got.Message != invalid.Message || len(got.Locations) != 1 || got.Path != nil || got.Extensions["code"] != "BAD_INPUT" {
		t.Errorf("an invalid query is answered with %+v", got)
	}
	variable := gqlerror.ErrorPathf(ast.Path{ast.PathName("variable"), ast.PathName("ids"), ast.PathIndex(2)}, "must be text")
	variable.Extensions = map[string]any{"code": "GRAPHQL_VALIDATION_FAILED"}
	if got := mapper.Present(t.Context(), variable); got.Extensions["path"] != "ids/2" || got.Path != nil {
		t.Errorf("a bad variable is answered with %+v", got)
	}
}

func TestOtherErrorsAreHiddenAndLogged(t *testing.T) {
	const secret = "pq: relation \"event\" does not exist"
	for name, raise := range map[string]func(*ErrorMapper) error{
		"an error of a driver":       func(*ErrorMapper) error { return errors.New(secret) },
		"its wrapping":               func(*ErrorMapper) error { return fmt.Errorf("find events: %w", errors.New(secret)) },
		"a cause of the domain":      func(*ErrorMapper) error { return &audit.Error{Code: audit.CodeInternal, Message: secret} },
		"a panic, with where it was": func(m *ErrorMapper) error { return m.Recover(context.Background(), secret) },
	} {
		var log bytes.Buffer
		mapper := NewErrorMapper(slog.New(slog.NewJSONHandler(&log, nil)), func() string { return "request-7" })
		shown, err := json.Marshal(mapper.Present(resolvingField(t.Context(), "auditLog"), raise(mapper)))
		if err != nil {
			t.Fatal(err)
		}
		if want := `{"message":"Internal error.","path":["auditLog"],"extensions":{"code":"INTERNAL","requestId":"request-7"}}`; string(shown) != want {
			t.Errorf("%s is answered with %s", name, shown)
		}
		if !strings.Contains(log.String(), "request-7") || !strings.Contains(log.String(), "does not exist") {
			t.Errorf("%s is logged as %s", name, &log)
		}
		if strings.HasPrefix(name, "a panic") && !strings.Contains(log.String(), "goroutine") {
			t.Errorf("the log does not say where the panic was: %s", &log)
		}
	}
}

func TestCausesOfRefusalsAreLoggedOnly(t *testing.T) {
	var log bytes.Buffer
	mapper := NewErrorMapper(slog.New(slog.NewJSONHandler(&log, nil)), nil)
	err := &audit.Error{Code: audit.CodeOverloaded, Message: "Try again.", Cause: errors.New("disk full")}
	if got := mapper.Present(t.Context(), err); strings.Contains(got.Error(), "disk full") || got.Extensions["code"] != "OVERLOADED" {
		t.Errorf("the answer is %v", got)
	}
	if !strings.Contains(log.String(), "disk full") {
		t.Errorf("the log has %s", &log)
	}
}

func TestAClientThatWentAwayIsNoFailure(t *testing.T) {
	var log bytes.Buffer
	mapper := NewErrorMapper(slog.New(slog.NewJSONHandler(&log, nil)), func() string { return "" })
	mapper.Present(t.Context(), fmt.Errorf("find events: %w", context.Canceled))
	if strings.Contains(log.String(), `"level":"ERROR"`) {
		t.Errorf("the log has %s", &log)
	}
}
