package aggregate

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Report is a report, or a part of a long one. One of DMARC and TLS is set; where both are nil, Faults tell of something
// that gave no report. The caller may keep it.
//
// The rows of a long report come in parts of at most MaxRows rows: Part counts from 0, More says that another part of the same
// report follows. Each part has the whole head, so rows may be summed up without a look at the parts. Faults are those of
// this part. What stands behind the rows, such as a generator at the end, is in the last part only.
type Report struct {
	DMARC  *DMARC
	TLS    *TLS
	Place  Place
	Faults []Fault // what was odd and how it was read
	Part   int
	More   bool
}

// MaxRows is the number of rows of one part of a report.
const MaxRows = 5000

// Lost reports whether something is missing from what was read.
func (r *Report) Lost() bool {
	for i := range r.Faults {
		if r.Faults[i].Lost {
			return true
		}
	}
	return false
}

// Place is where a report stood.
type Place struct {
	File   string   // the name of the input
	Mail   int      // which mail of a mailbox file, from 1; 0 where it is none
	Inside []string // what was opened within, the outer first: "report.zip", "report.xml"
}

// String is the place on one line: "all.mbox#3/report.zip/report.xml". The names come from outside.
func (p Place) String() string {
	s := p.File
	if p.Mail > 0 {
		s += "#" + strconv.Itoa(p.Mail)
	}
	for _, name := range p.Inside {
		s += "/" + name
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// DMARC is an aggregate report (RFC 7489 Appendix C, RFC 9990 §3). Texts are as they stand, without blanks around
// them; "" where the report does not tell. Domains and results are in lower case.
type DMARC struct {
	Org, Email, Contact, ID, Generator, Version string
	Namespace                                   string // of XML; told only, it decides nothing
	Begin, End                                  time.Time
	Errors                                      []string
	Policy                                      Policy
	Rows                                        []Row
}

// Policy is what the domain published, as the reporter saw it.
type Policy struct {
	Domain                              string
	P, SP, NP, ADKIM, ASPF, Pct, Fo     string
	Testing, Discovery, VersionReported string // t= ("y", "n"), "psl" or "treewalk", version_published of RFC 9990
}

// Row is a number of mails that share everything that is told of them.
type Row struct {
	Source            netip.Addr // invalid where the report has none that can be read
	Count             int64      // mails, 0 to MaxCount
	Disposition       string     // none, quarantine, reject; of RFC 9990 also pass
	DKIM, SPF         string     // pass or fail, with alignment
	Overrides         []Override
	HeaderFrom        string
	EnvelopeFrom      string
	EnvelopeTo        string
	DKIMResults       []DKIMResult
	SPFResults        []SPFResult
	HasIdentifiers    bool // false: an element "identifiers" is missing
	HasAuthentication bool // false: an element "auth_results" is missing, so nothing is known of SPF and DKIM themselves
}

// MaxCount bounds the mails of a row. A larger number is a fault, and its row is not counted.
const MaxCount = 1_000_000_000_000

// Override is why a receiver did something other than the policy says.
type Override struct{ Type, Comment string }

// DKIMResult is the result of one signature, without alignment.
type DKIMResult struct{ Domain, Selector, Result, Human string }

// SPFResult is the result of SPF, without alignment. Scope is "mfrom" or "helo"; "" where the report does not tell.
type SPFResult struct{ Domain, Scope, Result, Human string }

// TLS is a report about TLS (RFC 8460 §4). Texts are as they stand; "" where the report does not tell.
type TLS struct {
	Org, Contact, ID string
	Begin, End       time.Time
	Policies         []TLSPolicy
}

// TLSPolicy is what was met under one policy of a domain.
type TLSPolicy struct {
	Type             string // "tlsa", "sts", "no-policy-found"
	Domain           string
	Strings, MXHosts []string
	Successful       int64 // sessions
	Failed           int64 // sessions
	Failures         []TLSFailure
}

// TLSFailure is a number of sessions that failed in one way.
type TLSFailure struct {
	ResultType    string
	SendingIP     netip.Addr // invalid where it is not told
	ReceivingHost string
	ReceivingHELO string
	ReceivingIP   netip.Addr // invalid where it is not told
	Count         int64      // sessions, 0 to MaxCount
	Info, Code    string
}
