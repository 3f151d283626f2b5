package lab_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"todoku/diag/lab"
)

// BenchmarkWorld is what every command with --lab pays first.
func BenchmarkWorld(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		w, err := lab.DefaultWorld()
		if err != nil {
			b.Fatal(err)
		}
		l, err := lab.Start(context.Background(), w, lab.Options{})
		if err != nil {
			b.Fatal(err)
		}
		l.Close()
	}
}

// BenchmarkMail is the cost of a small message, four clients at once, each over
// one connection; client and server share the processors.
func BenchmarkMail(b *testing.B) {
	l := server(b, lab.Receiver{})
	var wg sync.WaitGroup
	const clients = 4
	b.ReportAllocs()
	b.ResetTimer()
	for k := range clients {
		s := call(b, l, at+":25")
		_ = s.c.SetDeadline(time.Time{})
		s.reply()
		s.ask("EHLO x")
		wg.Go(func() {
			for i := k; i < b.N; i += clients {
				for _, line := range []string{"MAIL FROM:<a@one.test>", "RCPT TO:<b@one.test>", "DATA", "Subject: x\r\n\r\nhello\r\n."} {
					if code := s.ask(line); code != 250 && code != 354 {
						b.Errorf("%s: %d", line, code)
						return
					}
				}
				s.said = s.said[:0]
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
