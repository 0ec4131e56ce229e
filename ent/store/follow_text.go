package store

import (
	"bytes"
	"context"
	stdsql "database/sql"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// textFollower builds the index behind Filter.Text.
func (s *Store) textFollower() follower {
	return follower{name: "text", block: s.texts.block, prepare: s.prepareText}
}

// indexedText is an event of a journal and the text that is searched in it.
type indexedText struct {
	event audit.EventID
	text  string
}

// prepareText indexes one block.
func (s *Store) prepareText(ctx context.Context, part stretch) (func(context.Context, *stdsql.Tx) error, error) {
	texts, err := queryRows(ctx, s, selectTexts(part), func(rows *stdsql.Rows) (one indexedText, err error) {
		err = rows.Scan(&one.event, &one.text)
		return one, err
	})
	if err != nil {
		return nil, err
	}
	if int64(len(texts)) != s.texts.block {
		return nil, fmt.Errorf("the journal has %d entries of %d after sequence %d", len(texts), s.texts.block, part.after)
	}
	index, first, last := newGramIndex(), texts[0].event, texts[0].event
	for place, one := range texts {
		index.add(place, one.text)
		if bytes.Compare(one.event[:], first[:]) < 0 {
			first = one.event
		}
		if bytes.Compare(one.event[:], last[:]) > 0 {
			last = one.event
		}
	}
	buckets := index.buckets()
	return func(ctx context.Context, tx *stdsql.Tx) error {
		return s.writeTextBlock(ctx, tx, part, first, last, &buckets)
	}, nil
}

// selectTexts reads the texts of a stretch in order. What an event said that is
// no longer there nobody can search.
func selectTexts(part stretch) *sql.Selector {
	query := sql.Select().AppendSelectExpr(entryID(), sql.Raw("coalesce(events.search_text, '')")).
		FromExpr(eachEntryAndEvent(part.organization)).
		Where(allOf(entriesWithin(part.organization, entriesBetween(part.after, part.through))...))
	return inSequence(query)
}

func (s *Store) writeTextBlock(ctx context.Context, tx *stdsql.Tx, part stretch, first, last audit.EventID, buckets *[textBuckets]gramBucket) error {
	block := part.after / s.texts.block
	blocks := sql.Dialect(s.dialect).Insert("text_blocks").Columns("organization", "block", "first_event", "last_event").
		Values(int64(part.organization), block, first, last)
	rows := sql.Dialect(s.dialect).Insert("text_grams").Columns("organization", "block", "bucket", "grams")
	inserts := []*sql.InsertBuilder{blocks}
	for bucket, grams := range buckets {
		if len(grams) > 0 {
			rows.Values(int64(part.organization), block, int64(bucket), []byte(grams))
			inserts = []*sql.InsertBuilder{blocks, rows}
		}
	}
	for _, insert := range inserts {
		text, args := insert.Query()
		if _, err := tx.ExecContext(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}
