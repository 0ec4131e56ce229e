package graph

// valueOrZero is what the pointer points to; an argument left out is zero.
func valueOrZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// values turns a list of pointers into one of values, never nil: an empty list
// is answered as one.
func values[T any](pointers []*T) []T {
	list := make([]T, len(pointers))
	for i, p := range pointers {
		list[i] = *p
	}
	return list
}

// orEmpty is the list, or an empty one for nil: no matches are answered as [],
// not as null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
