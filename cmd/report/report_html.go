package report

import (
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
)

// reportPageTitle is what a page of reports is called.
var reportPageTitle = codes.Text{EN: "What was checked", JA: "検査結果"}

// reportHTML prints reports as one page, each as it comes, and counts them where there are several.
func reportHTML(w *page.Out, o Options) page.Printer[*diag.Report] {
	return &reportPages{HTML: page.NewHTML(w, reportPageTitle, o)}
}

type reportPages struct {
	*page.HTML
	written [diag.Fail + 1]int
}

// Put writes the part of one report.
func (p *reportPages) Put(r *diag.Report) error {
	p.written[counted(r.Status())]++
	return page.Part(p.HTML, templates().Lookup("report.tmpl"), func(o Options) reportView { return viewOf(r, o) })
}

// Close writes the counts, and the end of the page.
func (p *reportPages) Close() error {
	if sum(p.written) > 1 {
		err := page.Part(p.HTML, templates().Lookup("counted"), func(o Options) string {
			return makeText(nil, o.WithWidth()).countedText(p.written)
		})
		if err != nil {
			return err
		}
	}
	return p.HTML.Close()
}

// reportView is a report as its template shows it. Words of a field stand in it already.
type reportView struct {
	Name, Class, Status, Counts, Cost, Started, Version string
	Checks                                              []checkView
	Since                                               string
	Mended                                              []string
	WhatIf                                              whatIfView
	Help                                                string
	Again                                               copyView
	Why, Fix, Who, Seen                                 string
}

type checkView struct {
	Title, Mark, Class, Status string
	Facts                      []lineView
	Drawn                      drawnView
	Findings                   []findingView
	More                       string   // how many questions failed besides those that are findings
	Failed                     []string // these
}

// lineView is one line of what a check saw.
type lineView struct {
	Text, Total string
	Indent      int // in half columns of the page, at most maxIndent
}

// maxIndent is the deepest indent that the style knows.
const maxIndent = 8

type findingView struct {
	Class, Severity, Says, Why, Fix, Who, Rule, Ref, Explain string
	Excepted                                                 string // that it does not count, or counts again
	Records                                                  []copyView
	Evidence                                                 []diag.Evidence
}

func viewOf(r *diag.Report, o Options) reportView {
	t := &reportPage{text: makeText(nil, o.WithWidth())}
	say := func(en, ja string) string { return codes.Text{EN: en, JA: ja}.In(o.Lang) }
	name, status, counts := verdictOn(r, o.Lang)
	v := reportView{Name: name, Class: r.Status().String(), Status: status, Counts: counts, Cost: t.cost(r.Queries.Unique, r.Elapsed),
		Started: r.Started.UTC().Format("2006-01-02T15:04:05Z"), Version: o.Version,
		Why: t.say(wWhy), Fix: t.say(wFix), Who: t.say(wWho), Seen: say("seen", "根拠")}
	for _, res := range r.Results {
		v.Checks = append(v.Checks, t.checkView(r, res))
	}
	if s := r.Since; s != nil {
		v.Since = t.sinceText(s)
		for _, m := range s.Mended {
			v.Mended = append(v.Mended, t.say(wMended, codes.Str("rule", m.Rule), codes.Str("subject", m.Subject)))
		}
	}
	v.WhatIf = whatIfWords(r, o.Lang)
	for i := range v.WhatIf.Lines {
		v.WhatIf.Lines[i].Text = page.Clean(v.WhatIf.Lines[i].Text)
	}
	if help, ok := helpFor(r); ok {
		v.Help = t.say(help)
	}
	v.Again = webText{t.text}.copyable(t.againHead(r), page.Command(t.again(r)))
	return v
}

// lineView puts a line into words.
func (t *reportPage) lineView(l diag.Line, failed bool) lineView {
	out := lineView{Indent: min(l.Indent, maxIndent)}
	if !l.Total.IsZero() {
		out.Total = page.Clean(fill(l.Total, l.Data, t.o.Lang))
		l.Total = codes.Text{}
	}
	out.Text = page.Clean(t.factLine(l, failed).text)
	return out
}

func (t *reportPage) checkView(r *diag.Report, res diag.Result) checkView {
	v := checkView{Title: res.Check.Title.In(t.o.Lang), Mark: mark(res.Status()).Text, Class: res.Status().String(),
		Status: resultText(res).In(t.o.Lang)}
	if res.Facts != nil {
		for _, l := range res.Facts.Lines() {
			v.Facts = append(v.Facts, t.lineView(l, res.Err != nil))
		}
		v.Drawn = factsPictures(res.Facts, res.Status() != diag.OK, t.o.Lang)
	}
	for _, f := range worstFirst(res.Findings) {
		advice := f.Advice()
		x := findingView{Class: f.Rule.Severity.String(), Severity: severityText(f.Rule.Severity).In(t.o.Lang),
			Says: page.Clean(fill(f.Rule.Says, f.Data, t.o.Lang)), Why: page.Clean(fill(advice.Why, f.Data, t.o.Lang)),
			Fix: page.Clean(fill(advice.Fix, f.Data, t.o.Lang)), Who: page.Clean(t.who(r, f)), Rule: f.Rule.ID, Ref: f.Rule.Ref,
			Explain: page.Command(explainRule(f.Rule))}
		x.Excepted = page.Clean(excepted(f, t.o.Lang))
		if f.Ignored() {
			x.Class, x.Severity = "ignored", t.say(wIgnoredWord)
		}
		for _, rec := range f.Records {
			x.Records = append(x.Records, webText{t.text}.copyable("", masterLine(rec)))
		}
		for _, e := range f.Evidence {
			x.Evidence = append(x.Evidence, diag.Evidence{Name: page.Clean(e.Name), Type: e.Type, Value: page.Clean(e.Value), TTL: e.TTL,
				Place: resolve.Place{File: page.Clean(e.Place.File), Line: e.Place.Line, Path: page.Clean(e.Place.Path)}, Server: page.Clean(e.Server)})
		}
		v.Findings = append(v.Findings, x)
	}
	if res.Err != nil {
		said := t.failed(res.Err)
		for _, text := range said[:min(len(said), maxUnanswered)] {
			v.Findings = append(v.Findings, findingView{Class: diag.Unknown.String(), Severity: statusText(diag.Unknown).In(t.o.Lang),
				Says: page.Clean(text)})
		}
		for _, text := range said[min(len(said), maxUnanswered):] {
			v.Failed = append(v.Failed, page.Clean(text))
			v.More = t.say(wMore, codes.Num("n", len(v.Failed)))
		}
	}
	return v
}
