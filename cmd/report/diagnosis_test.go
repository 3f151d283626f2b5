package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
)

// stepsToTake is a diagnosis with a step of each kind: with a record to publish, with something to do, with neither.
func stepsToTake(c *codes.Catalogue) *guide.Diagnosis {
	rule := &diag.Rule{ID: "spf-x", Severity: diag.Fail, Fix: codes.Text{EN: "ask {who}", JA: "{who} に依頼"}}
	record := diag.Finding{Rule: rule, Evidence: []diag.Evidence{{Name: "kaisha.test", Type: "TXT", TTL: 1800}},
		Records: []diag.Record{{Name: "kaisha.test.", Type: "TXT", Value: "v=spf1 -all"}}}
	advice := diag.Finding{Rule: rule, Data: codes.Data{codes.Str("who", "Hanako")}, Evidence: []diag.Evidence{{TTL: 77}}}
	remedy := func(id string) codes.Remedy { r, _ := c.Remedy(id); return r }
	return &guide.Diagnosis{
		Case: guide.Read(c, "550 5.7.23 SPF check failed"),
		Outcomes: []guide.Outcome{
			{Cause: guide.FindCause("spf-ip"), Suspected: true, Status: guide.Excluded},
			{Cause: guide.FindCause("recipient-domain"), Suspected: true, Status: guide.Open, Needs: []guide.Need{{What: guide.NeedIP, Says: codes.Text{EN: "where it came from", JA: "どこから届いたか"}}}},
		},
		Steps: []guide.Step{
			{Remedy: remedy("countermeasure_spf"), Cause: guide.FindCause("spf-ip"), Fixes: []diag.Finding{record}, Check: codes.Todoku("check",
				"spf", "kaisha.test")},
			{Remedy: remedy("countermeasure_dkim"), Fixes: []diag.Finding{advice}, Check: codes.Todoku("history", "list")},
			{Remedy: remedy("verify_address")},
		},
		Spare: []codes.Remedy{remedy("countermeasure_wait")},
	}
}

// bothFormats prints diagnoses as text that is not wrapped, and as Markdown as it shows.
func bothFormats(t *testing.T, o Options, c *codes.Catalogue, list ...*guide.Diagnosis) map[page.Format]string {
	t.Helper()
	out := map[page.Format]string{}
	for _, f := range []page.Format{page.TextFormat, page.Markup} {
		var b bytes.Buffer
		o.Catalogue = c
		p, err := Diagnoses.Open(f, page.To(&b), o)
		for _, d := range list {
			err = errors.Join(err, p.Put(d))
		}
		if err := errors.Join(err, p.Close()); err != nil {
			t.Fatal(err)
		}
		out[f] = strings.ReplaceAll(b.String(), `\`, "")
	}
	return out
}

// TestDiagnosisSaysTheSameInEveryFormat: Markdown has what text has, in the same words, and neither has what is not
// fit.
func TestDiagnosisSaysTheSameInEveryFormat(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	open, over, silent := stepsToTake(c), stepsToTake(c), stepsToTake(c)
	over.Outcomes, silent.Silent = over.Outcomes[:1], true
	confirmed := stepsToTake(c)
	confirmed.Outcomes = []guide.Outcome{{Cause: guide.FindCause("spf-ip"), Suspected: true, Status: guide.Confirmed,
		Data: codes.Data{codes.Str("ip", "192.0.2.7"), codes.Str("domain", "kaisha.test")}}}
	file := func(flag, name string) codes.Arg { return codes.Arg{Flag: flag, Place: codes.PlaceFile}.With(name) }
	o := Options{Width: 5000, World: []codes.Arg{{Flag: "--lab"}, file("--zone", "my zone")},
		History: []codes.Arg{file("--history", "my history")}}
	type texts = map[codes.Lang][]string
	steps := texts{
		codes.English: {"ask Hanako", "live after 1800 s (TTL)", "Not yet: waiting and sending again (SPF first)",
			"v=spf1 -all", "todoku --lab --zone 'my zone' check spf kaisha.test", "todoku history list --history 'my history'"},
		codes.Japanese: {"Hanako に依頼", "反映まで最大1800秒(TTL)",
			"まだ不要: 時間をおいた再送(SPFの設定が先です)", "v=spf1 -all",
			"todoku --lab --zone 'my zone' check spf kaisha.test", "todoku history list --history 'my history'"},
	}
	const ttlOfAdvice = "77"
	for name, test := range map[string]struct {
		many        bool
		list        []*guide.Diagnosis
		want, never texts
	}{
		"open": {false, []*guide.Diagnosis{open}, texts{codes.English: {"Do this, in this order", "where it came from"},
			codes.Japanese: {"\n対策(上から順に)", "どこから届いたか"}}, nil},
		"over": {false, []*guide.Diagnosis{over}, texts{codes.English: {"If it is refused again, in this order"},
			codes.Japanese: {"再送しても届かない場合の対策(上から順に)"}},
			texts{codes.English: {"Do this"}, codes.Japanese: {"\n対策"}}},
		"silent": {false, []*guide.Diagnosis{silent}, nil, texts{codes.English: {"where it came from"},
			codes.Japanese: {"どこから届いたか"}}},
		"groups": {true, []*guide.Diagnosis{confirmed, confirmed}, texts{codes.English: {"2 × SPF does not cover"},
			codes.Japanese: {"2件: "}}, texts{codes.Japanese: {"×"}}},
	} {
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			o := o
			o.Lang, o.Many = lang, test.many
			for format, out := range bothFormats(t, o, c, test.list...) {
				for _, want := range append(steps[lang], test.want[lang]...) {
					if !strings.Contains(out, want) {
						t.Errorf("%s, %s, %s: no %q in\n%s", name, lang, format, want, out)
					}
				}
				for _, never := range append(test.never[lang], ttlOfAdvice) {
					if strings.Contains(out, never) {
						t.Errorf("%s, %s, %s: %q in\n%s", name, lang, format, never, out)
					}
				}
			}
		}
	}
}
