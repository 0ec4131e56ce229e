package scalar

import (
	"github.com/99designs/gqlgen/graphql"

	"daybook/audit"
)

// Node is whatever `node` can answer with: a pointer to an event, an actor, a
// section, an organization or an API key. It asks nothing of them, so that the
// domain needs no marker.
type Node any

// MarshalID writes an identifier of the host application.
func MarshalID(id string) graphql.Marshaler { return MarshalString(id) }

// UnmarshalID reads an identifier, given as text or, as GraphQL allows, as a
// whole number.
func UnmarshalID(v any) (string, error) {
	if text, ok := v.(string); ok {
		return text, nil
	}
	if number, ok := wholeNumber(v); ok {
		return number, nil
	}
	return "", badInput("An ID is text or a whole number, not %s.", kindOf(v))
}

// MarshalEventID writes "evt_...".
func MarshalEventID(id audit.EventID) graphql.Marshaler { return plainText(id.String()) }

// UnmarshalEventID reads what MarshalEventID writes.
func UnmarshalEventID(v any) (audit.EventID, error) { return unmarshalID(v, audit.ParseEventID) }

// MarshalChangeID writes "chg_...".
func MarshalChangeID(id audit.ChangeID) graphql.Marshaler { return plainText(id.String()) }

// UnmarshalChangeID refuses everything: no input takes the id of a change.
func UnmarshalChangeID(any) (audit.ChangeID, error) {
	return audit.ChangeID{}, badInput("The id of a change can not be given.")
}

// MarshalActorID writes "act_...".
func MarshalActorID(id audit.ActorID) graphql.Marshaler { return plainText(id.String()) }

// UnmarshalActorID reads what MarshalActorID writes.
func UnmarshalActorID(v any) (audit.ActorID, error) { return unmarshalID(v, audit.ParseActorID) }

// MarshalSectionID writes "sec_...".
func MarshalSectionID(id audit.SectionID) graphql.Marshaler { return plainText(id.String()) }

// UnmarshalSectionID reads what MarshalSectionID writes.
func UnmarshalSectionID(v any) (audit.SectionID, error) { return unmarshalID(v, audit.ParseSectionID) }

// MarshalOrganizationID writes "org_...".
func MarshalOrganizationID(id audit.OrganizationID) graphql.Marshaler { return plainText(id.String()) }

// UnmarshalOrganizationID reads what MarshalOrganizationID writes.
func UnmarshalOrganizationID(v any) (audit.OrganizationID, error) {
	return unmarshalID(v, audit.ParseOrganizationID)
}

// MarshalAPIKeyID writes "key_...".
func MarshalAPIKeyID(id audit.APIKeyID) graphql.Marshaler { return plainText(id.String()) }

// UnmarshalAPIKeyID reads what MarshalAPIKeyID writes.
func UnmarshalAPIKeyID(v any) (audit.APIKeyID, error) { return unmarshalID(v, audit.ParseAPIKeyID) }

func unmarshalID[T any](v any, parse func(string) (T, error)) (T, error) {
	text, err := UnmarshalID(v)
	if err != nil {
		var zero T
		return zero, err
	}
	return parse(text)
}
