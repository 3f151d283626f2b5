package campaign

import (
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

// evidence is what DNS holds that makes a demand pass.
func (s *sender) evidence(needs string) []diag.Evidence {
	switch needs {
	case "spf", "spf_not_fail":
		return recordOfSPF(s.spf)
	case "spf_from":
		return recordOfSPF(s.spfFrom)
	case "dkim", "key_bits":
		return s.keyRecords()
	case "spf_or_dkim", "spf_and_dkim":
		return append(recordOfSPF(s.spf), s.keyRecords()...)
	case "dmarc", "dmarc_pass", "dmarc_policy", "alignment", "dkim_alignment":
		return s.policyRecord()
	case "ptr", "ptr_named":
		return s.names()
	case "dns", "dns_mx":
		var out []diag.Evidence
		for _, r := range s.routes {
			if r.route != nil {
				out = append(out, diag.Seen(r.route.Answer)...)
			}
		}
		return out
	}
	return nil
}

func recordOfSPF(r *diag.Result) []diag.Evidence {
	f, ok := r.Facts.(*check.SPFFacts)
	if !ok || f.Record == "" {
		return nil
	}
	return []diag.Evidence{{Kind: "dns", Name: f.Domain, Type: resolve.TypeTXT.String(), Value: f.Record, TTL: f.TTL}}
}

func (s *sender) keyRecords() []diag.Evidence {
	var out []diag.Evidence
	for i := range s.dkim {
		k := &s.dkim[i]
		for _, sel := range k.usable() {
			out = append(out, diag.Evidence{Kind: "dns", Name: Selector{sel.Selector, k.domain}.String(), Type: resolve.TypeTXT.String(),
				Value: sel.Record, TTL: sel.TTL})
		}
	}
	return out
}

func (s *sender) policyRecord() []diag.Evidence {
	f, ok := s.dmarc.Facts.(*check.DMARCFacts)
	if !ok || f.Record == "" {
		return nil
	}
	return []diag.Evidence{{Kind: "dns", Name: "_dmarc." + f.Domain, Type: resolve.TypeTXT.String(), Value: f.Record, TTL: f.TTL}}
}

// names are the confirmed reverse names of the sending addresses.
func (s *sender) names() []diag.Evidence {
	var out []diag.Evidence
	if s.ptr == nil {
		return out
	}
	f, _ := s.ptr.Facts.(*check.PTRFacts)
	for i, ip := range s.c.IPs {
		if f != nil && i < len(f.Addresses) && len(f.Addresses[i].Confirmed) > 0 {
			out = append(out, diag.Evidence{Kind: "dns", Name: resolve.Reverse(ip), Type: resolve.TypePTR.String(),
				Value: f.Addresses[i].Confirmed[0]})
		}
	}
	return out
}
