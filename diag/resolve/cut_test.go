package resolve

import (
	"encoding/binary"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// rawServer answers UDP and TCP questions with what edit makes of a good
// answer's octets.
func rawServer(t *testing.T, edit func(b []byte) []byte) string {
	t.Helper()
	pc, l := bothPorts(t)
	answer := func(q []byte) []byte {
		m := new(dns.Msg)
		if m.Unpack(q) != nil {
			return nil
		}
		b, err := (&zoneServer{}).reply(m, false).Pack()
		if err != nil {
			return nil
		}
		return edit(b)
	}
	go func() {
		buf := make([]byte, 4096)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			_, _ = pc.WriteTo(answer(buf[:n]), from)
		}
	}()
	accept(l, func(c net.Conn) {
		for {
			q := readQuery(c)
			if len(q) < 12 {
				return
			}
			b := answer(q)
			_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...))
		}
	})
	return pc.LocalAddr().String()
}

// bothPorts opens one loopback port for UDP and TCP.
func bothPorts(t *testing.T) (net.PacketConn, net.Listener) {
	t.Helper()
	for range 20 {
		pc, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("tcp", pc.LocalAddr().String())
		if err != nil {
			pc.Close()
			continue
		}
		t.Cleanup(func() { pc.Close(); l.Close() })
		return pc, l
	}
	t.Fatal("no free port")
	return nil, nil
}

// accept serves each connection until talk returns.
func accept(l net.Listener, talk func(net.Conn)) {
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); talk(c) }()
		}
	}()
}

// TestMalformedIsNoAbsence sends messages that hold less than they say, or
// what has no business there: each is ignorance, none says that there is no
// record.
func TestMalformedIsNoAbsence(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	defer wg.Wait()
	question := len((key{"a.test", TypeTXT, recursive}).query(nil, 0, false))
	count := func(section int, n uint16) func([]byte) []byte {
		return func(b []byte) []byte { binary.BigEndian.PutUint16(b[4+2*section:], n); return b }
	}
	bare := func(b []byte) []byte { return b[:question] }
	for what, edit := range map[string]func([]byte) []byte{
		"one answer announced, none there":   bare,
		"two answers announced, one there":   count(1, 2),
		"authority announced, none there":    func(b []byte) []byte { return count(2, 1)(count(1, 0)(bare(b))) },
		"additional announced, none there":   func(b []byte) []byte { return count(3, 7)(count(1, 0)(bare(b))) },
		"two questions announced, one there": count(0, 2),
		"ends in the record":                 func(b []byte) []byte { return b[:len(b)-3] },
		"ends in the record's head":          func(b []byte) []byte { return b[:question+5] },
		"header only":                        func(b []byte) []byte { return b[:12] },
		"no data":                            func(b []byte) []byte { n := len(b) - 6; b[n-1] = 0; return b[:n] },
		"class CH":                           func(b []byte) []byte { b[len(b)-13] = 3; return b },
		"another owner": func(b []byte) []byte {
			return append(append(b[:question:question], "\x01b\x04test\x00"...), b[question+8:]...)
		},
		"another type":         func(b []byte) []byte { b[len(b)-15] = 99; return b },
		"data beside NXDOMAIN": func(b []byte) []byte { b[3] = b[3]&0xf0 | 3; return b },
	} {
		for _, scheme := range []string{"", "tcp://"} {
			c := client(t, Options{Servers: []string{scheme + rawServer(t, edit)}, Timeout: time.Second})
			wg.Go(func() {
				if a, err := c.Ask(t.Context(), "a.test", TypeTXT); kindOf(err) != KindMangled {
					t.Errorf("%s, %s: %+v, %v", what, scheme, a, err)
				}
			})
		}
	}
	t.Run("healthy", func(t *testing.T) {
		for _, scheme := range []string{"", "tcp://"} {
			c := client(t, Options{Servers: []string{scheme + rawServer(t, func(b []byte) []byte { return b })}})
			if a, err := c.Ask(t.Context(), "a.test", TypeTXT); err != nil || a.Status != Found {
				t.Errorf("%+v, %v", a, err)
			}
		}
	})
}

// TestDuplicatesAreOne repeats records (RFC 2181 §5), from a server and in a
// zone file.
func TestDuplicatesAreOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lines []string
		t     Type
		want  int
	}{
		{[]string{`a.test. 60 TXT "v=spf1 -all"`, `A.test. 30 TXT "v=spf1 -all"`}, TypeTXT, 1},
		{[]string{`a.test. 60 TXT "v=spf1 -all"`, `a.test. 60 TXT "v=spf1\032-all"`, `a.test. 60 TXT v=spf1\ -all`}, TypeTXT, 1},
		{[]string{`a.test. 60 TXT "v=spf1 -all"`, `a.test. 60 TXT "v=spf1" " -all"`}, TypeTXT, 2},
		{[]string{`a.test. 60 TXT "ab" "c"`, `a.test. 60 TXT "a" "bc"`, `a.test. 60 TXT "ab" "c"`}, TypeTXT, 2},
		{[]string{`a.test. 60 TXT "v=spf1 -all"`, `a.test. 60 TXT "V=spf1 -all"`}, TypeTXT, 2},
		{[]string{`a.test. 60 MX 10 mx.test.`, `a.test. 60 MX 10 MX.test.`, `a.test. 60 MX 20 mx.test.`}, TypeMX, 2},
		{[]string{`a.test. 60 MX 10 m\120.test.`, `a.test. 60 MX 10 mx.test.`}, TypeMX, 1},
		{[]string{`a.test. 60 AAAA 2001:db8::1`, `a.test. 60 AAAA 2001:0DB8:0::1`}, TypeAAAA, 1},
		{[]string{`a.test. 60 TLSA 3 1 1 ABCD`, `a.test. 60 TLSA 3 1 1 abcd`}, TypeTLSA, 1},
		{[]string{`a.test. 60 NS ns.test.`, `a.test. 60 NS NS.test.`}, TypeNS, 1},
	} {
		zone := ""
		z := &zoneServer{edit: func(_, m *dns.Msg, _ bool) *dns.Msg {
			m.Answer = nil
			for _, line := range c.lines {
				rr, err := dns.NewRR(line)
				if err != nil {
					t.Error(err)
				}
				m.Answer = append(m.Answer, rr)
			}
			return m
		}}
		for _, line := range c.lines {
			zone += line + "\n"
		}
		for where, cl := range map[string]*Client{"server": client(t, Options{Servers: []string{serve(t, z)}}), "zone": offline(t, zone)} {
			if a, err := cl.Ask(t.Context(), "a.test", c.t); err != nil || len(a.Records) != c.want {
				t.Errorf("%s, %s: %d records, want %d (%v)", c.lines, where, len(a.Records), c.want, err)
			}
		}
	}
	a, err := offline(t, "a.test. 60 A 192.0.2.1\na.test. 30 A 192.0.2.1\n").Ask(t.Context(), "a.test", TypeA)
	if err != nil || a.Records[0].TTL != 30 {
		t.Errorf("of two TTLs the lowest counts: %+v, %v", a.Records, err)
	}
}
