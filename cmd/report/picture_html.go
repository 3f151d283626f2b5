package report

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"todoku/cmd/report/picture"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dmarc"
	"todoku/diag/guide"
	"todoku/diag/spf"
	"todoku/diag/triage"
	"todoku/sender"
	"todoku/sender/smtp"
)

// What facts may offer to be drawn.
type (
	lookupTree interface {
		LookupTree() (domain string, terms []*spf.Node, lookups int)
	}
	judged interface {
		Judged() (author string, spf, dkim []dmarc.Identifier, result string)
	}
	wayOfMail interface{ Way() []check.HeadersHop }
	sessions  interface{ Sessions() []check.SMTPHost }
)

// drawnView is pictures as their template shows them: behind a word, and seen at once where Open is set.
type drawnView struct {
	Title    string
	Open     bool
	Pictures []template.HTML
	Left     string // what is not drawn, in words
}

func drawn(open bool, lang codes.Lang) drawnView {
	return drawnView{Title: codes.Text{EN: "as a picture", JA: "図で表示"}.In(lang), Open: open}
}

func (v *drawnView) add(p template.HTML) { v.Pictures = append(v.Pictures, p) }

// left says how many sessions are not drawn.
func (v *drawnView) left(n int, lang codes.Lang) {
	if n > 0 {
		says := codes.Text{EN: "sessions that are not drawn: {n}", JA: "図に含まれないセッション: {n}件"}
		v.Left = fill(says, codes.Data{codes.Num("n", n)}, lang)
	}
}

// maxSessions is how many sessions of one check or mail are drawn.
const maxSessions = 4

// factsPictures draws what facts offer. The text of the page says the same.
func factsPictures(f diag.Facts, wrong bool, lang codes.Lang) drawnView {
	v := drawn(wrong, lang)
	if f, ok := f.(lookupTree); ok {
		if domain, terms, lookups := f.LookupTree(); len(terms) > 0 {
			v.add(picture.Lookups(domain, spfTerms(terms), lookups, spf.MaxLookups, lang))
		}
	}
	if f, ok := f.(judged); ok {
		if author, bySPF, byDKIM, result := f.Judged(); author != "" && len(bySPF)+len(byDKIM) > 0 {
			list := append(identities("SPF", author, bySPF), identities("DKIM", author, byDKIM)...)
			v.add(picture.Alignment(author, list, result, lang))
		}
	}
	if f, ok := f.(wayOfMail); ok {
		if hops := f.Way(); len(hops) > 0 {
			v.add(picture.Way(hopsOf(hops), lang))
		}
	}
	if f, ok := f.(sessions); ok {
		visits := slices.DeleteFunc(slices.Clone(f.Sessions()), func(h check.SMTPHost) bool { return len(h.Steps) == 0 })
		for _, h := range visits[:min(len(visits), maxSessions)] {
			v.add(sessionPicture(h.Host+" ["+h.Address+"]", h.Steps, lang))
		}
		v.left(len(visits)-maxSessions, lang)
	}
	return v
}

// conversationPictures draws the sessions of a mail, the last ones where there are many: these decided.
func conversationPictures(list []sender.Conversation, o Options) drawnView {
	v := drawn(false, o.Lang)
	list = slices.DeleteFunc(slices.Clone(list), func(c sender.Conversation) bool { return len(c.Steps) == 0 })
	for _, c := range list[max(len(list)-maxSessions, 0):] {
		v.add(sessionPicture(shown(c.Host)+" ["+c.Address.Addr().String()+"]", c.Steps, o.Lang))
	}
	v.left(len(list)-maxSessions, o.Lang)
	return v
}

// visitPictures draws what the recipient's servers said when they were asked for a diagnosis.
func visitPictures(list []guide.Visit, lang codes.Lang) drawnView {
	v := drawn(false, lang)
	list = slices.DeleteFunc(slices.Clone(list), func(v guide.Visit) bool { return len(v.Steps) == 0 })
	for _, visit := range list[:min(len(list), maxSessions)] {
		v.add(sessionPicture(visit.Host+" ["+visit.Address.Addr().String()+"]", visit.Steps, lang))
	}
	v.left(len(list)-maxSessions, lang)
	return v
}

// timeParts is how many columns the picture of a triage has.
const timeParts = 48

// timesPicture draws when the events of the biggest groups were.
func (p *triagePage) timesPicture() drawnView {
	v := drawn(true, p.o.Lang)
	if r := p.r; len(p.list) > 0 && r.Last.After(r.First) {
		var groups []picture.Group
		for i, g := range p.list {
			groups = append(groups, picture.Group{Name: p.drawnName(i+1, g), Counts: g.Times.Sums(r.First, r.Last, timeParts),
				Count: thousands(g.Count) + p.tr(" ", "") + happenedText(g).In(p.o.Lang)})
		}
		v.add(picture.Times(clock(r, r.First), clock(r, r.Last), groups, p.o.Lang))
	}
	return v
}

// spfTerms are the terms of a tree as they are drawn.
func spfTerms(nodes []*spf.Node) []picture.Term {
	out := make([]picture.Term, 0, len(nodes))
	for _, n := range nodes {
		t := picture.Term{Text: n.Term, Count: n.Running, Below: spfTerms(n.Children)}
		if n.Result != spf.NodeOK {
			t.Note = n.Result
		}
		out = append(out, t)
	}
	return out
}

// identities are the domains for which one method spoke.
func identities(method, author string, list []dmarc.Identifier) []picture.Identity {
	var out []picture.Identity
	for _, i := range list {
		out = append(out, picture.Identity{Method: method, Domain: i.Domain, Result: i.Result, Same: strings.EqualFold(i.Domain, author),
			Aligned: i.Aligned, Unknown: i.Err != nil})
	}
	return out
}

// drawnName names a group by its number on the page, and what it is about first: a phone shows little of a name.
func (p *triagePage) drawnName(n int, g *triage.Group) string {
	name := strconv.Itoa(n)
	if g.Key != "" {
		name += " · " + shown(g.Key)
	}
	if g.Provider != "" {
		name += " · " + providerName(g.Provider, p.o).In(p.o.Lang)
	}
	return name + " · " + groupTitle(g).In(p.o.Lang)
}

// hopsOf are the servers on the way of a mail. The wait before the first is since the mail was written, and is not drawn.
func hopsOf(hops []check.HeadersHop) []picture.Hop {
	var out []picture.Hop
	for i, h := range hops {
		d := picture.Hop{From: h.From, By: h.By}
		if h.DelayMS != nil && i > 0 {
			d.Wait = time.Duration(*h.DelayMS) * time.Millisecond
			d.Told, d.Long, d.Skew = "+"+d.Wait.String(), d.Wait > check.LongWait, d.Wait < 0
			if d.Skew {
				d.Told = d.Wait.String()
			}
		}
		out = append(out, d)
	}
	return out
}

// sessionPicture draws a session.
func sessionPicture(server string, steps smtp.Transcript, lang codes.Lang) template.HTML {
	t := makeSendingPage(nil, Options{Lang: lang})
	var out []picture.Step
	for _, s := range steps {
		d := picture.Step{At: s.At, Took: s.Took, Text: t.sent(s), Bad: s.Reply.Code >= 500 || s.Err != nil, Refused: s.Reply.Code >= 400,
			Bye: s.Sent == "QUIT"}
		switch {
		case s.TLS != nil:
			d.Text = codes.Text{EN: "TLS handshake", JA: "TLSハンドシェイク"}.In(lang)
		case d.Text == "" && s.Stage == codes.StageConnect:
			d.Text = codes.Text{EN: "connect", JA: "接続"}.In(lang)
		case d.Text == "":
			d.Text = string(s.Stage)
		}
		switch {
		case s.Reply.Code > 0:
			d.Answer = strconv.Itoa(s.Reply.Code)
		case s.TLS != nil:
			d.Answer = s.TLS.Version
		case s.Err != nil:
			d.Answer = failureKind(s.Err, lang)
		}
		out = append(out, d)
	}
	return picture.Session(server, out, lang)
}
