package lab

import (
	"fmt"
	"strings"
)

// domain draws one mail domain; a few do not exist, a few cannot be asked.
func (s *synthetic) domain(i int) {
	d := fmt.Sprintf("d%d.test", i)
	switch s.draw(2, 2) {
	case 0:
		return
	case 1:
		s.line("$FAULT %s * SERVFAIL", d)
		s.line("$FAULT *.%s * SERVFAIL", d)
		return
	}
	s.route(d, i)
	s.spf(d)
	s.verifications(d)
	s.dmarc(d)
	s.dkim(d)
}

// route draws who takes the domain's mail.
func (s *synthetic) route(d string, i int) {
	shared := s.rng.IntN(mailHosts)
	switch s.draw(3, 3, 2, 2, 62) {
	case 0:
		s.line("%s. MX 0 .", d)
	case 1: // nobody, or its web server
		if s.chance(50) {
			s.host(d, v4(1000+3*i))
		}
	case 2:
		s.line("%s. MX 10 gone.%s.", d, d)
	case 3:
		s.line("%s. MX 10 mail.%s.", d, d)
		s.line("mail.%s. CNAME mx0.host%d.test.", d, shared)
	case 4:
		s.line("%s. MX 10 mx0.host%d.test.", d, shared)
		s.line("%s. MX 20 mx1.host%d.test.", d, shared)
	default:
		for k := range 1 + s.rng.IntN(3) {
			name := fmt.Sprintf("mx%d.%s", k, d)
			s.line("%s. MX %d %s.", d, 10*k, name)
			s.host(name, v4(1000+3*i+k))
			if s.chance(35) {
				s.host(name, v6(1000+3*i+k))
			}
		}
	}
}

// spf draws a record: includes of services, and what goes wrong with them.
func (s *synthetic) spf(d string) {
	includes := 1 + s.rng.IntN(3)
	var terms []string
	switch s.draw(6, 2, 4, 3, 1, 2, 2, 5) {
	case 0:
		return
	case 1:
		s.txt(d, "v=spf1 ip4:198.19.255.0/24 ~all")
	case 2: // more look-ups than allowed
		includes = 8
	case 3:
		terms = append(terms, "a:old0."+d, "a:old1."+d, "a:old2."+d)
	case 4:
		terms = append(terms, "include:loop."+d)
		s.txt("loop."+d, "v=spf1 include:"+d+" ~all")
	case 5:
		terms = append(terms, "exists:%{i}._spf."+d)
	case 6:
		terms = append(terms, "ptr")
	case 7: // written elsewhere
		s.txt(d, "v=spf1 redirect=_spf."+d)
		d = "_spf." + d
	}
	for _, k := range s.rng.Perm(services)[:includes] {
		terms = append(terms, fmt.Sprintf("include:spf.service%d.test", k))
	}
	if s.chance(30) {
		terms = append(terms, "mx")
	}
	s.txt(d, fmt.Sprintf("v=spf1 ip4:198.19.%d.%d %s %s", s.rng.IntN(256), s.rng.IntN(256), strings.Join(terms, " "),
		[...]string{"~all", "-all", "?all"}[s.draw(60, 36)]))
}

// verifications are the texts that services ask for beside SPF; where they are
// many, the answer goes by TCP.
func (s *synthetic) verifications(d string) {
	n := s.rng.IntN(5)
	if s.chance(3) {
		n = 30
	}
	for range n {
		s.txt(d, fmt.Sprintf("service-verification=%016x%016x", s.rng.Uint64(), s.rng.Uint64()))
	}
}

func (s *synthetic) dmarc(d string) {
	if s.chance(20) {
		return
	}
	policies := [...]string{"none", "quarantine", "reject"}
	record, at := "v=DMARC1; p="+policies[s.rng.IntN(3)], "_dmarc."+d
	if s.chance(20) {
		record += "; sp=" + policies[s.rng.IntN(3)]
	}
	if s.chance(15) {
		record += "; pct=100"
	}
	if s.chance(15) {
		record += "; adkim=s; aspf=s"
	}
	to := s.rng.IntN(receivers)
	switch s.draw(15, 35) {
	case 0:
	case 1:
		record += "; rua=mailto:dmarc@" + d
	default:
		record += fmt.Sprintf("; rua=mailto:d@reports%d.test", to)
		if to >= receivers-2 && s.chance(70) {
			s.txt(fmt.Sprintf("%s._report._dmarc.reports%d.test", d, to), "v=DMARC1")
		}
	}
	switch s.draw(2, 5) {
	case 0:
		s.txt(at, "v=DMARC1; p=none")
	case 1: // kept by the receiver
		hosted := fmt.Sprintf("%s.policies.reports%d.test", strings.ReplaceAll(d, ".", "-"), to)
		s.line("%s. CNAME %s.", at, hosted)
		at = hosted
	}
	s.txt(at, record)
}

// dkim draws keys under usual selectors, many of them kept by the mail host.
func (s *synthetic) dkim(d string) {
	for _, sel := range [...]string{"google", "selector1", "s1", "k1", "default", "mail"} {
		if !s.chance(22) {
			continue
		}
		at := sel + "._domainkey." + d
		if s.chance(35) {
			kept := fmt.Sprintf("%s-%s.keys.host%d.test", sel, strings.ReplaceAll(d, ".", "-"), s.rng.IntN(mailHosts))
			s.line("%s. CNAME %s.", at, kept)
			at = kept
		}
		s.txt(at, [...]string{"v=DKIM1; k=rsa; p=" + rsa2048, "v=DKIM1; k=rsa; p=" + rsa1024, "v=DKIM1; k=ed25519; p=" +
			ed25519, "v=DKIM1; p="}[s.draw(80, 10, 6)])
	}
}
