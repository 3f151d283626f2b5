package baseline_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/baseline"
)

// finding makes one of a rule about a subject.
func finding(rule, subject string, data ...codes.Datum) diag.Finding {
	return diag.Finding{Rule: &diag.Rule{ID: rule, Severity: diag.Fail}, Subject: subject, Data: data}
}

// report is one of a target with one check.
func report(target string, err error, findings ...diag.Finding) *diag.Report {
	return &diag.Report{Target: diag.Target{Name: target, ASCII: target}, Results: []diag.Result{
		{Check: &diag.Check{Name: "spf"}, Findings: findings, Err: err}}}
}

// learned is what is known of a report, written and read again.
func learned(t *testing.T, reports ...*diag.Report) *baseline.Baseline {
	t.Helper()
	b := baseline.New()
	for _, r := range reports {
		b.Learn(r)
	}
	var first, second bytes.Buffer
	if err := b.Write(&first); err != nil {
		t.Fatal(err)
	}
	again, err := baseline.Read(bytes.NewReader(first.Bytes()), "base.json")
	if err != nil {
		t.Fatalf("%v\n%s", err, first.String())
	}
	if err := again.Write(&second); err != nil || first.String() != second.String() {
		t.Errorf("written anew it differs: %v\n%s\n%s", err, first.String(), second.String())
	}
	return again
}

func TestOnlyWhatIsOtherwiseIsLeft(t *testing.T) {
	t.Parallel()
	num := func(n int) codes.Datum { return codes.Num("lookups", n) }
	says := func(s string) codes.Datum { return codes.Str("reply", s) }
	list := func(f ...diag.Finding) []diag.Finding { return f }
	ax, gone := finding("a", "x"), []diag.Gone{{Check: "spf", Rule: "a", Subject: "x"}}
	for name, c := range map[string]struct {
		before, now []diag.Finding
		err         error
		want        diag.Since
		left        string
	}{
		"the same":      {list(ax), list(finding("a", "X")), nil, diag.Since{Same: 1}, ""},
		"a new one":     {nil, list(ax), nil, diag.Since{New: 1}, "a x"},
		"a new subject": {list(ax), list(ax, finding("a", "y")), nil, diag.Since{New: 1, Same: 1}, "a y"},
		"another value": {list(finding("a", "x", num(11))), list(finding("a", "x", num(12))), nil, diag.Since{Changed: 1}, "a x"},
		"other words":   {list(finding("a", "x", says("1"))), list(finding("a", "x", says("2"))), nil, diag.Since{Same: 1}, ""},
		"another order": {list(finding("a", "x", codes.List("records", []string{"1", "2"}))),
			list(finding("a", "x", codes.List("records", []string{"2", "1"}))), nil, diag.Since{Same: 1}, ""},
		"another part": {list(finding("a", "x", codes.List("records", []string{"1", "2"}))),
			list(finding("a", "x", codes.List("records", []string{"1", "3"}))), nil, diag.Since{Changed: 1}, "a x"},
		"two of a rule": {list(finding("a", "x", num(11)), finding("a", "x", num(12))),
			list(finding("a", "x", num(12)), finding("a", "x", num(11))), nil, diag.Since{Same: 2}, ""},
		"another of a rule": {list(finding("a", "x", num(11))), list(finding("a", "x", num(11)), finding("a", "x", num(12))), nil,
			diag.Since{Same: 1, Changed: 1}, "a x"},
		"mended":           {list(ax), nil, nil, diag.Since{Mended: gone}, ""},
		"could not look":   {list(ax), nil, errors.New("silence"), diag.Since{}, ""},
		"nothing happened": {nil, nil, nil, diag.Since{}, ""},
	} {
		b := learned(t, report("a.test", nil, c.before...))
		r := report("a.test", c.err, c.now...)
		b.Apply(r)
		var left []string
		for _, f := range r.Results[0].Findings {
			left = append(left, f.Rule.ID+" "+f.Subject)
		}
		if strings.Join(left, ", ") != c.left {
			t.Errorf("%s: left %q", name, left)
		}
		if s := r.Since; s.New != c.want.New || s.Changed != c.want.Changed || s.Same != c.want.Same || len(s.Mended) != len(c.want.Mended) ||
			len(s.Mended) > 0 && s.Mended[0] != c.want.Mended[0] || s.Mended == nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// TestWhatWasNotLookedAtStaysKnown: a check that did not run or could not look takes nothing from the baseline, nor does a
// report of another target.
func TestWhatWasNotLookedAtStaysKnown(t *testing.T) {
	t.Parallel()
	old := finding("a", "x")
	for name, later := range map[string]*diag.Report{
		"silence":       report("a.test", errors.New("silence")),
		"another check": {Target: diag.Target{Name: "a.test"}, Results: []diag.Result{{Check: &diag.Check{Name: "mx"}}}},
		"another name":  report("b.test", nil),
	} {
		b := learned(t, report("a.test", nil, old), later)
		r := report("a.test", nil, old)
		if b.Apply(r); r.Since.Same != 1 {
			t.Errorf("%s: %+v", name, r.Since)
		}
	}
	two := []diag.Finding{finding("a", "x", codes.Num("offset", 1)), finding("a", "x", codes.Num("offset", 2))}
	b := learned(t, report("a.test", nil, two...), report("a.test", errors.New("silence"), two[0]))
	r := report("a.test", nil, two...)
	if b.Apply(r); r.Since.Same != 2 {
		t.Errorf("one of two was not seen for once: %+v", r.Since)
	}
	b = learned(t, report("a.test", nil, two...), report("a.test", nil, two[0]))
	r = report("a.test", nil, two...)
	if b.Apply(r); r.Since.Same != 1 || r.Since.Changed != 1 {
		t.Errorf("one of two was mended and came back: %+v", r.Since)
	}
	b = learned(t, report("a.test", nil, old), report("a.test", nil))
	r = report("a.test", nil, old)
	if b.Apply(r); r.Since.New != 1 {
		t.Errorf("mended and learned: %+v", r.Since)
	}
}

// unvisited are facts of a check that left out all about some subject.
type unvisited string

func (unvisited) Lines() []diag.Line              { return nil }
func (u unvisited) Unseen(_, subject string) bool { return subject == string(u) }

// TestWhatACheckLeftOutStaysKnown: a check that saw only a part says nothing of the other.
func TestWhatACheckLeftOutStaysKnown(t *testing.T) {
	t.Parallel()
	page, record := finding("a", "page"), finding("a", "record")
	b := learned(t, report("a.test", nil, page, record))
	r := report("a.test", nil)
	r.Results[0].Facts = unvisited("page")
	b.Apply(r)
	if len(r.Since.Mended) != 1 || r.Since.Mended[0].Subject != "record" {
		t.Errorf("%+v", r.Since)
	}
	b.Learn(r)
	r = report("a.test", nil, page)
	if b.Apply(r); r.Since.Same != 1 {
		t.Errorf("forgotten: %+v", r.Since)
	}
}

func TestFilesThatAreNoBaseline(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "x", "[]", "{}", `{"schema":"todoku/report/1"}`, `{"schema":"todoku/baseline/1","targets":[]} x`,
		`{"schema":"todoku/baseline/1","targets":[],"more":1}`, strings.Repeat("[", 100_000)} {
		_, err := baseline.Read(strings.NewReader(text), "base.json")
		var wrong *codes.UserError
		if !errors.As(err, &wrong) || wrong.Place != "base.json" || len(wrong.Remedy.Text.EN) == 0 {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"schema":"todoku/baseline/1","targets":[{"name":"a.test","findings":[{"check":"spf","rule":"a","subject":"x","data":"1"}]}]}`)
	f.Add(`{"schema":"todoku/baseline/1","targets":[{"name":"例え\u202e😀","findings":[]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		b, err := baseline.Read(strings.NewReader(text), "f")
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := b.Write(&out); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsFunc(out.String(), func(r rune) bool { return r > 0x7e }) {
			t.Errorf("%q", out.String())
		}
		if _, err := baseline.Read(&out, "f"); err != nil {
			t.Errorf("%v", err)
		}
		b.Apply(report("a.test", nil, finding("a", "x")))
	})
}
