package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/triage"
	"todoku/sender/event"
	"todoku/sender/history"
)

// allowed are the elements of our templates with their attributes.
func allowed() map[string][]string {
	return map[string][]string{"html": {"lang"}, "head": nil, "meta": {"charset", "name", "content", "http-equiv"}, "title": nil, "style": nil,
		"script": nil, "body": nil, "main": nil, "article": nil, "header": nil, "footer": nil, "section": {"class", "tabindex", "aria-label"},
		"h1": {"class"},
		"h2": nil, "h3": nil, "h4": nil, "p": {"class"}, "span": {"class", "aria-hidden"}, "small": {"class"}, "time": {"datetime"},
		"div": {"class", "lang", "tabindex", "role", "aria-label"}, "dl": nil, "dt": nil, "dd": nil, "ul": nil, "ol": nil, "li": nil,
		"table": {"class"}, "thead": nil, "tbody": nil, "tr": {"lang"}, "th": {"scope"}, "td": nil, "details": {"class", "open"}, "summary": nil,
		"pre": {"class"}, "code": nil, "button": {"type", "hidden", "data-copy", "data-done"}, "a": {"href", "rel"},
		"figure": {"class"}, "figcaption": {"class"},
		"svg": {"xmlns", "role", "width", "height"}, "desc": nil, "circle": {"cx", "cy", "r", "class"},
		"text": {"x", "y", "class", "text-anchor"}, "rect": {"x", "y", "width", "height", "class"}, "line": {"x1", "y1", "x2", "y2", "class"},
		"input": {"type", "name", "class", "id", "checked"}, "label": {"for", "lang"}}
}

// shownBy parses a page and gives the text that it shows. What is none of our templates is a fault.
func shownBy(t *testing.T, name, out string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	elements, ours := map[string]int{}, allowed()
	for n := range doc.Descendants() {
		switch n.Type {
		case html.ElementNode:
			elements[n.Data]++
			attributes, known := ours[n.Data]
			if !known {
				t.Errorf("%s: <%s>", name, n.Data)
			}
			for _, a := range n.Attr {
				if known && !slices.Contains(attributes, a.Key) {
					t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
				}
				if a.Key == "href" && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "mailto:") {
					t.Errorf("%s: a link to %q", name, a.Val)
				}
			}
		case html.TextNode:
			if p := n.Parent.Data; p != "style" && p != "script" && p != "title" {
				b.WriteString(n.Data + "\n")
			}
		}
	}
	if elements["script"] != 1 || elements["style"] != 1 || elements["h1"] == 0 {
		t.Errorf("%s: %v", name, elements)
	}
	return b.String()
}

// squeezed is a text without blanks, line breaks and the margin of remarks.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\t│", r) {
			return -1
		}
		return r
	}, s)
}

// TestPagesSayWhatTextSays: every word of the text of a document stands in its page, in both languages: causes, ids, subjects, counts,
// steps, records, commands.
func TestPagesSayWhatTextSays(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	samples, _ := everyDocument(t, c)
	layout := []string{"✓", "✗", "!", "?", "i", ">", "·", "-", "–", "+", "→", "│", ";",
		"連続エラー3回", "から"} // the table of invalid addresses has them in its heads
	for _, e := range Table() {
		if e.Formats[0] != page.TextFormat {
			continue
		}
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			o := Options{Lang: lang, Catalogue: c, Now: noon, Version: "1.2.3", Width: 10000}
			text, err := samples[e.Document](page.TextFormat, o, 1)
			if err != nil {
				t.Fatal(err)
			}
			out, err := samples[e.Document](page.Web, o, 1)
			if err != nil {
				t.Fatal(err)
			}
			has := squeezed(shownBy(t, e.Document, out))
			for _, word := range strings.Fields(text) {
				word = strings.TrimRight(strings.TrimLeft(word, "(■・"), ":)")
				numbered := strings.TrimRight(word, "0123456789.") == ""
				cut := strings.HasSuffix(word, "…")
				if word != "" && !numbered && !cut && !slices.Contains(layout, word) && !strings.Contains(has, word) {
					t.Errorf("%s, %s: %q is not in the page", e.Document, lang, word)
				}
			}
		}
	}
}

// TestPagesHaveWhatJSONHas: the ids, addresses, codes, records and numbers that programs read of a document stand in its page.
func TestPagesHaveWhatJSONHas(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	samples, _ := everyDocument(t, c)
	found := map[string]int{}
	for _, e := range Table() {
		if !slices.Contains(e.Formats, page.JSON) {
			continue
		}
		o := Options{Lang: codes.Japanese, Catalogue: c, Now: noon, Version: "1.2.3"}
		data, err := samples[e.Document](page.JSON, o, 1)
		if err != nil {
			t.Fatal(err)
		}
		out, err := samples[e.Document](page.Web, o, 1)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal([]byte(data), &v); err != nil {
			t.Fatal(err)
		}
		has := squeezed(shownBy(t, e.Document, out))
		eachLeaf(v, "", func(key, value string) {
			wanted := []string{"delivery_code", "recipient", "code", "count", "sending_id"}
			if e.Document == Reports.Name || e.Document == Campaigns.Name { // elsewhere it is a wording of the catalogue, for programs
				wanted = append(wanted, "rule")
			}
			if !slices.Contains(wanted, key) || value == "" {
				return
			}
			if found[e.Document]++; !strings.Contains(has, squeezed(value)) {
				t.Errorf("%s: %s %q is not in the page", e.Document, key, value)
			}
		})
	}
	for _, name := range []string{Reports.Name, Campaigns.Name, Diagnoses.Name, Explanations.Name, Guides.Name, Sendings.Name,
		History.Name, OneSending.Name, Invalid.Name, Triages.Name, Events.Name, Collections.Name, Unmatched.Name} {
		if found[name] == 0 {
			t.Errorf("%s: nothing was compared", name)
		}
	}
}

// eachLeaf visits the values of a JSON document with the keys that they stand under.
func eachLeaf(v any, key string, visit func(key, value string)) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if k != "transcript" && k != "before" { // the page has the words of the one, and of the other what became of it
				eachLeaf(x, k, visit)
			}
		}
	case []any:
		for _, x := range v {
			eachLeaf(x, key, visit)
		}
	case string:
		visit(key, v)
	case float64:
		visit(key, thousands(int64(v)))
	}
}

// TestPagesInBothLanguages: each document has both languages in one page, each as it is alone.
func TestPagesInBothLanguages(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	samples, _ := everyDocument(t, c)
	for _, e := range Table() {
		o := Options{Lang: codes.Japanese, Catalogue: c, Now: noon, Version: "1.2.3", Both: true}
		both, err := samples[e.Document](page.Web, o, 1)
		if err != nil {
			t.Fatal(err)
		}
		has := squeezed(shownBy(t, e.Document, both))
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			o.Lang, o.Both = lang, false
			one, err := samples[e.Document](page.Web, o, 1)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(shownBy(t, e.Document, one)) {
				if line = squeezed(line); !strings.Contains(has, line) {
					t.Errorf("%s, %s: %q is not in the page of both", e.Document, lang, line)
				}
			}
			if !strings.Contains(both, ` lang="`+string(lang)+`">`) {
				t.Errorf("%s: no part in %s", e.Document, lang)
			}
		}
	}
}

// evil tries to become an element, an attribute, a link, a script, a control sequence, a formula and a template.
const evil = "=1</code></pre></td><script>alert(1)</script><img src=x onerror=alert(1)>\" onclick=\"x\u202e\x1b[31m{{.Name}}"

// hostileDocuments are those of which servers, mails and logs give the words, all of them hostile.
func hostileDocuments(t *testing.T, c *codes.Catalogue) map[string]sample {
	t.Helper()
	d := stepsToTake(c)
	d.Case.Input, d.Case.From, d.Case.To, d.Case.File, d.Case.Context.Host = evil, evil, evil, evil, evil
	d.Case.Reply = codes.Reply{Code: 550, Lines: []string{evil}}
	d.Steps[0].Fixes[0].Records[0].Name, d.Steps[0].Fixes[0].Records[0].Value = evil, evil
	d.Steps[0].Check = codes.Todoku("check", "spf", "DOMAIN").With(codes.PlaceDomain, evil)
	d.Outcomes[0].Proofs = []guide.Proof{{Says: codes.Same("{v}"), Data: codes.Data{codes.Str("v", evil)}}}
	x := ambiguous()
	x.Input, x.Failures = evil, 2
	for i := range x.Readings {
		r := &x.Readings[i]
		r.ID, r.Title, r.Names, r.See = evil, codes.Same(evil), []string{evil}, []string{evil}
		r.Pasted.Reply.Lines, r.Pasted.Recipient, r.Pasted.Server = []string{evil}, evil, evil
		r.Try = []codes.Command{codes.Todoku("explain", "CODE").With(codes.PlaceCode, evil)}
	}
	g := way(c)
	g.Reply, g.Known[0].Value, g.Way[1].Check.Result, g.Way[1].Check.Output = evil, evil, evil, evil
	g.Way[1].Check.Command = codes.Todoku("check", "spf", "DOMAIN").With(codes.PlaceDomain, evil)
	letter := inquiry()
	letter.To, letter.From, letter.Reply, letter.Subject, letter.Company = "javascript:alert(1)//"+evil, evil, evil, evil, evil
	sent := refusedSending(t, c, codes.Reply{Code: 550, Lines: []string{evil}})
	sent.Subject, sent.Host, sent.Sessions[1].Host = evil, evil, evil
	kept := keptSending(t, sent)
	kept.Recipient, kept.Subject, kept.Sender, kept.Name, kept.ID = evil, evil, evil, evil, evil
	kept.Events = []history.Event{{Action: evil, Recipient: evil, Reply: evil, File: evil, RemoteMTA: evil, Time: noon}}
	broken := kept
	broken.Transcript = []byte(evil)
	tally := triage.New(triage.Options{})
	judge := event.NewJudge(c, func(string) string { return "" })
	for range 4 {
		e := event.Event{Source: event.Place{File: evil}, Action: event.Failed, Time: noon, Recipient: evil, From: evil, RemoteMTA: evil,
			Diagnostic: evil, Reply: codes.Reply{Code: 550, Lines: []string{evil}}}
		judge.Judge(&e)
		tally.Add(&e)
	}
	groups := tally.Result()
	groups.Inputs = []triage.Input{{Input: event.Input{File: evil, Format: evil}}}
	judged := assessed(t, "bad-list")
	judged.Target.Name = evil
	for i := range judged.Census.Suspects {
		for j := range judged.Census.Suspects[i].Examples {
			judged.Census.Suspects[i].Examples[j].Address = evil
		}
	}
	round := collected(t, sent)
	round.Changes[0].Before.Recipient, round.Changes[0].Before.Subject, round.Changes[0].Event.Reply = evil, evil, evil
	round.Others = []history.Event{kept.Events[0]}
	return map[string]sample{
		"diagnosis": copies(Diagnoses, d), "explanation": copies(Explanations, x), "guide": copies(Guides, g), "letter": copies(Letters, letter),
		"sending": copies(Sendings, sent), "history": copies(History, kept), "kept": copies(OneSending, kept),
		"broken transcript": copies(OneSending, broken), "triage": copies(Triages, groups), "campaign": copies(Campaigns, judged),
		"reports":    copies(Received, received(t, evil)),
		"collection": copies(Collections, round), "unmatched": copies(Unmatched, kept.Events[0]), "export": copies(Export, kept),
		"invalid":        copies(Invalid, history.Validity{Address: evil, Code: evil}),
		"invalid export": copies(InvalidExport, history.Validity{Address: evil}),
		"revalidation":   copies(Revalidations, Revalidation{After: history.Validity{Address: evil}}),
		"events":         copies(Events, EventRow{Recipient: evil, Diagnostic: evil}), "list": copies[List](Lists, fruits{evil}),
	}
}

// TestHostilePages: whatever a document holds, its page has no element, attribute or link but those of our templates, and nothing
// hidden. It shows the words all the same.
func TestHostilePages(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for name, print := range hostileDocuments(t, c) {
		for _, both := range []bool{false, true} {
			for _, many := range []bool{false, true} {
				out, err := print(page.Web, Options{Catalogue: c, Now: noon, Both: both, Many: many}, 1)
				if err != nil {
					t.Fatal(err)
				}
				if shows := shownBy(t, name, out); !strings.Contains(shows, "<script>alert(1)</script><img") {
					t.Errorf("%s: it is not shown:\n%s", name, shows)
				}
				if i := strings.IndexFunc(out, func(r rune) bool { return page.Hidden(r) && r != '\n' }); i >= 0 {
					t.Errorf("%s: hidden: %q", name, out[max(i-20, 0):i+20])
				}
			}
		}
	}
}
