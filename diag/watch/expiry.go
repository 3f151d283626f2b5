package watch

import (
	"time"

	"todoku/diag"
	"todoku/diag/check"
)

// expiriesOf lists when the certificates end that a look met: of each host the one that ends first.
func expiriesOf(r *diag.Report) (out []Expiry) {
	res, facts := diag.FactsOf[*check.SMTPFacts](r)
	if res == nil || facts == nil {
		return nil
	}
	for _, h := range facts.Hosts {
		if h.TLS == nil {
			continue
		}
		at, err := time.Parse(time.RFC3339, h.TLS.Expires)
		if err != nil {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Host == h.Host {
			if at.Before(out[n-1].At) {
				out[n-1].At = at
			}
			continue
		}
		out = append(out, Expiry{Host: h.Host, Use: res.Check.Name, At: at})
	}
	return out
}
