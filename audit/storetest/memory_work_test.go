package storetest

import (
	"context"

	"daybook/audit"
)

func (m *memory) FindWork(_ context.Context, organization audit.OrganizationID, query audit.WorkQuery) ([]*audit.WorkEvent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var events []*audit.Event
	for _, one := range m.logs[organization].recorded {
		events = append(events, one.event)
	}
	return findWork(workEvents(events), query), nil
}
