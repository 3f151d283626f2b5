package picture_test

import (
	"encoding/xml"
	"fmt"
	"html/template"
	"io"
	"strings"
	"testing"
	"time"

	"todoku/cmd/report/page"
	"todoku/cmd/report/picture"
	"todoku/codes"
)

// drawing is what can be read back of a picture.
type drawing struct {
	texts    []string       // that are drawn
	titles   []string       // of what was cut
	says     string         // in words
	elements map[string]int //
}

// read parses a picture as XML. It fails where there is an element or an attribute that no picture has.
func read(t *testing.T, markup template.HTML) drawing {
	t.Helper()
	known := map[string]string{"figure": "class", "figcaption": "", "svg": "xmlns role width height", "title": "", "desc": "",
		"text": "x y class text-anchor", "rect": "x y width height class", "line": "x1 y1 x2 y2 class", "circle": "cx cy r class"}
	d := drawing{elements: map[string]int{}}
	in := xml.NewDecoder(strings.NewReader(string(markup)))
	var open []string
	for {
		token, err := in.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in %.400q", err, markup[max(0, int(in.InputOffset())-200):])
		}
		switch token := token.(type) {
		case xml.StartElement:
			attributes, ours := known[token.Name.Local]
			if !ours {
				t.Fatalf("<%s>", token.Name.Local)
			}
			for _, a := range token.Attr {
				if !strings.Contains(" "+attributes+" ", " "+a.Name.Local+" ") {
					t.Errorf("<%s %s>", token.Name.Local, a.Name.Local)
				}
			}
			open = append(open, token.Name.Local)
			d.elements[token.Name.Local]++
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			s := string(token)
			if i := strings.IndexFunc(s, func(c rune) bool { return page.Hidden(c) && c != '\n' }); i >= 0 {
				t.Errorf("hidden: %q", s)
			}
			switch {
			case len(open) == 0:
			case open[len(open)-1] == "text":
				d.texts = append(d.texts, s)
			case open[len(open)-1] == "title":
				d.titles = append(d.titles, s)
			case open[len(open)-1] == "desc":
				d.says += s
			}
		}
	}
	return d
}

func (d drawing) draws(t *testing.T, words ...string) {
	t.Helper()
	all := strings.Join(d.texts, "\n")
	for _, w := range words {
		if !strings.Contains(all, w) {
			t.Errorf("%q is not drawn:\n%s", w, all)
		}
		if !strings.Contains(d.says, w) {
			t.Errorf("%q is not said: %s", w, d.says)
		}
	}
}

func both(t *testing.T, f func(t *testing.T, lang codes.Lang)) {
	t.Helper()
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		t.Run(string(lang), func(t *testing.T) { f(t, lang) })
	}
}

// TestLookups: the terms stand in their order with the number of their look-up, and the limit stands before the first term
// that passes it.
func TestLookups(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, lang codes.Lang) {
		terms := []picture.Term{
			{Text: "include:a.test", Count: 4, Below: []picture.Term{{Text: "mx", Count: 2},
				{Text: "include:b.test", Count: 4, Note: "repeated"}}},
			{Text: "a:c.test", Count: 5, Note: "void"}, {Text: "exists:d.test", Count: 6}}
		d := read(t, picture.Lookups("kaisha.test", terms, 6, 4, lang))
		d.draws(t, "kaisha.test", "include:a.test", "mx", "include:b.test (repeated)", "a:c.test (void)", "exists:d.test")
		limit := map[codes.Lang]string{codes.English: "limit of 4: ", codes.Japanese: "上限4回: "}[lang]
		var order []string
		for _, s := range d.texts {
			for _, w := range []string{"include:b.test", limit, "a:c.test"} {
				if strings.HasPrefix(s, w) {
					order = append(order, w)
				}
			}
		}
		if want := []string{"include:b.test", limit, "a:c.test"}; fmt.Sprint(order) != fmt.Sprint(want) {
			t.Errorf("%q, want %q", order, want)
		}
		if d.elements["line"] != 2*5+1 {
			t.Errorf("%v", d.elements)
		}
		if under := read(t, picture.Lookups("kaisha.test", terms, 6, 10, lang)); strings.Contains(under.says, "10: ") {
			t.Errorf("a limit that is not passed is marked: %s", under.says)
		}
	})
}

// TestAlignment: each identifier is drawn with its result, how it fits and whether it counts; what is not known is not judged.
func TestAlignment(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, lang codes.Lang) {
		words := map[codes.Lang]struct{ same, relaxed, no, unknown, counts string }{
			codes.English: {"aligned same", "aligned relaxed", "aligned no", "not known", "counts yes"},
			codes.Japanese: {"アライメント 同一",
				"アライメント relaxed", "アライメント 不一致", "不明", "DMARC 有効"}}[lang]
		for _, c := range []struct {
			id   picture.Identity
			want string
		}{
			{picture.Identity{Method: "SPF", Domain: "a.test", Result: "pass", Same: true, Aligned: true},
				"pass, " + words.same + ", " + words.counts},
			{picture.Identity{Method: "DKIM", Domain: "m.a.test", Result: "pass", Aligned: true}, "pass, " + words.relaxed + ", " + words.counts},
			{picture.Identity{Method: "DKIM", Domain: "esp.test", Result: "pass"}, "pass, " + words.no},
			{picture.Identity{Method: "SPF", Domain: "b.test", Result: "temperror", Aligned: true}, words.unknown},
			{picture.Identity{Method: "SPF", Domain: "b.test", Result: "pass", Unknown: true}, words.unknown},
		} {
			d := read(t, picture.Alignment("a.test", []picture.Identity{c.id}, "pass", lang))
			d.draws(t, "From: a.test", c.id.Domain)
			if !strings.Contains(d.says, c.want) || strings.Contains(d.says, words.counts) != strings.Contains(c.want, words.counts) {
				t.Errorf("%+v: %s", c.id, d.says)
			}
		}
	})
}

// TestWay: servers stand in their order with the time between them, and a long one is marked.
func TestWay(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, lang codes.Lang) {
		hops := []picture.Hop{{From: "pc.test", By: "out.test"}, {By: "mx.test", Wait: time.Hour, Told: "+1h0m0s", Long: true},
			{By: "box.test", Wait: -time.Second, Told: "-1s", Skew: true}, {}}
		d := read(t, picture.Way(hops, lang))
		d.draws(t, "pc.test", "out.test", "mx.test", "box.test", "-1s",
			map[codes.Lang]string{codes.English: "+1h0m0s (long)", codes.Japanese: "+1h0m0s(遅延)"}[lang])
		if d.elements["rect"] != 1 {
			t.Errorf("%d bars", d.elements["rect"])
		}
	})
}

// TestSession: each step has its answer, and the last one that failed is where the session ended.
func TestSession(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, lang codes.Lang) {
		ended := map[codes.Lang]string{codes.English: "550 · stopped here", codes.Japanese: "550・ここで停止"}[lang]
		steps := []picture.Step{{Took: time.Millisecond, Text: "connect", Answer: "220"},
			{At: time.Millisecond, Took: 3 * time.Millisecond, Text: "RCPT TO:<a@b.test>", Answer: "550", Bad: true}}
		d := read(t, picture.Session("mx.test", steps, lang))
		d.draws(t, "mx.test", "connect", "220", "RCPT TO:<a@b.test>", ended, "4ms")
		steps = append(steps, picture.Step{Text: "QUIT", Answer: "221", Bye: true})
		read(t, picture.Session("mx.test", steps, lang)).draws(t, ended, "QUIT")
		went := append(steps[:2:2], picture.Step{Text: "RSET", Answer: "250"})
		if d := read(t, picture.Session("mx.test", went, lang)); strings.Contains(d.says, ended) {
			t.Errorf("a session that went on did not end there: %s", d.says)
		}
	})
}

// TestTimes: every group is named with its number, its columns stand at its time, and the highest is told.
func TestTimes(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, lang codes.Lang) {
		groups := []picture.Group{{Name: "user unknown", Count: "1,200", Counts: []int64{0, 700, 500}},
			{Name: "full", Count: "3", Counts: []int64{0, 0, 3}}}
		d := read(t, picture.Times("09:00", "12:00", groups, lang))
		d.draws(t, "user unknown", "1,200", "full", "09:00", "12:00", "700")
		if want := 3 + 2 + 3; d.elements["rect"] != want { // stacked, beside the names, each by itself
			t.Errorf("%d bars, want %d", d.elements["rect"], want)
		}
	})
}

// TestHostilePictures: names become no elements, hidden characters are visible, and large data stays a small picture that
// says what it leaves out.
func TestHostilePictures(t *testing.T) {
	t.Parallel()
	evil := "</title></svg><script>alert(1)</script>\" onload=\"x\u202e\x1b[31m\x00\ufffe\U0001ffff{{.Caption}}" + strings.Repeat("長w", 300)
	for name, draw := range map[string]func(n int, lang codes.Lang) template.HTML{
		"lookups": func(n int, lang codes.Lang) template.HTML {
			deep := picture.Term{Text: evil, Count: n}
			for range n / 2 {
				deep = picture.Term{Text: evil, Count: n, Note: evil, Below: []picture.Term{deep}}
			}
			return picture.Lookups(evil, append([]picture.Term{deep}, make([]picture.Term, n/2)...), n, 10, lang)
		},
		"alignment": func(n int, lang codes.Lang) template.HTML {
			list := make([]picture.Identity, n)
			list[0] = picture.Identity{Method: "DKIM", Domain: evil, Result: evil}
			return picture.Alignment(evil, list, evil, lang)
		},
		"way": func(n int, lang codes.Lang) template.HTML {
			list := make([]picture.Hop, n)
			list[0], list[1] = picture.Hop{From: evil, By: evil}, picture.Hop{By: evil, Told: "+1s", Wait: 1 << 62}
			return picture.Way(list, lang)
		},
		"session": func(n int, lang codes.Lang) template.HTML {
			list := make([]picture.Step, n)
			list[0] = picture.Step{Text: evil, Answer: evil, Bad: true, At: -5, Took: 1 << 62}
			return picture.Session(evil, list, lang)
		},
		"times": func(n int, lang codes.Lang) template.HTML {
			list := make([]picture.Group, n)
			for i := range list {
				list[i] = picture.Group{Name: evil, Count: evil, Counts: make([]int64, 1000)}
				list[i].Counts[0], list[i].Counts[999] = int64(i)-5, 7
			}
			return picture.Times(evil, evil, list, lang)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, lang codes.Lang) {
				markup := draw(10_000, lang)
				d := read(t, markup)
				if len(markup) > 300_000 {
					t.Errorf("%d octets", len(markup))
				}
				more := map[codes.Lang]string{codes.English: " more", codes.Japanese: "ほか"}[lang]
				if !strings.Contains(d.says, more) || !strings.Contains(strings.Join(d.texts, "\n"), more) {
					t.Error("it does not say what it leaves out")
				}
				for _, s := range d.texts {
					if page.Columns(s) > 80 {
						t.Errorf("%d columns: %s", page.Columns(s), s)
					}
				}
				if small := read(t, draw(2, lang)); strings.Contains(small.says, more) {
					t.Errorf("it says that it leaves something out: %s", small.says)
				}
			})
		})
	}
}
