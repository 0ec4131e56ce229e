package render

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"daybook/audit"
)

// details writes what is selected of the details, whatever member of the union
// they are.
func (c *compiler) details(set ast.SelectionSet) write[audit.Details] {
	authorization := c.authorization(set)
	billing := c.billing(set)
	conversation := c.conversation(set)
	customer := c.customer(set)
	settings := c.settings(set)
	workSession := c.workSession(set)
	return func(out *output, details audit.Details) {
		switch d := details.(type) {
		case *audit.AuthorizationDetails:
			unionMember(out, d, authorization)
		case *audit.BillingDetails:
			unionMember(out, d, billing)
		case *audit.ConversationDetails:
			unionMember(out, d, conversation)
		case *audit.CustomerDetails:
			unionMember(out, d, customer)
		case *audit.SettingsDetails:
			unionMember(out, d, settings)
		case *audit.WorkSessionDetails:
			unionMember(out, d, workSession)
		default:
			out.missing()
		}
	}
}

func unionMember[T any](out *output, details *T, write write[*T]) {
	if details == nil {
		out.missing()
		return
	}
	write(out, details)
}

func (c *compiler) authorization(set ast.SelectionSet) write[*audit.AuthorizationDetails] {
	type details = *audit.AuthorizationDetails
	return object(c, "AuthorizationDetails", set, func(field graphql.CollectedField) write[details] {
		switch field.Name {
		case "user":
			return optional(details.User, c.actor(field.Selections))
		case "outcome":
			return name(func(d details) audit.AuthorizationOutcome { return d.Outcome })
		case "attemptedLogin":
			return optionalText(func(d details) *string { return d.AttemptedLogin })
		}
		return nil
	})
}

func (c *compiler) conversation(set ast.SelectionSet) write[*audit.ConversationDetails] {
	type details = *audit.ConversationDetails
	return object(c, "ConversationDetails", set, func(field graphql.CollectedField) write[details] {
		switch field.Name {
		case "conversation":
			return optional(details.ConversationObject, c.object(field.Selections))
		case "surveyAnswers":
			return list(func(d details) []audit.SurveyAnswer { return d.SurveyAnswers }, c.surveyAnswer(field.Selections))
		}
		return nil
	})
}

func (c *compiler) surveyAnswer(set ast.SelectionSet) write[*audit.SurveyAnswer] {
	type answer = *audit.SurveyAnswer
	return object(c, "SurveyAnswer", set, func(field graphql.CollectedField) write[answer] {
		switch field.Name {
		case "question":
			return optionalText(func(a answer) *string { return a.Question })
		case "score":
			return func(out *output, a answer) {
				if a.Score == nil {
					out.null()
					return
				}
				out.float(*a.Score)
			}
		case "answer":
			return optionalText(func(a answer) *string { return a.Answer })
		}
		return nil
	})
}

func (c *compiler) customer(set ast.SelectionSet) write[*audit.CustomerDetails] {
	type details = *audit.CustomerDetails
	return object(c, "CustomerDetails", set, func(field graphql.CollectedField) write[details] {
		switch field.Name {
		case "customer":
			return optional(details.CustomerObject, c.object(field.Selections))
		case "mergedFrom":
			return list(details.MergedFromObjects, c.object(field.Selections))
		}
		return nil
	})
}

func (c *compiler) settings(set ast.SelectionSet) write[*audit.SettingsDetails] {
	type details = *audit.SettingsDetails
	return object(c, "SettingsDetails", set, func(field graphql.CollectedField) write[details] {
		if field.Name == "area" {
			return name(func(d details) audit.SettingsArea { return d.Area })
		}
		return nil
	})
}
