package render

import (
	"time"

	"daybook/audit"
)

// write appends what is selected of one value.
type write[T any] func(out *output, value T)

// The functions below make the write of a scalar out of the way to get it from the
// value it is a field of.

func text[T any](get func(T) string) write[T] {
	return func(out *output, value T) { out.text(get(value)) }
}

func optionalText[T any](get func(T) *string) write[T] {
	return func(out *output, value T) {
		if text := get(value); text != nil {
			out.text(*text)
		} else {
			out.null()
		}
	}
}

// name writes an enumeration, or an identifier of Daybook's own.
func name[T any, N interface{ String() string }](get func(T) N) write[T] {
	return func(out *output, value T) { out.text(get(value).String()) }
}

func number[T any, N int | int32 | int64](get func(T) N) write[T] {
	return func(out *output, value T) { out.number(int64(get(value))) }
}

func optionalNumber[T any](get func(T) *int32) write[T] {
	return func(out *output, value T) {
		if n := get(value); n != nil {
			out.number(int64(*n))
		} else {
			out.null()
		}
	}
}

func boolean[T any](get func(T) bool) write[T] {
	return func(out *output, value T) { out.boolean(get(value)) }
}

func instant[T any](get func(T) time.Time) write[T] {
	return func(out *output, value T) { out.instant(get(value)) }
}

func json[T any](get func(T) audit.JSON) write[T] {
	return func(out *output, value T) { out.json(get(value)) }
}

// required writes the object that get gives, which may not be missing.
func required[T, O any](get func(T) *O, object write[*O]) write[T] {
	return func(out *output, value T) {
		if o := get(value); o != nil {
			object(out, o)
		} else {
			out.missing()
		}
	}
}

// optional writes the object that get gives, or null.
func optional[T, O any](get func(T) *O, object write[*O]) write[T] {
	return func(out *output, value T) {
		if o := get(value); o != nil {
			object(out, o)
		} else {
			out.null()
		}
	}
}

// list writes a list of objects.
func list[T, E any](get func(T) []E, element write[*E]) write[T] {
	return func(out *output, value T) {
		elements := get(value)
		out.raw("[")
		for i := range elements {
			if i > 0 {
				out.raw(",")
			}
			element(out, &elements[i])
		}
		out.raw("]")
	}
}

// names writes a list of values of an enumeration.
func names[T any, N interface{ String() string }](get func(T) []N) write[T] {
	return list(get, func(out *output, n *N) { out.text((*n).String()) })
}
