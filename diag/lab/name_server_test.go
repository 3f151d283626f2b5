package lab_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"todoku/diag/lab"
)

const served = `$TTL 300
test.          NS   reg.test.
reg.test.      A    192.0.2.4
$ORIGIN a.test.
@              NS   ns
ns             A    192.0.2.53
ns             AAAA 2001:db8::53
@              TXT  "of the world"
@              DS   1 13 2 00
*.w            TXT  "wild"
sub            NS   ns.other.test.
$AT 2001:db8::53 a.test. TXT "of this server"
$AT 2001:db8::53 only.a.test. TXT "here"
$AT 2001:db8::53 $FAULT gone.a.test * SERVFAIL
$FAULT slow.a.test * REFUSED
$FAULT false.a.test * SERVFAIL ede=6
`

// askAt is dig @server, through the lab's way to its addresses.
func askAt(t *testing.T, l *lab.Lab, network, server, name string, typ uint16) *dns.Msg {
	t.Helper()
	c, err := l.Dial(t.Context(), network, net.JoinHostPort(server, "53"))
	if err != nil {
		t.Fatal(err)
	}
	co := &dns.Conn{Conn: c}
	defer co.Close()
	m := new(dns.Msg)
	m.SetQuestion(dns.Fqdn(name), typ)
	m.RecursionDesired = false
	_ = co.SetDeadline(time.Now().Add(5 * time.Second))
	b, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	if network == "tcp" {
		b = append([]byte{byte(len(b) >> 8), byte(len(b))}, b...)
	}
	if _, err := c.Write(b); err != nil {
		t.Fatal(err)
	}
	in := make([]byte, 4096)
	n, err := c.Read(in)
	if network == "tcp" && err == nil && n == 2 {
		n, err = c.Read(in[2:])
		n += 2
	}
	if err != nil {
		t.Fatal(err)
	}
	if network == "tcp" {
		in, n = in[2:], n-2
	}
	r := new(dns.Msg)
	if err := r.Unpack(in[:n]); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestNameServersAnswerForTheirZones: with authority, by referral, or not at all, by UDP and TCP.
func TestNameServersAnswerForTheirZones(t *testing.T) {
	t.Parallel()
	l := world(t, served)
	for _, q := range []struct {
		server, name string
		t            uint16
		rcode        int
		aa           bool
		answer       string
		beside       int // records in the authority and additional sections
	}{
		{"192.0.2.53", "a.test", dns.TypeTXT, dns.RcodeSuccess, true, `a.test. TXT "of the world"`, 0},
		{"2001:db8::53", "a.test", dns.TypeTXT, dns.RcodeSuccess, true, `a.test. TXT "of this server"`, 0},
		{"2001:db8::53", "only.a.test", dns.TypeTXT, dns.RcodeSuccess, true, `only.a.test. TXT "here"`, 0},
		{"192.0.2.53", "only.a.test", dns.TypeTXT, dns.RcodeNameError, true, "", 1},
		{"192.0.2.53", "x.w.a.test", dns.TypeTXT, dns.RcodeSuccess, true, `x.w.a.test. TXT "wild"`, 0},
		{"192.0.2.53", "x.sub.a.test", dns.TypeTXT, dns.RcodeSuccess, false, "", 1},
		{"192.0.2.53", "b.test", dns.TypeTXT, dns.RcodeRefused, false, "", 0},
		{"192.0.2.4", "x.a.test", dns.TypeTXT, dns.RcodeSuccess, false, "", 3},
		{"192.0.2.4", "a.test", dns.TypeDS, dns.RcodeSuccess, true, "a.test. DS 1 13 2 00", 0},
		{"192.0.2.53", "a.test", dns.TypeDS, dns.RcodeSuccess, true, "a.test. DS 1 13 2 00", 0},
		{"192.0.2.4", "b.test", dns.TypeTXT, dns.RcodeNameError, true, "", 1},
		{"192.0.2.53", "slow.a.test", dns.TypeTXT, dns.RcodeRefused, false, "", 0},
		{"2001:db8::53", "gone.a.test", dns.TypeTXT, dns.RcodeServerFailure, false, "", 0},
		{"192.0.2.53", "gone.a.test", dns.TypeTXT, dns.RcodeNameError, true, "", 1},
		{"192.0.2.53", "false.a.test", dns.TypeTXT, dns.RcodeNameError, true, "", 1}, // only who validates says so
	} {
		for _, network := range []string{"udp", "tcp"} {
			r := askAt(t, l, network, q.server, q.name, q.t)
			if got := strings.Join(lines(r.Answer), " | "); r.Rcode != q.rcode || r.Authoritative != q.aa || got != q.answer ||
				len(r.Ns)+len(r.Extra) != q.beside || r.RecursionAvailable {
				t.Errorf("%s by %s: %v", q.server, network, r)
			}
		}
	}
}

// TestOnlyNameServersListen: other addresses refuse, as outside, and a lab that is over has none.
func TestOnlyNameServersListen(t *testing.T) {
	t.Parallel()
	l := world(t, served)
	for _, network := range []string{"udp", "tcp"} {
		if _, err := l.Dial(t.Context(), network, "192.0.2.54:53"); !errors.Is(err, os.NewSyscallError("connect", syscall.ECONNREFUSED)) &&
			!errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%s: %v", network, err)
		}
	}
	l.Close()
	if c, err := l.Dial(context.Background(), "udp", "192.0.2.53:53"); err == nil {
		c.Close()
		t.Error("a lab that is over still listens")
	}
}

// TestOwnKnowledgeIsChecked: a line that says nothing is an error of the world.
func TestOwnKnowledgeIsChecked(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"$AT", "$AT 192.0.2.53", "$AT 192.0.2.53 a.test.", "$AT ns.test a.test. TXT x", "$AT 192.0.2.53 a.test. TXT",
		"$AT 192.0.2.53 a.test. NOTYPE x", "$AT 192.0.2.53 $FAULT a.test * NOWORD", "$AT 192.0.2.53 $FAULT a.test",
		"$AT 192.0.2.53 $INCLUDE /etc/passwd x"} {
		if _, err := lab.ParseWorld(strings.NewReader("a.test. A 192.0.2.1\n"+bad+"\n"), "bad.world"); err == nil ||
			!strings.HasPrefix(err.Error(), "bad.world:2") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
