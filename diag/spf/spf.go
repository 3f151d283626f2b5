// Package spf reads and evaluates Sender Policy Framework records (RFC 7208).
//
// Parse reads a record and tells every fault in it with its place. Check is
// check_host(), the evaluation for one address. Walk looks at the whole tree
// of includes and redirects whatever the address, counts what it costs, also
// beyond the limit, and Cheaper shortens a record that costs too much.
package spf

import (
	"net/netip"
	"strings"
	"time"

	"todoku/diag/resolve"
)

// The limits of RFC 7208 §4.6.4.
const (
	MaxLookups     = 10 // terms that ask DNS, in the whole evaluation
	MaxVoidLookups = 2  // questions without any answer
	MaxNames       = 10 // MX hosts or PTR names of one term
)

// Result is the outcome of check_host() in the RFC's words (RFC 7208 §2.6).
type Result string

// The results. An evaluation without one depends on what the query leaves open.
const (
	None      Result = "none"
	Neutral   Result = "neutral"
	Pass      Result = "pass"
	Fail      Result = "fail"
	SoftFail  Result = "softfail"
	TempError Result = "temperror"
	PermError Result = "permerror"
)

// Query is whom the record is asked about.
type Query struct {
	IP       netip.Addr // the SMTP client; an IPv4-mapped address counts as IPv4
	MailFrom string     // user@domain; @domain: there is no local part; domain: it is not known; empty: the HELO identity is checked
	HELO     string     // what the client said in HELO or EHLO; empty: not known
	Receiver string     // our own host name, for %{r} in explanations
	Now      time.Time  // for %{t} in explanations
}

// Sender splits the identity to be checked into local part and domain.
// RFC 7208 §2.4: an empty MAIL FROM stands for postmaster@HELO.
// RFC 7208 §4.3: a missing local part is "postmaster".
func (q *Query) Sender() (local, domain string) {
	local, domain = "postmaster", q.MailFrom
	if domain == "" {
		domain = q.HELO
	} else if at := strings.LastIndexByte(domain, '@'); at >= 0 {
		if at > 0 {
			local = domain[:at]
		}
		domain = domain[at+1:]
	}
	return local, strings.TrimSuffix(domain, ".")
}

// knows reports whether the query tells what a macro letter stands for. RFC 7208 §4.3 has "postmaster" for a sender that
// has no local part, not for one whose local part nobody told us.
func (q *Query) knows(letter byte) bool {
	switch letter {
	case 'l', 's':
		return q.MailFrom == "" && q.HELO != "" || strings.IndexByte(q.MailFrom, '@') >= 0
	case 'h':
		return q.HELO != ""
	}
	return true
}

// ProblemKind says why an evaluation ended in an error.
type ProblemKind string

// The problems. All but ProblemDNS are permanent errors.
const (
	ProblemDNS         ProblemKind = "dns"               // a question stayed without an answer: temperror
	ProblemSyntax      ProblemKind = "syntax"            // the record has faults
	ProblemMultiple    ProblemKind = "multiple-records"  // RFC 7208 §4.5
	ProblemLookups     ProblemKind = "too-many-lookups"  // RFC 7208 §4.6.4
	ProblemVoid        ProblemKind = "too-many-voids"    // RFC 7208 §4.6.4
	ProblemNames       ProblemKind = "too-many-mx-hosts" // RFC 7208 §4.6.4
	ProblemIncludeNone ProblemKind = "include-none"      // RFC 7208 §5.2
	ProblemRedirect    ProblemKind = "redirect-none"     // RFC 7208 §6.1
)

// Problem says where an evaluation ended in an error.
type Problem struct {
	Kind   ProblemKind
	Domain string // whose record it is about
	Term   string // the term under evaluation, or the faulty text
}

// String is the problem in one line: "too-many-lookups: mx (example.test)".
func (p Problem) String() string {
	if p.Kind == "" {
		return ""
	}
	s := string(p.Kind)
	if p.Term != "" {
		s += ": " + p.Term
	}
	if p.Domain != "" {
		s += " (" + p.Domain + ")"
	}
	return s
}

// Evaluation is what check_host() found.
type Evaluation struct {
	Result      Result
	Mechanism   string   // the term that decided, as written; "default" when none matched, empty without a record
	Domain      string   // whose record holds that term: differs from the domain asked after a redirect
	Trail       []string // the terms that led there from the outside in: redirect=…, include:…, ip4:…
	Explanation string   // of the domain's owner, for fail only: foreign text (RFC 7208 §6.2)
	Lookups     int      // terms that asked DNS
	VoidLookups int      // terms that found nothing, as RFC 7208 §4.6.4 counts
	VoidAnswers int      // answers without records, as the strictest receivers count
	VoidTerms   []string // the terms that they were for
	Needs       string   // the macro letters that decide and that the query leaves open; then there is no Result
	Problem     Problem
	// behind a temperror; or of a ptr question, which RFC 7208 §5.5 passes over: then the result is what a receiver sees who fails alike
	Err error
}

// IsSPF reports whether a TXT record is an SPF record: the version is followed
// by a space or by nothing (RFC 7208 §4.5), in any case (§12).
func IsSPF(txt string) bool {
	return len(txt) >= 6 && strings.EqualFold(txt[:6], "v=spf1") && (len(txt) == 6 || txt[6] == ' ')
}

// pick picks the SPF records out of a TXT answer (RFC 7208 §4.5): the first
// one, and how many there are.
func pick(a *resolve.Answer) (record string, n int) {
	for i := range a.Records {
		if IsSPF(a.Records[i].Text) {
			if n++; n == 1 {
				record = a.Records[i].Text
			}
		}
	}
	return record, n
}

// askable reports whether a name has a form that DNS can be asked for
// (RFC 1035 §2.3.4). RFC 7208 §4.8 lets such a term match nothing.
func askable(name string) bool {
	if len(name) == 0 || len(name) > 253 {
		return false
	}
	label := 0
	for i := range len(name) {
		switch c := name[i]; {
		case c == '.':
			if label == 0 {
				return false
			}
			label = 0
		case c >= 0x80: // RFC 8616 §4: a local part outside ASCII matches nothing
			return false
		default:
			if label++; label > 63 {
				return false
			}
		}
	}
	return label > 0
}

// checkable reports whether a domain can have a policy at all.
// RFC 7208 §4.3: not when it is malformed or has one label only.
func checkable(domain string) bool {
	return askable(domain) && strings.IndexByte(domain, '.') > 0 && domain[0] != '['
}
