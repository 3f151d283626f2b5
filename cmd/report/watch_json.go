package report

import (
	"iter"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/resolve"
	"todoku/diag/watch"
)

// WatchSchemaName is what rounds of a fleet call their schema.
const WatchSchemaName = "todoku/watch/1"

// The types below are the schema todoku/watch/1. The changes stand at its end, as they come.
type watchJSON struct {
	Schema  string   `json:"schema"`
	Tool    toolJSON `json:"tool"`
	Started string   `json:"started"`
	Elapsed int64    `json:"elapsed_ms"`
	Domains int      `json:"domains"`
	First   int      `json:"first_looks"`
	Silent  int      `json:"silent"`
	Failed  int      `json:"failed"`
}

// ChangeRow is a change for programs: of a round, and of the list of changes.
type ChangeRow struct {
	Domain    string `json:"domain" parquet:"domain,dict"`
	Name      string `json:"name" parquet:"name,dict"`
	Check     string `json:"check" parquet:"check,dict"`
	Rule      string `json:"rule" parquet:"rule,dict"`
	Subject   string `json:"subject" parquet:"subject"`
	Change    string `json:"change" parquet:"change,dict"`
	Severity  string `json:"severity" parquet:"severity,dict"`
	Message   string `json:"message" parquet:"message"`
	Culprit   string `json:"culprit" parquet:"culprit,dict"`
	FirstSeen string `json:"first_seen" parquet:"first_seen"`
	Before    string `json:"before" parquet:"before"`
	At        string `json:"at" parquet:"at"`
}

// Columns names the cells of a change.
func (ChangeRow) Columns() []string {
	return []string{"domain", "name", "check", "rule", "subject", "change", "severity", "message", "culprit", "first_seen", "before", "at"}
}

// Cells are its values.
func (c ChangeRow) Cells() []string {
	return []string{c.Domain, c.Name, c.Check, c.Rule, c.Subject, c.Change, c.Severity, c.Message, c.Culprit, c.FirstSeen, c.Before, c.At}
}

// ChangeRowOf is a change in a language.
func ChangeRowOf(c watch.Change, l codes.Lang) ChangeRow {
	return ChangeRow{Domain: c.Domain, Name: resolve.ToUnicode(c.Domain), Check: c.Check, Rule: c.Rule, Subject: c.Subject,
		Change: string(c.Turn), Severity: c.Severity, Message: c.Message.In(l), Culprit: c.Culprit, FirstSeen: Stamp(c.First),
		Before: Stamp(c.Before), At: Stamp(c.At)}
}

// change is the change of a row, in its one language.
func (c ChangeRow) change() watch.Change {
	return watch.Change{Domain: c.Domain, At: stamped(c.At), Before: stamped(c.Before), Turn: watch.Turn(c.Change), Check: c.Check,
		Rule: c.Rule, Subject: c.Subject, Severity: c.Severity, First: stamped(c.FirstSeen)}
}

// changeRows are changes in a language.
func changeRows(list iter.Seq2[watch.Change, error], l codes.Lang) iter.Seq2[ChangeRow, error] {
	return func(yield func(ChangeRow, error) bool) {
		for c, err := range list {
			if !yield(ChangeRowOf(c, l), err) || err != nil {
				return
			}
		}
	}
}

// news leaves out that a check can look again: for programs, what it saw is the news.
func news(list iter.Seq2[watch.Change, error]) iter.Seq2[watch.Change, error] {
	return func(yield func(watch.Change, error) bool) {
		for c, err := range list {
			if (err != nil || c.Turn != watch.Known) && !yield(c, err) {
				return
			}
		}
	}
}

// watchAs writes rounds as JSON or NDJSON.
func watchAs(f page.Format) func(*page.Out, Options) page.Printer[*WatchRound] {
	return func(w *page.Out, o Options) page.Printer[*WatchRound] {
		return roundStream{page.NewStream(w, f, o.Many), o}
	}
}

type roundStream struct {
	*page.Stream
	o Options
}

// Put writes one round.
func (p roundStream) Put(r *WatchRound) error {
	head := watchJSON{WatchSchemaName, toolJSON{"todoku", p.o.Version}, Stamp(r.Started), r.Elapsed.Milliseconds(),
		r.Domains, r.First, r.Silent, r.Failed}
	return page.PutList(p.Stream, head, "changes", changeRows(news(r.Changes), p.o.Lang))
}

// watchCSV writes the changes of rounds, one a row.
func watchCSV(w *page.Out, o Options) page.Printer[*WatchRound] {
	return roundRows{page.NewTable(w, o.ByteOrderMark, ChangeRow{}.Columns()), o}
}

type roundRows struct {
	*page.Table
	o Options
}

// Put writes the changes of one round.
func (p roundRows) Put(r *WatchRound) error {
	return eachRow(changeRows(news(r.Changes), p.o.Lang), func(c ChangeRow) error { return p.Table.Put(c.Cells()) })
}
