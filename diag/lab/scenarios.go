package lab

import (
	"slices"
	"strings"
	"sync"

	"todoku/codes"
)

// Scenario is one documented situation and the way to meet it.
type Scenario struct {
	Group        string        // its id, one of ScenarioGroups
	Name         string        // of the domain that shows it
	Situation    codes.Text    //
	DeliveryCode string        // that it leads to, "" where none is documented
	Reason       string        // of codes, that the server's reply tells, where there is one
	Address      string        // of the recipient, where there is one
	Command      codes.Command // to type
	Rules        []string      // the findings, other than what the healthy domain has: none
}

// sender is where the lab's domains send from; its name is confirmed.
const sender = "192.0.2.7"

// situation is a scenario with what its zone has in place of the healthy lines.
type situation struct {
	group                string
	name, code           string
	en, ja               string
	rules                string   // blank-separated
	args                 []string // "{}" is the domain; nil means check domain NAME
	ns                   string   // the name servers
	mx, spf, dkim, dmarc string   // zone lines; "" keeps the healthy ones, none removes them
	extra                string   // more zone lines, absolute or of the domain
	absent               bool     // the domain has no zone at all
	unsigned             bool     // its zone is not signed
	sts                  *stsPage // what its web server says of the MTA-STS policy; nil: there is none
}

// ownServers are the name servers of a zone of the lab. Its addresses are nsOne and nsTwo, and those of the zone above regOne
// and regTwo.
const (
	ownServers = "@ NS ns1.lab.test.\n@ NS ns2.lab.test."
	nsOne      = "192.0.2.53"
	nsTwo      = "198.51.100.53"
	regOne     = "192.0.2.4"
	regTwo     = "203.0.113.4"
)

// none leaves a part of the zone out.
const none = ";"

// The public keys of the lab. The private half of rsa2048 is in keys.go; of the others nobody has it.
const (
	rsa2048 = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4hvv45PJQ4wA8k6sj4BR+bRz4N0lNirAFgfLBxi5twFLeODlN7tbEsMoV8ROW" +
		"Rp0KrqIJ/9l/2z0j2RYdBhFjGEkFbPnhqsLS4st51bV/JEtssFpt6+68FZh5cf4fH84F1s9A8XKnQfwx1vTWMMLJfFonKl/l8a76Qq5c1u8koW" +
		"/8j5hrqS/YgsY1FKNwN7W8ZoB5wV6xTuT+0T6Lxe69RoZFaZjIZZumrU80qo+6i4QD+MHyyq5mlcIehWwYm6WBA2Gn0T+k/80TLkRDIOYCCTR9" +
		"9fS5LMRNXNK9UBCmFMQqX9XyqPkmuUalfYVUwZW3t34xA1vOdAF6QwAY1fUdwIDAQAB"
	rsa1024 = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCaxMhW/EBdSKNJm6h1nHeu5RPDv+6h84yj9TaGKDOVa/PUkCgzdgTmx5MedNZ2uZPT5" +
		"VgvlJXdMzhNwgz13ONZ5AXk+yiHOTHWFPfRaqQREZbtSWNWwJ0mlF3eqnIy/OB18clCE7K/LJ8UKSIt2LkbNGTrcxrMn20fSc+kEoDaGQIDAQAB"
	rsa512 = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAM/Aq4FU72TLLO413OEpX336p5nK4BPRMzNetN/DP3nRvA1Wh5qoG6wEL/C7l4qQYL3FW7qkH" +
		"VZkKkTswxWcy/kCAwEAAQ=="
	ed25519 = "GFNSj0DLrPEVvJ5RpUvkExstdjUCwTgOjqus6/+R3c8="
)

// keyLine is the zone line of a key, in strings of at most 255 octets.
func keyLine(selector, record string) string {
	return selector + "._domainkey TXT" + quoted(record)
}

// sharedZone is what all domains of the lab share: mail hosts, sending services,
// and the reverse names of their addresses.
const sharedZone = `$TTL 300
test.    NS    a.reg.lab.test.
test.    NS    b.reg.lab.test.
$ORIGIN lab.test.
@        NS    ns1
@        NS    ns2
ns1      A     192.0.2.53
ns2      A     198.51.100.53
ns3      A     203.0.113.53
near     A     192.0.2.54
a.reg    A     192.0.2.4
b.reg    A     203.0.113.4
@        MX    10 mx1
mx1      A     192.0.2.25
mx1      AAAA  2001:db8::25
mx2      A     192.0.2.26
mail     A     192.0.2.27
plain    A     192.0.2.28
out      A     192.0.2.7
$SECURE  lab.test
$TLSA    _25._tcp.mx1.lab.test 3 1 1 leaf mx1.lab.test
$TLSA    _25._tcp.mx2.lab.test 3 1 1 leaf mx2.lab.test
_25._tcp.mx1 TLSA 3 1 1 5c1f4a6de2b0937788e1d0c95a3bf2476e9013d8ca57b46f20819cde34a7f65b ; of the next key
_25._tcp.mx2 TLSA 3 1 1 5c1f4a6de2b0937788e1d0c95a3bf2476e9013d8ca57b46f20819cde34a7f65b
_spf     TXT   "v=spf1 ip4:198.51.100.0/24 -all"
out66    A     192.0.2.66
out67    A     192.0.2.67
out68    A     192.0.2.68
*._report._dmarc TXT "v=DMARC1"
$ORIGIN esp.test.
@        NS    ns1.lab.test.
@        NS    ns2.lab.test.
@        MX    10 mx1.lab.test.
@        TXT   "v=spf1 include:_spf.esp.test -all"
_spf     TXT   "v=spf1 include:a._spf.esp.test include:b._spf.esp.test -all"
a._spf   TXT   "v=spf1 ip4:203.0.113.0/26 -all"
b._spf   TXT   "v=spf1 ip4:203.0.113.64/26 -all"
$ORIGIN crm.test.
@        NS    ns1.lab.test.
@        NS    ns2.lab.test.
@        MX    10 mx1.lab.test.
_spf     TXT   "v=spf1 include:c._spf.crm.test a:m1.crm.test a:m2.crm.test a:m3.crm.test -all"
c._spf   TXT   "v=spf1 ip4:203.0.113.128/26 -all"
m1       A     203.0.113.201
m2       A     203.0.113.202
m3       A     203.0.113.203
$ORIGIN reports.test.
@        MX    10 mx1.lab.test.
@        TXT   "v=spf1 -all"
$ORIGIN nomail.test.
@        MX    0 .
*._report._dmarc TXT "v=DMARC1"
$ORIGIN 2.0.192.in-addr.arpa.
25       PTR   mx1.lab.test.
26       PTR   mx2.lab.test.
28       PTR   plain.lab.test.
7        PTR   out.lab.test.
9        PTR   elsewhere.lab.test.
66       PTR   out66.lab.test.
67       PTR   out67.lab.test.
68       PTR   out68.lab.test.
10       PTR   p192-0-2-10.isp.test.
$FAULT 11.2.0.192.in-addr.arpa. * SERVFAIL
$ORIGIN isp.test.
p192-0-2-10 A  192.0.2.10
$ORIGIN ip6.arpa.
5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2 PTR mx1.lab.test.
`

// Scenarios lists what the lab can show, the healthy domain first.
func Scenarios() []Scenario {
	var out []Scenario
	for _, p := range situations() {
		domain := p.name + ".test"
		args := p.args
		if args == nil {
			args = []string{"check", "domain", "{}"}
		}
		s := Scenario{Group: p.group, Name: domain, Situation: codes.Text{EN: p.en, JA: p.ja}, DeliveryCode: p.code,
			Command: typed(args, domain).In(inLab()), Rules: strings.Fields(p.rules)}
		out = append(out, s)
	}
	return out
}

// typed is a command of the lab. Its words are our own; "{}" stands for a domain.
func typed(args []string, domain string) codes.Command {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = strings.ReplaceAll(a, "{}", domain)
	}
	return codes.Todoku(words...)
}

func inLab() []codes.Arg { return []codes.Arg{{Flag: "--lab"}} }

// DefaultWorld is the world of all scenarios, which takes more receivers and web servers (Put, PutWeb).
func DefaultWorld() (*World, error) {
	shared, err := allScenarios()
	if err != nil {
		return nil, err
	}
	w := *shared // what DNS says never changes
	w.mail, w.web = slices.Clip(w.mail), slices.Clip(w.web)
	w.putLogos()
	return &w, nil
}

// allScenarios is the world of all scenarios but for its logos, whose authority is made for each lab.
var allScenarios = sync.OnceValues(readScenarios)

// readScenarios reads the zones of all scenarios, and places their mail servers and policies.
func readScenarios() (*World, error) {
	var b strings.Builder
	b.WriteString(sharedZone)
	b.WriteString(listsZone)
	for _, p := range situations() {
		b.WriteString(p.zone())
	}
	for i, p := range mailSituations() {
		b.WriteString(p.mailZone(i))
	}
	b.WriteString(providersZone)
	b.WriteString(logosZone)
	w, err := ParseWorld(strings.NewReader(b.String()), "lab")
	if err != nil {
		return nil, err
	}
	w.putMail()
	w.putPages()
	return w, nil
}

// ascii is the domain as DNS knows it.
func (p situation) ascii() string {
	if p.name == idnName {
		return idnASCII
	}
	return p.name + ".test"
}

// zone writes the domain: healthy but for what the situation changes.
func (p situation) zone() string {
	if p.absent {
		return ""
	}
	d := p.ascii()
	part := func(own, healthy string) string {
		if own == "" {
			own = healthy
		}
		return strings.ReplaceAll(own, "{}", d) + "\n"
	}
	secure := "$SECURE " + d + "\n" + signing()
	if p.unsigned {
		secure = ""
	}
	return "$ORIGIN " + d + ".\n" + secure +
		part(p.ns, ownServers) +
		part(p.mx, "@ MX 10 mx1.lab.test.\n@ MX 20 mx2.lab.test.") +
		part(p.spf, `@ TXT "v=spf1 ip4:`+sender+` include:_spf.lab.test -all"`) +
		part(p.dkim, keyLine("s1", "v=DKIM1; k=rsa; p="+rsa2048)+"\n"+keyLine("s2", "v=DKIM1; k=ed25519; p="+ed25519)) +
		part(p.dmarc, `_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@{}"`) +
		part(p.extra, none)
}

const (
	idnName  = "例え"
	idnASCII = "xn--r8jz45g.test"
)
