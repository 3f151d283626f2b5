// Package picture draws data as SVG that stands in a page: the look-ups of an SPF record, the alignment of a mail, its way
// through servers, a session with a server, and when mails failed. What a picture shows stands in the page as text, too.
//
// Widths are parts of the page and letters are pixels, so that a picture can be read on a phone and on paper without being
// scaled. Colours are classes of the page's style. A picture has no script and loads nothing. Names that come from outside
// are escaped by html/template, shown without hidden characters, and cut; their full text is in a title. The number of
// rows is bounded, and a picture says what it leaves out.
package picture

import (
	"embed"
	"html/template"
	"strconv"
	"strings"
	"sync"

	"todoku/cmd/report/page"
	"todoku/codes"
)

//go:embed picture.tmpl
var templateFile embed.FS

// figure is the template of all pictures. It is read when the first one is drawn.
var figure = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(templateFile, "picture.tmpl"))
})

// place is a coordinate or a length: pixels ("12") or a part of the width ("37.5%").
type place string

func px(n int) place { return place(strconv.Itoa(n)) }

// part is a share of the width, 0 to 1.
func part(share float64) place {
	return place(strconv.FormatFloat(min(max(share, 0), 1)*100, 'f', 2, 64) + "%")
}

// shape is one thing that is drawn.
type shape struct {
	Kind       string // "text", "bar", "line", "dot"
	X, Y, W, H place  // of a line: its two ends; of a dot: W is the radius
	Class      string
	Text, Near string // on wide and on narrow pages; Near is "" where they are the same
	Full       string // what was cut, or what a bar means
	Anchor     string // "end", "middle", or "" for the start
}

// sketch is a picture while it is made.
type sketch struct {
	Caption string
	Says    string // the content in words, for those who cannot see it
	Height  int
	Shapes  []shape
	lang    codes.Lang
	told    []string
}

func begin(caption codes.Text, lang codes.Lang) *sketch {
	return &sketch{Caption: caption.In(lang), lang: lang}
}

// say returns a text of ours in the language of the picture.
func (s *sketch) say(en, ja string) string { return codes.Text{EN: en, JA: ja}.In(s.lang) }

// tell adds a sentence to what the picture says in words; each part is cut.
func (s *sketch) tell(words ...string) {
	for i := range words {
		words[i] = fit(words[i], maxTold)
	}
	s.told = append(s.told, strings.Join(words, " "))
}

// end gives the picture as markup; "" where it cannot be made.
func (s *sketch) end() template.HTML {
	s.Says = strings.Join(s.told, s.say("; ", "、"))
	var b strings.Builder
	if err := figure().Execute(&b, s); err != nil {
		return ""
	}
	return template.HTML(b.String()) // made by html/template, which escaped all that came from outside
}

const (
	rowHeight = 20
	baseline  = 14 // of the text of a row, below its top
	// How many columns of text have room: a letter of 13 px is about 7.9 px wide. The narrow page is a phone of 360 px, the
	// wide one begins at 640 px.
	narrowPixels, widePixels, letterTenths = 288, 572, 79
	maxFull                                = 400 // octets of a name's full text
	maxTold                                = 640 // pixels of a part of what is said in words
)

// shown is a name from outside as it may be shown: without hidden characters and what XML has no place for.
func shown(name string) string {
	cut := len(name) > maxFull
	if cut {
		name = strings.ToValidUTF8(name[:maxFull], "")
	}
	name = strings.Map(func(r rune) rune {
		if r&0xfffe == 0xfffe { // noncharacters
			return '\ufffd'
		}
		return r
	}, page.Clean(name))
	if cut {
		name += "…"
	}
	return name
}

// fit is a text in at most as many columns as fit in some pixels.
func fit(text string, pixels int) string {
	r := page.NewRuler()
	return r.Truncate(text, max(pixels*10/letterTenths, 4), "…")
}

// name writes a name from outside; right is how many columns beside it are taken.
func (s *sketch) name(x, y int, right int, class, name string) {
	s.write(x, y, right, class, shown(name))
}

// write writes a text that was cleaned.
func (s *sketch) write(x, y int, right int, class, text string) {
	taken := x + (right+1)*letterTenths/10
	far, near := fit(text, widePixels-taken), fit(text, narrowPixels-taken)
	t := shape{Kind: "text", X: px(x), Y: px(y), Class: class, Text: far}
	if near != far {
		t.Near = near
	}
	if near != text {
		t.Full = text
	}
	s.Shapes = append(s.Shapes, t)
}

// right writes a short text at the right edge, and returns how many columns it takes.
func (s *sketch) right(y int, class, text string) int {
	text = fit(text, 210)
	s.Shapes = append(s.Shapes, shape{Kind: "text", X: "100%", Y: px(y), Class: class, Text: text, Anchor: "end"})
	return page.Columns(text)
}

func (s *sketch) bar(x place, y int, w place, h int, class, means string) {
	s.Shapes = append(s.Shapes, shape{Kind: "bar", X: x, Y: px(y), W: w, H: px(h), Class: class, Full: means})
}

func (s *sketch) line(x1 place, y1 int, x2 place, y2 int, class string) {
	s.Shapes = append(s.Shapes, shape{Kind: "line", X: x1, Y: px(y1), W: x2, H: px(y2), Class: class})
}

func (s *sketch) dot(x, y, r int, class string) {
	s.Shapes = append(s.Shapes, shape{Kind: "dot", X: px(x), Y: px(y), W: px(r), Class: class})
}

// more says how many were left out.
func (s *sketch) more(n int) string {
	return s.say("and "+strconv.Itoa(n)+" more", "ほか"+strconv.Itoa(n)+"件")
}
