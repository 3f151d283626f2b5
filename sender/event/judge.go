package event

import (
	"cmp"
	"strings"

	"todoku/codes"
)

// Bounds of what a judge remembers. What is full is emptied: what is needed comes again.
const (
	maxRulings   = 8192
	maxProviders = 8192
	maxShape     = 4096 // octets of a shape; longer words are judged each time
)

// Judge says what events mean. Words of one shape mean the same, so each shape is judged once. It is not safe for concurrent use.
type Judge struct {
	codes      *codes.Catalogue
	providerOf func(domain string) string
	ofHost     map[string]string // the provider of a host; "" where none is known
	ofDomain   map[string]string // and of a recipient's domain
	rulings    map[string]*ruling
	shaper     shaper
	words      map[string]bool // of the rules; made when it is needed
}

// NewJudge makes a judge. providerOf gives the id of the provider that keeps the mailboxes of a domain, "" where none is
// known; it is asked where the server's name tells none.
func NewJudge(c *codes.Catalogue, providerOf func(domain string) string) *Judge {
	j := &Judge{codes: c, providerOf: providerOf, ofHost: map[string]string{}, ofDomain: map[string]string{},
		rulings: map[string]*ruling{}}
	j.shaper.keep = j.isRuleWord
	return j
}

// Judge fills in Provider; of what did not arrive also Verdict, and what the words tell: Reply, Stage, End, RemoteMTA, Decided.
func (j *Judge) Judge(e *Event) {
	domain := domainOf(e.Recipient)
	host := j.hostProvider(e.RemoteMTA)
	if host != "" && !e.Action.Trouble() {
		e.Provider = host
		return
	}
	mailbox := j.domainProvider(domain)
	if !e.Action.Trouble() {
		e.Provider = mailbox
		return
	}
	words := e.Diagnostic
	given := len(e.Reply.Lines) > 0
	if given {
		words = strings.Join(e.Reply.Lines, "\n")
	}
	j.shapeOf(e, words, domain)
	cuts := j.shaper.cuts
	key := appendKey(j.shaper.text, e, given, cmp.Or(host, e.hostless(mailbox)))
	j.shaper.text = key
	r := j.rulings[string(key)]
	if r == nil {
		r = j.rule(e, given, mailbox != "", cuts)
		if len(key) <= maxShape {
			if len(j.rulings) >= maxRulings {
				clear(j.rulings)
			}
			j.rulings[string(key)] = r
		}
	}
	r.apply(e, given, cuts)
	if e.RemoteMTA == "" { // nobody but the address says whose server it was
		e.Provider = mailbox
		if r.verdict.Reason.Class != codes.ClassHostUnknown { // whose words are those of a server on the way
			e.Provider = cmp.Or(mailbox, r.verdict.Provider)
		}
		return
	}
	e.Provider = cmp.Or(r.verdict.Provider, host, mailbox)
}

// shapeOf cuts what is of this mail alone out of the words.
func (j *Judge) shapeOf(e *Event, words, domain string) {
	s := &j.shaper
	s.hosts = append(s.hosts[:0], e.RemoteMTA, domain, domainOf(e.From), domainOf(e.OriginalRecipient), e.ReportingMTA)
	s.local = strings.TrimSuffix(e.Recipient[:max(len(e.Recipient)-len(domain), 0)], "@")
	s.shape(words)
}

// appendKey adds to a shape what else decides.
func appendKey(key []byte, e *Event, given bool, provider string) []byte {
	for _, s := range [...]string{string(e.Action), string(e.Stage), string(e.End), e.Format, provider} {
		key = append(append(key, '\n'), s...)
	}
	st := e.Reply.Enhanced
	key = append(key, '\n', byte(e.Reply.Code), byte(e.Reply.Code>>8), byte(st.Class), byte(st.Subject), byte(st.Subject>>8),
		byte(st.Detail), byte(st.Detail>>8))
	if given {
		key = append(key, 1)
	}
	if e.RemoteMTA == "" {
		key = append(key, 2)
	}
	return key
}

// hostless is the provider of the mailbox where no server is named: only then it is heard when the words are judged.
func (e *Event) hostless(mailbox string) string {
	if e.RemoteMTA != "" {
		return ""
	}
	return mailbox
}

// hostProvider is the provider whose server a host is.
func (j *Judge) hostProvider(host string) string {
	if host == "" {
		return ""
	}
	id, known := j.ofHost[host]
	if !known {
		id = j.codes.ProviderOfHost(host)
		remember(j.ofHost, host, id)
	}
	return id
}

// domainProvider is the provider that keeps the mailboxes of a domain.
func (j *Judge) domainProvider(domain string) string {
	if domain == "" {
		return ""
	}
	id, known := j.ofDomain[domain]
	if !known {
		id = cmp.Or(j.codes.ProviderOfHost(domain), j.providerOf(strings.ToLower(domain)))
		remember(j.ofDomain, domain, id)
	}
	return id
}

func remember(m map[string]string, name, id string) {
	if len(m) >= maxProviders {
		clear(m)
	}
	m[strings.Clone(name)] = id
}

// domainOf is what stands behind the last @ of an address.
func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// isRuleWord reports whether a rule may look for a word, which is then no name to cut out.
func (j *Judge) isRuleWord(word string) bool {
	if j.words == nil {
		j.words = map[string]bool{}
		for _, r := range j.codes.Rules() {
			for w := range strings.FieldsFuncSeq(r.Match, func(c rune) bool { return c < 'a' || c > 'z' }) {
				j.words[w] = true
			}
		}
	}
	low := strings.ToLower(word)
	return len(low) < 3 || j.words[low] || j.words[strings.TrimSuffix(low, "s")]
}
