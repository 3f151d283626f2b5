package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"todoku/diag/watch"
)

// Timeline is what is known of a domain over time.
type Timeline struct {
	Row
	Changes []Told            // the newest first
	Past    []watch.Past      // record sets that are not any more, the last first
	Events  []watch.Happening // what happened to mails of the domain, the last hour first
	Cut     bool              // there is more than was asked for
}

// forever is later than all times in a store.
const forever = 1 << 62

// reader is what reads the parts of a timeline.
type reader struct{ *Store }

// Show is the timeline of a watched domain since a time, with at most so many entries of each kind; 0 means 1,000.
// ErrNotWatched says that the domain is not in the store.
func (s *Store) Show(ctx context.Context, name string, since time.Time, most int) (Timeline, error) {
	return reader{s}.timeline(ctx, name, millis(since), forever, most)
}

// History is the timeline of a domain between two times; a zero until means now. A domain that is not watched may have events:
// its Row has a name only.
func (s *Store) History(ctx context.Context, name string, since, until time.Time) (Timeline, error) {
	end := millis(until)
	if until.IsZero() {
		end = forever
	}
	t, err := reader{s}.timeline(ctx, name, millis(since), end, 0)
	if errors.Is(err, ErrNotWatched) {
		t = Timeline{Row: Row{Name: name}}
		t.Cut, err = reader{s}.happened(ctx, &t, millis(since), end, mostEntries)
	}
	return t, err
}

const mostEntries = 1000

func (s reader) timeline(ctx context.Context, name string, since, until int64, most int) (t Timeline, err error) {
	if most <= 0 {
		most = mostEntries
	}
	id, row, err := scanRow(s.row(ctx, s.read, `SELECT `+rowColumns+`WHERE d.name = ?`, name).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return t, ErrNotWatched
	}
	if err != nil {
		return t, s.fault(err)
	}
	t.Row = row
	for _, read := range []func() (bool, error){
		func() (bool, error) { return s.changed(ctx, &t, id, since, until, most) },
		func() (bool, error) { return s.past(ctx, &t, id, since, until, most) },
		func() (bool, error) { return s.happened(ctx, &t, since, until, most) },
	} {
		cut, err := read()
		if err != nil {
			return Timeline{}, s.fault(err)
		}
		t.Cut = t.Cut || cut
	}
	return t, nil
}

// changed reads changes of a domain, and whether there are more.
func (s reader) changed(ctx context.Context, t *Timeline, id, since, until int64, most int) (bool, error) {
	err := s.rows(ctx, s.read, func(scan func(...any) error) error {
		c, err := scanTold(scan)
		t.Changes = append(t.Changes, c)
		return err
	}, `SELECT `+toldColumns+toldFrom+` WHERE h.domain = ? AND h.at >= ? AND h.at < ? ORDER BY h.at DESC, h.id DESC LIMIT ?`,
		id, since, until, most+1)
	cut := len(t.Changes) > most
	t.Changes = t.Changes[:min(most, len(t.Changes))]
	return cut, err
}

// past reads record sets that a domain had.
func (s reader) past(ctx context.Context, t *Timeline, id, since, until int64, most int) (bool, error) {
	err := s.rows(ctx, s.read, func(scan func(...any) error) error {
		var p watch.Past
		var first, last int64
		var values string
		if err := scan(&p.Name, &p.Type, &values, &first, &last); err != nil {
			return err
		}
		p.First, p.Last = fromMillis(first), fromMillis(last)
		if err := decode("a record set of "+t.Name, values, &p.Values); err != nil {
			return err
		}
		t.Past = append(t.Past, p)
		return nil
	}, `SELECT name, type, value, first_seen, last_seen FROM watch_value
  WHERE domain = ? AND last_seen >= ? AND first_seen < ? ORDER BY last_seen DESC, id DESC LIMIT ?`, id, since, until, most+1)
	cut := len(t.Past) > most
	t.Past = t.Past[:min(most, len(t.Past))]
	return cut, err
}

// happened reads what happened to mails of a domain.
func (s reader) happened(ctx context.Context, t *Timeline, since, until int64, most int) (bool, error) {
	err := s.rows(ctx, s.read, func(scan func(...any) error) error {
		h, err := scanHappening(scan)
		t.Events = append(t.Events, h)
		return err
	}, `SELECT `+happeningColumns+` WHERE domain = ? AND last_seen >= ? AND first_seen < ? ORDER BY hour DESC, id DESC LIMIT ?`,
		t.Name, since, until, most+1)
	cut := len(t.Events) > most
	t.Events = t.Events[:min(most, len(t.Events))]
	return cut, s.fault(err)
}
