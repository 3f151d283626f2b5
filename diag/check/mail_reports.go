package check

import (
	"slices"
	"strings"

	"todoku/diag/dmarc"
)

// AuthReport is what one of the receiver's own servers says about the mail in Authentication-Results (RFC 8601).
type AuthReport struct {
	Server string `json:"server"`
	Method string `json:"method"` // "spf", "dkim", "dmarc"
	Result string `json:"result"`
	Domain string `json:"domain"` // that was judged; "" where the field does not tell
}

// maxReports is how many results of the receiver's servers are kept.
const maxReports = 50

// findReports takes the results of the receiver's own servers: from fields above the hop that came from outside, by servers
// of the reader's. Fields below it can be anybody's (RFC 8601 §5).
func (m *Mail) findReports(trust []string) {
	own := siblings(trust)
	if len(own) == 0 && m.Envelope.By != "" {
		own = siblings([]string{dmarc.Registered(strings.ToLower(m.Envelope.By))})
	}
	m.Reported = []AuthReport{}
	for _, f := range m.Raw.Fields[:m.reportBorder()] {
		if !strings.EqualFold(f.Name, "Authentication-Results") {
			continue
		}
		for _, r := range parseReports(f.Value()) {
			if r.Server == "" && within(m.Envelope.By, microsoft) {
				r.Server = strings.ToLower(m.Envelope.By)
			}
			if within(r.Server, own) && len(m.Reported) < maxReports {
				m.Reported = append(m.Reported, r)
			}
		}
	}
}

// reportBorder is where the fields end that can hold results of the receiver's servers. Gmail writes its own below its field
// Received, and takes those away that claim to be its.
func (m *Mail) reportBorder() int {
	i, all := m.Envelope.border, m.Raw.Fields
	if !strings.EqualFold(m.Envelope.By, "mx.google.com") {
		return i
	}
	for n := i + 1; n < min(i+3, len(all)); n++ {
		if strings.EqualFold(all[n].Name, "Authentication-Results") {
			return n + 1
		}
		if !strings.EqualFold(all[n].Name, "Received-SPF") {
			break
		}
	}
	return i
}

// reports are the results of one method.
func (m *Mail) reports(method string) []AuthReport {
	return slices.DeleteFunc(slices.Clone(m.Reported), func(r AuthReport) bool { return r.Method != method })
}

// differs is the first result of a method that contradicts ours. Ours says whether the mail passed for a domain; a result
// that decides nothing (temperror, neutral …) contradicts nothing.
func differs(list []AuthReport, passed func(domain string) (passed, known bool)) (AuthReport, bool) {
	for _, r := range list {
		ours, known := passed(r.Domain)
		if known && (r.Result == "pass" && !ours || r.Result == "fail" && ours) {
			return r, true
		}
	}
	return AuthReport{}, false
}
