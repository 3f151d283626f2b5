package resolve

import (
	"context"
	"encoding/binary"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// hostileServer answers as one kind of hostile server, by UDP and TCP.
func hostileServer(t *testing.T, h hostileAnswer) string {
	t.Helper()
	pc, l := bothPorts(t)
	replies := func(q []byte, tcp bool) [][]byte {
		m := new(dns.Msg)
		if m.Unpack(q) != nil || len(m.Question) != 1 {
			return nil
		}
		if m.Question[0].Qtype != dns.TypeTXT { // only TXT is hostile where the rest matters
			m.Question[0].Qclass = dns.ClassINET
		}
		return h.reply(m, tcp)
	}
	go func() {
		buf := make([]byte, 4096)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			for _, b := range replies(append([]byte(nil), buf[:n]...), false) {
				if b != nil {
					_, _ = pc.WriteTo(b, from)
				}
			}
		}
	}()
	accept(l, func(c net.Conn) {
		for {
			q := readQuery(c)
			if len(q) < 12 || hungUp(c, replies(q, true)) {
				return
			}
		}
	})
	return pc.LocalAddr().String()
}

func hungUp(c net.Conn, replies [][]byte) bool {
	for _, b := range replies {
		if b == nil {
			return true
		}
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...)); err != nil {
			return true
		}
	}
	return false
}

// verdictOf puts an answer in the words of the table.
func verdictOf(a Answer, err error) string {
	switch {
	case err != nil:
		return "unknown"
	case a.Status == NoData:
		return "no data"
	case a.Status == NoName:
		return "no name"
	}
	return "found"
}

// TestHostileAnswers asks servers of every kind by UDP and TCP: each question
// ends, with the verdict of its kind.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	list := hostileAnswers()
	if len(list) < 72 {
		t.Fatalf("only %d kinds", len(list))
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	for _, h := range list {
		udp, tcp, differs := strings.Cut(h.verdict, "/")
		if !differs {
			tcp = udp
		}
		addr := hostileServer(t, h)
		for spec, want := range map[string]string{addr: udp, "tcp://" + addr: tcp} {
			wg.Go(func() { // all at once: most of them wait
				c := client(t, Options{Servers: []string{spec}, Timeout: 3 * time.Second})
				a, err := c.Ask(ctx, "a.test", TypeTXT)
				if got := verdictOf(a, err); got != want || ctx.Err() != nil {
					t.Errorf("%s, %s: %s, want %s: %+v, %v", h.what, strings.TrimSuffix(spec, addr), got, want, a, err)
				}
			})
		}
	}
}
