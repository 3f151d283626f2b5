package report

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
)

// elements lists the elements of a page that parses, with their attributes.
func elements(t *testing.T, out string) (names []string, attributes map[string][]string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	attributes = map[string][]string{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		names = append(names, n.Data)
		for _, a := range n.Attr {
			attributes[a.Key] = append(attributes[a.Key], a.Val)
		}
	}
	return names, attributes
}

func count(list []string, s string) (n int) {
	for _, x := range list {
		if x == s {
			n++
		}
	}
	return n
}

// TestPageOfReports: one page for all reports, with each check, finding, record and evidence, that loads nothing.
func TestPageOfReports(t *testing.T) {
	t.Parallel()
	one, two := look(t, zone(t), "kaisha.test"), look(t, &failing{zone(t)}, "kaisha.test")
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		out := printed(t, "html", Options{Lang: lang, Many: true}, one, two)
		names, attributes := elements(t, out)
		checks, findings := 0, 0
		for _, r := range []*diag.Report{one, two} {
			for _, res := range r.Results {
				checks++
				findings += len(res.Findings)
				if res.Err != nil {
					findings += len(failures(res.Err, lang))
				}
			}
		}
		if count(names, "html") != 1 || count(names, "article") != 2 || count(names, "section") != checks {
			t.Errorf("%v", names)
		}
		if n := strings.Count(out, `<div class="finding `) + strings.Count(out, `<li class="unknown">`); n != findings {
			t.Errorf("%d findings, want %d", n, findings)
		}
		if attributes["lang"][0] != string(lang) || len(attributes["src"])+len(attributes["href"]) > 0 {
			t.Errorf("%v", attributes)
		}
		for _, want := range []string{"spf-lookups", "kaisha.test. IN TXT &#34;v=spf1", "<details>"} {
			if !strings.Contains(out, want) {
				t.Errorf("no %q", want)
			}
		}
	}
}

// TestHostilePage: what a server says becomes no element, no attribute and no hidden character.
func TestHostilePage(t *testing.T) {
	t.Parallel()
	const evil = "</code></script><script>alert(1)</script><img src=x onerror=alert(1)>\" onclick=\"x\u202e\x1b[31m{{.Name}}"
	words := codes.Text{EN: "{v}", JA: "{v}"}
	rule := &diag.Rule{ID: "spf-x", Severity: diag.Fail, Says: words, Why: words, Fix: words, Owner: diag.OwnerDNS, Ref: "RFC 7208"}
	check := &diag.Check{Name: "spf", Title: codes.Same("SPF")}
	finding := diag.Finding{Rule: rule, Subject: evil, Data: codes.Data{codes.Str("v", evil)},
		Records:  []diag.Record{{Name: evil, Type: "TXT", Value: evil}},
		Evidence: []diag.Evidence{{Kind: "dns", Name: evil, Type: "TXT", Value: evil, Place: resolve.Place{File: evil, Line: 1}, Server: evil}}}
	r := &diag.Report{Target: diag.Target{Name: evil, ASCII: evil},
		Results: []diag.Result{{Check: check, Facts: hostile(evil), Findings: []diag.Finding{finding}}}}
	out := printed(t, "html", Options{}, r)
	names, attributes := elements(t, out)
	if count(names, "script") != 1 || count(names, "img") != 0 || len(attributes["onclick"])+len(attributes["onerror"]) > 0 {
		t.Errorf("%v %v", names, attributes)
	}
	if i := strings.IndexFunc(out, func(c rune) bool { return page.Hidden(c) && c != '\n' }); i >= 0 {
		t.Errorf("hidden: %q", out[max(i-20, 0):i+20])
	}
}

// hostile is the facts of a check that shows a text.
type hostile string

func (h hostile) Lines() []diag.Line {
	return []diag.Line{{Says: codes.Same("{v}"), Total: codes.Same("{v}"), Data: codes.Data{codes.Str("v", string(h))}, Indent: 40}}
}

// TestPageOfWhatOnlyInforms: a finding that only informs is a note, not a verdict that all is in order.
func TestPageOfWhatOnlyInforms(t *testing.T) {
	t.Parallel()
	rule := &diag.Rule{ID: "spf-odd", Severity: diag.Info, Says: codes.Same("odd"), Why: codes.Same("w"), Fix: codes.Same("f"),
		Owner: diag.OwnerDNS}
	finding := diag.Finding{Rule: rule, Subject: "a.test", Evidence: []diag.Evidence{{Kind: "dns", Name: "a.test", Type: "TXT"}}}
	r := &diag.Report{Target: diag.Target{Name: "a.test", ASCII: "a.test"},
		Results: []diag.Result{{Check: &diag.Check{Name: "spf", Title: codes.Same("SPF")}, Findings: []diag.Finding{finding}}}}
	for l, want := range map[codes.Lang]string{codes.English: ">NOTE</span> odd", codes.Japanese: ">参考</span> odd"} {
		if out := printed(t, page.Web, Options{Lang: l}, r); !strings.Contains(out, want) || !strings.Contains(out, "<td>TXT</td><td>–</td>") {
			t.Error(out)
		}
	}
}

// TestPageFoldsWhatFailedAlike: of many questions that failed, a page shows some at once and folds the others, each once.
func TestPageFoldsWhatFailedAlike(t *testing.T) {
	t.Parallel()
	var all []error
	for _, name := range []string{"a", "b", "c", "d<", "e", "e"} {
		all = append(all, &resolve.Error{Kind: resolve.KindTimeout, Name: name, Type: "TXT"})
	}
	r := &diag.Report{Target: diag.Target{Name: "a.test", ASCII: "a.test"},
		Results: []diag.Result{{Check: &diag.Check{Name: "dkim", Title: codes.Same("DKIM")}, Err: errors.Join(all...)}}}
	open, folded, found := strings.Cut(printed(t, page.Web, Options{Lang: codes.English}, r), "<details><summary>and 2 more</summary>")
	if !found || strings.Count(open, "</span> ") < 3 || !strings.Contains(open, "</span> c TXT: ") || strings.Contains(open, "d&lt; TXT") {
		t.Errorf("shown at once:\n%s", open)
	}
	if strings.Count(folded, " TXT: ") != 2 || !strings.Contains(folded, "d&lt; TXT: ") || !strings.Contains(folded, ">e TXT: ") {
		t.Errorf("folded:\n%s", folded)
	}
}
