// Package content reads what the text and the structure of a mail give away: placeholders that nobody filled in, links, images,
// files, the ways to unsubscribe. Look gives data; what of it is wrong is for the check to say.
//
// A mail is hostile input. What is read of it is bounded, and More tells what was left out.
package content

import (
	"strings"

	"todoku/sender/mail"
)

// Options is what Look may be told besides the mail.
type Options struct {
	Signed [][]string // names of the header fields under each valid DKIM signature (h=); nil: nobody knows
	Bulk   bool       // the mail goes to many, whatever it looks like
}

// Content is what was read of a mail.
type Content struct {
	Subject      string        `json:"subject"`
	Bulk         Bulk          `json:"bulk"`
	Placeholders []Placeholder `json:"placeholders"`
	Links        []Link        `json:"links"`
	Markup       *Markup       `json:"markup"` // of the first HTML part; null without one
	Words        Words         `json:"words"`
	Files        []File        `json:"files"`
	Unsubscribe  Unsubscribe   `json:"unsubscribe"`
	More         More          `json:"more"`
}

// Words is what the texts of a mail say, and how well they fit each other.
type Words struct {
	Plain    bool `json:"plain"`     // there is a part text/plain
	HTML     bool `json:"html"`      // there is a part text/html
	PlainLen int  `json:"plain_len"` // letters and digits of the plain text
	HTMLLen  int  `json:"html_len"`
	Alike    int  `json:"alike"`    // percent of the shorter text that the other has too; 100 where there is one only
	Reply    bool `json:"reply"`    // the subject begins like that of an answer
	Thread   bool `json:"thread"`   // In-Reply-To or References
	Shouting bool `json:"shouting"` // the subject is in capitals only
	Marks    int  `json:"marks"`    // exclamation marks in the subject that follow each other
	Japanese bool `json:"japanese"`
	Address  bool `json:"address"` // the text names who sends it: a company, or a postal address
}

// More is what was left out because a bound was reached.
type More struct {
	Placeholders int  `json:"placeholders"`
	Links        int  `json:"links"`
	Text         bool `json:"text"` // the text is longer than what is read
	Files        int  `json:"files"`
}

// MaxSource bounds what is read of one text part, in octets as they came.
const MaxSource = 2 << 20

// maxTexts bounds the text parts of one mail that are read.
const maxTexts = 20

// reader collects the content of a mail.
type reader struct {
	Content
	finder
	links links
	plain strings.Builder
	html  strings.Builder
	texts int
}

// Look reads a mail.
func Look(e *mail.Entity, o Options) *Content {
	r := &reader{}
	r.links.own = senderDomain(e)
	r.header(e)
	r.part(e, 0)
	r.Placeholders, r.More.Placeholders = r.finder.list, r.finder.more
	r.Links, r.More.Links = r.links.list, r.links.more
	if r.Placeholders == nil {
		r.Placeholders = []Placeholder{}
	}
	if r.Links == nil {
		r.Links = []Link{}
	}
	if r.Files == nil {
		r.Files = []File{}
	}
	r.compare(r.plain.String(), r.html.String())
	r.Unsubscribe = readUnsubscribe(e, o.Signed)
	r.Unsubscribe.InText = optOut(r.plain.String()+"\n"+r.html.String(), r.Links)
	r.Bulk = readBulk(e, o.Bulk, r.Unsubscribe.InText)
	return &r.Content
}

// senderDomain is the registered domain of From.
func senderDomain(e *mail.Entity) string {
	address := e.Mailbox("From")
	_, domain := hostOf(address[strings.LastIndexByte(address, '@')+1:])
	return domain
}

// header looks through the fields that people read or that templates fill.
func (r *reader) header(e *mail.Entity) {
	r.Content.Subject = cut(e.Words("Subject"), 1000)
	l := scan{finder: &r.finder, place: "subject", n: 1, early: true, was: []rune(r.Content.Subject)}
	l.run()
	for _, name := range [...]string{"From", "To", "Reply-To", "Sender", "List-Id", "Message-Id"} {
		value := cut(e.Words(name), 1000)
		l := scan{finder: &r.finder, place: name, n: 1, was: []rune(value)}
		l.run()
	}
	for _, name := range [...]string{"List-Unsubscribe", "Feedback-Id"} {
		for _, v := range e.All(name) {
			l := scan{finder: &r.finder, place: name, n: 1, was: []rune(cut(v, 2000)), link: true}
			l.run()
		}
	}
	r.Words.Reply, r.Words.Thread = isReply(r.Content.Subject), e.Has("In-Reply-To") || e.Has("References")
	r.Words.Shouting, r.Words.Marks = shouts(r.Content.Subject)
}

// part reads a part of the mail, and those within.
func (r *reader) part(e *mail.Entity, depth int) {
	switch {
	case len(e.Parts) > 0:
		for _, p := range e.Parts {
			r.part(p, depth+1)
		}
	case e.Attached() && !(e.Type == "text/html" && depth == 0 || strings.HasPrefix(e.Type, "text/") && inline(e)):
		r.file(e)
	case e.Type == "text/html" && r.texts < maxTexts:
		r.texts++
		r.readHTML(e)
	case e.Type == "text/plain" && r.texts < maxTexts:
		r.texts++
		r.readPlain(e)
	case strings.HasPrefix(e.Type, "text/"), strings.HasPrefix(e.Type, "multipart/"):
	default:
		r.file(e)
	}
}

// inline reports whether a part says that it is shown with the text.
func inline(e *mail.Entity) bool {
	return strings.HasPrefix(strings.ToLower(e.Get("Content-Disposition")), "inline") && e.FileName() == ""
}

func (r *reader) readPlain(e *mail.Entity) {
	text, more := e.Source(MaxSource)
	r.More.Text = r.More.Text || more
	r.Words.Plain = true
	r.plain.WriteString(text)
	r.finder.text("text", text)
	urls, _ := webAddresses(text)
	for _, u := range urls {
		r.links.add("text", u, "")
	}
}

func (r *reader) readHTML(e *mail.Entity) {
	source, more := e.Source(MaxSource)
	r.More.Text = r.More.Text || more
	r.Words.HTML = true
	m := readMarkup(source)
	m.Octets = len(source)
	if more {
		m.Octets = max(m.Octets, e.Size()*3/4)
	}
	if r.Markup == nil {
		r.Markup = m
	}
	r.html.WriteString(m.words)
	r.finder.text("html", m.words)
	for _, s := range m.spoken {
		l := scan{finder: &r.finder, place: "html", n: 1, was: []rune(cut(s, 1000))}
		l.run()
	}
	for _, t := range m.targets {
		r.finder.link(t.url)
		r.links.add("html", t.url, t.text)
	}
}
