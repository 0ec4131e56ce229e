package store

import (
	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// objects are the conditions on what the event happened to.
func (r *filterReader) objects(f *audit.Filter) []condition {
	var list []condition
	if f.Objects != nil {
		values := make([]int64, len(f.Objects))
		for i, object := range f.Objects {
			values[i] = audit.ObjectKey(object.Type, object.ExternalID)
		}
		list = append(list, keyed("object_key", byIdentity, values))
	}
	if f.ObjectTypes != nil {
		list = append(list, condition{holds: hasType(f.ObjectTypes)})
	}
	if f.Conversations != nil {
		list = append(list, subject(audit.ObjectConversation, f.Conversations, audit.CategoryConversation, audit.CategoryWorkSession))
	}
	if f.Customers != nil {
		list = append(list, subject(audit.ObjectCustomer, f.Customers, audit.CategoryCustomer))
	}
	return list
}

// subject is the condition that the details of an event of these categories
// speak of one of the objects. The subject has a key of its own only where it
// is not the event's object.
func subject(objectType string, externalIDs []string, categories ...audit.Category) condition {
	values := make([]int64, len(externalIDs))
	for i, id := range externalIDs {
		values[i] = audit.ObjectKey(objectType, id)
	}
	inCategory := isOneOf("category", anys(numbers(categories)))
	sameAsObject := sql.IsNull(eventColumn("subject_key"))
	routes := func(most int) []route {
		list := routesTo("object_key", byIdentity, anys(values), most)
		for i := range list {
			list[i].where = allOf(list[i].where, sameAsObject)
		}
		list = append(list, routesTo("subject_key", byIdentity, anys(values), most)...)
		for i := range list {
			list[i].where = allOf(list[i].where, inCategory)
		}
		return list
	}
	return condition{rarity: byIdentity, routes: routes(maxRoutes), fewer: routes(1), holds: allOf(inCategory, anyOf(
		isOneOf("subject_key", anys(values)),
		allOf(isOneOf("object_key", anys(values)), sameAsObject),
	))}
}
