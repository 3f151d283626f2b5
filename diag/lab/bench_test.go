package lab_test

import (
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"todoku/diag/lab"
)

// BenchmarkAnswers asks over eight sockets at once, one question under way on
// each; client and server share the processors.
func BenchmarkAnswers(b *testing.B) {
	w, err := lab.Synthetic(1, 1000)
	if err != nil {
		b.Fatal(err)
	}
	l, err := lab.Start(b.Context(), w, lab.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	questions := packed(b)
	b.ReportAllocs()
	b.ResetTimer()
	var wg sync.WaitGroup
	const clients = 8
	for k := range clients {
		wg.Go(func() {
			c, err := net.Dial("udp", l.DNSAddr())
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			buf := make([]byte, 4096)
			for i := k; i < b.N; i += clients {
				_, _ = c.Write(questions[i%len(questions)])
				_ = c.SetReadDeadline(time.Now().Add(time.Second))
				if _, err := c.Read(buf); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
}

func packed(b *testing.B) (out [][]byte) {
	for i := range 1000 {
		for _, prefix := range []string{"", "_dmarc.", "s1._domainkey."} {
			m := new(dns.Msg)
			m.SetQuestion(fmt.Sprintf("%sd%d.test.", prefix, i), dns.TypeTXT)
			m.SetEdns0(1232, false)
			p, err := m.Pack()
			if err != nil {
				b.Fatal(err)
			}
			out = append(out, p)
		}
	}
	return out
}
