package dane

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"time"
)

// Outcome is what a record says about a chain.
type Outcome string

// The outcomes. All but Matches mean that the record does not let mail pass.
const (
	Matches   Outcome = "match"
	NoMatch   Outcome = "no_match"         // it is of another certificate or key
	WrongName Outcome = "name_mismatch"    // an authority matches, and the certificate does not name the server (RFC 7672 §3.2.2)
	Outdated  Outcome = "expired"          // an authority matches, and a certificate below it is out of date
	NoPath    Outcome = "no_path"          // an authority matches, and does not vouch for the server's certificate
	Passed    Outcome = "stronger_present" // another record of the set with a stronger digest decides (RFC 7671 §9)
	Unusable  Outcome = "unusable"         // see the record's Fault
)

// Shown is what a server shows, and by whom it is visited.
type Shown struct {
	Chain []*x509.Certificate // as it came, the server's own first
	Names []string            // of which the certificate has to hold one (RFC 7672 §3.2.2)
	Now   time.Time
}

// maxChain bounds the certificates of a chain that are looked at.
const maxChain = 20

// Match holds each record against a chain; the outcomes come in the order of the records. Mail passes where one of them is
// Matches. Where all are Unusable, TLS is needed and no certificate is looked at (RFC 7672 §2.2).
func Match(records []Record, s Shown) []Outcome {
	s.Chain = s.Chain[:min(len(s.Chain), maxChain)]
	strongest := strongestDigests(records)
	out := make([]Outcome, len(records))
	for i := range records {
		r := &records[i]
		switch {
		case !r.Usable():
			out[i] = Unusable
		case r.Matching != Full && r.Matching < strongest[family{r.Usage, r.Selector}]:
			out[i] = Passed
		case len(s.Chain) == 0:
			out[i] = NoMatch
		case r.Usage == DANEEE:
			// RFC 7671 §5.1: neither names nor dates of the certificate count.
			out[i] = NoMatch
			if r.covers(s.Chain[0]) {
				out[i] = Matches
			}
		default:
			out[i] = s.vouch(r)
		}
	}
	return out
}

// Accepts reports whether one outcome lets mail pass.
func Accepts(outcomes []Outcome) bool {
	for _, o := range outcomes {
		if o == Matches {
			return true
		}
	}
	return false
}

// Binding reports whether a set makes a sender look at the certificate: one record at least is usable.
func Binding(records []Record) bool {
	for i := range records {
		if records[i].Usable() {
			return true
		}
	}
	return false
}

// Prepared reports whether a set has a record for the next certificate, too (RFC 7671 §8.1 and §8.4): an authority's, or two of
// one kind for two certificates or keys of the server.
func Prepared(records []Record) bool {
	seen := map[[3]uint8]bool{}
	for i := range records {
		r := &records[i]
		kind := [3]uint8{r.Usage, r.Selector, r.Matching}
		switch {
		case !r.Usable():
		case r.Usage == DANETA, seen[kind]:
			return true
		default:
			seen[kind] = true
		}
	}
	return false
}

// family is the records among which only the strongest digest counts.
type family struct{ usage, selector uint8 }

// strongestDigests finds the strongest digest of each usage and selector (RFC 7671 §9): SHA-512 before SHA-256.
func strongestDigests(records []Record) map[family]uint8 {
	out := map[family]uint8{}
	for i := range records {
		if r := &records[i]; r.Usable() && r.Matching != Full {
			f := family{r.Usage, r.Selector}
			out[f] = max(out[f], r.Matching)
		}
	}
	return out
}

// covers reports whether the record is of a certificate (RFC 6698 §2.1.2 and §2.1.3).
func (r *Record) covers(c *x509.Certificate) bool {
	data := c.Raw
	if r.Selector == SPKI {
		data = c.RawSubjectPublicKeyInfo
	}
	switch r.Matching {
	case SHA256:
		sum := sha256.Sum256(data)
		data = sum[:]
	case SHA512:
		sum := sha512.Sum512(data)
		data = sum[:]
	}
	return bytes.Equal(data, r.Data)
}
