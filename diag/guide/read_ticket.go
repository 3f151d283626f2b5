package guide

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"todoku/codes"
	"todoku/codes/paste"
	"todoku/diag/guide/ticket"
)

// classify tells what the error means; the delivery code is the one that the input names.
func (k *Case) classify(c *codes.Catalogue) {
	k.Verdict = c.Classify(k.Reply, k.Context)
	if d, ok := c.Delivery(k.Code); ok {
		k.Verdict.Delivery = d
	}
}

// readTicket reads what a person wrote around the error, or instead of one.
func (k *Case) readTicket(c *codes.Catalogue, text string) {
	ofServer := k.Format != "text" && k.Format != "reply"
	if ofServer && !ticket.IsProse(text) { // nobody wrote anything around it
		return
	}
	t := ticket.Read(c, text)
	if t.Prose && !ofServer {
		k.readError(c, t.Plain)
	}
	k.takeFacts(t, ofServer)
	k.Named = t.Codes
	switch {
	case k.Reply.Code != 0 || !k.Reply.Enhanced.IsZero():
		k.besideReply(c, t)
	case len(t.Codes) > 0:
		k.byCode(c, t)
	case !ofServer:
		k.bySymptom(c, t)
	}
}

// takeFacts takes what a ticket tells of the mail. Sentences say it clearer than what stands around a reply.
func (k *Case) takeFacts(t ticket.Ticket, ofServer bool) {
	if t.Recipient != "" && !ofServer {
		k.To = t.Recipient
	}
	fill(&k.To, t.Recipient)
	fill(&k.MailFrom, t.Sender)
	if ip, err := netip.ParseAddr(t.IP); err == nil {
		k.IP = ip
	}
}

// besideReply is a ticket with a reply of a server: the reply tells the reason, the ticket how the sending ended.
func (k *Case) besideReply(c *codes.Catalogue, t ticket.Ticket) {
	if t.Prose {
		k.keepServersWords(t.Said)
	}
	if t.Prose && bySpeaker(k.Reply) {
		k.Reply.Lines = nil
	}
	if len(t.Codes) == 1 {
		d, _ := c.Delivery(t.Codes[0])
		said := k.Reply
		k.ofCode(d)
		k.Reply = said
	}
	k.classify(c)
}

// keepServersWords takes the words of a person out of a reply where the ticket marks those of the server.
func (k *Case) keepServersWords(said []string) {
	if len(k.Reply.Lines) != 1 || !strings.ContainsFunc(k.Reply.Lines[0], isKana) {
		return
	}
	for _, s := range said {
		r := paste.Parse(s).Reply
		if r.Code == k.Reply.Code && r.Enhanced == k.Reply.Enhanced && len(r.Lines) > 0 {
			k.Reply = r
			return
		}
	}
}

func isKana(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }

// bySpeaker reports whether the words behind a reply code are those of the person who names it: 「550で拒否されました」.
func bySpeaker(r codes.Reply) bool {
	if len(r.Lines) == 0 || !r.Enhanced.IsZero() {
		return false
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(r.Lines[0], "」』】)]\"' "))
	return unicode.In(first, unicode.Hiragana) || strings.ContainsRune("、。", first) || strings.HasPrefix(r.Lines[0], "エラー")
}

// byCode is a ticket that names delivery codes: the first is looked at. Words of a server beside it tell its reason.
func (k *Case) byCode(c *codes.Catalogue, t ticket.Ticket) {
	d, _ := c.Delivery(t.Codes[0])
	k.ofCode(d)
	k.Format = "code"
	bare := *k
	bare.classify(c)
	for _, said := range t.Said {
		if strings.Contains(d.Title.JA, said) || strings.Contains(d.Title.EN, said) { // the words of our own list
			continue
		}
		k.Reply.Lines = []string{said}
		if k.classify(c); k.Verdict.Rule != "" {
			return
		}
	}
	*k = bare
	if len(t.Codes) > 1 {
		k.Symptom = t.Symptom
	}
}

// bySymptom is a ticket without any code.
func (k *Case) bySymptom(c *codes.Catalogue, t ticket.Ticket) {
	one := ""
	if len(t.Patterns) == 1 {
		one = t.Patterns[0]
	}
	rule, _ := c.Rule(k.Verdict.Rule)
	switch {
	case k.Verdict.Rule != "" && (one == "" || one == k.Verdict.Pattern() || rule.OfProgram() || t.Weak):
		return // its words are those of a server or of a program
	case k.Context.Event != codes.EventReply && one == "":
		return
	}
	k.Symptom = t.Symptom
	if one != "C" || k.Verdict.Rule == "" { // the words that a bounce is told to have tell its reason
		k.Reply = codes.Reply{}
	}
	k.Context = codes.Context{}
	switch one {
	case "C":
		k.Context.Event = codes.EventBounced
	case "D":
		k.Context.Event = codes.EventDelivered
	}
	k.classify(c)
}

// Told is the symptom that a case shows: of its codes and of the server's words, else of people's.
func (k *Case) Told() ticket.Symptom {
	if len(k.Symptom.Patterns) > 0 || k.Symptom.NoResult {
		return k.Symptom
	}
	if p := k.Verdict.Pattern(); p != "" {
		return ticket.Symptom{Patterns: []string{p}}
	}
	return ticket.Symptom{}
}

// Pattern is the pattern by which the case is worked through, "" where none is known or several fit.
func (k *Case) Pattern() string {
	if s := k.Told(); len(s.Patterns) == 1 {
		return s.Patterns[0]
	}
	return ""
}

// SymptomAlone reports whether people's words tell what happened and nothing tells why.
func (k *Case) SymptomAlone() bool {
	return (k.Symptom.NoResult || len(k.Symptom.Patterns) > 0) && k.Verdict.Delivery.ID == "" && k.Verdict.Rule == ""
}

// Codes are the delivery codes that a case is about: those that the input names, else that of the reply.
func (k *Case) Codes() []string {
	switch {
	case len(k.Named) > 0:
		return k.Named
	case k.Reply.Code > 0 && k.Verdict.Delivery.ID != "":
		return []string{k.Verdict.Delivery.ID}
	}
	return nil
}
