package graph

import (
	"context"
	"strings"

	"daybook/audit"
	"daybook/graph/scalar"
)

// maxNodes is how many ids one call of nodes takes.
const maxNodes = 500

// nodeIDs are the ids of one call, sorted by what they identify.
type nodeIDs struct {
	events   []audit.EventID
	actors   []audit.ActorID
	sections []audit.SectionID
	keys     map[audit.APIKeyID]bool
}

// nodes fetches what the ids name, with one read for each kind. An id that the
// organization does not have, or that is of nothing, has no entry.
func (r *Resolver) nodes(ctx context.Context, v viewer, ids []string) (map[string]scalar.Node, error) {
	nodes := make(map[string]scalar.Node, len(ids))
	wanted := nodeIDs{keys: map[audit.APIKeyID]bool{}}
	for _, id := range ids {
		if id == v.Organization.String() {
			nodes[id] = v.organization()
		} else if nodeScope(id) != 0 && v.has(nodeScope(id)) {
			wanted.add(id)
		}
	}
	for _, fetch := range []func(context.Context, viewer, nodeIDs, map[string]scalar.Node) error{
		r.eventNodes, r.actorNodes, r.sectionNodes, r.keyNodes,
	} {
		if err := fetch(ctx, v, wanted, nodes); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

// nodeScope is the scope it takes to fetch what the id names; 0 for none.
func nodeScope(id string) audit.Scope {
	kind, _, _ := strings.Cut(id, "_")
	switch kind {
	case "evt", "act", "sec":
		return audit.ScopeReadAuditLog
	case "key":
		return audit.ScopeManageAccess
	default:
		return 0
	}
}

// add sorts an id in. One that is not well formed names nothing.
func (n *nodeIDs) add(id string) {
	if event, err := audit.ParseEventID(id); err == nil {
		n.events = append(n.events, event)
	} else if actor, err := audit.ParseActorID(id); err == nil {
		n.actors = append(n.actors, actor)
	} else if section, err := audit.ParseSectionID(id); err == nil {
		n.sections = append(n.sections, section)
	} else if key, err := audit.ParseAPIKeyID(id); err == nil {
		n.keys[key] = true
	}
}

func (r *Resolver) eventNodes(ctx context.Context, v viewer, wanted nodeIDs, nodes map[string]scalar.Node) error {
	if len(wanted.events) == 0 {
		return nil
	}
	selected := selectedNode(ctx)
	found, err := r.eventsByID(ctx, v, wanted.events, selected.fields)
	if err != nil {
		return err
	}
	events := make([]*audit.Event, 0, len(found))
	for id, event := range found {
		nodes[id.String()] = event
		events = append(events, event)
	}
	return r.loadRelated(ctx, v, events, selected)
}

func (r *Resolver) actorNodes(ctx context.Context, v viewer, wanted nodeIDs, nodes map[string]scalar.Node) error {
	if len(wanted.actors) == 0 {
		return nil
	}
	actors, err := r.reader.ActorsByID(ctx, v.Viewer, wanted.actors)
	for _, actor := range actors {
		nodes[actor.ID.String()] = actor
	}
	return err
}

func (r *Resolver) sectionNodes(ctx context.Context, v viewer, wanted nodeIDs, nodes map[string]scalar.Node) error {
	if len(wanted.sections) == 0 {
		return nil
	}
	sections, err := r.reader.SectionsByID(ctx, v.Viewer, wanted.sections)
	for _, section := range sections {
		nodes[section.ID.String()] = section
	}
	return err
}

func (r *Resolver) keyNodes(ctx context.Context, v viewer, wanted nodeIDs, nodes map[string]scalar.Node) error {
	if len(wanted.keys) == 0 {
		return nil
	}
	keys, err := r.keys.List(ctx, v.Organization)
	for _, key := range keys {
		if wanted.keys[key.ID] {
			nodes[key.ID.String()] = key
		}
	}
	return err
}

// organization is the viewer's own, as the API shows it.
func (v viewer) organization() *audit.Organization {
	return &audit.Organization{ID: v.Organization, Name: v.principal.OrganizationName}
}
