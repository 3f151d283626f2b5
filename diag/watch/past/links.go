package past

import (
	"slices"
	"strings"
)

// link says which changes can lead to a cause of the guide.
type link struct {
	cause   string
	sets    func(name, typ string, values []string) []string // what of a record set counts; nil: nothing
	rules   []string                                         // findings
	checks  []string                                         // whose silence leaves it unknown
	reasons []string                                         // errors that name just this: the change confirms the cause for them
	gone    bool                                             // that the records are gone is the cause itself
}

// links is the table, in the order of the guide.
func links() []link {
	authentication := func(own string) []string { return []string{own, "dmarc", "authentication"} }
	return []link{
		{cause: "sender-domain", sets: ofType("MX"), rules: []string{"mx-none", "mx-null"}, checks: []string{"mx"}},
		{cause: "spf-none", sets: spfOf, rules: []string{"spf-none"}, checks: []string{"spf"}, reasons: authentication("spf"), gone: true},
		{cause: "spf-broken", sets: nil, rules: []string{"spf-multiple", "spf-syntax", "spf-lookups", "spf-void-lookups", "spf-loop",
			"spf-include-none", "spf-redirect-none", "spf-mx-hosts"}, checks: []string{"spf"}, reasons: authentication("spf")},
		{cause: "spf-ip", sets: spfOf, checks: []string{"spf"}, reasons: authentication("spf")},
		{cause: "dkim-none", sets: keysOf, rules: []string{"dkim-none-found"}, checks: []string{"dkim"}},
		{cause: "dkim-broken", sets: keysOf, rules: []string{"dkim-selector-none", "dkim-cname-broken", "dkim-multiple", "dkim-syntax",
			"dkim-key-split", "dkim-key-unusable", "dkim-key-short", "dkim-revoked", "dkim-key-type", "dkim-key-large"},
			checks: []string{"dkim"}, reasons: authentication("dkim"), gone: true},
		{cause: "dmarc-none", sets: dmarcOf, rules: []string{"dmarc-none", "dmarc-multiple", "dmarc-syntax", "dmarc-misplaced",
			"dmarc-cname-broken", "dmarc-policy-missing"}, checks: []string{"dmarc"}, reasons: []string{"dmarc", "authentication"}, gone: true},
		{cause: "dmarc-unaligned", sets: dmarcOf, checks: []string{"dmarc"}},
		{cause: "reverse-dns", sets: ofType("PTR"), rules: []string{"ptr-none", "ptr-mismatch", "ptr-name"}, checks: []string{"ptr"},
			reasons: []string{"reverse_dns", "helo"}, gone: true},
		{cause: "blocklisted", rules: []string{"dnsbl-listed", "dnsbl-domain-listed", "dnsbl-policy-listed"}, checks: []string{"dnsbl"},
			reasons: []string{"blocklisted"}},
	}
}

// linkOf is the link of a cause.
func linkOf(cause string) (link, bool) {
	all := links()
	if i := slices.IndexFunc(all, func(l link) bool { return l.cause == cause }); i >= 0 {
		return all[i], true
	}
	return link{}, false
}

// Confirms reports whether an error of one of these reasons names just a cause, so that a change that leads to it confirms it.
func Confirms(cause string, reasons []string) bool {
	l, _ := linkOf(cause)
	return slices.ContainsFunc(reasons, func(r string) bool { return slices.Contains(l.reasons, r) })
}

// Causes are the causes that changes can lead to.
func Causes() []string {
	var out []string
	for _, l := range links() {
		out = append(out, l.cause)
	}
	return out
}

// ofType takes the record sets of one type whole.
func ofType(want string) func(name, typ string, values []string) []string {
	return func(_, typ string, values []string) []string {
		if typ != want {
			return nil
		}
		return values
	}
}

// starting are the texts of a set that begin with a tag.
func starting(typ string, values []string, tag string) (out []string) {
	if typ != "TXT" {
		return nil
	}
	for _, v := range values {
		if len(v) >= len(tag) && strings.EqualFold(v[:len(tag)], tag) {
			out = append(out, v)
		}
	}
	return out
}

// spfOf takes SPF records, of the domain and of what it includes.
func spfOf(_, typ string, values []string) []string { return starting(typ, values, "v=spf1") }

// dmarcOf takes DMARC records.
func dmarcOf(name, typ string, values []string) []string {
	if !strings.HasPrefix(name, "_dmarc.") {
		return nil
	}
	return starting(typ, values, "v=DMARC1")
}

// keysOf takes DKIM keys, and aliases to them.
func keysOf(name, typ string, values []string) []string {
	if !strings.Contains(name, "._domainkey.") || typ != "TXT" && typ != "CNAME" {
		return nil
	}
	return values
}

// lost are the values, or the terms of the only value, that are in before and not in after.
func lost(before, after []string) []string {
	if len(before) == 1 && len(after) == 1 {
		before, after = strings.Fields(before[0]), strings.Fields(after[0])
	}
	var out []string
	for _, v := range before {
		if !slices.Contains(after, v) {
			out = append(out, v)
		}
	}
	return out
}
