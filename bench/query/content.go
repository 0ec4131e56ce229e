package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"daybook/audit"
	"daybook/bench/load"
)

// page is what an answer says, in whatever form it says it.
type page struct {
	more   bool
	events []shown
}

// shown is an event as an audit view shows it.
type shown struct {
	micros                                       int64 // when it happened
	category, action, name, actor, kind, section string
	objectType, objectID, objectName, address    string
	changes                                      string
}

// sameContent asks all contenders for all pages once and compares what they say
// with what the first says.
func sameContent(ctx context.Context, contenders []contender) error {
	var first []page
	for _, c := range contenders {
		if c.requests == nil {
			continue
		}
		pages, err := c.pages(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", c.what, err)
		}
		if first == nil {
			first = pages
		}
		for i := range pages {
			if err := first[i].compare(pages[i]); err != nil {
				return fmt.Errorf("page %d of %s: %w", i, c.what, err)
			}
		}
	}
	return nil
}

func (c contender) pages(ctx context.Context) ([]page, error) {
	connection, err := load.Connect(ctx, c.host)
	if err != nil {
		return nil, err
	}
	defer connection.Close() //nolint:errcheck // nothing is under way
	pages := make([]page, len(c.requests))
	for i, request := range c.requests {
		answer, err := connection.Fetch(request)
		if err != nil {
			return nil, err
		}
		if pages[i], err = c.content(answer); err != nil {
			return nil, fmt.Errorf("%w in %.300s", err, answer)
		}
	}
	return pages, nil
}

func (p page) compare(other page) error {
	if p.more != other.more || len(p.events) != len(other.events) {
		return fmt.Errorf("%d events, more: %t; want %d, %t", len(other.events), other.more, len(p.events), p.more)
	}
	if len(p.events) != 50 {
		return fmt.Errorf("the page has %d events", len(p.events))
	}
	for i, want := range p.events {
		if got := other.events[i]; want != got {
			return fmt.Errorf("event %d is %+v, want %+v", i, got, want)
		}
	}
	return nil
}

// change is a change as all contenders have it.
type change struct {
	Property      string
	Before, After json.RawMessage
}

// storedChange is a change as it stands in the table of events: an array of the
// property, a number whose bits say what follows, and that.
type storedChange struct{ change }

// UnmarshalJSON implements [json.Unmarshaler].
func (c *storedChange) UnmarshalJSON(text []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return err
	}
	var content int
	if len(parts) < 2 {
		return fmt.Errorf("%s is no stored change", text)
	}
	if err := errors.Join(json.Unmarshal(parts[0], &c.Property), json.Unmarshal(parts[1], &content)); err != nil {
		return err
	}
	values := parts[2:]
	for i, value := range []*json.RawMessage{&c.Before, &c.After} {
		if content&(1<<i) > 0 && len(values) > 0 {
			*value, values = values[0], values[1:]
		}
	}
	return nil
}

func storedChanges(list []storedChange) []change {
	changes := make([]change, len(list))
	for i := range list {
		changes[i] = list[i].change
	}
	return changes
}

// changesText is what changed, to be compared.
func changesText(changes []change) string {
	var text strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&text, "%s: %s -> %s\n", c.Property, c.Before, c.After)
	}
	return strings.ReplaceAll(text.String(), "null", "") // none, either way
}

// graphqlPage is a connection as Daybook and the program written by hand answer
// it, with changes of a type.
type graphqlPage[C any] struct {
	Edges []struct {
		Node struct {
			OccurredAt                             time.Time
			Category, Action, EventName, IPAddress string
			PerformedBy                            struct{ Kind, Name string }
			Section                                struct{ Key string }
			Object                                 struct{ Type, ExternalID, Name string }
			Changes                                []C
		}
	}
	PageInfo struct{ HasNextPage bool }
}

func (g *graphqlPage[C]) page(changes func([]C) []change) page {
	p := page{more: g.PageInfo.HasNextPage}
	for _, edge := range g.Edges {
		n := edge.Node
		p.events = append(p.events, shown{
			micros: n.OccurredAt.UnixMicro(), category: n.Category, action: n.Action, name: n.EventName,
			actor: n.PerformedBy.Name, kind: n.PerformedBy.Kind, section: n.Section.Key,
			objectType: n.Object.Type, objectID: n.Object.ExternalID, objectName: n.Object.Name, address: n.IPAddress,
			changes: changesText(changes(n.Changes)),
		})
	}
	return p
}

func daybookContent(answer []byte) (page, error) {
	var body struct {
		Data struct{ AuditLog graphqlPage[change] }
	}
	err := json.Unmarshal(answer, &body)
	return body.Data.AuditLog.page(func(list []change) []change { return list }), err
}

func directContent(answer []byte) (page, error) {
	var body graphqlPage[storedChange]
	err := json.Unmarshal(answer, &body)
	return body.page(storedChanges), err
}

// peerPage is a connection as PostGraphile answers it: columns as they are.
type peerPage struct {
	Edges []struct {
		Node struct {
			ID                                                     string
			Category, Action                                       int16
			EventName, ObjectType, ObjectID, ObjectName, IPAddress string
			ActorByActor                                           struct {
				Kind int16
				Name string
			}
			SectionBySection struct{ Key string }
			Changes          []storedChange
		}
	}
	PageInfo struct{ HasNextPage bool }
}

func peerContent(answer []byte) (page, error) {
	var body struct {
		Data   struct{ AllEvents peerPage }
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(answer, &body); err != nil {
		return page{}, err
	}
	if len(body.Errors) > 0 {
		return page{}, errors.New(body.Errors[0].Message)
	}
	p := page{more: body.Data.AllEvents.PageInfo.HasNextPage}
	for _, edge := range body.Data.AllEvents.Edges {
		n := edge.Node
		var id audit.EventID
		if err := id.Scan(n.ID); err != nil {
			return page{}, err
		}
		p.events = append(p.events, shown{
			micros: id.OccurredAt().UnixMicro(), category: audit.Category(n.Category).String(), action: audit.Action(n.Action).String(),
			name: n.EventName, actor: n.ActorByActor.Name, kind: audit.ActorKind(n.ActorByActor.Kind).String(),
			section: n.SectionBySection.Key, objectType: n.ObjectType, objectID: n.ObjectID, objectName: n.ObjectName,
			address: n.IPAddress, changes: changesText(storedChanges(n.Changes)),
		})
	}
	return p, nil
}
