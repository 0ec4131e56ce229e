package storetest

import (
	"encoding/json"
	"fmt"
	"strings"

	"daybook/audit"
)

// maxShown is how many bytes of one value a failure message holds.
const maxShown = 1500

// show writes a value for a failure message, with what its pointers point to.
func show(v any) string {
	switch v := v.(type) {
	case audit.JSON:
		return shorten(fmt.Sprintf("%q", v))
	case *string:
		return showPtr(v)
	}
	text, err := json.Marshal(showable(v))
	if err != nil {
		return shorten(fmt.Sprintf("%+v", v))
	}
	return shorten(string(text))
}

// showable gives a query the names that make it readable.
func showable(v any) any {
	query, ok := v.(audit.EventQuery)
	if !ok {
		return v
	}
	return map[string]any{
		"filter": query.Filter, "order": query.Order.Field.String() + " " + query.Order.Direction.String(),
		"after": query.After, "before": query.Before, "fromEnd": query.FromEnd, "limit": query.Limit,
	}
}

func showPtr[T any](v *T) string {
	if v == nil {
		return "nothing"
	}
	return shorten(fmt.Sprintf("%+q", fmt.Sprint(*v)))
}

func showIDs(ids []audit.EventID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = fmt.Sprintf("#%d", id.Sequence())
	}
	return shorten("[" + strings.Join(texts, " ") + "]")
}

func shorten(text string) string {
	if len(text) <= maxShown {
		return text
	}
	return text[:maxShown] + "..."
}
