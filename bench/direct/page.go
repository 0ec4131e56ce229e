package main

import (
	"database/sql"
	"encoding/json"
	"net/netip"
	"strconv"
	"time"

	"daybook/audit"
)

// selectPage reads a page and the row after it.
const selectPage = `SELECT e.id, e.category, e.action, n.text, e.actor, a.name, a.kind, s.key, s.name,
		CASE WHEN e.object_id IS NOT NULL THEN coalesce(e.object_type, 'conversation') END, e.object_id, e.object_name, e.address, e.address_key, e.changes
	FROM events e JOIN actors a ON a.id = e.actor JOIN sections s ON s.id = e.section LEFT JOIN shared_texts n ON n.id = e.event_name
	WHERE e.organization = $1 AND e.category = $2 AND e.id < $3 ORDER BY e.id DESC LIMIT $4`

// event is one row.
type event struct {
	id                                   audit.EventID
	category, action, actor, kind        int64
	name, actorName, objectName, address *string
	objectType, objectID                 *string
	section, sectionName                 string
	addressKey, changes                  sql.RawBytes
}

func (e *event) scan(rows *sql.Rows) error {
	return rows.Scan(&e.id, &e.category, &e.action, &e.name, &e.actor, &e.actorName, &e.kind, &e.section, &e.sectionName,
		&e.objectType, &e.objectID, &e.objectName, &e.address, &e.addressKey, &e.changes)
}

// appendPage writes the page. What changed stands in it as it is stored.
func appendPage(to []byte, rows *sql.Rows) ([]byte, error) {
	to = append(to, `{"edges":[`...)
	var first, last audit.EventID
	count, more := 0, false
	for rows.Next() {
		if more = count == pageSize; more {
			break
		}
		var e event
		if err := e.scan(rows); err != nil {
			return nil, err
		}
		if last = e.id; count == 0 {
			first = e.id
		} else {
			to = append(to, ',')
		}
		to = e.append(to)
		count++
	}
	to = append(to, `],"pageInfo":{"hasNextPage":`...)
	to = strconv.AppendBool(to, more)
	to = append(to, `,"hasPreviousPage":true,"startCursor":"`...)
	to = append(to, first.UUID()...)
	to = append(to, `","endCursor":"`...)
	to = append(to, last.UUID()...)
	return append(to, `"}}`...), rows.Err()
}

func (e *event) append(to []byte) []byte {
	to = append(append(to, `{"cursor":"`...), e.id.UUID()...)
	to = append(append(to, `","node":{"id":"`...), e.id.String()...)
	to = e.id.OccurredAt().AppendFormat(append(to, `","occurredAt":"`...), time.RFC3339Nano)
	to = append(append(to, `","category":"`...), audit.Category(e.category).String()...)
	to = append(append(to, `","action":"`...), audit.Action(e.action).String()...)
	to = appendOptional(append(to, `","eventName":`...), e.name)
	to = append(append(to, `,"performedBy":{"id":"`...), audit.ActorID(e.actor).String()...)
	to = append(append(to, `","kind":"`...), audit.ActorKind(e.kind).String()...)
	to = appendOptional(append(to, `","name":`...), e.actorName)
	to = appendString(append(to, `},"section":{"key":`...), e.section)
	to = appendString(append(to, `,"name":`...), e.sectionName)
	to = append(to, `},"object":`...)
	if e.objectID == nil {
		to = append(to, "null"...)
	} else {
		to = appendOptional(append(to, `{"type":`...), e.objectType)
		to = appendOptional(append(to, `,"externalId":`...), e.objectID)
		to = append(appendOptional(append(to, `,"name":`...), e.objectName), '}')
	}
	to = append(to, `,"ipAddress":`...)
	if key, ok := netip.AddrFromSlice(e.addressKey); ok && e.address == nil {
		to = append(key.AppendTo(append(to, '"')), '"')
	} else {
		to = appendOptional(to, e.address)
	}
	to = append(to, `,"changes":`...)
	if e.changes == nil {
		return append(to, `[]}}`...)
	}
	return append(append(to, e.changes...), `}}`...)
}

func appendOptional(to []byte, text *string) []byte {
	if text == nil {
		return append(to, "null"...)
	}
	return appendString(to, *text)
}

// appendString writes a string as JSON. Most need no escape.
func appendString(to []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' {
			escaped, _ := json.Marshal(text) // a string cannot fail
			return append(to, escaped...)
		}
	}
	return append(append(append(to, '"'), text...), '"')
}
