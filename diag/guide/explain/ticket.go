package explain

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"todoku/codes"
	"todoku/codes/paste"
	"todoku/diag/guide"
	"todoku/diag/provider"
)

// teller reads what somebody tells.
type teller struct {
	Explainer
	*guide.Case
}

// readings are those of a ticket, or of the words of a server. Beside a code or a symptom stands the provider that is meant.
func (x teller) readings(input string) (list []Reading, ticket bool) {
	list, read := x.ticket(input)
	if !read {
		list = x.reply(input)
		if one := x.Symptom.Patterns; len(list) == 0 && len(one) == 1 && !x.Symptom.Weak && hasJapanese(input) {
			return x.pattern(strings.ToLower(one[0])), true
		}
		return list, false
	}
	if len(list) > 0 && list[0].Kind == KindReply {
		return list, false
	}
	return append(list, x.meant(input)...), true
}

// ticket reads a sentence that names delivery codes, a reply, or a symptom of the guide. read is false where it is none:
// the input is then taken for words of a server. A symptom that has to be asked for is read and has no meaning yet.
func (x teller) ticket(input string) (list []Reading, read bool) {
	said := len(x.Reply.Lines) > 0
	switch {
	case (x.Reply.Code > 0 || !x.Reply.Enhanced.IsZero()) && said:
		if !hasHiragana(input) { // lines of a server, or English that is read the same way
			return nil, false
		}
		return x.replyOf(paste.Found{Reply: x.Reply, Context: x.Context, Format: x.Format, Recipient: x.To, Sender: x.MailFrom,
			Server: x.Context.Host}), true
	case len(x.Named) > 0:
		for _, code := range x.Named[:min(len(x.Named), maxReadings)] {
			list = append(list, x.delivery(code)...)
		}
		for i := range list {
			list[i].Pasted.Recipient, list[i].Pasted.Sender = x.To, x.MailFrom
			list[i].Steps = x.stepsFor(list[i].Steps)
		}
		return list, true
	case x.Reply.Code > 0:
		return nil, false
	case len(x.Symptom.Patterns) == 1 && isSentence(input):
		list = x.pattern(strings.ToLower(x.Symptom.Patterns[0]))
		for i := range list {
			list[i].Steps = x.stepsFor(list[i].Steps)
		}
		return list, true
	}
	return nil, (x.Symptom.NoResult || len(x.Symptom.Patterns) > 1) && isSentence(input)
}

// stepsFor are steps as they are taken for the mailbox of the recipient, each once.
func (x teller) stepsFor(steps []codes.Remedy) []codes.Remedy {
	var out []codes.Remedy
	for _, s := range steps {
		s = guide.AtMailbox(x.Catalogue, s, x.To)
		if !slices.ContainsFunc(out, func(o codes.Remedy) bool { return o.ID == s.ID }) {
			out = append(out, s)
		}
	}
	return out
}

// meant are the providers that a ticket is about: the one of the recipient's address, and those that it names.
func (x teller) meant(input string) []Reading {
	list := x.named(input)
	_, domain, _ := strings.Cut(x.To, "@")
	page, kept := provider.PageOfDomain(domain)
	if kept && !slices.ContainsFunc(list, func(r Reading) bool { return r.ID == page.ID }) {
		list = append([]Reading{x.pageReading(page)}, list...)
	}
	return list
}

// isSentence tells what somebody says from a word that he looks up and from lines of a server.
func isSentence(input string) bool {
	return (hasHiragana(input) || len(strings.Fields(input)) > 2 && !strings.Contains(input, "=")) && !WholeMail(input)
}

// hasJapanese reports whether a text has Japanese letters; a heading may have no particle.
func hasJapanese(s string) bool {
	return strings.ContainsFunc(norm.NFKC.String(s), func(r rune) bool { return unicode.In(r, unicode.Katakana, unicode.Han) })
}

// hasHiragana reports whether a text has Japanese particles or endings, as sentences do.
func hasHiragana(s string) bool {
	return strings.ContainsFunc(norm.NFKC.String(s), func(r rune) bool { return unicode.In(r, unicode.Hiragana) })
}
