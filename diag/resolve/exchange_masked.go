package resolve

import (
	"github.com/miekg/dns"
)

// Masked is the exchange with other names and texts: mask gives what stands for a text. Addresses and what cannot be read stay as
// they are. ok is false where the masked message cannot be written.
func (x Exchange) Masked(mask func(string) string) (masked Exchange, ok bool) {
	x.Name, x.Server = maskedName(x.Name, mask), mask(x.Server)
	if len(x.Message) == 0 {
		return x, true
	}
	m := new(dns.Msg)
	if err := m.Unpack(x.Message); err != nil {
		return x, false
	}
	for i := range m.Question {
		m.Question[i].Name = maskedName(m.Question[i].Name, mask)
	}
	for _, section := range [...][]dns.RR{m.Answer, m.Ns, m.Extra} {
		for _, rr := range section {
			maskRecord(rr, mask)
		}
	}
	b, err := m.Pack()
	x.Message = b
	return x, err == nil
}

func maskRecord(rr dns.RR, mask func(string) string) {
	rr.Header().Name = maskedName(rr.Header().Name, mask)
	switch v := rr.(type) {
	case *dns.TXT:
		v.Txt = maskedStrings(v.Txt, mask)
	case *dns.SPF:
		v.Txt = maskedStrings(v.Txt, mask)
	case *dns.MX:
		v.Mx = maskedName(v.Mx, mask)
	case *dns.NS:
		v.Ns = maskedName(v.Ns, mask)
	case *dns.PTR:
		v.Ptr = maskedName(v.Ptr, mask)
	case *dns.CNAME:
		v.Target = maskedName(v.Target, mask)
	case *dns.SOA:
		v.Ns, v.Mbox = maskedName(v.Ns, mask), maskedName(v.Mbox, mask)
	}
}

// maskedName is a name through the mask; one that would be no name any more stays.
func maskedName(name string, mask func(string) string) string {
	out := mask(name)
	if _, valid := dns.IsDomainName(out); !valid {
		return name
	}
	return out
}

// maskedStrings are the strings of a TXT record through the mask. An address may lie across the border of two: where the whole
// has something to mask, it is cut anew.
func maskedStrings(list []string, mask func(string) string) []string {
	whole := ""
	for _, s := range list {
		whole += s
	}
	out := mask(whole)
	if out == whole {
		return list
	}
	list = nil
	for len(out) > 255 {
		list, out = append(list, out[:255]), out[255:]
	}
	return append(list, out)
}
