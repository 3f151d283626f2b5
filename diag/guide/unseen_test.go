package guide_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/guide"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// manyServers is a DNS in which many.test has so many mail servers.
func manyServers(t *testing.T, hosts int) *resolve.Client {
	t.Helper()
	var zone strings.Builder
	zone.WriteString("$ORIGIN test.\n$TTL 300\nown MX 10 mx.own\nmx.own A 192.0.2.99\n")
	for i := range hosts {
		fmt.Fprintf(&zone, "many MX %d mx%d\nmx%d A 192.0.2.%d\n", i, i, i, i+1)
	}
	z, err := resolve.ParseZone(strings.NewReader(zone.String()), "many")
	if err != nil {
		t.Fatal(err)
	}
	dns, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dns.Close)
	return dns
}

// More mail servers than are visited are told, and do not count as servers
// that cannot be reached; as many as are visited need no word.
func TestServersThatAreNotVisited(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for hosts, told := range map[int]bool{4: false, 5: true, 9: true} {
		dns := manyServers(t, hosts)
		nobody := func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no route to host") }
		env := guide.Env{Codes: c, Env: diag.Env{DNS: dns, Now: time.Now, SMTP: (&probe.Prober{Dial: nobody, Helo: "own.test",
			Timeout: time.Second, Codes: c}).NewRun()}}
		for _, text := range []string{"451 4.3.0 internal error", "connect to mx0.test[192.0.2.1]:25: Connection timed out"} {
			k := guide.Read(c, text)
			k.From, k.To = "news@own.test", "user@many.test"
			k.Settle()
			said := false
			for _, o := range guide.Run(t.Context(), env, k).Outcomes {
				for _, p := range o.Proofs {
					said = said || o.Suspected && strings.Contains(p.Says.EN, fmt.Sprintf("%d more were left out", hosts-4)) &&
						strings.Contains(p.Says.JA, fmt.Sprintf("残りの%d件", hosts-4))
				}
				if told && o.Status == guide.Confirmed {
					t.Errorf("%d hosts, %s: %s is confirmed although others may work", hosts, text, o.Cause.ID)
				}
			}
			if said != told {
				t.Errorf("%d hosts, %s: told %v", hosts, text, said)
			}
		}
	}
}

// What a mail has beyond our bounds is told, and speaks for nothing.
func TestMailsWithMoreThanIsTaken(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	env := world(t, c)
	many := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, line, i)
		}
		return b.String()
	}
	const head = "From: News <news@healthy.test>\r\nTo: user@takes.test\r\nReturn-Path: <x@elsewhere.test>\r\nSubject: x\r\n"
	for _, tt := range []struct {
		name, reply, cause string
		limit              int
		mail               func(n int) string
	}{
		{"links", "550 5.7.1 spam", "content", 20, func(n int) string { return head + "\r\n" + many(n, "https://l%d.test/\r\n") }},
		{"signatures", "550 5.7.26 DMARC: not aligned", "dmarc-unaligned", 10, func(n int) string {
			return many(n, "DKIM-Signature: v=1; d=s%d.test; s=s1; b=y\r\n") + head + "\r\nhello\r\n"
		}},
	} {
		for n, told := range map[int]bool{tt.limit: false, tt.limit + 1: true} {
			k := guide.Read(c, tt.reply)
			k.Take(message(t, tt.mail(n)))
			k.To = "user@takes.test"
			k.Settle()
			for _, o := range guide.Run(t.Context(), env, k).Outcomes {
				said := false
				for _, p := range o.Proofs {
					said = said || strings.Contains(p.Says.EN, fmt.Sprintf("%d ", tt.limit)) &&
						strings.Contains(p.Says.EN, "at most") && strings.Contains(p.Says.JA, "件")
				}
				if o.Cause.ID == tt.cause && (said != told || !o.Suspected || told && o.Status == guide.Confirmed) {
					t.Errorf("%d %s: told %v, %s", n, tt.name, said, o.Status)
				}
			}
		}
	}
}

// TestAnInterruptIsToldWithManyServers ends a diagnosis at its first visit to a
// recipient with more mail servers than are visited: it is told as cut short, and
// the causes that wait for a visit as not looked at.
func TestAnInterruptIsToldWithManyServers(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, hosts := range []int{4, 5} {
		env := guide.Env{Codes: c, Env: diag.Env{DNS: manyServers(t, hosts), Now: time.Now}}
		ctx, cancel := context.WithCancelCause(t.Context())
		stop := errors.New("interrupted")
		env.SMTP = (&probe.Prober{Helo: "own.test", Timeout: time.Second, Codes: c, Dial: func(ctx context.Context, _,
			_ string) (net.Conn, error) {
			cancel(stop)
			<-ctx.Done()
			return nil, ctx.Err()
		}}).NewRun()
		k := guide.Read(c, "451 4.3.0 internal error")
		k.From, k.To = "news@own.test", "user@many.test"
		k.Settle()
		d := guide.Run(ctx, env, k)
		if !errors.Is(d.Cut, stop) {
			t.Errorf("%d hosts: not told as cut short", hosts)
		}
		for _, o := range d.Outcomes {
			if o.Suspected && o.Cause.Session && (o.Status != guide.Open || len(o.Proofs) != 1 ||
				!strings.Contains(o.Proofs[0].Says.EN, "not looked at")) {
				t.Errorf("%d hosts: %s is %s: %v, %v", hosts, o.Cause.ID, o.Status, o.Proofs, o.Err)
			}
		}
	}
}
