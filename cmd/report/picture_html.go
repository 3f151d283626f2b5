package report

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"todoku/cmd/report/picture"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dmarc"
	"todoku/diag/spf"
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

// drawnView is pictures as their template shows them.
type drawnView struct {
	Title    string
	Open     bool
	Pictures []template.HTML
}

// drawn puts pictures behind a word; they are seen at once where something is wrong.
func drawn(list []template.HTML, wrong bool, lang codes.Lang) drawnView {
	return drawnView{codes.Text{EN: "as a picture", JA: "図で表示"}.In(lang), wrong, list}
}

// maxSessions is how many sessions of one check are drawn.
const maxSessions = 4

// pictures draws what facts offer. The text of the page says the same.
func pictures(f diag.Facts, lang codes.Lang) []template.HTML {
	var out []template.HTML
	if f, ok := f.(lookupTree); ok {
		if domain, terms, lookups := f.LookupTree(); len(terms) > 0 {
			out = append(out, picture.Lookups(domain, spfTerms(terms), lookups, spf.MaxLookups, lang))
		}
	}
	if f, ok := f.(judged); ok {
		if author, bySPF, byDKIM, result := f.Judged(); author != "" && len(bySPF)+len(byDKIM) > 0 {
			list := append(identities("SPF", author, bySPF), identities("DKIM", author, byDKIM)...)
			out = append(out, picture.Alignment(author, list, result, lang))
		}
	}
	if f, ok := f.(wayOfMail); ok {
		if hops := f.Way(); len(hops) > 0 {
			out = append(out, picture.Way(hopsOf(hops), lang))
		}
	}
	if f, ok := f.(sessions); ok {
		for i, h := range f.Sessions() {
			if len(h.Steps) > 0 && i < maxSessions {
				out = append(out, sessionPicture(h.Host+" ["+h.Address+"]", h.Steps, lang))
			}
		}
	}
	return out
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
	var out []picture.Step
	for _, s := range steps {
		d := picture.Step{At: s.At, Took: s.Took, Text: s.Sent, Bad: s.Reply.Code >= 500 || s.Err != nil, Refused: s.Reply.Code >= 400}
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
