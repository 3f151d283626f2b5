package resolve

import (
	"reflect"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// TestQueryWire reads our own packing with the library's unpacking.
func TestQueryWire(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"example.test", ".", "_dmarc.example.test", "a b.test", `dot\.ted.test`, strings.Repeat("a", 63) + ".test"} {
		k := key{name, TypeTXT, recursive}
		m := new(dns.Msg)
		if err := m.Unpack(k.query(nil, 7, true)); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if m.Id != 7 || !m.RecursionDesired || !m.AuthenticatedData || m.IsEdns0().UDPSize() != udpSize {
			t.Errorf("%q: header %+v", name, m.MsgHdr)
		}
		if !sameName(m.Question[0].Name, name) || m.Question[0].Qtype != dns.TypeTXT {
			t.Errorf("%q came out as %v", name, m.Question[0])
		}
	}
}

func reply1(t *testing.T, question string, edit func(*dns.Msg), rrs ...string) *dns.Msg {
	t.Helper()
	m := new(dns.Msg)
	m.SetQuestion(question, dns.TypeTXT)
	m.Response = true
	for _, s := range rrs {
		rr, err := dns.NewRR(s)
		if err != nil {
			t.Fatal(err)
		}
		m.Answer = append(m.Answer, rr)
	}
	if edit != nil {
		edit(m)
	}
	return m
}

// answered is answer for tests.
func (k key) answered(m *dns.Msg) (a Answer, more string, err *Error) {
	more, err = k.answer(m, "192.0.2.53:53", &a)
	return a, more, err
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	k := key{"a.test", TypeTXT, recursive}
	t.Run("strings are joined without blanks and unescaped", func(t *testing.T) {
		a, _, err := k.answered(reply1(t, "a.test.", nil, `A.test. 60 TXT "v=spf1 a" " -all" "\"\\\200"`))
		if err != nil || a.Status != Found || a.Records[0].Text != "v=spf1 a -all\"\\\xc8" {
			t.Errorf("%+v %v", a, err)
		}
	})
	t.Run("alias", func(t *testing.T) {
		a, more, err := k.answered(reply1(t, "a.test.", nil, "a.test. 60 CNAME B.test.", "b.test. 60 CNAME c.test.", `c.test. 60 TXT "x"`))
		if err != nil || more != "" || a.Status != Found || !reflect.DeepEqual(a.Chain, []string{"b.test", "c.test"}) {
			t.Errorf("%+v %q %v", a, more, err)
		}
	})
	t.Run("alias that the server did not follow", func(t *testing.T) {
		_, more, err := k.answered(reply1(t, "a.test.", nil, "a.test. 60 CNAME b.other."))
		if err != nil || more != "b.other" {
			t.Errorf("%q %v", more, err)
		}
	})
	t.Run("dangling alias", func(t *testing.T) {
		a, more, err := k.answered(reply1(t, "a.test.", func(m *dns.Msg) { m.Rcode = dns.RcodeNameError }, "a.test. 60 CNAME b.test."))
		if err != nil || more != "" || a.Status != NoName || len(a.Chain) != 1 {
			t.Errorf("%+v %q %v", a, more, err)
		}
	})
}

// TestAnswerThatIsNone reads answers that give no record.
func TestAnswerThatIsNone(t *testing.T) {
	t.Parallel()
	k := key{"a.test", TypeTXT, recursive}
	soa := func(m *dns.Msg) {
		rr, _ := dns.NewRR("test. 60 SOA ns.test. h.test. 1 1 1 1 1")
		m.Ns = append(m.Ns, rr)
	}
	t.Run("circle", func(t *testing.T) {
		_, _, err := k.answered(reply1(t, "a.test.", nil, "a.test. 60 CNAME b.test.", "b.test. 60 CNAME a.test."))
		if err == nil || err.Kind != KindLoop {
			t.Errorf("%v", err)
		}
	})
	t.Run("no data", func(t *testing.T) {
		a, _, err := k.answered(reply1(t, "a.test.", soa))
		if err != nil || a.Status != NoData {
			t.Errorf("%+v %v", a, err)
		}
	})
	t.Run("a referral is no answer", func(t *testing.T) {
		_, _, err := k.answered(reply1(t, "a.test.", func(m *dns.Msg) {
			rr, _ := dns.NewRR("test. 60 NS ns.test.")
			m.Ns = append(m.Ns, rr)
		}))
		if err == nil || err.Kind != KindMangled {
			t.Errorf("%v", err)
		}
	})
	t.Run("SERVFAIL with its extended error", func(t *testing.T) {
		_, _, err := k.answered(reply1(t, "a.test.", func(m *dns.Msg) {
			m.Rcode = dns.RcodeServerFailure
			m.SetEdns0(1232, false)
			m.IsEdns0().Option = append(m.IsEdns0().Option, &dns.EDNS0_EDE{InfoCode: 22, ExtraText: "at delegation test"})
		}))
		want := Error{Kind: KindServFail, Name: "a.test", Type: "TXT", Server: "192.0.2.53:53", Rcode: "SERVFAIL", EDE: "22 at delegation test"}
		if err == nil || *err != want {
			t.Errorf("%+v", err)
		}
	})
}

func TestUnpackRefusesForeignAnswers(t *testing.T) {
	t.Parallel()
	k := key{"a.test", TypeTXT, recursive}
	for what, m := range map[string]*dns.Msg{
		"another name": reply1(t, "b.test.", nil),
		"another type": reply1(t, "a.test.", func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeMX }),
		"a question":   reply1(t, "a.test.", func(m *dns.Msg) { m.Response = false }),
		"no question":  reply1(t, "a.test.", func(m *dns.Msg) { m.Question = nil }),
	} {
		b, err := m.Pack()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.unpack(b); err == nil {
			t.Errorf("%s was taken for an answer", what)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	k := key{"a.test", TypeTXT, recursive}
	m := new(dns.Msg)
	m.SetQuestion("a.test.", dns.TypeTXT)
	m.Response = true
	for _, s := range []string{`a.test. 60 TXT "v=spf1 -all"`, "a.test. 60 CNAME b.test.", "b.test. 60 CNAME a.test."} {
		rr, _ := dns.NewRR(s)
		m.Answer = append(m.Answer, rr)
		b, _ := m.Pack()
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := k.unpack(b)
		if err != nil {
			return
		}
		a, more, fail := k.answered(m)
		if fail == nil && a.Status == Found && len(a.Records) == 0 {
			t.Error("found nothing")
		}
		if len(a.Chain) > maxChain {
			t.Errorf("chain of %d", len(a.Chain))
		}
		_ = more
	})
}
