package store

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// requiredTexts are the folded texts that every matching event contains and that
// the index can look for. Those within anyOf and not are only checked.
func requiredTexts(f *audit.Filter) []string {
	if f == nil {
		return nil
	}
	var texts []string
	if f.Text != nil {
		if folded := audit.Fold(*f.Text); len(folded) >= gramLength {
			texts = append(texts, folded)
		}
	}
	for i := range f.AllOf {
		texts = append(texts, requiredTexts(&f.AllOf[i])...)
	}
	return texts
}

// rows reads the rows of a scan.
func (s *Store) rows(ctx context.Context, p *scan) ([]*audit.Event, error) {
	var events []*audit.Event
	searched, err := s.searchTexts(ctx, p, 2*p.limit, func(found *scan) (int, error) {
		found.limit -= len(events)
		rows, err := s.page(ctx, found)
		events = append(events, rows...)
		return len(rows), err
	})
	if err != nil || searched {
		return events, err
	}
	return s.page(ctx, p)
}

// countRows counts the rows of a scan.
func (s *Store) countRows(ctx context.Context, p *scan) (total int, err error) {
	count := func(p *scan) (int, error) {
		counts, err := queryRows(ctx, s, p.count(), scanNumber)
		if err != nil {
			return 0, err
		}
		return int(counts[0]), nil
	}
	searched, err := s.searchTexts(ctx, p, lookUpSize, func(found *scan) (int, error) {
		found.limit -= total
		n, err := count(found)
		total += n
		return n, err
	})
	if err != nil || searched {
		return total, err
	}
	return count(p)
}

// searchTexts looks by the index of texts for the events of a scan. It gives the
// scan to read, narrowed to some of the events found, the first of them first,
// until that has given as many events as the scan wants or there are no more.
// False means that a walk is the better way, and nothing that was read counts.
func (s *Store) searchTexts(ctx context.Context, p *scan, first int, read func(*scan) (int, error)) (bool, error) {
	search, err := s.newTextSearch(ctx, p)
	if err != nil || search == nil {
		return false, err
	}
	most := s.texts.checked
	if p.leader() != nil {
		most = s.texts.beside
	}
	size := min(max(first, batchEvents/4), lookUpSize)
	for matched, checked := 0, 0; matched < p.limit; {
		ids, ok, err := search.next(ctx, size)
		if err != nil || !ok || len(ids) == 0 {
			return ok && err == nil, err
		}
		n, err := read(p.among(ids))
		if err != nil {
			return false, err
		}
		matched, checked, size = matched+n, checked+len(ids), lookUpSize
		if checked-matched > most {
			return false, nil
		}
	}
	return true, nil
}

// among narrows a scan to some events.
func (p *scan) among(ids []audit.EventID) *scan {
	narrowed := *p
	is := sql.In(eventColumn("id"), anys(ids)...)
	routes := []route{{where: is, unsorted: true}}
	narrowed.conditions = append([]condition{{holds: is, routes: routes, fewer: routes, rarity: byText}}, p.conditions...)
	return &narrowed
}

// SearchedThrough implements [audit.EventFinder].
func (s *Store) SearchedThrough(ctx context.Context, organization audit.OrganizationID, filter *audit.Filter) (*time.Time, error) {
	if len(requiredTexts(filter)) == 0 {
		return nil, nil //nolint:nilnil // nothing that lags is asked
	}
	return reading(ctx, s, "see how far texts are searched", func(ctx context.Context) (*time.Time, error) {
		position, head, err := s.positionOf(ctx, s.textFollower(), organization)
		if err != nil || head <= position+s.texts.tail {
			return nil, err
		}
		through, err := s.recordedAt(ctx, organization, position+s.texts.tail)
		return &through, err
	})
}
