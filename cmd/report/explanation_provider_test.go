package report

import (
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/explain"
	"todoku/diag/provider"
)

// TestProviderGolden keeps the pages of a carrier that takes unwanted mail without an error, and of one whose rules differ by
// domain.
func TestProviderGolden(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"docomo", "orange_laposte"} {
		e := (explain.Explainer{Catalogue: c}).Explain(id)
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			for format, suffix := range map[page.Format]string{"text": ".txt", "markdown": ".md", "json": ".json"} {
				golden(t, "provider-"+id+"."+string(lang)+suffix, explanationIn(t, format, Options{Lang: lang}, e))
			}
		}
	}
}

// TestProviderFacts: each fact is shown with its source, the day on which that was looked at, and how sure it is, in every
// format and language.
func TestProviderFacts(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	squeeze := strings.NewReplacer(" ", "", "\n", "", "\\", "").Replace
	for h := range provider.Headings() {
		e := (explain.Explainer{Catalogue: c}).Explain(h.ID)
		if len(e.Readings) == 0 || e.Readings[0].Page == nil {
			t.Errorf("%s: no page", h.ID)
			continue
		}
		e.Readings = e.Readings[:1]
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			for _, format := range []page.Format{"text", "markdown"} {
				out := squeeze(explanationIn(t, format, Options{Lang: lang}, e))
				for _, f := range e.Readings[0].Page.Facts {
					s := e.Readings[0].Page.Sources[f.Source]
					for _, want := range []string{f.Text.In(lang), f.Address, s.Title.In(lang), s.URL, s.Checked, sourceText(s.Certainty).In(lang)} {
						if !strings.Contains(out, squeeze(want)) {
							t.Errorf("%s %s %s: %q is missing", h.ID, lang, format, want)
						}
					}
				}
			}
		}
	}
}
