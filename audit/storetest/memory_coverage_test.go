package storetest

import (
	"context"

	"daybook/audit"
)

func (m *memory) FindCoverage(_ context.Context, organization audit.OrganizationID) (*audit.Coverage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return (&reference{recorded: m.logs[organization].recorded}).coverage(), nil
}

func (m *memory) CountLate(_ context.Context, organization audit.OrganizationID, query audit.LateQuery) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return (&reference{recorded: m.logs[organization].recorded}).late(query), nil
}
