package cmd

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"todoku/cmd/report"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

// maxKnown is the length of the longest input that may be an id or a word.
const maxKnown = 200

// fold makes one of the forms in which people write the same word: 「ＳＰＦ」,
// "Envelope-Sender", "envelope sender".
func fold(s string) string {
	s = strings.Trim(norm.NFKC.String(s), " \t\r\n\"'「」『』.。`")
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '-' || r == '_' || r == '　' }), " ")
}

// readings are all meanings of an input, the best first.
func readings(c *codes.Catalogue, input string) []report.Reading {
	b := book{c}
	if len(input) > maxKnown {
		return b.reply(input)
	}
	word := fold(input)
	known := b.known(word)
	if bare := unannounced(word); len(known) == 0 && bare != word {
		known = b.known(bare)
	}
	if len(known) == 0 {
		return b.reply(input)
	}
	return known
}

// unannounced takes off the words that people put before a code: "SMTP error
// 550", 「エラーコード42553」.
func unannounced(word string) string {
	for _, said := range []string{"smtp", "delivery", "reply", "status", "error", "code", "メール配信", "配信", "エラー", "応答", "コード"} {
		word = strings.TrimLeft(strings.TrimPrefix(word, said), " :")
	}
	return word
}

// book makes readings of what the catalogue says.
type book struct{ *codes.Catalogue }

// known looks a folded word up in everything that has a name.
func (b book) known(word string) []report.Reading {
	var out []report.Reading
	for _, look := range []func(string) []report.Reading{b.delivery, b.replyCode, b.enhanced, b.rule, b.reason, b.pattern, b.term, b.provider, b.blocklist, b.wording, b.remedy, b.class} {
		out = append(out, look(word)...)
	}
	return out
}

func (b book) rule(word string) []report.Reading {
	for _, r := range check.Rules() {
		if fold(r.ID) == word {
			action := codes.ActionFixSender
			if r.Owner == diag.OwnerDNS {
				action = codes.ActionFixDNS
			}
			return []report.Reading{{Kind: report.KindRule, ID: r.ID, Title: r.Says, Rule: r, Action: action, Certainty: codes.Documented, Refs: []string{r.Ref}}}
		}
	}
	return nil
}

func (b book) reason(word string) []report.Reading {
	for _, r := range b.Reasons() {
		if fold(r.ID) == word || fold(r.Title.EN) == word || fold(r.Title.JA) == word {
			return []report.Reading{b.reasonReading(*r)}
		}
	}
	return nil
}

func (b book) reasonReading(r codes.Reason) report.Reading {
	out := report.Reading{Kind: report.KindReason, ID: r.ID, Title: r.Title, Meaning: r.Meaning, Reason: r, Permanent: r.Permanent, Action: r.Action, Certainty: codes.General,
		Steps: b.remedies(r.Remedies), Causes: []codes.Cause{{Text: r.Meaning}}}
	out.Delivery, _ = b.Delivery(r.Delivery)
	for _, s := range b.Statuses() {
		if s.Reason == r.ID && len(out.See) < maxSee {
			out.See = append(out.See, s.Code)
		}
	}
	return out
}

// maxSee bounds what is named to read next.
const maxSee = 8

func (b book) class(word string) []report.Reading {
	var in []codes.Reason
	for _, r := range b.Reasons() {
		if fold(string(r.Class)) == word {
			in = append(in, *r)
		}
	}
	if len(in) == 0 || len(in) == 1 && fold(in[0].ID) == word {
		return nil
	}
	class := in[0].Class
	meaning := report.ClassMeaning(class)
	return []report.Reading{{Kind: report.KindClass, ID: string(class), Meaning: meaning, Reason: codes.Reason{Class: class}, Reasons: in, Certainty: codes.General, Causes: []codes.Cause{{Text: meaning}}}}
}

func (b book) pattern(word string) []report.Reading {
	for _, prefix := range []string{"pattern ", "パターン"} {
		word = strings.TrimSpace(strings.TrimPrefix(word, prefix))
	}
	p, ok := b.Pattern(strings.ToUpper(word))
	if !ok {
		return nil
	}
	out := report.Reading{Kind: report.KindPattern, ID: p.ID, Title: p.Title, Pattern: p, Causes: p.Causes, Steps: b.remedies(p.Steps), Certainty: codes.Documented}
	for _, d := range b.Deliveries() {
		if d.Pattern == p.ID {
			out.See = append(out.See, d.ID)
		}
	}
	return []report.Reading{out}
}

func (b book) term(word string) []report.Reading {
	for _, t := range b.Terms() {
		names := append([]string{t.ID, t.Title.EN, t.Title.JA}, t.Aliases...)
		if slices.ContainsFunc(names, func(n string) bool { return fold(n) == word }) {
			names = slices.DeleteFunc(names[1:], func(n string) bool { return fold(n) == fold(t.ID) })
			return []report.Reading{{Kind: report.KindTerm, ID: t.ID, Title: t.Title, Meaning: t.Meaning, Names: slices.Compact(names), See: t.See, Try: t.Try, Certainty: codes.General}}
		}
	}
	return nil
}

func (b book) provider(word string) []report.Reading {
	for _, p := range b.Providers() {
		if fold(p.ID) != word && fold(p.Name.EN) != word && fold(p.Name.JA) != word && !slices.Contains(p.Hosts, word) {
			continue
		}
		n := strconv.Itoa(len(p.Rules))
		out := report.Reading{Kind: report.KindProvider, ID: p.ID, Title: p.Name, Provider: *p, Names: p.Hosts,
			Meaning: codes.Text{EN: "Wordings of its own that are known: " + n + ".", JA: "固有の文言を" + n + "件収録しています。"}}
		for _, r := range p.Rules {
			out.See = append(out.See, r.ID)
		}
		out.Refs, out.Certainty = b.sources(p.Rules)
		return []report.Reading{out}
	}
	return nil
}

func (b book) blocklist(word string) []report.Reading {
	for _, l := range b.Blocklists() {
		if fold(l.ID) == word || fold(l.Name) == word {
			return []report.Reading{b.blocklistReading(l)}
		}
	}
	return nil
}

func (b book) blocklistReading(l *codes.Blocklist) report.Reading {
	r, _ := b.Reason("blocklisted")
	out := b.reasonReading(r)
	out.Kind, out.ID, out.Title, out.Blocklist, out.Delivery = report.KindBlocklist, l.ID, codes.Text{EN: l.Name, JA: l.Name}, l, codes.Delivery{}
	out.Meaning = codes.Text{EN: "A public list of addresses that sent unwanted mail; receivers ask it by DNS.", JA: "迷惑メールの送信元IPアドレスの公開リストで、受信側がDNSで参照します。"}
	other := "delist_domain"
	if l.Domain {
		out.Meaning = codes.Text{EN: "A public list of domains that stand in unwanted mail; receivers ask it by DNS.", JA: "迷惑メールに使われるドメインの公開リストで、受信側がDNSで参照します。"}
		other = "delist_ip"
	}
	out.Steps = slices.DeleteFunc(out.Steps, func(r codes.Remedy) bool { return r.ID == other })
	if l.Closed {
		out.Steps, out.Action = b.remedies([]string{"contact_recipient_admin"}), codes.ActionContactAdmin
	}
	return out
}

func (b book) remedy(word string) []report.Reading {
	for _, r := range b.Remedies() {
		if fold(r.ID) == word {
			return []report.Reading{{Kind: report.KindRemedy, ID: r.ID, Meaning: r.Text, Steps: []codes.Remedy{*r}, Certainty: codes.General}}
		}
	}
	return nil
}

// remedies are steps by their ids.
func (b book) remedies(ids []string) []codes.Remedy {
	var out []codes.Remedy
	for _, id := range ids {
		if r, ok := b.Remedy(id); ok {
			out = append(out, r)
		}
	}
	return out
}

// knownIDs lists what explain takes by name.
func knownIDs(c *codes.Catalogue) []string {
	out := ruleIDs()
	for _, kind := range listKinds() {
		if kind != "rules" {
			for _, l := range (book{c}).list(kind) {
				out = append(out, l.ID)
			}
		}
	}
	return out
}

func ruleIDs() []string {
	var ids []string
	for _, r := range check.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}
