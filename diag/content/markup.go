package content

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// Markup is what the HTML of a mail holds besides its words.
type Markup struct {
	Octets  int      `json:"octets"` // of the HTML, decoded
	Forms   int      `json:"forms"`
	Scripts int      `json:"scripts"` // script elements and event handlers
	Frames  int      `json:"frames"`  // iframe, frame, object, embed, applet
	Refresh bool     `json:"refresh"` // <meta http-equiv="refresh">
	Hidden  int      `json:"hidden"`  // characters of words that no reader sees
	Images  Images   `json:"images"`
	words   string   // as a reader sees them, one block a line
	spoken  []string // alternative texts and titles
	targets []target
}

// Images counts the images of the HTML.
type Images struct {
	All         int `json:"all"` // without those of one point
	Pixels      int `json:"pixels"`
	NoAlt       int `json:"no_alt"`      // without an attribute alt
	Unencrypted int `json:"unencrypted"` // over http
}

// target is a link of HTML with its words.
type target struct{ url, text string }

// maxTokens bounds the tags and texts of one HTML part.
const maxTokens = 200_000

// page is HTML as far as it was read.
type page struct {
	Markup
	text   strings.Builder
	stack  []element // open elements that matter
	anchor *target
	label  strings.Builder // of the anchor
	before strings.Builder // hidden words: the list of mails shows them behind the subject
}

// maxBefore bounds the hidden words that are kept, in octets.
const maxBefore = 2000

// element is an open element whose content is not plain words for a reader.
type element struct {
	name               string
	skip, hidden, code bool
}

// readMarkup reads HTML as a browser would, however broken it is. Comments, those of Outlook too, hold nothing for readers.
func readMarkup(source string) *Markup {
	p := &page{}
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(1 << 20)
	for range maxTokens {
		switch z.Next() {
		case html.ErrorToken:
			return p.end()
		case html.TextToken:
			if !p.in(func(e element) bool { return e.skip }) {
				p.say(string(z.Text()))
			}
		case html.StartTagToken:
			p.start(z, false)
		case html.SelfClosingTagToken:
			p.start(z, true)
		case html.EndTagToken:
			name, _ := z.TagName()
			p.close(string(name))
		}
	}
	return p.end()
}

func (p *page) end() *Markup {
	p.closeAnchor()
	p.words = p.text.String()
	if s := strings.TrimSpace(p.before.String()); s != "" {
		p.spoken = append(p.spoken, s)
	}
	return &p.Markup
}

func (p *page) in(what func(element) bool) bool {
	for _, e := range p.stack {
		if what(e) {
			return true
		}
	}
	return false
}

// say takes words.
func (p *page) say(s string) {
	if p.in(func(e element) bool { return e.hidden }) {
		for _, r := range s {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				p.Hidden++
			}
		}
		if p.before.Len() < maxBefore && !p.in(func(e element) bool { return e.code }) {
			p.before.WriteString(spaces.Replace(s))
		}
		return
	}
	if p.anchor != nil && p.label.Len() < 400 {
		p.label.WriteString(s)
	}
	if p.in(func(e element) bool { return e.code }) {
		return
	}
	s = spaces.Replace(s)
	if !strings.HasSuffix(p.text.String(), "\n") || strings.TrimSpace(s) != "" {
		p.text.WriteString(s)
	}
}

var spaces = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ", "\u00a0", " ", "\u200b", "", "\u200c", "", "\u200d", "", "\ufeff", "",
	"\u034f", "",
	"\u00ad", "")

// start takes a tag that opens an element.
func (p *page) start(z *html.Tokenizer, closed bool) {
	raw, more := z.TagName()
	name := string(raw)
	attr := map[string]string{}
	for n := 0; more && n < 60; n++ {
		var key, value []byte
		key, value, more = z.TagAttr()
		k := string(key)
		if _, have := attr[k]; !have {
			attr[k] = string(value)
		}
		if strings.HasPrefix(k, "on") && len(k) > 4 {
			p.Scripts++
		}
	}
	switch {
	case strings.Contains(blocks, " "+name+" "):
		p.text.WriteByte('\n')
	case name == "td" || name == "th":
		p.text.WriteByte('\n')
	}
	p.count(name, attr)
	if closed || strings.Contains(empties, " "+name+" ") {
		return
	}
	e := element{name: name, skip: strings.Contains(unseen, " "+name+" "), code: strings.Contains(shown,
		" "+name+" "), hidden: isHidden(name, attr)}
	if style := strings.ToLower(attr["style"]); strings.Contains(style, "monospace") || strings.Contains(style, "consolas") {
		e.code = true
	}
	if (e.skip || e.code || e.hidden || p.in(func(o element) bool { return o.name == name })) && len(p.stack) < 200 {
		p.stack = append(p.stack, e)
	}
}

const (
	blocks = " p div br tr li ul ol table h1 h2 h3 h4 h5 h6 hr pre blockquote dt dd dl section article header footer center form body " +
		"title "
	empties = " br hr img input meta link area base col embed source track wbr param "
	unseen  = " style script noscript template title head svg math select "
	shown   = " pre code samp kbd tt textarea "
)

// count counts what an element is, and keeps its link and its texts.
func (p *page) count(name string, attr map[string]string) {
	for _, key := range [...]string{"alt", "title", "aria-label"} {
		if v := strings.TrimSpace(attr[key]); v != "" && len(p.spoken) < maxLinks {
			p.spoken = append(p.spoken, v)
		}
	}
	switch name {
	case "a":
		p.closeAnchor()
		if href, ok := attr["href"]; ok {
			p.anchor = &target{url: href}
		}
	case "area":
		if attr["href"] != "" && len(p.targets) < maxLinks*2 {
			p.targets = append(p.targets, target{url: attr["href"]})
		}
	case "img":
		p.image(attr)
	case "form":
		p.Forms++
	case "script":
		p.Scripts++
	case "iframe", "frame", "object", "embed", "applet":
		p.Frames++
	case "meta":
		if strings.EqualFold(strings.TrimSpace(attr["http-equiv"]), "refresh") {
			p.Refresh = true
		}
	case "body":
		p.stack = nil // an open <head> ends here
	}
}

// image counts an image. One of a single point counts opened mails and needs no words.
func (p *page) image(attr map[string]string) {
	pixel := func(v string) bool { v = strings.TrimSuffix(strings.TrimSpace(v), "px"); return v == "1" || v == "0" }
	if pixel(attr["width"]) && pixel(attr["height"]) {
		p.Images.Pixels++
		return
	}
	p.Images.All++
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(attr["src"])), "http:") {
		p.Images.Unencrypted++
	}
	alt, has := attr["alt"]
	if !has {
		p.Images.NoAlt++
	}
	if p.anchor != nil {
		p.label.WriteString(" " + alt + " ")
	}
}

// close takes a tag that ends an element.
func (p *page) close(name string) {
	if name == "a" {
		p.closeAnchor()
	}
	if strings.Contains(blocks, " "+name+" ") {
		p.text.WriteByte('\n')
	}
	for i := len(p.stack) - 1; i >= 0; i-- {
		if p.stack[i].name == name {
			p.stack = p.stack[:i]
			return
		}
	}
}

func (p *page) closeAnchor() {
	if p.anchor == nil {
		return
	}
	p.anchor.text = strings.TrimSpace(p.label.String())
	if len(p.targets) < maxLinks*2 {
		p.targets = append(p.targets, *p.anchor)
	}
	p.anchor = nil
	p.label.Reset()
}

// isHidden reports whether an element is one that mail programs do not show.
func isHidden(name string, attr map[string]string) bool {
	if _, ok := attr["hidden"]; ok {
		return true
	}
	style := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, attr["style"])
	for _, sign := range [...]string{"display:none", "visibility:hidden", "mso-hide:all", "font-size:0;", "font-size:0px", "opacity:0;",
		"max-height:0"} {
		if strings.Contains(style+";", sign) && name != "body" {
			return true
		}
	}
	return false
}
