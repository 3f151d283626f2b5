package explain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"todoku/codes"
	"todoku/codes/paste"
	"todoku/diag/dnsbl"
	"todoku/sender/mail"
)

// reply reads words of a server, pasted from anywhere. Words without a code
// count only where a known wording is among them, and a mistyped id never does.
func (x Explainer) reply(input string) []Reading {
	p := paste.Parse(input)
	bare := p.Reply.Code == 0 && p.Reply.Enhanced.IsZero()
	if bare && (!strings.ContainsFunc(strings.TrimSpace(input), notInIDs) || WholeMail(input)) {
		return nil
	}
	if v := x.Classify(p.Reply, p.Context); bare && p.Context.Event == codes.EventReply {
		switch {
		case v.Rule == "":
			return nil
		case isSearched(input): // a word that somebody looks up, and no server said it
			return []Reading{x.reasonReading(v.Reason)}
		}
	}
	return x.replyOf(p)
}

// isSearched tells a Japanese word from a sentence and from lines in Latin letters.
func isSearched(input string) bool {
	const longest = 20
	japanese := strings.ContainsFunc(input, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Katakana) })
	return japanese && !hasHiragana(input) && utf8.RuneCountInString(strings.TrimSpace(input)) <= longest
}

// replyOf is what a reply means, read from a paste.
func (x Explainer) replyOf(p paste.Found) []Reading {
	if p.Context.Host == "" && len(p.Reply.Lines) > 0 { // whose words they are, the address tells
		_, p.Context.Host, _ = strings.Cut(strings.ToLower(p.Recipient), "@")
	}
	v := x.Classify(p.Reply, p.Context)
	id := p.Reply
	id.Lines = nil
	out := Reading{Kind: KindReply, ID: id.String(), Title: v.Reason.Title, Meaning: v.Meaning, Certainty: v.Certainty,
		Delivery: v.Delivery, Reason: v.Reason, Wording: v.Rule,
		Permanent: v.Permanent, Action: v.Action, RetryAfter: v.RetryAfter, Blocklist: namedList(v), Steps: v.Remedies,
		Pasted: p, Causes: []codes.Cause{{Text: v.Reason.Meaning}}}
	out.Short = x.short(p, v)
	out.Provider, _ = x.Provider(v.Provider)
	out.Refs = x.replyRefs(v, p.Reply)
	if v.Reason.ID == "unspecified" && v.Delivery.ID != "" {
		d := x.deliveryReading(v.Delivery)
		out.Pattern, out.Causes = d.Pattern, d.Causes
		out.Steps = append(out.Steps[:min(1, len(out.Steps)):1], d.Steps...)
	}
	if v.Reason.ID == "delivered" {
		out.Causes = nil
	}
	out = x.withContacts(out)
	if v.Other == nil {
		return []Reading{out}
	}
	return []Reading{out, x.other(out, *v.Other)}
}

// short is a reply on one line that can be given again; "" where it is long, or means something else without its context.
func (x Explainer) short(p paste.Found, v codes.Verdict) string {
	const longest = 200
	line := p.Reply.String()
	if len(line) > longest {
		return ""
	}
	again := paste.Parse(line)
	fill(&again.Context.Host, p.Context.Host)
	if alone := x.Classify(again.Reply, again.Context); alone.Reason.ID != v.Reason.ID || alone.Permanent != v.Permanent {
		return ""
	}
	return line
}

func fill(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

// WholeMail reports whether a text is a mail with its header: its words are not
// those of a server.
func WholeMail(input string) bool {
	if strings.HasPrefix(input, "From ") { // an mbox
		_, input, _ = strings.Cut(input, "\n")
	}
	m, err := mail.Read([]byte(input))
	return err == nil && m.Get("From") != "" && m.Get("Date")+m.Get("Subject")+m.Get("Received") != ""
}

// notInIDs is what no id of ours has in it.
func notInIDs(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./", r))
}

// other is the second reading of an ambiguous wording.
func (x Explainer) other(first Reading, alt codes.Alternative) Reading {
	out := first
	out.Title, out.Meaning, out.When, out.Reason = alt.Reason.Title, alt.Reason.Meaning, alt.When, alt.Reason
	out.Action, out.Steps, out.Causes = alt.Reason.Action, x.remedies(alt.Reason.Remedies), []codes.Cause{{Text: alt.Reason.Meaning}}
	out.Pattern, out.Blocklist = codes.Pattern{}, nil
	return x.withContacts(out)
}

// replyRefs is where the meaning of a reply is written: the sources of the rule
// that decided, else the standards of its codes.
func (x Explainer) replyRefs(v codes.Verdict, r codes.Reply) []codes.Text {
	if rule, ok := x.Rule(v.Rule); ok {
		refs, _ := x.sources([]*codes.Rule{&rule})
		return refs
	}
	var refs []codes.Text
	if s, ok := x.Status(r.Enhanced); ok && !r.Enhanced.IsZero() {
		refs = append(refs, codes.Same(s.Ref))
	}
	if basic, ok := x.Basic(r.Code); ok && basic.Ref != "" && (len(refs) == 0 || refs[0].EN != basic.Ref) {
		refs = append(refs, codes.Same(basic.Ref))
	}
	return refs
}

// wording reads the id of a rule of the catalogue: gmail-01.
func (x Explainer) wording(word string) []Reading {
	for _, r := range x.Rules() {
		if Fold(r.ID) == word {
			out := []Reading{x.wordingReading(r)}
			if r.Other != nil {
				reason, _ := x.Reason(r.Other.Reason)
				out = append(out, x.other(out[0], codes.Alternative{Reason: reason, When: codes.Text{EN: r.Other.EN, JA: r.Other.JA}}))
			}
			return out
		}
	}
	return nil
}

// wordingReading is what a reply that reaches the rule means.
func (x Explainer) wordingReading(r *codes.Rule) Reading {
	reason, _ := x.Reason(r.Reason)
	p := paste.Parse(r.Example)
	v := x.Classify(p.Reply, x.ExampleContext(r, p.Context))
	if v.Rule != r.ID { // an example that leads elsewhere says nothing of this rule
		v = codes.Verdict{Action: reason.Action, Permanent: reason.Permanent, Remedies: x.remedies(reason.Remedies)}
	}
	out := Reading{Kind: KindWording, ID: r.ID, Title: reason.Title, Meaning: codes.Text{EN: r.EN, JA: r.JA}, Reason: reason, Wording: r.ID, Delivery: v.Delivery,
		Permanent: v.Permanent, Action: v.Action, Steps: v.Remedies, Causes: []codes.Cause{{Text: reason.Meaning}}}
	if out.Meaning.IsZero() {
		out.Meaning = reason.Meaning
	}
	out.Provider, _ = x.Provider(r.Provider)
	out = x.withContacts(out)
	out.Refs, out.Certainty = x.sources([]*codes.Rule{r})
	if r.Certainty != "" {
		out.Certainty = r.Certainty
	}
	if r.Example != "" {
		out.Names = []string{r.Example}
	}
	return out
}

// sources are the titles behind rules, each once, and how sure the best is.
func (x Explainer) sources(rules []*codes.Rule) ([]codes.Text, codes.Certainty) {
	var refs []codes.Text
	best := codes.Unconfirmed
	seen := map[string]bool{}
	for _, r := range rules {
		for id := range strings.FieldsSeq(r.From) {
			s, ok := x.Source(id)
			if !ok || seen[id] {
				continue
			}
			seen[id] = true
			ref := s.Named()
			if s.URL != "" {
				ref = codes.Text{EN: ref.EN + " <" + s.URL + ">", JA: ref.JA + " <" + s.URL + ">"}
			}
			refs = append(refs, ref)
			best = best.OrBetter(s.Certainty)
		}
	}
	return refs, best
}

// namedList is the blocklist that a reply names, or nil.
func namedList(v codes.Verdict) *dnsbl.List {
	if v.Blocklist == nil {
		return nil
	}
	l, _ := dnsbl.Named(v.Blocklist.ID)
	return l
}
