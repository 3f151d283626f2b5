package resolve

import (
	"testing"

	"github.com/miekg/dns"
)

// FuzzSaid: whatever a name server sends, what is read of it stays within its bounds.
func FuzzSaid(f *testing.F) {
	for _, text := range []string{"a.test. NS ns.a.test.", "ns.a.test. A 192.0.2.1", "a.test. SOA ns h 1 1 1 1 1", "a.test. CNAME a.test.",
		". NS a.root.test.", "a.test. TXT x"} {
		rr, err := dns.NewRR(text)
		if err != nil {
			f.Fatal(err)
		}
		m := new(dns.Msg)
		m.SetQuestion("a.test.", dns.TypeNS)
		m.Response, m.Answer, m.Ns, m.Extra = true, []dns.RR{rr}, []dns.RR{rr}, []dns.RR{rr}
		b, err := m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		m.Answer = nil
		b, err = m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		k := key{"a.test", TypeNS, direct}
		m, err := k.unpack(b)
		if err != nil {
			return
		}
		s := k.said(m, "192.0.2.53:53")
		if len(s.Servers) > maxReferred || s.Cut == "" && len(s.Servers) > 0 || s.Status == Found && len(s.Records) == 0 {
			t.Errorf("%+v", s)
		}
		for _, n := range s.Servers {
			if len(n.Addrs) > maxReferredAddrs {
				t.Errorf("%+v", n)
			}
		}
	})
}
