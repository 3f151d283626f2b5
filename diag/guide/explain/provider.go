package explain

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// provider reads the name of a provider: its id, its name, or what people call it. One of that id comes first.
func (x Explainer) provider(word string) []Reading {
	var out []Reading
	enter := func(r Reading, first bool) {
		switch {
		case slices.ContainsFunc(out, func(o Reading) bool { return o.ID == r.ID }):
		case first:
			out = slices.Insert(out, 0, r)
		default:
			out = append(out, r)
		}
	}
	for h := range provider.Headings() {
		if Fold(h.ID) == word || slices.ContainsFunc(h.Called, func(n string) bool { return sameName(n, word) }) {
			if p, err := h.Page(); err == nil {
				enter(x.pageReading(p), Fold(h.ID) == word)
			}
		}
	}
	for _, p := range x.Providers() {
		if Fold(p.ID) == word || Fold(p.Name.EN) == word || Fold(p.Name.JA) == word {
			enter(x.providerReading(p.ID), Fold(p.ID) == word)
		}
	}
	return out
}

// providerOf reads an address, a domain of addresses, or the name of a mail host: whose it is.
func (x Explainer) providerOf(input string) []Reading {
	name := strings.Trim(strings.ToLower(norm.NFKC.String(input)), " \t\r\n.<>\"'")
	if strings.ContainsAny(name, " \t\n") || !strings.Contains(name, ".") {
		return nil
	}
	_, domain, address := strings.Cut(name, "@")
	if !address {
		domain = name
	}
	page, known := provider.PageOfDomain(domain)
	if known && (address || slices.Contains(page.Domains, domain)) {
		return []Reading{x.pageReading(page)}
	}
	if id := x.runs(domain); id != "" && !address {
		return []Reading{x.providerReading(id)}
	}
	if known {
		return []Reading{x.pageReading(page)}
	}
	return nil
}

// runs is the id of the provider that a mail host belongs to, the user's own too; "" for nobody known.
func (x Explainer) runs(host string) string {
	hosts, err := provider.Load()
	if p, ok := hosts.ByMX(host); ok && err == nil {
		return p.ID
	}
	for _, p := range x.Providers() {
		if slices.ContainsFunc(p.Hosts, func(h string) bool { return resolve.Within(host, h) }) {
			return p.ID
		}
	}
	return ""
}

// providers lists those whose wordings are known, then those of whom there is only a page.
func (x Explainer) providers() []Entry {
	out := lineUp(x.Providers(), func(p *codes.Provider) Entry {
		return Entry{Kind: KindProvider, ID: p.ID, Title: p.Name, Note: strconv.Itoa(len(p.Rules))}
	})
	for h := range provider.Headings() {
		if _, worded := x.Provider(h.ID); worded {
			continue
		}
		if p, err := h.Page(); err == nil {
			out = append(out, Entry{Kind: KindProvider, ID: p.ID, Title: p.Name, Note: "0"})
		}
	}
	return out
}

// providerReading is what is known of a provider, by its id.
func (x Explainer) providerReading(id string) Reading {
	if p, ok := provider.PageOf(id); ok {
		return x.pageReading(p)
	}
	p, _ := x.Provider(id)
	return x.wordingsOf(Reading{ID: id, Title: p.Name, Provider: p, Names: p.Hosts})
}

// pageReading is a provider with a page.
func (x Explainer) pageReading(page provider.Page) Reading {
	p, worded := x.Provider(page.ID)
	if !worded {
		p = codes.Provider{ID: page.ID, Name: page.Name, Hosts: page.Hosts}
	}
	return x.wordingsOf(Reading{ID: page.ID, Title: p.Name, Provider: p, Names: p.Hosts, Page: &page})
}

// wordingsOf adds what is known of the provider's replies.
func (x Explainer) wordingsOf(r Reading) Reading {
	r.Kind = KindProvider
	n := strconv.Itoa(len(r.Provider.Rules))
	r.Meaning = codes.Text{EN: "Wordings of its own that are known: " + n + ".", JA: "固有の文言を" + n + "件収録しています。"}
	for _, rule := range r.Provider.Rules {
		reason, _ := x.Reason(rule.Reason)
		r.See, r.Replies = append(r.See, rule.ID), append(r.Replies, Wording{*rule, reason})
	}
	r.Refs, r.Certainty = x.sources(r.Provider.Rules)
	if r.Page == nil {
		return r
	}
	for _, s := range r.Page.Sources {
		r.Certainty = r.Certainty.OrBetter(s.Certainty)
	}
	return r
}

// withContacts adds to whom a sender can write at the provider whose reply it is. A provider for everybody has no IT
// department that knows one mailbox: steps that ask one ask the provider, and where no sender is heard there, the recipient.
func (x Explainer) withContacts(r Reading) Reading {
	page, ok := provider.PageOf(r.Provider.ID)
	if !ok {
		return r
	}
	_, domain, _ := strings.Cut(r.Pasted.Recipient, "@")
	r.Contacts = page.About(domain, provider.Contact)
	if !slices.Contains(r.See, page.ID) {
		r.See = append([]string{page.ID}, r.See...)
	}
	if _, kept := provider.PageOfDomain(domain); !kept && !page.Keeps(domain) {
		return r
	}
	r.ForAll = true
	heard := len(page.Desks(domain)) > 0
	if !heard && r.Action == codes.ActionContactAdmin {
		r.Action = codes.ActionContactRecipient
	}
	var steps []codes.Remedy
	for _, s := range r.Steps {
		s = guide.AtProvider(x.Catalogue, s, heard)
		if s.ID == "contact_provider" {
			s.Owner, s.Check = codes.OwnerMail, codes.Command{} // a form takes no letter
		}
		if !slices.ContainsFunc(steps, func(o codes.Remedy) bool { return o.ID == s.ID }) {
			steps = append(steps, s)
		}
	}
	r.Steps = steps
	return r
}
