package campaign

import (
	"todoku/codes"
	"todoku/diag/provider"
	"todoku/diag/spf"
)

// decide judges a demand or a limit, whichever provider has it. What a program cannot know is never passed.
func (s *sender) decide(f provider.Fact) verdict {
	if f.IPv6 && !s.anyIPv6() {
		return beside(codes.Say(codes.Text{EN: "the campaign sends from no IPv6 address", JA: "IPv6アドレスからは送信しません"}))
	}
	if judge, ok := s.ofDNS()[f.Needs]; ok {
		return judge()
	}
	switch f.Needs {
	case "ptr", "ptr_named":
		return s.reverse(f.Needs == "ptr_named", f.IPv6)
	case "helo":
		return s.greeting()
	case "tls":
		return s.tls()
	case "one_click":
		return s.ofMail(oneClick)
	case "list_unsubscribe":
		return s.ofMail(listUnsubscribe)
	case "unsubscribe":
		return s.ofMail(visibleWay)
	case "format":
		return s.ofMail(form)
	case "size":
		return s.ofMail(func(m *mailFacts) verdict { return sized(f, m.size) })
	case "line":
		return s.ofMail(func(m *mailFacts) verdict { return sized(f, m.longest) })
	}
	return fromOutside(f.Needs)
}

// ofDNS are the judges that look at the sender's records.
func (s *sender) ofDNS() map[string]func() verdict {
	return map[string]func() verdict{
		"spf":            s.spfOfMail,
		"spf_not_fail":   func() verdict { return s.spfOf(s.spf, spf.Fail) },
		"spf_from":       func() verdict { return s.spfOf(s.spfFrom, "") },
		"dkim":           func() verdict { v, _ := s.dkimOfMail(); return v },
		"spf_or_dkim":    s.either,
		"spf_and_dkim":   s.both,
		"key_bits":       s.keyBits,
		"dmarc":          s.record,
		"dmarc_pass":     s.dmarcPass,
		"dmarc_policy":   s.dmarcPolicy,
		"alignment":      s.alignment,
		"dkim_alignment": s.dkimAlignment,
		"dns":            func() verdict { return s.inDNS(false) },
		"dns_mx":         func() verdict { return s.inDNS(true) },
		"address": func() verdict {
			return passed(codes.Say(codes.Text{EN: "From: has a full domain name", JA: "FromのアドレスはFQDN形式です"}))
		},
	}
}

// both judges whether SPF and DKIM pass.
func (s *sender) both() verdict {
	a := s.spfOfMail()
	b, _ := s.dkimOfMail()
	if a.status != Pass && a.status != NotApplicable && (a.status == Fail || b.status != Fail) {
		return a
	}
	return b
}

func (s *sender) anyIPv6() bool {
	for _, ip := range s.c.IPs {
		if ip.Is6() {
			return true
		}
	}
	return false
}
