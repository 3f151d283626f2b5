package check_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// validDMARC makes a record in which nothing is wrong.
func validDMARC(r *rand.Rand) string {
	one := func(list ...string) string { return list[r.IntN(len(list))] }
	rec := "v=DMARC1; p=" + one("none", "quarantine", "reject", "reject")
	maybe := func(tag string, values ...string) {
		if r.IntN(3) == 0 {
			rec += "; " + tag + "=" + one(values...)
		}
	}
	addresses := func() string {
		list := []string{"mailto:d@kaisha.test", "mailto:dmarc-reports@kaisha.test", "mailto:a.b+c@in.kaisha.test", "mailto:rua@kaisha.test"}
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return strings.Join(list[:1+r.IntN(3)], ",")
	}
	maybe("sp", "none", "quarantine", "reject")
	maybe("np", "none", "quarantine", "reject")
	maybe("psd", "n")
	maybe("t", "y")
	maybe("adkim", "r", "s")
	maybe("aspf", "r", "s")
	rec += "; rua=" + addresses()
	if r.IntN(3) == 0 {
		rec += "; ruf=" + addresses()
		maybe("fo", "1", "0:d", "d:s", "1:d:s")
	}
	return rec
}

// dmarcBreakages are the faults of DMARC records alone.
func dmarcBreakages() []breakage {
	return []breakage{
		swap("mailto: missing", "mailto:", ""), swap("mailto without colon", "mailto:", "mailto"),
		swap("blank behind mailto:", "mailto:", "mailto: "),
		swap("blank in mailto", "mailto:", "mail to:"), swap("slashes", "mailto:", "mailto://"),
		swap("mailto twice", "mailto:", "mailto:mailto:"),
		swap("upper case", "mailto:", "MAILTO:"), swap("maito", "mailto:", "maito:"), swap("bracket behind mailto:", "mailto:", "mailto:<"),
		swap("two at", "@", "@@"), swap("blanks at at", "@", " @ "), swap("full-width at", "@", "＠"),
		swap("semicolon between addresses", ",mailto:", ";mailto:"), swap("blank between addresses", ",mailto:", " mailto:"),
		swap("nothing between addresses", ",mailto:", "mailto:"), swap("second without mailto", ",mailto:", ","),
		swap("Japanese comma between addresses", ",", "、"), swap("two commas", ",", ",,"),
		swap("size of old", ".test,", ".test!10m,"), swap("size of no kind", ".test,", ".test!10mb,"),
		swap("point behind an address", ".test,", ".test.,"),
		swap("rejected", "=reject", "=rejected"), swap("rejct", "=reject", "=rejct"), swap("quarentine", "=quarantine", "=quarentine"),
		swap("upper-case word", "=reject", "=REJECT"), swap("policy", "; p=", "; policy="), swap("P", "; p=", "; P="),
		swap("strict", "=s;", "=strict;"), swap("yes", "t=y;", "t=yes;"), swap("rau", "rua=", "rau="), swap("rua twice", "rua=", "rua=rua="),
		{name: "p twice", apply: func(_ *rand.Rand, s string) []string {
			_, rest, _ := strings.Cut(s, "p=")
			word, _, _ := strings.Cut(rest, ";")
			return []string{s + "; p=" + word}
		}},
		{name: "old tags", apply: func(_ *rand.Rand, s string) []string { return []string{s + "; pct=50; ri=3600"} }},
		{name: "unquoted in a zone file", cuts: true, apply: func(_ *rand.Rand, _ string) []string { return []string{"v=DMARC1"} }},
	}
}

// dmarcAt is a world with some texts at _dmarc.kaisha.test, in which reports arrive.
func dmarcAt(texts []string) listed {
	mx := resolve.Answer{Records: []resolve.Record{{Host: "mx.kaisha.test", Pref: 10}}}
	a := resolve.Answer{}
	for _, t := range texts {
		a.Records = append(a.Records, resolve.Record{Text: t, TTL: 300})
	}
	return listed{"TXT _dmarc.kaisha.test": a, "MX kaisha.test": mx, "MX in.kaisha.test": mx,
		"TXT kaisha.test": {Records: []resolve.Record{{Text: "x"}}}}
}

// TestDMARCOffersKeepEverything breaks valid records in 5,000 ways: what is offered for each is one record, which reads
// without a fault, passes the check, and has every policy word and every address of the record before it was broken.
func TestDMARCOffersKeepEverything(t *testing.T) {
	t.Parallel()
	all := append(breakages(form{version: "v=DMARC1", between: "; ", inside: "="}), dmarcBreakages()...)
	needed, offered := 0, 0
	missing := map[string]int{}
	for _, b := range breakRecords(5000, all, validDMARC) {
		res := checkDMARC(t, dmarcAt(b.texts), "kaisha.test", nil)
		records := strings.Join(slices.DeleteFunc(strings.Split(offers(res), " | "),
			func(r string) bool { return strings.Contains(r, "._report.") }), " | ")
		if records == "" {
			if res.Has(check.DMARCSyntax, check.DMARCMultiple) && !b.cuts {
				needed++
				missing[b.name]++
			}
			continue
		}
		needed, offered = needed+1, offered+1
		text, one := strings.CutPrefix(records, "_dmarc.kaisha.test ")
		if !one || strings.Contains(text, " | ") {
			t.Errorf("%s: %q: offered %s", b.name, b.texts, records)
			continue
		}
		if problem := worseDMARC(t, text, b, res); problem != "" {
			t.Errorf("%s: %s\n  was %s\n  is  %q\noffer %s", b.name, problem, b.valid, b.texts, text)
		}
	}
	t.Logf("%d of %d broken records have an offer; none for %v", offered, needed, missing)
	if offered < needed*95/100 {
		t.Errorf("only %d of %d broken records have an offer; none for %v", offered, needed, missing)
	}
}

// worseDMARC says what is wrong with an offer, or "".
func worseDMARC(t *testing.T, text string, b brokenRecord, res diag.Result) string {
	t.Helper()
	offer, faults := dmarc.Parse(text)
	for _, f := range faults {
		return fmt.Sprintf("the offer has the fault %+v", f)
	}
	if b.cuts {
		return ""
	}
	if again := checkDMARC(t, dmarcAt([]string{text}), "kaisha.test", nil); again.Status() >= diag.Unknown {
		return "the offer is told " + dmarcRules(again)
	}
	was, _ := dmarc.Parse(b.valid)
	for _, list := range [][2][]dmarc.URI{{was.RUA, offer.RUA}, {was.RUF, offer.RUF}} {
		for _, u := range list[0] {
			if !slices.ContainsFunc(list[1], func(o dmarc.URI) bool { return strings.EqualFold(o.Text, u.Text) }) {
				return "lost " + u.Text
			}
		}
		if len(list[1]) > len(list[0]) {
			return "has more addresses"
		}
	}
	raised := res.Has(check.DMARCPolicyNone, check.DMARCTesting, check.DMARCSubdomainWeaker)
	same := offer.P == was.P && offer.SP == was.SP && offer.NP == was.NP && offer.Testing == was.Testing
	switch {
	case !same && !(raised && offer.P.Strength() >= was.P.Strength()):
		return "has another policy"
	case offer.StrictDKIM != was.StrictDKIM, offer.StrictSPF != was.StrictSPF, offer.FO != was.FO:
		return "has other wishes"
	}
	return ""
}
