package report

import (
	"cmp"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
)

// row is one thing that a report says: a finding, a check that could not look, or one in which nothing was found. The formats
// for spreadsheets and for CI are made of rows: what one of them says, all say.
type row struct {
	Target   string
	Check    *diag.Check
	Status   diag.Status // of the row: the severity of its finding, unknown, or that of the check without findings
	Rule     *diag.Rule  // nil without a finding
	Subject  string
	Message  string
	Why, Fix string
	Owner    codes.Owner
	Records  []diag.Record
	Evidence []diag.Evidence
	Turn     diag.Turn // what becomes of it by a change that is only meant; "" without one
	Excepted string    // that the finding does not count, or counts again, in words; "" where no exception is about it
	Ignored  bool      // it does not count
}

// rowsOf are the rows of a report, in the order of its checks.
func rowsOf(r *diag.Report, l codes.Lang) []row {
	var out []row
	turns := turnsOf(r)
	for _, res := range r.Results {
		head := row{Target: r.Target.Name, Check: res.Check, Status: res.Status(), Subject: cmp.Or(r.Target.ASCII, r.Target.Name)}
		for _, f := range res.Findings {
			out = append(out, head.of(f, l))
			out[len(out)-1].Turn = turns.take(res.Check, f.Rule, f.Subject)
		}
		if res.Err != nil {
			head.Status, head.Turn = diag.Unknown, turns.take(res.Check, nil, "")
			var said []string
			for _, e := range failures(res.Err, l) {
				said = append(said, unansweredText(e).In(l))
			}
			head.Message = strings.Join(said, "; ")
			out = append(out, head)
		}
		if res.Err == nil && len(res.Findings) == 0 {
			head.Message = statusText(head.Status).In(l)
			if !res.Looked() {
				head.Message = dictionary()[wNoSubject].In(l)
			}
			out = append(out, head)
		}
	}
	return append(out, mendedRows(r, l)...)
}

// of is the row of a finding.
func (r row) of(f diag.Finding, l codes.Lang) row {
	advice := f.Advice()
	r.Status, r.Rule, r.Subject = f.Rule.Severity, f.Rule, f.Subject
	r.Message, r.Why, r.Fix = fill(f.Rule.Says, f.Data, l), fill(advice.Why, f.Data, l), fill(advice.Fix, f.Data, l)
	r.Owner, r.Records, r.Evidence = advice.Owner, f.Records, f.Evidence
	r.Excepted, r.Ignored = excepted(f, l), f.Ignored()
	return r
}

// id is the rule, or the check with what became of it.
func (r row) id() string {
	if r.Rule != nil {
		return r.Rule.ID
	}
	return r.Check.Name
}

// mark is the sign of the row's status; what is ignored has none of those.
func (r row) mark() string {
	if r.Ignored {
		return "–"
	}
	return mark(r.Status).Text
}

// lines are the records to publish, as a master file has them.
func (r row) lines() []string {
	var out []string
	for _, rec := range r.Records {
		out = append(out, masterLine(rec))
	}
	return out
}

// place is where a zone file holds what the row is about.
func (r row) place() resolve.Place {
	for _, e := range r.Evidence {
		if !e.Place.IsZero() {
			return e.Place
		}
	}
	return resolve.Place{}
}

// advice is why the row matters and what to do, in plain text of several lines.
func (r row) advice(l codes.Lang) string {
	if r.Rule == nil || r.Turn == diag.TurnMended {
		return ""
	}
	words := dictionary()
	var parts []string
	if r.Excepted != "" {
		parts = append(parts, r.Excepted)
	}
	parts = append(parts, words[wWhy].In(l)+": "+r.Why, words[wFix].In(l)+": "+r.Fix)
	parts = append(parts, r.lines()...)
	parts = append(parts, words[wWho].In(l)+": "+fill(ownerText(r.Owner), codes.Data{codes.Str("zone", r.zone())}, l), r.Rule.Ref)
	for i, p := range parts {
		parts[i] = page.Clean(p)
	}
	return strings.Join(parts, "\n")
}

// zone is whose DNS has to change.
func (r row) zone() string {
	if len(r.Records) > 0 {
		return ownZone(r.Records[0].Name)
	}
	return ownZone(r.Target[strings.LastIndexByte(r.Target, '@')+1:])
}
