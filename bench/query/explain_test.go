package main

import "testing"

const loggedPlans = `2026-01-01 00:00:00.000 UTC [1] LOG:  duration: 0.1 ms  plan:
	{
	  "Query Text": "SELECT \"events\".\"id\" FROM \"events\"",
	  "Plan": {"Node Type": "Limit", "Shared Hit Blocks": 50, "Shared Read Blocks": 4}
	}
2026-01-01 00:00:00.000 UTC [1] LOG:  duration: 0.1 ms  plan:
	{
	  "Query Text": "SELECT \"id\" FROM \"actors\"",
	  "Plan": {"Node Type": "Limit", "Shared Hit Blocks": 9, "Shared Read Blocks": 0}
	}
2026-01-01 00:00:00.000 UTC [1] LOG:  duration: 0.1 ms  plan:
	{
	  "Query Text": "SELECT uuid_send(event) FROM journal WHERE organization = $1",
	  "Plan": {"Node Type": "Index Scan", "Shared Hit Blocks": 3, "Shared Read Blocks": 0}
	}
`

func TestBuffersOfAllPlansAreAddedUp(t *testing.T) {
	got, err := readBuffers(loggedPlans)
	if err != nil || got != (touched{events: 57, all: 66}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

const loggedStatements = `2026-01-01 00:00:00.000 UTC [1] LOG:  execute <unnamed>: SELECT a
	FROM t WHERE x = $1 AND y < $10 AND z = $2
2026-01-01 00:00:00.000 UTC [1] DETAIL:  parameters: $1 = 'it''s', $2 = NULL, $3 = '3', $4 = '4', $5 = '5', $6 = '6', $7 = '7', $8 = '8', $9 = '9', $10 = '10'
2026-01-01 00:00:00.000 UTC [1] LOG:  execute <unnamed>: SELECT 1
`

func TestStatementsAreReadWithTheirParameters(t *testing.T) {
	got := readStatements(loggedStatements)
	if len(got) != 2 || got[0].String() != "SELECT a\nFROM t WHERE x = 'it''s' AND y < '10' AND z = NULL" || got[1].String() != "SELECT 1" {
		t.Errorf("got %q", got)
	}
}
