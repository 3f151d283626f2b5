package lab

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// Synthetic makes a world of n mail domains, d0.test and so on, that share mail
// hosts, sending services and report receivers the way real ones do. The same
// seed gives the same world, and a larger n keeps the domains that were there;
// it is for benchmarks.
func Synthetic(seed uint64, n int) (*World, error) {
	return parse(&synthetic{seed: seed, n: n}, "synthetic", math.MaxInt)
}

// How much is shared.
const (
	mailHosts = 20
	services  = 24
	receivers = 6
)

// synthetic is the text of the world, written as far as it is read: first what
// is shared, then domain by domain.
type synthetic struct {
	seed    uint64
	n, next int
	shared  bool
	rng     *rand.Rand
	b       bytes.Buffer
}

func (s *synthetic) Read(p []byte) (int, error) {
	for s.b.Len() == 0 {
		switch {
		case !s.shared:
			s.shared = true
			s.rng = rand.New(rand.NewPCG(s.seed, math.MaxUint64))
			s.mailHosts()
			s.services()
			s.receivers()
		case s.next < s.n:
			s.rng = rand.New(rand.NewPCG(s.seed, uint64(s.next)))
			s.domain(s.next)
			s.next++
		default:
			return 0, io.EOF
		}
	}
	return s.b.Read(p)
}

func (s *synthetic) line(format string, args ...any) { fmt.Fprintf(&s.b, format+"\n", args...) }

func (s *synthetic) txt(name, text string) {
	s.line("%s. TXT%s", name, quoted(text))
}

// chance is true in so many of a hundred cases.
func (s *synthetic) chance(percent int) bool { return s.rng.IntN(100) < percent }

// draw picks a case by its share of a hundred; what remains is the last one.
func (s *synthetic) draw(percent ...int) int {
	r := s.rng.IntN(100)
	for i, p := range percent {
		if r -= p; r < 0 {
			return i
		}
	}
	return len(percent)
}

// host gives a name an address, and most often the address that name.
func (s *synthetic) host(name string, addr netip.Addr) {
	kind := "A"
	if addr.Is6() {
		kind = "AAAA"
	}
	s.line("%s. %s %s", name, kind, addr)
	reverse, err := dns.ReverseAddr(addr.String())
	if err != nil {
		return
	}
	switch s.draw(88, 6) {
	case 0:
		s.line("%s PTR %s.", reverse, name)
	case 1:
		s.line("%s PTR elsewhere.%s.", reverse, name)
	}
}

// v4 and v6 are the i-th addresses for benchmarks and documentation (RFC 2544, RFC 3849).
func v4(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{198, byte(18 + i>>16&1), byte(i >> 8), byte(i)})
}
func v6(i int) netip.Addr {
	return netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 12: byte(i >> 24), 13: byte(i >> 16), 14: byte(i >> 8), 15: byte(i)})
}

func (s *synthetic) mailHosts() {
	for i := range mailHosts {
		for k := range 2 {
			name := fmt.Sprintf("mx%d.host%d.test", k, i)
			s.host(name, v4(2*i+k))
			if i%2 == 0 {
				s.host(name, v6(2*i+k))
			}
		}
		s.txt(fmt.Sprintf("spf.host%d.test", i), fmt.Sprintf("v=spf1 ip4:198.19.%d.0/25 ~all", i))
	}
}

// services have SPF trees of up to four levels, some of two arms.
func (s *synthetic) services() {
	for i := range services {
		name := fmt.Sprintf("spf.service%d.test", i)
		for level := range i % 5 {
			below := fmt.Sprintf("n%d.service%d.test", level, i)
			arm := ""
			if level == 0 && i%3 == 0 {
				arm = fmt.Sprintf(" include:arm.service%d.test", i)
				s.txt(fmt.Sprintf("arm.service%d.test", i), fmt.Sprintf("v=spf1 ip4:198.19.%d.128/25 ~all", i))
			}
			s.txt(name, fmt.Sprintf("v=spf1 include:%s%s ip4:198.19.%d.%d ~all", below, arm, i, level))
			name = below
		}
		s.txt(name, fmt.Sprintf("v=spf1 ip4:198.19.%d.0/24 ip6:2001:db8:%x::/48 ~all", i, i))
	}
}

func (s *synthetic) receivers() {
	for i := range receivers {
		s.line("reports%d.test. MX 10 mx0.host%d.test.", i, i)
		if i < receivers-2 { // the others authorise domain by domain
			s.txt(fmt.Sprintf("*._report._dmarc.reports%d.test", i), "v=DMARC1")
		}
	}
}

// quoted writes a text in strings of at most 255 octets (RFC 1035 §3.3).
func quoted(text string) string {
	var b strings.Builder
	for len(text) > 255 {
		b.WriteString(` "` + text[:255] + `"`)
		text = text[255:]
	}
	return b.String() + ` "` + text + `"`
}
