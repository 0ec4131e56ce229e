package graph

import (
	"errors"
	"strings"

	"daybook/audit"
	"daybook/graph/gen"
)

// A typed query is the audit log with its category fixed: these turn its filter
// into one of the whole log. nil selects all of the category.

func authorizationFilter(f *gen.AuthorizationFilter) *audit.Filter {
	filter := ofCategory(audit.CategoryAuthorization)
	if f != nil {
		filter.OccurredAt = f.OccurredAt
		filter.PerformedBy = f.PerformedBy
		filter.About = f.User
		filter.Actions = f.Actions
		filter.Properties = f.Properties
		filter.Outcomes = f.Outcomes
		filter.IPAddresses = f.IPAddresses
	}
	return filter
}

func billingFilter(f *gen.BillingFilter) *audit.Filter {
	filter := ofCategory(audit.CategoryBilling)
	if f != nil {
		filter.OccurredAt = f.OccurredAt
		filter.PerformedBy = f.PerformedBy
		filter.Actions = f.Actions
		filter.Properties = f.Properties
		filter.SeatKinds = f.SeatKinds
	}
	return filter
}

func conversationFilter(f *gen.ConversationFilter) *audit.Filter {
	filter := ofCategory(audit.CategoryConversation)
	if f != nil {
		filter.OccurredAt = f.OccurredAt
		filter.PerformedBy = f.PerformedBy
		filter.Conversations = f.ConversationExternalIds
		filter.Actions = f.Actions
		filter.Properties = f.Properties
		filter.Changed = f.Changed
	}
	return filter
}

func customerFilter(f *gen.CustomerFilter) *audit.Filter {
	filter := ofCategory(audit.CategoryCustomer)
	if f != nil {
		filter.OccurredAt = f.OccurredAt
		filter.PerformedBy = f.PerformedBy
		filter.Customers = f.CustomerExternalIds
		filter.Actions = f.Actions
		filter.Properties = f.Properties
		filter.Changed = f.Changed
	}
	return filter
}

func settingsFilter(f *gen.SettingsFilter) *audit.Filter {
	filter := ofCategory(audit.CategorySettings)
	if f != nil {
		filter.OccurredAt = f.OccurredAt
		filter.PerformedBy = f.PerformedBy
		filter.SettingsAreas = f.Areas
		filter.Sections = f.Sections
		filter.Objects = f.Objects
		filter.Actions = f.Actions
		filter.Properties = f.Properties
		filter.Changed = f.Changed
	}
	return filter
}

func workSessionFilter(f *gen.WorkSessionFilter) *audit.Filter {
	filter := ofCategory(audit.CategoryWorkSession)
	if f != nil {
		filter.OccurredAt = f.OccurredAt
		filter.PerformedBy = f.PerformedBy
		filter.About = f.Agent
		filter.Conversations = f.ConversationExternalIds
		filter.Actions = f.Actions
		filter.Status = f.Status
		filter.Capacity = f.Capacity
		filter.WorkSessionExternalIDs = f.WorkSessionExternalIds
	}
	return filter
}

func ofCategory(category audit.Category) *audit.Filter {
	return &audit.Filter{Categories: []audit.Category{category}}
}

// named puts an error about a field of audit.Filter into the words of the typed
// filter that the caller wrote.
func named(err error, field, written string) error {
	var known *audit.Error
	if !errors.As(err, &known) || !strings.HasPrefix(known.Path, "filter/"+field) {
		return err
	}
	renamed := *known
	renamed.Path = strings.Replace(known.Path, field, written, 1)
	renamed.Message = strings.Replace(known.Message, field, written, 1)
	return &renamed
}
