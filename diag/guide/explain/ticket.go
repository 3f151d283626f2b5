package explain

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"todoku/codes/paste"
	"todoku/diag/guide"
)

// ticket reads a sentence that names a delivery code, a reply, or a symptom of the guide. read is false where it is none:
// the input is then taken for words of a server. A symptom that has to be asked for is read and has no meaning yet.
func (x Explainer) ticket(input string) (list []Reading, read bool) {
	k := guide.Read(x.Catalogue, input)
	said := len(k.Reply.Lines) > 0
	switch {
	case (k.Reply.Code > 0 || !k.Reply.Enhanced.IsZero()) && said:
		if !hasHiragana(input) { // lines of a server, or English that is read the same way
			return nil, false
		}
		return x.replyOf(paste.Found{Reply: k.Reply, Context: k.Context, Format: k.Format, Recipient: k.To, Sender: k.MailFrom,
			Server: k.Context.Host}), true
	case len(k.Named) > 0:
		list := x.delivery(k.Code)
		for i := range list {
			list[i].Pasted.Recipient, list[i].Pasted.Sender = k.To, k.MailFrom
		}
		return list, true
	case k.Reply.Code > 0:
		return nil, false
	case len(k.Symptom.Patterns) == 1 && isSentence(input):
		return x.pattern(strings.ToLower(k.Symptom.Patterns[0])), true
	}
	return nil, (k.Symptom.NoResult || len(k.Symptom.Patterns) > 1) && isSentence(input)
}

// isSentence tells what somebody says from a word that he looks up and from lines of a server.
func isSentence(input string) bool {
	return hasHiragana(input) || len(strings.Fields(input)) > 2 && !strings.Contains(input, "=")
}

// hasHiragana reports whether a text has Japanese particles or endings, as sentences do.
func hasHiragana(s string) bool {
	return strings.ContainsFunc(norm.NFKC.String(s), func(r rune) bool { return unicode.In(r, unicode.Hiragana) })
}
