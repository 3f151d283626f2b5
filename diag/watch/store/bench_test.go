package store_test

import (
	"fmt"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/baseline"
	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// realistic is the state of a domain as a look at a real one leaves it: ten findings, eight record sets, a certificate.
func realistic(domain string, at time.Time) watch.State {
	st := watch.State{Expires: []watch.Expiry{{Host: "mx1." + domain, Use: "smtp", At: at.Add(60 * day)}}}
	for _, f := range []struct{ check, rule, en, ja string }{
		{"spf", "spf-lookups", "{name}: SPF needs 12 DNS lookups, 10 are allowed",
			"{name}: SPF の評価に DNS 参照が 12 回必要です(上限は 10 回)"},
		{"spf", "spf-wide", "{name}: SPF lets 131072 addresses send",
			"{name}: SPF が 131072 個のアドレスに送信を許可しています"},
		{"dkim", "dkim-key-weak", "s1._domainkey.{name}: the RSA key has 1024 bits",
			"s1._domainkey.{name}: RSA 鍵が 1024 ビットです"},
		{"dmarc", "dmarc-policy-none", "{name}: DMARC has the policy none: nobody acts on it",
			"{name}: DMARC のポリシーが none で、受信側は何もしません"},
		{"dmarc", "dmarc-no-rua", "{name}: DMARC asks nobody for reports",
			"{name}: DMARC の集約レポートの送付先がありません"},
		{"mx", "mx-implicit", "{name}: there is no MX record, mail goes to the address",
			"{name}: MX レコードがなく、A レコードのホストに配送されます"},
		{"mtasts", "mtasts-none", "{name}: there is no MTA-STS policy",
			"{name}: MTA-STS ポリシーがありません"},
		{"tlsrpt", "tlsrpt-none", "{name}: nobody gets reports about TLS",
			"{name}: TLS レポートの送付先がありません"},
		{"bimi", "bimi-none", "{name}: there is no BIMI record",
			"{name}: BIMI レコードがありません"},
		{"ns", "ns-single-network", "{name}: all name servers are in one network",
			"{name}: ネームサーバーがすべて同じネットワークにあります"},
	} {
		say := func(text string) string {
			return codes.Text{EN: text, JA: text}.Fill(codes.English, codes.Data{codes.Str("name", domain)}, codes.Datum.String)
		}
		st.Findings = append(st.Findings, watch.Standing{Known: baseline.Known{Check: f.check, Rule: f.rule, Subject: domain,
			Data: "9f86d081884c7d659a2feaa0c55ad015"}, Severity: "warn", First: at, Message: codes.Text{EN: say(f.en), JA: say(f.ja)}})
	}
	for _, v := range []struct {
		name, typ string
		values    []string
	}{
		{domain, "TXT", []string{"v=spf1 include:_spf.provider.example include:spf.mailer.example ip4:192.0.2.0/24 -all",
			"provider-site-verification=0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"}},
		{"_dmarc." + domain, "TXT", []string{"v=DMARC1; p=none; rua=mailto:dmarc@" + domain}},
		{"s1._domainkey." + domain, "CNAME", []string{"s1.domainkey.u12345.wl.mailer.example"}},
		{"s1._domainkey." + domain, "TXT", []string{"v=DKIM1; k=rsa; p=" + fmt.Sprintf("%0216d", len(domain))}},
		{domain, "MX", []string{"10 mx1." + domain, "20 mx2." + domain}},
		{domain, "NS", []string{"ns1.dns.example", "ns2.dns.example"}},
		{"mx1." + domain, "A", []string{"192.0.2.25"}},
		{"mx2." + domain, "A", []string{"192.0.2.26"}},
	} {
		st.Values = append(st.Values, watch.Value{Name: v.name, Type: v.typ, Values: v.values, First: at})
	}
	return st
}

// fill makes the outcomes of a first look.
func fill(w watch.Work, at time.Time) watch.Done {
	d := watch.Done{Started: at, Took: 10 * time.Second, Summary: watch.NewSummary()}
	for _, k := range w.Domains {
		st := realistic(k.Name, at)
		d.Outcomes = append(d.Outcomes, watch.Outcome{At: at, State: st, Changed: true})
		d.Summary.Count(k.Name, st)
	}
	return d
}

// used is the time of all CPUs that this process has used.
func used() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// BenchmarkRounds tells what the store costs a domain in this process: to save a first look, to save a look without news,
// to load.
func BenchmarkRounds(b *testing.B) {
	for _, where := range []func(testing.TB) string{
		func(t testing.TB) string { return filepath.Join(t.TempDir(), "watch.db") }, database,
	} {
		c := newClock()
		s := open(b, where(b), c)
		b.Run(s.Dialect().String(), func(b *testing.B) { rounds(b, s, c) })
	}
}

func rounds(b *testing.B, s *store.Store, c *clock) {
	list := names(b.N * watch.ChunkSize)
	began := used()
	watchAll(b, s, day, list...)
	added := used() - began
	var loaded, saved, quiet time.Duration
	for round := range 2 {
		for _, j := range due(b, s, c.add(2*day)) {
			runtime.GC()
			began := used()
			w, err := s.Load(b.Context(), j)
			must(b, err)
			if round == 1 {
				loaded += used() - began
			}
			d := fill(w, c.now())
			if round == 1 {
				d = same(w, c.now())
			}
			runtime.GC() // what is above is not the store's
			began = used()
			must(b, save(b, s, w, d))
			if round == 0 {
				saved += used() - began
			} else {
				quiet += used() - began
			}
		}
	}
	for what, took := range map[string]time.Duration{"add": added, "load": loaded, "first-look": saved, "no-news": quiet} {
		b.ReportMetric(float64(took.Microseconds())/float64(len(list)), what+"-µs/domain")
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkStates tells what it costs to write and to read a state as text.
func BenchmarkStates(b *testing.B) {
	st := realistic("a.example", start)
	text, err := store.EncodeState(st)
	must(b, err)
	b.ReportMetric(float64(len(text)), "octets")
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			_, err := store.EncodeState(st)
			must(b, err)
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			_, err := store.DecodeState("a.example", text)
			must(b, err)
		}
	})
}
