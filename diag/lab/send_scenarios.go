package lab

import (
	"fmt"
	"net/netip"
	"strings"

	"todoku/codes"
)

// mailSituation is the scenario of a receiver: mail to its domain meets it.
type mailSituation struct {
	group      string
	name, code string
	reason     string // of codes, that the reply tells; "" where there is no reply to judge
	en, ja     string
	to         string   // local part or address; "" means user
	from       string   // "" means news@healthy.test
	args       []string // further flags
	host       string   // the MX host's name; "" means mx.NAME.test
	mail       Receiver
	zone       string // in place of the MX line; "{host}" is the receiver's name
	absent     bool   // the domain has no zone at all
}

// SendScenarios lists what sending to the lab can show, success first.
func SendScenarios() []Scenario {
	var out []Scenario
	for _, p := range mailSituations() {
		domain := p.name + ".test"
		to, from := p.to, p.from
		if to == "" {
			to = "user"
		}
		if from == "" {
			from = "news@healthy.test"
		}
		if !strings.Contains(to, "@") {
			to += "@" + domain
		}
		s := Scenario{Group: p.group, Name: domain, Situation: codes.Text{EN: p.en, JA: p.ja}, DeliveryCode: p.code, Reason: p.reason, Address: to}
		args := append([]string{"send", "--lab", "--to", s.Address, "--from", from, "--subject", "hello", "--body", "hello"}, p.args...)
		s.Command = typed(args, domain)
		out = append(out, s)
	}
	return out
}

// usual are the mailboxes of the lab's well-behaved hosts.
func usual() []string {
	return []string{"user*", "postmaster", "abuse", "info", "news*", "dmarc", "bounce*", "taro", "hanako", "利用者*"}
}

// place gives the i-th receiver its name and its addresses.
func (p mailSituation) place(i int) (host string, v4, v6 netip.Addr) {
	host = p.host
	if host == "" {
		host = "mx." + p.name + ".test"
	}
	return host, netip.AddrFrom4([4]byte{192, 0, 2, byte(100 + i)}), netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 13: 1, 15: byte(i)})
}

// mailZone writes the zone of the i-th receiver.
func (p mailSituation) mailZone(i int) string {
	if p.absent {
		return ""
	}
	host, v4, v6 := p.place(i)
	zone := p.zone
	if zone == "" {
		zone = "@ MX 10 {host}."
	}
	return "$ORIGIN " + p.name + ".test.\n" + ownServers + "\n" + strings.NewReplacer("{host}", host, "{v4}", v4.String(), "{v6}", v6.String(),
		"{}", p.name+".test").Replace(zone) +
		"\n" + host + ". A " + v4.String() + "\n" +
		fmt.Sprintf("%d.2.0.192.in-addr.arpa. PTR %s.\n", 100+i, host)
}

// putMail places the receivers of all situations.
func (w *World) putMail() {
	for i, name := range []string{"mx1.lab.test", "mx2.lab.test"} {
		r := Receiver{Domain: "healthy.test", Name: name, Known: usual()}
		at := []netip.Addr{netip.AddrFrom4([4]byte{192, 0, 2, byte(25 + i)})}
		if i == 0 { // also at the addresses that the situations of the sending side use
			for _, addr := range []string{"2001:db8::25", "192.0.2.8", "192.0.2.9", "192.0.2.80"} {
				at = append(at, netip.MustParseAddr(addr))
			}
		}
		w.Put(r, at...)
	}
	w.Put(Receiver{Name: plainHost, Known: usual(), Lacks: []string{"STARTTLS"}}, netip.MustParseAddr(plainAddress))
	w.Put(Receiver{Name: MailboxHost, Mailboxes: true, Ports: []uint16{143, 993, 110, 995}}, netip.MustParseAddr("192.0.2.27"))
	for i, p := range mailSituations() {
		if p.absent {
			continue
		}
		r := p.mail
		host, v4, _ := p.place(i)
		r.Domain, r.Name = p.name+".test", host
		w.Put(r, v4)
	}
}
