package audit

import (
	"errors"
	"fmt"
	"time"
)

// Code classifies an error for every transport. The names are those of the
// GraphQL contract's extensions.code.
type Code string

// The codes. Whatever carries none of them is CodeInternal.
const (
	CodeUnauthenticated   Code = "UNAUTHENTICATED"
	CodeForbidden         Code = "FORBIDDEN"
	CodeBadInput          Code = "BAD_INPUT"
	CodeBadCursor         Code = "BAD_CURSOR"
	CodeNotFound          Code = "NOT_FOUND"
	CodeQueryTooExpensive Code = "QUERY_TOO_EXPENSIVE"
	CodeOverloaded        Code = "OVERLOADED"
	CodeInternal          Code = "INTERNAL"
)

// Error is an error whose message may be shown to the caller. Cause, if any, is
// for the server's log only and MUST NOT reach a client.
type Error struct {
	Code    Code
	Message string
	// Path names the input field at fault, as a JSON Pointer without the
	// leading slash ("filter/ipAddresses/0"); empty when there is none.
	Path string
	// Scopes are those of which one would have sufficed (CodeForbidden).
	Scopes []Scope
	// Limit is the bound that was exceeded (CodeQueryTooExpensive), 0 if none.
	Limit int
	// RetryAfter is how long the caller should wait (CodeOverloaded).
	RetryAfter time.Duration
	// Cause is the underlying error; it is never shown to clients.
	Cause error
}

// Error is the public message.
func (e *Error) Error() string { return e.Message }

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// Errorf makes an Error with a code and a message that clients may see.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// BadInput makes a CodeBadInput error that names the field at fault.
func BadInput(path, format string, args ...any) *Error {
	return &Error{Code: CodeBadInput, Path: path, Message: fmt.Sprintf(format, args...)}
}

// ErrorCode is the code of the first Error in err's chain, CodeInternal if
// there is none and "" for nil.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
