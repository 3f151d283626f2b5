package campaign

import (
	"bytes"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/sender/mail"
)

// mailFacts is what the mail itself tells.
type mailFacts struct {
	size       int // octets
	longest    int // octets of the longest line
	faults     []codes.Message
	oneClick   bool // RFC 8058: https, and the field List-Unsubscribe-Post
	way        bool // List-Unsubscribe with https: or mailto:
	link       bool // a link in the text that says so
	signatures []signature
}

// signature is a DKIM signature that the mail has already.
type signature struct {
	domain string
	status Status
	why    codes.Message
}

// once are the fields that stand at most once in a mail (RFC 5322 §3.6).
func once() []string {
	return []string{"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "In-Reply-To", "References"}
}

// readMail reads a mail.
func readMail(data []byte) *mailFacts {
	f := &mailFacts{size: len(data)}
	for line := range bytes.Lines(data) {
		f.longest = max(f.longest, len(bytes.TrimRight(line, "\r\n"))+2)
	}
	e := mail.Open(data)
	f.form(e)
	f.unsubscribe(e)
	return f
}

// form looks for what keeps the mail from being one of RFC 5322.
func (f *mailFacts) form(e *mail.Entity) {
	bad := func(says codes.Text, data ...codes.Datum) {
		f.faults = append(f.faults, codes.Say(says, data...))
	}
	for _, name := range once() {
		if n := len(e.All(name)); n > 1 {
			bad(codes.Text{EN: "the field {name} stands {n} times", JA: "{name} ヘッダーが{n}個あります"}, codes.Str("name", name), codes.Num("n", n))
		}
	}
	if strings.TrimSpace(e.Get("From")) == "" {
		bad(codes.Text{EN: "From: is missing", JA: "Fromヘッダーがありません"})
	} else if _, _, end := mail.NextAddress(e.Get("From")); end > 0 {
		if more, _, _ := mail.NextAddress(e.Get("From")[end:]); more != "" {
			bad(codes.Text{EN: "From: has several addresses", JA: "Fromに複数のアドレスがあります"})
		}
	}
	if id := strings.TrimSpace(e.Get("Message-ID")); id == "" {
		bad(codes.Text{EN: "Message-ID: is missing", JA: "Message-IDがありません"})
	} else if !strings.HasPrefix(id, "<") || !strings.HasSuffix(id, ">") || !strings.Contains(id, "@") {
		bad(codes.Text{EN: "Message-ID: is not written as <…@…>", JA: "Message-IDが <…@…> の形になっていません"})
	}
	if _, ok := e.Date("Date"); !ok {
		bad(codes.Text{EN: "Date: is missing or cannot be read", JA: "Dateがないか、読めません"})
	}
}

// unsubscribe looks for the ways to unsubscribe (RFC 2369 §3.2, RFC 8058 §3.1).
func (f *mailFacts) unsubscribe(e *mail.Entity) {
	ways := strings.ToLower(strings.Join(e.All("List-Unsubscribe"), ","))
	https := strings.Contains(ways, "<https://")
	f.way = https || strings.Contains(ways, "<mailto:")
	post := strings.EqualFold(strings.ReplaceAll(e.Get("List-Unsubscribe-Post"), " ", ""), "List-Unsubscribe=One-Click")
	f.oneClick = https && post
	f.link = f.link || links(e, 0)
}

// maxDepth is how deep a mail is looked into.
const maxDepth = 8

// links reports whether a text says where to unsubscribe.
func links(e *mail.Entity, depth int) bool {
	if depth > maxDepth {
		return false
	}
	if strings.HasPrefix(e.Type, "text/") {
		text := strings.ToLower(e.Text())
		for _, word := range []string{"unsubscribe", "opt out", "opt-out", "配信停止", "配信解除", "購読解除", "購読停止",
			"受信停止", "登録解除", "メール停止", "退会"} {
			if strings.Contains(text, word) {
				return true
			}
		}
	}
	return slices.ContainsFunc(e.Parts, func(p *mail.Entity) bool { return links(p, depth+1) })
}

// dkim judges the signatures that the mail has.
func (f *mailFacts) dkim() (v verdict, passing []string) {
	v = verdict{status: Fail}
	for _, s := range f.signatures {
		switch {
		case s.status == Pass:
			passing = append(passing, s.domain)
			v = passed(s.why)
		case v.status == Fail || v.status != Pass && s.status == Unknown:
			v.status, v.why = s.status, s.why
		}
	}
	return v, passing
}
