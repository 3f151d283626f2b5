package lab_test

import (
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"todoku/diag/lab"
)

const zones = `$ORIGIN a.test.
@          TXT   "apex"
@          MX    10 MX1
mx1        A     192.0.2.1
one        CNAME two
two        CNAME three.b.test.
three.b.test. TXT "far"
lost       CNAME nowhere.b.test.
dry        CNAME mx1
loop       CNAME pool
pool       CNAME loop
*.w        TXT   "wild"
*.w        MX    10 mx1
named.w    A     192.0.2.2
sub.deep.w A     192.0.2.3
*.alias    CNAME one
many       TXT   "$MANY"
7.2.0.192.in-addr.arpa. PTR mx1
`

func world(t testing.TB, text string) *lab.Lab { return delayed(t, text, 0) }

func delayed(t testing.TB, text string, d time.Duration) *lab.Lab {
	t.Helper()
	w, err := lab.ParseWorld(strings.NewReader(text), t.Name())
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{Delay: d})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// ask is dig: one question without a resolver of ours in between.
func ask(t testing.TB, l *lab.Lab, network, name, typ string, size uint16) *dns.Msg {
	t.Helper()
	m := new(dns.Msg)
	m.SetQuestion(dns.Fqdn(name), dns.StringToType[typ])
	if size > 0 {
		m.SetEdns0(size, false)
	}
	c := &dns.Client{Net: network, Timeout: 5 * time.Second}
	r, _, err := c.Exchange(m, l.DNSAddr())
	if err != nil {
		t.Fatalf("%s %s by %s: %v", name, typ, network, err)
	}
	return r
}

// lines are records as "owner TYPE value".
func lines(rrs []dns.RR) (out []string) {
	for _, rr := range rrs {
		f := strings.Fields(rr.String())
		out = append(out, strings.Join(append([]string{f[0], f[3]}, f[4:]...), " "))
	}
	return out
}

func TestAnswersLikeAResolver(t *testing.T) {
	t.Parallel()
	l := world(t, strings.ReplaceAll(zones, "$MANY", "x"))
	for _, q := range []struct {
		name, typ string
		rcode     int
		answer    string // records, separated by " | "
		soa       string // owner of the SOA beside absence
	}{
		{"a.test", "TXT", dns.RcodeSuccess, `a.test. TXT "apex"`, ""},
		{"A.TeSt", "MX", dns.RcodeSuccess, "a.test. MX 10 MX1.a.test.", ""},
		{"one.a.test", "TXT", dns.RcodeSuccess, `one.a.test. CNAME two.a.test. | two.a.test. CNAME three.b.test. | three.b.test. TXT "far"`, ""},
		{"one.a.test", "CNAME", dns.RcodeSuccess, "one.a.test. CNAME two.a.test.", ""},
		{"lost.a.test", "TXT", dns.RcodeNameError, "lost.a.test. CNAME nowhere.b.test.", "test."},
		{"dry.a.test", "TXT", dns.RcodeSuccess, "dry.a.test. CNAME mx1.a.test.", "test."},
		{"loop.a.test", "TXT", dns.RcodeSuccess, "loop.a.test. CNAME pool.a.test. | pool.a.test. CNAME loop.a.test.", "test."},
		{"mx1.a.test", "AAAA", dns.RcodeSuccess, "", "test."},
		{"none.a.test", "A", dns.RcodeNameError, "", "test."},
		{"b.test", "A", dns.RcodeSuccess, "", "test."},                 // RFC 8020: something is below
		{"2.0.192.in-addr.arpa", "PTR", dns.RcodeSuccess, "", "arpa."}, //
		{"8.2.0.192.in-addr.arpa", "PTR", dns.RcodeNameError, "", "arpa."},
		{"_dmarc.test", "TXT", dns.RcodeNameError, "", "test."},
		{"test", "SOA", dns.RcodeSuccess, "test. SOA ns.lab.test. hostmaster.lab.test. 1 7200 3600 1209600 60", ""},
		{".", "NS", dns.RcodeSuccess, "", "."},
		// RFC 4592 §2.2.1
		{"x.w.a.test", "TXT", dns.RcodeSuccess, `x.w.a.test. TXT "wild"`, ""},
		{"x.y.w.a.test", "MX", dns.RcodeSuccess, "x.y.w.a.test. MX 10 mx1.a.test.", ""},
		{"x.w.a.test", "A", dns.RcodeSuccess, "", "test."},
		{"*.w.a.test", "TXT", dns.RcodeSuccess, `*.w.a.test. TXT "wild"`, ""},
		{"w.a.test", "TXT", dns.RcodeSuccess, "", "test."},
		{"named.w.a.test", "TXT", dns.RcodeSuccess, "", "test."},
		{"x.named.w.a.test", "TXT", dns.RcodeNameError, "", "test."},
		{"deep.w.a.test", "TXT", dns.RcodeSuccess, "", "test."},
		{"x.deep.w.a.test", "TXT", dns.RcodeNameError, "", "test."},
		{"x.alias.a.test", "CNAME", dns.RcodeSuccess, "x.alias.a.test. CNAME one.a.test.", ""},
	} {
		for _, network := range []string{"udp", "tcp"} {
			r := ask(t, l, network, q.name, q.typ, 1232)
			got := strings.Join(lines(r.Answer), " | ")
			soa := ""
			if len(r.Ns) == 1 {
				soa = r.Ns[0].Header().Name
			}
			if r.Rcode != q.rcode || got != q.answer || soa != q.soa {
				t.Errorf("%s %s by %s: %s %s, SOA %q", q.name, q.typ, network, dns.RcodeToString[r.Rcode], got, soa)
			}
			if !r.RecursionAvailable || r.AuthenticatedData || r.IsEdns0() == nil || r.Question[0].Name != dns.Fqdn(q.name) {
				t.Errorf("%s: %v", q.name, r)
			}
		}
	}
}

func TestTruncation(t *testing.T) {
	t.Parallel()
	l := world(t, strings.ReplaceAll(zones, "$MANY", strings.Repeat("x", 250)+`" "`+strings.Repeat("y", 250)+`" "`+strings.Repeat("z", 200)))
	for _, q := range []struct {
		network string
		size    uint16
		whole   bool
	}{{"udp", 0, false}, {"udp", 100, false}, {"udp", 512, false}, {"udp", 1232, true}, {"tcp", 0, true}} {
		r := ask(t, l, q.network, "many.a.test", "TXT", q.size)
		if r.Truncated == q.whole || (len(r.Answer) == 1) != q.whole || r.Len() > 512 && q.network == "udp" && q.size <= 512 {
			t.Errorf("%s with %d: truncated %v, %d records", q.network, q.size, r.Truncated, len(r.Answer))
		}
	}
}

// raw sends a message and gives the reply's rcode, or -1 for silence.
func raw(t *testing.T, l *lab.Lab, b []byte) int {
	t.Helper()
	c, err := net.Dial("tcp", l.DNSAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	co := &dns.Conn{Conn: c}
	if _, err := co.Write(b); err != nil {
		t.Fatal(err)
	}
	_ = co.SetReadDeadline(time.Now().Add(5 * time.Second))
	r, err := co.ReadMsg()
	if err != nil {
		return -1
	}
	return r.Rcode
}

func TestStrangeQuestions(t *testing.T) {
	t.Parallel()
	l := world(t, strings.ReplaceAll(zones, "$MANY", "x"))
	for what, q := range map[string]struct {
		change func(*dns.Msg)
		rcode  int
	}{
		"a response":         {func(m *dns.Msg) { m.Response = true }, -1},
		"a notification":     {func(m *dns.Msg) { m.Opcode = dns.OpcodeNotify }, dns.RcodeNotImplemented},
		"no question":        {func(m *dns.Msg) { m.Question = nil }, dns.RcodeFormatError},
		"two questions":      {func(m *dns.Msg) { m.Question = append(m.Question, m.Question[0]) }, dns.RcodeFormatError},
		"EDNS of the future": {func(m *dns.Msg) { m.SetEdns0(1232, false); m.IsEdns0().SetVersion(3) }, dns.RcodeBadVers},
	} {
		m := new(dns.Msg)
		m.SetQuestion("a.test.", dns.TypeTXT)
		q.change(m)
		b, err := m.Pack()
		if err != nil {
			t.Fatal(err)
		}
		if got := raw(t, l, b); got != q.rcode {
			t.Errorf("%s: %d, want %d", what, got, q.rcode)
		}
	}
	if got := raw(t, l, []byte{1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc8, 1}); got != dns.RcodeFormatError {
		t.Errorf("rubbish: %d", got)
	}
}

// TestLateAnswersLetOthersPass asks for something late and something prompt on
// one connection (RFC 7766 §6.2.1.1).
func TestLateAnswersLetOthersPass(t *testing.T) {
	t.Parallel()
	l := world(t, "late.test. TXT \"l\"\nprompt.test. TXT \"p\"\n$FAULT late.test * DELAY ms=300\n")
	co, err := dns.Dial("tcp", l.DNSAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer co.Close()
	var got []string
	for _, name := range []string{"late.test.", "prompt.test."} {
		m := new(dns.Msg)
		m.SetQuestion(name, dns.TypeTXT)
		if err := co.WriteMsg(m); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		r, err := co.ReadMsg()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r.Question[0].Name)
	}
	if !slices.Equal(got, []string{"prompt.test.", "late.test."}) {
		t.Error(got)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	t.Parallel()
	l := world(t, "$FAULT late.test * DELAY ms=60000\n$FAULT endless.test * ENDLESSTCP\n$FAULT silent.test * SILENCE\n")
	for _, name := range []string{"late.test.", "endless.test.", "silent.test."} {
		co, err := dns.Dial("tcp", l.DNSAddr())
		if err != nil {
			t.Fatal(err)
		}
		defer co.Close()
		m := new(dns.Msg)
		m.SetQuestion(name, dns.TypeTXT)
		if err := co.WriteMsg(m); err != nil {
			t.Fatal(err)
		}
	}
	l.Close() // hangs where something is waited for
	l.Close()
	if c, err := net.Dial("tcp", l.DNSAddr()); err == nil {
		c.Close()
		t.Error("still open")
	}
}

func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	l := world(t,
		"$FAULT huge.test TXT HUGETXT\n$FAULT loop.test * CNAMELOOP\n$FAULT *.loop.test * CNAMELOOP\n$FAULT bomb.test TXT "+
			"INCLUDEBOMB\n$FAULT *.bomb.test TXT INCLUDEBOMB\n")
	if r := ask(t, l, "udp", "huge.test", "TXT", 4096); !r.Truncated || len(r.Answer) > 0 {
		t.Errorf("64 KiB by UDP: %v", r)
	}
	if r := ask(t, l, "tcp", "huge.test", "TXT", 4096); r.Len() < 63_000 || r.Answer[0].(*dns.TXT).Txt[0] != "v=spf1" {
		t.Errorf("only %d octets", r.Len())
	}
	for _, name := range []string{"loop.test", "x.loop.test", "loop." + strings.Repeat(strings.Repeat("x", 60)+".", 3) +
		strings.Repeat("x", 50) + ".loop.test"} {
		r := ask(t, l, "udp", name, "A", 1232)
		if len(r.Answer) != 2 || r.Answer[1].(*dns.CNAME).Target != dns.Fqdn(name) {
			t.Errorf("%s: %v", name, r)
		}
	}
	seen := map[string]bool{}
	for name, depth := "bomb.test", 0; depth < 30; depth++ {
		r := ask(t, l, "udp", name, "TXT", 1232)
		terms := strings.Fields(strings.Join(r.Answer[0].(*dns.TXT).Txt, ""))
		if len(terms) != 12 || seen[name] {
			t.Fatalf("%s: %v", name, terms)
		}
		seen[name] = true
		name = strings.TrimPrefix(terms[1+depth%10], "include:")
		if !strings.HasSuffix(name, ".bomb.test") {
			t.Fatal(name)
		}
	}
}

func TestNearestFaultDecides(t *testing.T) {
	t.Parallel()
	l := world(t, `a.b.test. TXT "fine"
$FAULT *. * REFUSED
$FAULT *.test * SERVFAIL ede=22
$FAULT b.test TXT TRUNCATE
$FAULT b.test * REFUSED
$FAULT a.b.test TXT DELAY ms=1
`)
	for _, q := range []struct {
		name, typ string
		rcode     int
	}{{"com", "A", dns.RcodeRefused}, {"test", "A", dns.RcodeRefused}, {"x.test", "A", dns.RcodeServerFailure},
		{"b.test", "A", dns.RcodeRefused},
		{"b.test", "TXT", dns.RcodeSuccess}, {"a.b.test", "TXT", dns.RcodeSuccess}, {"a.b.test", "A", dns.RcodeServerFailure}} {
		r := ask(t, l, "udp", q.name, q.typ, 1232)
		if r.Rcode != q.rcode {
			t.Errorf("%s %s: %s", q.name, q.typ, dns.RcodeToString[r.Rcode])
		}
		if o := r.IsEdns0().Option; (r.Rcode == dns.RcodeServerFailure) != (len(o) == 1 && o[0].(*dns.EDNS0_EDE).InfoCode == 22) {
			t.Errorf("%s: %v", q.name, o)
		}
	}
}
