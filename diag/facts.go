package diag

import (
	"todoku/diag/spf"
)

// Facts is what a check saw: one of the types of this file.
type Facts interface{ facts() }

func (*SPFFacts) facts()     {}
func (*DKIMFacts) facts()    {}
func (*DMARCFacts) facts()   {}
func (*MXFacts) facts()      {}
func (*PTRFacts) facts()     {}
func (*AddressFacts) facts() {}
func (*SMTPFacts) facts()    {}

// SPFFacts is what the SPF check saw (RFC 7208). Slices are never nil.
type SPFFacts struct {
	Domain      string          `json:"domain"` // whose record it is
	Record      string          `json:"record"` // "" when there is none
	Result      string          `json:"result"` // of the first evaluation; without one: none, permerror or temperror where the record itself decides, else ""
	Explanation string          `json:"explanation"`
	Lookups     int             `json:"lookups"`      // of the whole tree, also beyond the limit
	VoidLookups int             `json:"void_lookups"` // of the whole tree
	Includes    int             `json:"includes"`     // include terms, nested ones counted
	Mechanism   string          `json:"mechanism"`    // that decided the first evaluation
	TTL         uint32          `json:"ttl"`
	Services    []string        `json:"services"` // who is known to send by what the tree includes
	Tree        []*spf.Node     `json:"tree"`
	Evaluations []SPFEvaluation `json:"evaluations"`
	Cut         bool            `json:"cut"`     // the tree is larger than we look: the counts are lower bounds
	Cheaper     []SPFStep       `json:"cheaper"` // how the record gets under the limit, step by step; empty unless it is over
}

// SPFEvaluation is check_host() for one address.
type SPFEvaluation struct {
	IP          string   `json:"ip"`
	MailFrom    string   `json:"mail_from"`
	HELO        string   `json:"helo"`
	Result      string   `json:"result"`
	Mechanism   string   `json:"mechanism"` // "default" when nothing matched
	Domain      string   `json:"domain"`    // whose record held the mechanism
	Trail       []string `json:"trail"`     // the terms that led to the result, from the outside in
	Explanation string   `json:"explanation"`
	Lookups     int      `json:"lookups"`
	VoidLookups int      `json:"void_lookups"`
	Problem     string   `json:"problem"` // why it is permerror or temperror
}

// SPFStep is one change that makes a record cheaper and keeps its meaning.
type SPFStep struct {
	Action string `json:"action"` // "merge", "drop", "flatten"
	Term   string `json:"term"`
	Saves  int    `json:"saves"`
	Record string `json:"record"` // after this step
}

// DKIMFacts is what the DKIM check saw of a domain's keys (RFC 6376 §3.6).
type DKIMFacts struct {
	Selectors []DKIMSelector `json:"selectors"`
	Probed    int            `json:"probed"` // selectors asked for
}

// DKIMSelector is one key record that was found.
type DKIMSelector struct {
	Selector string   `json:"selector"`
	Domain   string   `json:"domain"`
	Source   string   `json:"source"` // "given", "well-known", "provider:NAME"
	KeyType  string   `json:"key_type"`
	KeyBits  int      `json:"key_bits"`
	Flags    []string `json:"flags"`
	Revoked  bool     `json:"revoked"`
	Testing  bool     `json:"testing"`
	CNAME    string   `json:"cname"` // last name of the alias chain, or ""
	Provider string   `json:"provider"`
	Record   string   `json:"record"`
	TTL      uint32   `json:"ttl"`
}

// DMARCFacts is what the DMARC check saw (RFC 9989).
type DMARCFacts struct {
	Record            string        `json:"record"`
	Domain            string        `json:"domain"`     // where the record was found
	OrgDomain         string        `json:"org_domain"` // by the tree walk
	PSLOrgDomain      string        `json:"psl_org_domain"`
	PSLRecord         string        `json:"psl_record"` // what an RFC 7489 reader finds
	PSLPolicy         string        `json:"psl_policy"`
	Policy            string        `json:"policy"`
	SubdomainPolicy   string        `json:"subdomain_policy"`
	NonexistentPolicy string        `json:"nonexistent_policy"`
	Testing           bool          `json:"testing"`
	AlignmentSPF      string        `json:"aspf"`  // "relaxed" or "strict"
	AlignmentDKIM     string        `json:"adkim"` //
	RUA               []string      `json:"rua"`
	RUF               []string      `json:"ruf"`
	TTL               uint32        `json:"ttl"`
	Result            string        `json:"result"` // pass, fail, none, temperror, permerror; "" without an evaluation
	From              string        `json:"from"`
	SPFAligned        bool          `json:"spf_aligned"`
	DKIMAligned       bool          `json:"dkim_aligned"`
	AppliedPolicy     string        `json:"applied_policy"`
	Queries           []string      `json:"queries"` // the names that the tree walk asks, in order
	Walk              []DMARCStep   `json:"walk"`    // what came of each
	Reports           []DMARCReport `json:"reports"`
}

// DMARCStep is one step of the tree walk (RFC 9989 §4.10).
type DMARCStep struct {
	Name   string `json:"name"`   // _dmarc.example.test
	Status string `json:"status"` // "record", "none", "several", "error"
	Record string `json:"record"`
}

// DMARCReport is one destination of reports (RFC 9990 §4).
type DMARCReport struct {
	Tag        string `json:"tag"` // rua or ruf
	URI        string `json:"uri"`
	Domain     string `json:"domain"`
	External   bool   `json:"external"`
	Authorised string `json:"authorised"` // "yes", "no", "unknown", "not needed"
	Receives   string `json:"receives"`   // "yes", "no", "unknown": can the domain receive mail
}

// MXFacts is how mail to the domain is routed (RFC 5321 §5.1).
type MXFacts struct {
	Hosts    []MXHost `json:"hosts"` // by preference
	NullMX   bool     `json:"null_mx"`
	Implicit bool     `json:"implicit"` // no MX: the domain's own address
	Provider string   `json:"provider"` // who runs the mail hosts, "" when unknown
	TTL      uint32   `json:"ttl"`
}

// MXHost is one host that takes mail.
type MXHost struct {
	Host       string   `json:"host"`
	Preference int      `json:"preference"`
	Addresses  []string `json:"addresses"`
}

// PTRFacts is the reverse DNS of the addresses that matter.
type PTRFacts struct {
	Addresses []PTRAddress `json:"addresses"`
}

// PTRAddress is the reverse DNS of one address (RFC 1912 §2.1).
type PTRAddress struct {
	Address   string   `json:"address"`
	Source    string   `json:"source"` // "ip" (a sending address) or the MX host
	Names     []string `json:"names"`
	Confirmed []string `json:"confirmed"` // names whose addresses hold this one
}

// AddressFacts is the recipient's address.
type AddressFacts struct {
	Address    string `json:"address"`
	Local      string `json:"local"`
	Domain     string `json:"domain"`
	Suggestion string `json:"suggestion"` // what was probably meant, or ""
}

// SMTPFacts is what the servers said that take a domain's mail.
type SMTPFacts struct {
	Hosts   []SMTPHost `json:"hosts"`
	Reached bool       `json:"reached"` // one of them at least
	Vantage string     `json:"vantage"` // what is wrong with our own view, or ""
}

// SMTPHost is a visit to one address of one host.
type SMTPHost struct {
	Host      string     `json:"host"`
	Address   string     `json:"address"`
	Banner    string     `json:"banner"`
	EHLO      []string   `json:"ehlo"`
	STARTTLS  bool       `json:"starttls"`
	TLS       *SMTPTLS   `json:"tls"` // null without
	Verified  bool       `json:"verified"`
	Stage     string     `json:"stage"` // how far it got
	Reply     string     `json:"reply"` // the last one
	Error     string     `json:"error"` // why there was no reply, or ""
	Rcpt      []SMTPRcpt `json:"rcpt"`
	ElapsedMS int64      `json:"elapsed_ms"`
}

// SMTPTLS is the encryption with a host.
type SMTPTLS struct {
	Version  string   `json:"version"`
	Cipher   string   `json:"cipher"`
	Names    []string `json:"certificate_names"`
	Expires  string   `json:"expires"`
	Verified bool     `json:"verified"`
	Problem  string   `json:"problem"`
}

// SMTPRcpt is what a host says to a recipient.
type SMTPRcpt struct {
	To     string `json:"to"`
	Reply  string `json:"reply"`
	Reason string `json:"reason"` // of codes
}
