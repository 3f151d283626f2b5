package resolve

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// tcpOnly answers UDP with a truncated message and leaves TCP to talk.
func tcpOnly(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	pc, l := bothPorts(t)
	start(t, &dns.Server{PacketConn: pc, Handler: &zoneServer{edit: func(_, m *dns.Msg, _ bool) *dns.Msg {
		m.Truncated,
			m.Answer = true, nil
		return m
	}}})
	accept(l, talk)
	return pc.LocalAddr().String()
}

// TestHostileTCP meets servers that misbehave where UDP hands over to TCP:
// every question ends in its kind of ignorance within its time limit.
func TestHostileTCP(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		talk func(net.Conn)
		kind Kind
	}{
		"never ends": {func(c net.Conn) {
			_, _ = c.Write([]byte{0xff, 0xff})
			for {
				if _, err := c.Write([]byte{0}); err != nil {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
		}, KindTimeout},
		"says nothing": {func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, KindTimeout},
		"hangs up":     {func(net.Conn) {}, KindNetwork},
		"random bytes": {func(c net.Conn) { _, _ = io.CopyN(c, rand.Reader, 1<<20); _, _ = io.Copy(io.Discard, c) }, ""},
		"garbage with the right id": {func(c net.Conn) {
			q := readQuery(c)
			_, _ = c.Write(append([]byte{0, 20}, append(q[:2:2], []byte("\x81\x80\xff\xff\xff\xff\xff\xff\xff\xffnonsense")...)...))
			_, _ = io.Copy(io.Discard, c)
		}, KindMangled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := client(t, Options{Servers: []string{tcpOnly(t, c.talk)}, Timeout: 600 * time.Millisecond})
			a, err := cl.Ask(t.Context(), "a.test", TypeTXT)
			if got := kindOf(err); got == "" || c.kind != "" && got != c.kind {
				t.Errorf("%+v, %v; want %s", a, err, c.kind)
			}
		})
	}
}

func readQuery(c net.Conn) []byte {
	var head [2]byte
	_, _ = io.ReadFull(c, head[:])
	q := make([]byte, binary.BigEndian.Uint16(head[:]))
	_, _ = io.ReadFull(c, q)
	return q
}

// TestLargestAnswer reads the most that one message can carry.
func TestLargestAnswer(t *testing.T) {
	t.Parallel()
	part := strings.Repeat("y", 255)
	z := &zoneServer{edit: func(_, m *dns.Msg, tcp bool) *dns.Msg {
		if !tcp {
			m.Truncated, m.Answer = true, nil
			return m
		}
		txt := m.Answer[0].(*dns.TXT)
		for range 254 {
			txt.Txt = append(txt.Txt, part)
		}
		return m
	}}
	a, err := client(t, Options{Servers: []string{serve(t, z)}}).Ask(t.Context(), "a.test", TypeTXT)
	if err != nil || len(a.Records[0].Text) != 5+254*255 {
		t.Errorf("%d octets, %v", len(a.Records), err)
	}
}

func TestRandomDatagrams(t *testing.T) {
	t.Parallel()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			for i := range 200 {
				junk := make([]byte, i*7)
				_, _ = rand.Read(junk)
				copy(junk, buf[:min(n, 2+i%12)]) // the right id, and sometimes half a header
				_, _ = pc.WriteTo(junk, from)
			}
		}
	}()
	_, err = client(t, Options{Servers: []string{pc.LocalAddr().String()},
		Timeout: 400 * time.Millisecond}).Ask(t.Context(), "a.test", TypeTXT)
	// Junk may claim to be cut short: then TCP is tried, where nobody listens.
	if k := kindOf(err); k != KindMangled && k != KindNetwork {
		t.Errorf("%v", err)
	}
}

// TestEndlessAliases follows a server that makes up a new alias each time.
func TestEndlessAliases(t *testing.T) {
	t.Parallel()
	z := &zoneServer{edit: func(q, m *dns.Msg, _ bool) *dns.Msg {
		name := q.Question[0].Name
		m.Answer = []dns.RR{&dns.CNAME{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeCNAME, Class: dns.ClassINET},
			Target: fmt.Sprintf("n%d.test.", len(name))}}
		if strings.HasPrefix(name, "n") {
			m.Answer[0].(*dns.CNAME).Target = "x" + name
		} else {
			m.Answer[0].(*dns.CNAME).Target = "n" + name
		}
		return m
	}}
	_, err := client(t, Options{Servers: []string{serve(t, z)}}).Ask(t.Context(), "a.test", TypeTXT)
	if kindOf(err) != KindLoop || z.asked.Load() > maxChain+2 {
		t.Errorf("%v after %d questions", err, z.asked.Load())
	}
}
