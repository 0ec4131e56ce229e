package store

import (
	"slices"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// usualType is the type that most objects have. It is not written: an object of
// which only the id is there has it.
const usualType = audit.ObjectConversation

// objectType is what the column object_type has for a type.
func objectType(of string) any {
	if of == usualType {
		return nil
	}
	return of
}

// recordedObject is the object that columns tell, nil for none.
func recordedObject(of, id, name *string) *audit.Object {
	if id == nil {
		return nil
	}
	object := &audit.Object{Type: usualType, ExternalID: *id, Name: name}
	if of != nil {
		object.Type = *of
	}
	return object
}

// hasType says whether an event has an object of one of the types.
func hasType(types []string) *sql.Predicate {
	others := slices.DeleteFunc(slices.Clone(types), func(one string) bool { return one == usualType })
	is := isOneOf("object_type", anys(others))
	if len(others) == len(types) {
		return is
	}
	return anyOf(is, allOf(sql.NotNull(eventColumn("object_id")), sql.IsNull(eventColumn("object_type"))))
}

// isObject says whether the object is the one the event happened to.
func isObject(object audit.ObjectRef) *sql.Predicate {
	return allOf(sql.EQ(eventColumn("object_id"), object.ExternalID), hasType([]string{object.Type}))
}
