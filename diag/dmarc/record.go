// Package dmarc implements RFC 9989: it reads records with all their faults, and has the walk up the
// DNS tree, alignment and policy, and the destinations of reports (RFC 9990).
// It makes no findings and prints nothing.
package dmarc

import "strings"

// Policy is what a domain owner asks receivers to do with mail that fails;
// "" where nothing is asked.
type Policy string

// The policies, from weak to strict.
const (
	None       Policy = "none"
	Quarantine Policy = "quarantine"
	Reject     Policy = "reject"
)

// Strength orders policies: "" < none < quarantine < reject.
func (p Policy) Strength() int {
	switch p {
	case None:
		return 1
	case Quarantine:
		return 2
	case Reject:
		return 3
	}
	return 0
}

// tested is the policy that receivers apply while t=y asks for one level less.
func (p Policy) tested() Policy {
	switch p {
	case Reject:
		return Quarantine
	case Quarantine:
		return None
	}
	return p
}

// Record is what a DMARC record says: valid values only, the rest as if it
// were not there (RFC 9989 §4.8).
type Record struct {
	Text                  string // as published
	P, SP, NP             Policy // "" when absent or not valid
	PSD                   byte   // 'y', 'n' or 'u'
	Testing               bool   // t=y
	StrictDKIM, StrictSPF bool   // adkim=s, aspf=s
	RUA, RUF              []URI  // those that are syntactically valid
	FO                    string
	BadPolicy             bool // p, sp or np is there, but not valid
}

// Policies gives the policy for the domain of the record, for its subdomains
// and for those of them that do not exist, before t. All are "" when receivers
// apply no DMARC at all.
func (r *Record) Policies() (p, sp, np Policy) {
	if r.BadPolicy {
		// RFC 9989 §4.10.1: a broken policy counts as p=none when somebody
		// wants reports, else there is no DMARC for this mail.
		if len(r.RUA) > 0 {
			return None, None, None
		}
		return "", "", ""
	}
	p = r.P
	if p == "" {
		p = None // RFC 9989 §4.7: a record without p counts as p=none
	}
	sp, np = r.SP, r.NP
	if sp == "" {
		sp = p
	}
	if np == "" {
		np = sp
	}
	return p, sp, np
}

// Applied is a policy of this record as receivers apply it: t=y lowers it by
// one level (RFC 9989 §4.7).
func (r *Record) Applied(p Policy) Policy {
	if r.Testing {
		return p.tested()
	}
	return p
}

// String writes the record as it should be published: valid tags in the usual
// order, defaults left out.
func (r Record) String() string {
	var b strings.Builder
	b.WriteString("v=DMARC1; p=")
	if r.P == "" {
		r.P = None
	}
	b.WriteString(string(r.P))
	tag := func(name, value string) {
		if value != "" {
			b.WriteString("; " + name + "=" + value)
		}
	}
	when := func(set bool, name, value string) {
		if set {
			tag(name, value)
		}
	}
	tag("sp", string(r.SP))
	tag("np", string(r.NP))
	when(r.PSD == 'y' || r.PSD == 'n', "psd", string(rune(r.PSD)))
	when(r.Testing, "t", "y")
	when(r.StrictDKIM, "adkim", "s")
	when(r.StrictSPF, "aspf", "s")
	tag("rua", list(r.RUA))
	tag("ruf", list(r.RUF))
	tag("fo", r.FO)
	return b.String()
}

func list(uris []URI) string {
	texts := make([]string, len(uris))
	for i, u := range uris {
		texts[i] = u.Text
	}
	return strings.Join(texts, ",")
}
