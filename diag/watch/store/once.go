package store

import (
	"context"
	"database/sql"
	"iter"

	"todoku/diag/watch"
)

// All gives a job for each chunk, due or not, and says how many domains they have.
func (s *Store) All(ctx context.Context) (jobs []watch.Job, domains int, err error) {
	err = s.rows(ctx, s.read, func(scan func(...any) error) error {
		var j watch.Job
		var n int
		err := scan(&j.Chunk, &j.Round, &n)
		j.Round++
		jobs, domains = append(jobs, j), domains+n
		return err
	}, `SELECT id, round, domains FROM watch_chunk WHERE domains > 0 ORDER BY id`)
	return jobs, domains, s.fault(err)
}

// Untold names what Untold gave: for MarkTold.
type Untold struct {
	changes []int64
	firsts  []int64 // domains
}

// pageSize is how many rows a list reads at once.
const pageSize = 500

// Untold gives what was not told yet: what the first look at a domain found, as changes without a look before, and then what
// changed since, the oldest first. What was given is noted in given.
func (s *Store) Untold(ctx context.Context, given *Untold) iter.Seq2[watch.Change, error] {
	return func(yield func(watch.Change, error) bool) {
		for _, next := range []func(context.Context, int64, *Untold) (int64, []watch.Change, error){s.untoldFirsts, s.untoldChanges} {
			last, more := int64(0), true
			for more {
				from := last
				to, list, err := next(ctx, from, given)
				if err != nil {
					yield(watch.Change{}, s.fault(err))
					return
				}
				for _, c := range list {
					if !yield(c, nil) {
						return
					}
				}
				last, more = to, to > from
			}
		}
	}
}

// untoldFirsts are what first looks found at the next domains behind an id; it returns the id of the last one.
func (s *Store) untoldFirsts(ctx context.Context, after int64, given *Untold) (last int64, out []watch.Change, err error) {
	last = after
	err = s.rows(ctx, s.read, func(scan func(...any) error) error {
		var first int64
		var name, text string
		if err := scan(&last, &name, &first, &text); err != nil {
			return err
		}
		var st watch.State
		if err := decode("the state of "+name, text, &st); err != nil {
			return err
		}
		given.firsts = append(given.firsts, last)
		out = append(out, firstChanges(name, first, st)...)
		return nil
	}, `SELECT id, name, first_look, state FROM watch_domain WHERE told = 0 AND first_look > 0 AND id > ?
  ORDER BY id LIMIT ?`, after, pageSize)
	return last, out, err
}

// firstChanges are what the first look at a domain found, as far as it still stands.
func firstChanges(name string, first int64, st watch.State) (out []watch.Change) {
	at := fromMillis(first)
	for _, f := range st.Findings {
		if f.First.UnixMilli() <= first {
			out = append(out, watch.Change{Domain: name, At: at, Turn: watch.New, Check: f.Check, Rule: f.Rule, Subject: f.Subject,
				Severity: f.Severity, First: f.First, Message: f.Message, Culprit: f.Culprit})
		}
	}
	for _, q := range st.Silent {
		if q.Since.UnixMilli() <= first {
			out = append(out, watch.Change{Domain: name, At: at, Turn: watch.Unknown, Check: q.Check, Severity: "unknown", First: q.Since,
				Message: q.Message, Culprit: q.Culprit})
		}
	}
	return out
}

// untoldChanges are the next changes behind an id.
func (s *Store) untoldChanges(ctx context.Context, after int64, given *Untold) (last int64, out []watch.Change, err error) {
	last = after
	err = s.rows(ctx, s.read, func(scan func(...any) error) error {
		var c watch.Change
		var at, before, first int64
		err := scan(&last, &c.Domain, &at, &before, &first, &c.Turn, &c.Check, &c.Rule, &c.Subject, &c.Severity, &c.Culprit,
			&c.Message.EN, &c.Message.JA)
		c.At, c.Before, c.First = fromMillis(at), fromMillis(before), fromMillis(first)
		given.changes, out = append(given.changes, last), append(out, c)
		return err
	}, `SELECT c.id, d.name, c.at, c.looked_before, c.first_seen, c.turn, c.checked, c.rule, c.subject, c.severity, c.culprit,
  c.message_en, c.message_ja FROM watch_change c JOIN watch_domain d ON d.id = c.domain WHERE c.told = 0 AND c.id > ?
  ORDER BY c.id LIMIT ?`, after, pageSize)
	return last, out, err
}

// MarkTold makes told what Untold gave. It is done wholly or not at all.
func (s *Store) MarkTold(ctx context.Context, given Untold) error {
	now := millis(s.now())
	return s.tx(ctx, func(tx *sql.Tx) error {
		for table, ids := range map[string][]int64{"watch_domain": given.firsts, "watch_change": given.changes} {
			for len(ids) > 0 {
				part := ids[:min(len(ids), batchSize)]
				ids = ids[len(part):]
				among, arg, err := s.among(numbers("id", part))
				if err != nil {
					return err
				}
				if _, err := s.exec(ctx, tx, `UPDATE `+table+` SET told = ? WHERE told = 0 AND `+among, now, arg); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
