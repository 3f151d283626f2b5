// Package diag is the engine of the checks: it runs them and collects their results.
//
// A Check has a name, rules and a function Run. Run of this package runs all checks of one Target side by side and returns
// a Report with a Result for each; RunAll does so for many targets. A check asks DNS and mail servers through its Pass and
// reports a Finding for each Rule that is broken: where, with which data and evidence. What is wrong with the domain is a
// finding. What could not be found out, because of DNS, the network or a bound of todoku, is the Err of the result and
// never a finding. The status of a result follows from its findings and its error; nobody sets it.
//
// The checks themselves are in diag/check, the protocols in diag/spf, diag/dkim and diag/dmarc.
package diag

import (
	"context"
	"crypto/x509"
	"slices"
	"time"

	"todoku/codes"
	"todoku/diag/probe"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// Status orders what a result can be: pass < info < warn < unknown < fail.
type Status uint8

// The statuses, in order.
const (
	OK Status = iota // "pass"
	Info
	Warn
	Unknown
	Fail
)

// Severity is the status that a broken rule gives: Info, Warn or Fail.
type Severity = Status

var statusNames = [...]string{"pass", "info", "warn", "unknown", "fail"}

func (s Status) String() string { return statusNames[s] }

// MarshalText gives the word used in JSON.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Owner is who can mend a finding: one of those of codes.
type Owner = codes.Owner

// The owners of findings.
const (
	OwnerDNS       = codes.OwnerDNS
	OwnerESP       = codes.OwnerESP
	OwnerMail      = codes.OwnerMail
	OwnerNetwork   = codes.OwnerNetwork
	OwnerSender    = codes.OwnerSender
	OwnerRecipient = codes.OwnerRecipient
)

// Rule is one thing that can be wrong. Rules are immutable; an ID is for ever.
// Says, Why and Fix are templates over the finding's data: "{lookups}".
type Rule struct {
	ID             string
	Severity       Severity
	Says, Why, Fix codes.Text
	Ref            string   // "RFC 7208 §4.6.4"
	Owner          Owner    // who changes it
	Codes          []string // delivery codes and enhanced codes that it causes: "42553", "5.7.26"
	Writing        *Advice  // for somebody who writes to the domain, where that differs
}

// Advice is why something matters to its reader, and what to do.
type Advice struct {
	Why, Fix codes.Text
	Owner    Owner
}

// Check asks about one side of a domain and judges the answers.
type Check struct {
	Name  string
	Title codes.Text
	Rules []*Rule
	Run   func(context.Context, *Pass) error
	Brief bool // not what the report is about: one line is enough for people while nothing is wrong
}

// Evidence is what was seen.
type Evidence struct {
	Kind   string        `json:"kind"` // "dns"
	Name   string        `json:"name"`
	Type   string        `json:"type"`
	Value  string        `json:"value"`            // "" with a Type: nothing was there
	TTL    uint32        `json:"ttl"`              // seconds until a change is seen everywhere
	Place  resolve.Place `json:"place,omitzero"`   // in a zone file, "FILE:LINE"
	Server string        `json:"server,omitempty"` // the name server that was asked itself; "" where a resolver was
}

// Record is what should be published, ready to paste. The report splits a
// long TXT value at 255 octets (RFC 1035 §3.3.14).
type Record struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value"`
}

// Finding is one broken rule at one place: data, never prose.
type Finding struct {
	Rule     *Rule
	Subject  string // the name, address or selector that it is about
	Data     codes.Data
	Evidence []Evidence
	Records  []Record
	Writing  bool      // it is told to somebody who writes to the domain, not to those who run it
	Excepted *Excepted // an exception is about it; nil: none is
}

// Advice is what the finding tells its reader.
func (f Finding) Advice() Advice {
	a := Advice{f.Rule.Why, f.Rule.Fix, f.Rule.Owner}
	switch {
	case !f.Writing:
	case f.Rule.Writing != nil:
		return *f.Rule.Writing
	case a.Owner == OwnerDNS:
		a.Owner = OwnerRecipient
	}
	return a
}

// TTL is for how many seconds at most the answers that show it are remembered.
func (f Finding) TTL() (ttl uint32) {
	for _, e := range f.Evidence {
		ttl = max(ttl, e.TTL)
	}
	return ttl
}

// Facts is what a check saw, whatever it thinks of it. Each check has its own type, which becomes JSON as it is.
type Facts interface {
	Lines() []Line // the same for people, in the order of a report; none: there is nothing to tell
}

// Looked is for facts that may be of nothing: it reports whether there was something to look at.
type Looked interface{ Looked() bool }

// Unseen is for facts of checks that may leave out a part without an error, such as a visit that nobody asked for: it reports
// whether a finding of a rule about a subject could be there and not have been seen.
type Unseen interface {
	Unseen(rule, subject string) bool
}

// Result is what one check found. Facts is of the check's own type; it is present beside an error too.
type Result struct {
	Check    *Check
	Facts    Facts
	Findings []Finding
	Err      error
}

// Status is the worst of the findings that are not ignored, or Unknown where something could not be
// looked up and nothing failed. Where there was nothing to look at, nothing passes.
func (r Result) Status() Status {
	s := OK
	if !r.Looked() {
		s = Info
	}
	if r.Err != nil {
		s = Unknown
	}
	for _, f := range r.Findings {
		if !f.Ignored() {
			s = max(s, f.Rule.Severity)
		}
	}
	return s
}

// Looked reports whether the check had something to look at.
func (r Result) Looked() bool {
	f, may := r.Facts.(Looked)
	return !may || f.Looked()
}

// Found lists the findings that broke one of some rules.
func (r *Result) Found(rules ...*Rule) []Finding {
	var out []Finding
	for _, f := range r.Findings {
		if slices.Contains(rules, f.Rule) {
			out = append(out, f)
		}
	}
	return out
}

// Has reports whether one of some rules is broken.
func (r *Result) Has(rules ...*Rule) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return slices.Contains(rules, f.Rule) })
}

// Target is what a report is about.
type Target struct {
	Kind  string `json:"kind"`  // "domain"
	Name  string `json:"name"`  // as people write it: 例え.test
	ASCII string `json:"ascii"` // as DNS knows it: xn--r8jz45g.test
}

// Queries counts the questions of one report.
type Queries struct {
	Sent   int `json:"sent"`   // messages that went out, repeats over TCP included
	Unique int `json:"unique"` // distinct questions of name and type
}

// Report is everything that was found about a target.
type Report struct {
	Target  Target
	Started time.Time
	Elapsed time.Duration
	Results []Result
	Queries Queries
	Since   *Since  // where it was compared with a baseline: its findings are those that are new or changed
	WhatIf  *WhatIf // where it is of a world with a change that is only meant
}

// Since is what is otherwise than a baseline has it.
type Since struct {
	New     int    `json:"new"`     // findings that were not there
	Changed int    `json:"changed"` // that say something else
	Same    int    `json:"same"`    // that were there, and are not told again
	Mended  []Gone `json:"mended"`
}

// Gone is a finding that was there and is not there any more.
type Gone struct {
	Check   string `json:"check"`
	Rule    string `json:"rule"`
	Subject string `json:"subject"`
}

// Status is the worst status of all results.
func (r *Report) Status() Status {
	s := OK
	for _, res := range r.Results {
		s = max(s, res.Status())
	}
	return s
}

// FactsOf finds the result whose facts are of a type, with these facts; nil where no check with such facts ran.
func FactsOf[F Facts](r *Report) (*Result, F) {
	for i := range r.Results {
		if f, is := r.Results[i].Facts.(F); is {
			return &r.Results[i], f
		}
	}
	var none F
	return nil, none
}

// Env is the world that checks may ask.
type Env struct {
	DNS       resolve.Resolver
	Now       func() time.Time
	Providers *provider.Catalogue  // nil: nobody is recognised
	SMTP      *probe.Run           // nil: no mail server is asked
	Direct    *resolve.Direct      // nil: no name server is asked itself
	Web       *probe.Web           // nil: no web server is asked
	MarkRoots *x509.CertPool       // that sign certificates of marks (BIMI); nil: nobody said which
	Lists     []string             // zones of the lists that are asked where nobody names one; nil: those that are known as public
	Seen      func(resolve.Answer) // gets each answer of DNS, perhaps several times, from several goroutines; nil: nobody wants them
	Eager     bool                 // ask in the first round trip what may turn out needless: fewer trips, more questions
}

// Pass is one run of one check on one target. A check runs in one goroutine
// with its Pass; it reports only from that goroutine.
type Pass struct {
	Env
	Target Target
	result *Result
}

// Domain is the target's name as DNS knows it.
func (p *Pass) Domain() string { return p.Target.ASCII }

// Writing reports whether the reader writes to the domain and does not run it.
func (p *Pass) Writing() bool { return p.Target.Kind == "address" }

// Facts sets what the check has seen, whatever it thinks of it.
func (p *Pass) Facts(f Facts) { p.result.Facts = f }

// Report adds a finding and returns it, to hang evidence and records on before
// the next call.
func (p *Pass) Report(r *Rule, subject string, data ...codes.Datum) *Finding {
	p.result.Findings = append(p.result.Findings, Finding{Rule: r, Subject: subject, Data: data, Writing: p.Writing()})
	return &p.result.Findings[len(p.result.Findings)-1]
}

// Reported is how many findings the check has reported so far.
func (p *Pass) Reported() int { return len(p.result.Findings) }

// Finding is the finding that was reported as the i-th of the check, counted from 0.
func (p *Pass) Finding(i int) *Finding { return &p.result.Findings[i] }

// Saw adds what DNS answered as evidence.
func (f *Finding) Saw(a resolve.Answer) *Finding {
	f.Evidence = append(f.Evidence, Seen(a)...)
	return f
}

// Seen is what DNS answered as evidence: one for each record, or one without a value where there was none.
func Seen(a resolve.Answer) []Evidence {
	if len(a.Records) == 0 {
		return []Evidence{{Kind: "dns", Name: a.Name, Type: a.Type.String()}}
	}
	var out []Evidence
	for _, r := range a.Records {
		out = append(out, Evidence{Kind: "dns", Name: a.Name, Type: a.Type.String(), Value: r.Value(a.Type), TTL: r.TTL, Place: a.Place(r)})
	}
	return out
}

// Publish adds a record that mends the finding.
func (f *Finding) Publish(name, typ, value string) *Finding {
	f.Records = append(f.Records, Record{Name: name, Type: typ, Value: value})
	return f
}
