package lab

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Synthetic makes a world of n mail domains, d0.test and so on, that share mail
// hosts, sending services and report receivers the way real ones do. The same
// seed gives the same world; it is for benchmarks.
func Synthetic(seed uint64, n int) (*World, error) {
	s := &synthetic{rng: rand.New(rand.NewPCG(seed, seed))}
	s.mailHosts()
	s.services()
	for i := range n {
		s.domain(fmt.Sprintf("d%d.test", i))
	}
	return ParseWorld(strings.NewReader(s.b.String()), "synthetic")
}

// How much is shared.
const (
	mailHosts = 20
	services  = 24
	receivers = 6
)

type synthetic struct {
	rng *rand.Rand
	b   strings.Builder
}

func (s *synthetic) line(format string, args ...any) { fmt.Fprintf(&s.b, format+"\n", args...) }

// chance is true in so many of a hundred cases.
func (s *synthetic) chance(percent int) bool { return s.rng.IntN(100) < percent }

func (s *synthetic) mailHosts() {
	for i := range mailHosts {
		for k := range 2 {
			s.line("mx%d.host%d.test. A 198.18.%d.%d", k, i, k, i+1)
			s.line("%d.%d.18.198.in-addr.arpa. PTR mx%d.host%d.test.", i+1, k, k, i)
			s.line("mx%d.host%d.test. AAAA 2001:db8::%d:%d", k, i, k+1, i+1)
		}
	}
}

// services have SPF trees of up to four levels; receivers take DMARC reports.
func (s *synthetic) services() {
	for i := range services {
		name := fmt.Sprintf("spf.service%d.test", i)
		for level := range i % 5 {
			below := fmt.Sprintf("n%d.service%d.test", level, i)
			s.line(`%s. TXT "v=spf1 include:%s ip4:198.19.%d.%d ~all"`, name, below, i, level)
			name = below
		}
		s.line(`%s. TXT "v=spf1 ip4:198.19.%d.0/24 ~all"`, name, i)
	}
	for i := range receivers {
		s.line("reports%d.test. MX 10 mx0.host%d.test.", i, i)
		if i < receivers-2 { // the others authorise nobody
			s.line(`*._report._dmarc.reports%d.test. TXT "v=DMARC1"`, i)
		}
	}
}

// domain draws one mail domain; a few do not exist, a few cannot be asked.
func (s *synthetic) domain(d string) {
	switch {
	case s.chance(2):
		return
	case s.chance(2):
		s.line("$FAULT %s * SERVFAIL", d)
		s.line("$FAULT *.%s * SERVFAIL", d)
		return
	}
	s.route(d)
	if s.chance(94) {
		var terms []string
		for range 1 + s.rng.IntN(3) {
			terms = append(terms, fmt.Sprintf("include:spf.service%d.test", s.rng.IntN(services)))
		}
		if s.chance(40) {
			terms = append(terms, "mx")
		}
		s.line(`%s. TXT "v=spf1 %s ~all"`, d, strings.Join(terms, " "))
	}
	if s.chance(70) {
		to := "d@" + d
		if s.chance(50) {
			to = fmt.Sprintf("d@reports%d.test", s.rng.IntN(receivers))
		}
		s.line(`_dmarc.%s. TXT "v=DMARC1; p=%s; rua=mailto:%s"`, d, [...]string{"none", "quarantine", "reject"}[s.rng.IntN(3)], to)
	}
	for _, sel := range [...]string{"google", "selector1", "s1", "k1", "default"} {
		if s.chance(25) {
			s.line("%s.%s. TXT \"v=DKIM1; k=rsa; p=%s\" \"%s\"", sel+"._domainkey", d, rsa2048[:200], rsa2048[200:])
		}
	}
}

func (s *synthetic) route(d string) {
	switch {
	case s.chance(3):
		s.line("%s. MX 0 .", d)
	case s.chance(75):
		host := s.rng.IntN(mailHosts)
		s.line("%s. MX 10 mx0.host%d.test.", d, host)
		s.line("%s. MX 20 mx1.host%d.test.", d, host)
	default:
		a, b := s.rng.IntN(256), s.rng.IntN(254)+1
		s.line("%s. MX 10 mail.%s.", d, d)
		s.line("mail.%s. A 198.18.%d.%d", d, a, b)
		if s.chance(85) {
			s.line("%d.%d.18.198.in-addr.arpa. PTR mail.%s.", b, a, d)
		}
	}
}
