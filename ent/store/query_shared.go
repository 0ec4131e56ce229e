package store

import (
	"context"
	stdsql "database/sql"
	"fmt"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// Shared texts never change. They are read anew once a minute all the same,
// because a standby that takes over without the latest commits gives their numbers
// to other texts.
const (
	sharedFor      = time.Minute
	maxSharedBytes = 16 << 20
)

// textPlace is where the shared text of a number belongs.
type textPlace = place[int32, *string]

// appendShared notes where the text of a number belongs, which is 0 for none.
func appendShared(places []textPlace, id int64, into **string) []textPlace {
	if id == 0 {
		return places
	}
	return append(places, textPlace{int32(id), into})
}

// fillTexts puts shared texts in their places, with one statement for those that
// are not remembered. Events with the same text point to one string.
func (s *Store) fillTexts(ctx context.Context, organization audit.OrganizationID, places []textPlace) error {
	missing, turn := s.shared.fill(organization, places, time.Now())
	if len(missing) == 0 {
		return nil
	}
	texts, err := s.readTexts(ctx, organization, distinct(missing, func(p textPlace) int32 { return p.id }))
	if err != nil {
		return err
	}
	s.shared.put(organization, texts, turn)
	for _, place := range missing {
		text, is := texts[place.id]
		if !is { // a replica that lags behind the one that had the events
			return fmt.Errorf("there is no shared text %d", place.id)
		}
		*place.into = text
	}
	return nil
}

func (s *Store) readTexts(ctx context.Context, organization audit.OrganizationID, ids []int32) (map[int32]*string, error) {
	query := sql.Select("id", "text").From(sql.Table("shared_texts")).
		Where(sql.And(sql.In("id", anys(ids)...), sql.EQ("organization", int64(organization))))
	texts := make(map[int32]*string, len(ids))
	_, err := queryRows(ctx, s, query, func(rows *stdsql.Rows) (id int32, err error) {
		text := new(string)
		err = rows.Scan(&id, text)
		texts[id] = text
		return id, err
	})
	return texts, err
}

// sharedTexts remembers shared texts, some megabytes of them. The zero value is
// ready.
type sharedTexts struct {
	mutex sync.Mutex
	turn  int // grows when all are forgotten
	since time.Time
	bytes int
	texts map[sharedKey]*string
}

// sharedKey names the organization, so that nobody is shown another's.
type sharedKey struct {
	organization audit.OrganizationID
	id           int32
}

// fill puts the texts that are remembered in their places, and gives the other
// places.
func (r *sharedTexts) fill(organization audit.OrganizationID, places []textPlace, now time.Time) (missing []textPlace, turn int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.texts == nil || now.Sub(r.since) > sharedFor || r.bytes > maxSharedBytes {
		r.begin(now)
	}
	for _, place := range places {
		if text := r.texts[sharedKey{organization, place.id}]; text != nil {
			*place.into = text
		} else {
			missing = append(missing, place)
		}
	}
	return missing, r.turn
}

// put remembers texts that were read in a turn.
func (r *sharedTexts) put(organization audit.OrganizationID, texts map[int32]*string, turn int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if turn != r.turn {
		return
	}
	for id, text := range texts {
		key := sharedKey{organization, id}
		if r.texts[key] == nil {
			r.texts[key] = text
			r.bytes += textBytes(*text)
		}
	}
}

// forget drops all texts.
func (r *sharedTexts) forget() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.begin(time.Time{})
}

func (r *sharedTexts) begin(now time.Time) {
	r.turn++
	r.since, r.bytes, r.texts = now, 0, map[sharedKey]*string{}
}
