package bundle

import (
	"net/netip"

	"todoku/diag/probe"
)

// pageJSON is a line of web.ndjson.
type pageJSON struct {
	URL      string         `json:"url"`
	Most     int            `json:"most"` // octets that were wanted
	Address  netip.AddrPort `json:"address,omitzero"`
	TLS      *tlsJSON       `json:"tls,omitempty"`
	Status   int            `json:"status,omitempty"`
	Type     octets         `json:"type,omitempty"`
	Location octets         `json:"location,omitempty"`
	Body     *octets        `json:"body,omitempty"`
	Cut      bool           `json:"cut,omitempty"`
	Err      *errorJSON     `json:"error,omitempty"`
}

func keepPage(q probe.WebQuestion, p probe.Page) pageJSON {
	j := pageJSON{URL: q.URL, Most: q.Most, Address: p.Address, TLS: keepTLS(p.TLS), Status: p.Status, Type: octets(p.Type),
		Location: octets(p.Location), Cut: p.Cut, Err: keepError(p.Err)}
	if p.Body != nil {
		body := octets(p.Body)
		j.Body = &body
	}
	return j
}

func (j pageJSON) page() (q probe.WebQuestion, p probe.Page, err error) {
	q = probe.WebQuestion{URL: j.URL, Most: j.Most}
	p = probe.Page{URL: j.URL, Address: j.Address, Status: j.Status, Type: string(j.Type), Location: string(j.Location), Cut: j.Cut,
		Err: j.Err.error()}
	if j.Body != nil {
		p.Body = []byte(*j.Body)
	}
	p.TLS, err = j.TLS.state()
	return q, p, err
}
