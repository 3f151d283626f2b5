package resolve

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// TestLifetimes: a run asks nothing twice; a later one asks again when what was
// said has grown old.
func TestLifetimes(t *testing.T) {
	t.Parallel()
	head := func(q *dns.Msg, rr uint16, ttl uint32) dns.RR_Header {
		return dns.RR_Header{Name: q.Question[0].Name, Rrtype: rr, Class: dns.ClassINET, Ttl: ttl}
	}
	text := func(q *dns.Msg, ttl uint32) dns.RR {
		return &dns.TXT{Hdr: head(q, dns.TypeTXT, ttl), Txt: []string{"x"}}
	}
	absent := func(rcode int, ttl, minimum uint32) func(q, m *dns.Msg, _ bool) *dns.Msg {
		return func(q, m *dns.Msg, _ bool) *dns.Msg {
			m.Rcode, m.Answer = rcode, nil
			m.Ns = []dns.RR{&dns.SOA{Hdr: head(q, dns.TypeSOA, ttl), Ns: "ns.test.", Mbox: "m.test.", Minttl: minimum}}
			return m
		}
	}
	for name, c := range map[string]struct {
		edit func(q, m *dns.Msg, tcp bool) *dns.Msg
		life time.Duration
	}{
		"ttl":    {nil, time.Minute},
		"no ttl": {func(q, m *dns.Msg, _ bool) *dns.Msg { m.Answer = []dns.RR{text(q, 0)}; return m }, 0},
		"the shorter of two": {func(q, m *dns.Msg, _ bool) *dns.Msg {
			m.Answer = []dns.RR{text(q, 90),
				text(q, 30)}
			return m
		}, 30 * time.Second},
		"ttl below 0": {func(q, m *dns.Msg, _ bool) *dns.Msg { m.Answer = []dns.RR{text(q, 1<<31)}; return m }, 0},
		"a year":      {func(q, m *dns.Msg, _ bool) *dns.Msg { m.Answer = []dns.RR{text(q, 365*86400)}; return m }, 24 * time.Hour},
		"an alias": {func(q, m *dns.Msg, _ bool) *dns.Msg {
			there := text(q, 60)
			there.Header().Name = "b.test."
			m.Answer = []dns.RR{&dns.CNAME{Hdr: head(q, dns.TypeCNAME, 20), Target: "b.test."}, there}
			return m
		}, 20 * time.Second},
		"an alias, then another question": {func(q, m *dns.Msg, _ bool) *dns.Msg {
			if q.Question[0].Name == "a.test." {
				m.Answer = []dns.RR{&dns.CNAME{Hdr: head(q, dns.TypeCNAME, 300), Target: "b.test."}}
			}
			return m
		}, time.Minute},
		"no such name": {absent(dns.RcodeNameError, 600, 40), 40 * time.Second},
		"no data":      {absent(dns.RcodeSuccess, 15, 40), 15 * time.Second},
		"no SOA":       {rcode(dns.RcodeNameError), 0},
		"a failure":    {rcode(dns.RcodeServerFailure), failureLife},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var passed atomic.Int64
			z := &zoneServer{edit: c.edit}
			client := client(t, Options{Servers: []string{serve(t, z)}, Now: func() time.Time { return time.Unix(0, passed.Load()) }})
			ask := func(r Resolver) int32 {
				before := z.asked.Load()
				_, _ = r.Ask(t.Context(), "a.test", TypeTXT)
				return z.asked.Load() - before
			}
			first := client.Run()
			if ask(first) == 0 {
				t.Fatal("not asked")
			}
			passed.Store(int64(c.life))
			if ask(client.Run()) != 0 {
				t.Errorf("asked again within %s", c.life)
			}
			passed.Add(int64(time.Nanosecond))
			if ask(first) != 0 || ask(client) != 0 {
				t.Error("asked twice in one run")
			}
			if later := client.Run(); ask(later) == 0 || ask(later) != 0 || ask(first) != 0 {
				t.Errorf("not asked once after %s", c.life)
			}
		})
	}
}

// TestOldAnswersMakeRoom: what is asked again and again takes its room once.
func TestOldAnswersMakeRoom(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	c := client(t, Options{Servers: []string{serve(t, &zoneServer{})}, Now: func() time.Time { return time.Unix(0, passed.Load()) }})
	for range 50 {
		passed.Add(int64(time.Hour))
		if _, err := c.Run().Ask(t.Context(), "a.test", TypeTXT); err != nil {
			t.Fatal(err)
		}
	}
	size, entries := 0, 0
	for i := range c.cache.shards {
		size += c.cache.shards[i].size
		entries += len(c.cache.shards[i].young) + len(c.cache.shards[i].old)
	}
	if size <= 0 || size > 1000 || entries != 1 {
		t.Errorf("%d answers take %d bytes", entries, size)
	}
}
