package store

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"todoku/diag/watch"
)

// Filter says which domains are listed; the zero value means all.
type Filter struct {
	Under   string // a domain, and all below it
	Rule    string // with a finding of this rule
	Status  string // "pass", "info", "warn", "unknown", "fail"; Never for those that were not looked at yet
	Culprit string // with a finding or a silence that has this in common with other domains
	Silent  bool   // with a check that cannot look
	Limit   int    // 0: no limit
}

// Never is the status of a domain that was not looked at yet.
const Never = "never"

// Row is a domain with what is known of it.
type Row struct {
	Name   string // in ASCII
	Every  time.Duration
	Added  time.Time
	First  time.Time // the first look; zero: there was none
	Looked time.Time // the last look
	Due    time.Time // the next look
	Status string    // "" before the first look
	State  watch.State
}

// pageSize is how many rows are read at a time: no reader keeps a transaction open while its caller works.
const pageSize = 500

const rowColumns = `d.id, d.name, c.every, d.added, d.first_look,
  CASE WHEN d.round > 0 AND c.looked > d.looked THEN c.looked ELSE d.looked END, c.due, d.status, d.state
  FROM watch_domain d JOIN watch_chunk c ON c.id = d.chunk `

// scanRow reads the columns of rowColumns. A state that cannot be read is passed over: one domain keeps nobody from the others.
func scanRow(scan func(...any) error) (id int64, r Row, err error) {
	var every, added, first, looked, due int64
	var state string
	if err := scan(&id, &r.Name, &every, &added, &first, &looked, &due, &r.Status, &state); err != nil {
		return 0, Row{}, err
	}
	r.Every, r.Added, r.First = time.Duration(every)*time.Millisecond, fromMillis(added), fromMillis(first)
	r.Looked, r.Due = fromMillis(looked), fromMillis(due)
	if r.State, err = DecodeState(r.Name, state); err != nil {
		r.State, r.Status = watch.State{}, string(watch.Unknown) // until the next look, which writes it anew
	}
	return id, r, nil
}

// List streams domains by their names. What another process changes meanwhile may be seen or not.
func (s *Store) List(ctx context.Context, f Filter) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		given := 0
		for after := ""; ; {
			page, err := s.page(ctx, f, after)
			if err != nil {
				yield(Row{}, err)
				return
			}
			for _, r := range page {
				if after = r.Name; !f.takes(r.State) {
					continue
				}
				if given++; !yield(r, nil) || given == f.Limit {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
		}
	}
}

// page reads the rows behind a name. SQL leaves out most of what the filter does not want; takes decides.
func (s *Store) page(ctx context.Context, f Filter, after string) (page []Row, err error) {
	where, args := []string{`d.name > ?`}, []any{after}
	with := func(condition string, arg ...any) { where, args = append(where, condition), append(args, arg...) }
	if f.Under != "" {
		with(`(d.name = ? OR d.name LIKE ? ESCAPE '!')`, f.Under, "%."+escaped(f.Under))
	}
	switch f.Status {
	case "":
	case Never:
		with(`d.first_look = 0`)
	default:
		with(`d.status = ?`, f.Status)
	}
	for key, value := range map[string]string{"rule": f.Rule, "culprit": f.Culprit} {
		if value == "" {
			continue
		}
		text, err := encode(value)
		if err != nil {
			return nil, err
		}
		with(`d.state LIKE ? ESCAPE '!'`, `%"`+key+`":`+escaped(text)+`%`)
	}
	if f.Silent {
		with(`d.state LIKE ?`, `%"silent":[%`)
	}
	err = s.rows(ctx, s.read, func(scan func(...any) error) error {
		_, r, err := scanRow(scan)
		page = append(page, r)
		return err
	}, `SELECT `+rowColumns+`WHERE `+strings.Join(where, ` AND `)+` ORDER BY d.name LIMIT ?`, append(args, pageSize)...)
	return page, s.fault(err)
}

// escaped makes a text one that LIKE takes as it is, with "!" for the escape.
func escaped(text string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text)
}

// takes reports whether a state is what the filter wants.
func (f Filter) takes(st watch.State) bool {
	if f.Silent && len(st.Silent) == 0 {
		return false
	}
	found := f.Rule == "" && f.Culprit == ""
	for _, s := range st.Findings {
		found = found || (f.Rule == "" || s.Rule == f.Rule) && (f.Culprit == "" || s.Culprit == f.Culprit)
	}
	return found || f.Rule == "" && slices.ContainsFunc(st.Silent, func(q watch.Silence) bool { return q.Culprit == f.Culprit })
}

// Told is a change, and whether people know of it.
type Told struct {
	watch.Change
	ID       int64     // 0: it is of a first look
	Told     time.Time // zero: not yet
	Incident int64     // in which it was told; 0: in none
}

const toldColumns = `h.id, d.name, h.at, h.looked_before, h.first_seen,
  CASE WHEN h.told > 0 THEN h.told ELSE h.printed END, h.incident, h.turn, h.checked, h.rule, h.subject,
  h.severity, h.culprit, h.message_en, h.message_ja`

const toldFrom = ` FROM watch_change h JOIN watch_domain d ON d.id = h.domain`

// scanTold reads the columns of toldColumns; more are behind them.
func scanTold(scan func(...any) error, more ...any) (c Told, err error) {
	var at, before, first, told int64
	err = scan(append([]any{&c.ID, &c.Domain, &at, &before, &first, &told, &c.Incident, &c.Turn, &c.Check, &c.Rule, &c.Subject,
		&c.Severity, &c.Culprit, &c.Message.EN, &c.Message.JA}, more...)...)
	c.At, c.Before, c.First, c.Told = fromMillis(at), fromMillis(before), fromMillis(first), fromMillis(told)
	return c, err
}

// ChangeFilter says which changes are read; the zero value means all.
type ChangeFilter struct {
	Since, Until time.Time // Until is not in it; zero: no bound
	Turns        []watch.Turn
	Untold       bool // only those that nobody was told of
	Limit        int  // 0: no limit
}

// Changes streams changes, the newest first. What a first look found is not in it: see Firsts.
func (s *Store) Changes(ctx context.Context, f ChangeFilter) iter.Seq2[Told, error] {
	return func(yield func(Told, error) bool) {
		var last Told
		given := 0
		for {
			page, err := s.changesBefore(ctx, f, last)
			if err != nil {
				yield(Told{}, err)
				return
			}
			for _, c := range page {
				if given++; !yield(c, nil) || given == f.Limit {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			last = page[len(page)-1]
		}
	}
}

func (s *Store) changesBefore(ctx context.Context, f ChangeFilter, last Told) (page []Told, err error) {
	where, args := []string{`h.at >= ?`}, []any{millis(f.Since)}
	with := func(condition string, arg ...any) { where, args = append(where, condition), append(args, arg...) }
	if !f.Until.IsZero() {
		with(`h.at < ?`, millis(f.Until))
	}
	if f.Untold {
		with(`h.told = 0 AND h.printed = 0`)
	}
	if last.ID > 0 {
		with(`(h.at < ? OR h.at = ? AND h.id < ?)`, millis(last.At), millis(last.At), last.ID)
	}
	if len(f.Turns) > 0 {
		var marks []string
		var turns []any
		for _, t := range f.Turns {
			marks, turns = append(marks, "?"), append(turns, string(t))
		}
		with(`h.turn IN (`+strings.Join(marks, ", ")+`)`, turns...)
	}
	most := pageSize
	if f.Limit > 0 {
		most = min(most, f.Limit)
	}
	err = s.rows(ctx, s.read, func(scan func(...any) error) error {
		c, err := scanTold(scan)
		page = append(page, c)
		return err
	}, `SELECT `+toldColumns+toldFrom+` WHERE `+strings.Join(where, ` AND `)+` ORDER BY h.at DESC, h.id DESC LIMIT ?`, append(args, most)...)
	return page, s.fault(err)
}

// Firsts streams what the first looks found that nobody was told of, by domain: changes without a time before. Of most domains
// at most; 0 means all. MarkTold marks them.
func (s *Store) Firsts(ctx context.Context, most int) iter.Seq2[Told, error] {
	return func(yield func(Told, error) bool) {
		done := 0
		for after := int64(0); ; {
			type first struct {
				id int64
				Row
			}
			var page []first
			err := s.rows(ctx, s.read, func(scan func(...any) error) error {
				id, r, err := scanRow(scan)
				page = append(page, first{id, r})
				return err
			}, `SELECT `+rowColumns+`WHERE d.told = 0 AND d.first_look > 0 AND d.id > ? ORDER BY d.id LIMIT ?`, after, pageSize)
			if err != nil {
				yield(Told{}, s.fault(err))
				return
			}
			for _, r := range page {
				after = r.id
				for _, c := range firstChanges(r.Row) {
					if !yield(c, nil) {
						return
					}
				}
				if done++; done == most {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
		}
	}
}

// firstChanges is what a first look found and what still stands. What came later has a change of its own.
func firstChanges(r Row) (out []Told) {
	for _, f := range r.State.Findings {
		if millis(f.First) <= millis(r.First) {
			out = append(out, Told{Change: watch.Change{Domain: r.Name, At: r.First, Turn: watch.New, Check: f.Check, Rule: f.Rule,
				Subject: f.Subject, Severity: f.Severity, First: f.First, Message: f.Message, Culprit: f.Culprit}})
		}
	}
	for _, q := range r.State.Silent {
		if millis(q.Since) <= millis(r.First) {
			out = append(out, Told{Change: watch.Change{Domain: r.Name, At: r.First, Turn: watch.Unknown, Check: q.Check,
				Severity: "unknown", First: q.Since, Message: q.Message, Culprit: q.Culprit}})
		}
	}
	slices.SortStableFunc(out, func(a, b Told) int { return cmp.Compare(a.Check, b.Check) })
	return out
}
