package check

import (
	"todoku/diag/dmarc"
	"todoku/diag/spf"
)

// What can be drawn of facts. A page asks for it by the method, so that it needs no list of checks.

// LookupTree gives the terms of a record that ask DNS, whose record it is, and how many look-ups there are in all.
func (f *SPFFacts) LookupTree() (domain string, terms []*spf.Node, lookups int) {
	return f.Domain, f.Tree, f.Lookups
}

// Judged gives the author domain of a mail that was judged, what SPF and DKIM said for which domains, and DMARC's result;
// the author is "" where no mail was judged.
func (f *DMARCFacts) Judged() (author string, spf, dkim []dmarc.Identifier, result string) {
	return f.author, f.spf, f.dkim, f.Result
}

// Way gives the servers through which a mail went, the oldest first.
func (f *HeadersFacts) Way() []HeadersHop { return f.Hops }

// Sessions gives the visits to mail servers.
func (f *SMTPFacts) Sessions() []SMTPHost { return f.Hosts }
