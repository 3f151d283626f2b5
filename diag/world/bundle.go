package world

import (
	"crypto/x509"

	"todoku/diag/resolve"
)

// attach lets a bundle hear what servers say, or speak in their place.
func (o Options) attach(dns *resolve.Options) {
	if o.Record != nil {
		dns.Record = o.Record.Exchange
	}
	if o.Replay != nil {
		dns.Replay = o.Replay.Exchange
	}
}

// attach is that of Options for mail servers and web servers.
func (w *World) attach() {
	if r := w.options.Record; r != nil {
		r.World(w.Helo, w.markRoots())
		w.web.Record = r.Page
		if w.mail != nil {
			w.mail.Record, w.mail.Stray = r.Visit, r.Stray()
		}
	}
	if b := w.options.Replay; b != nil {
		w.web.Replay = b.Page
		if w.mail != nil {
			w.mail.Replay, w.mail.Stray = b.Visit, b.Head.Stray
		}
	}
}

// markRoots are the world's own certificates that sign those of marks; none: it has none of its own.
func (w *World) markRoots() []*x509.Certificate {
	switch {
	case w.options.Replay != nil:
		return w.options.Replay.Roots
	case w.lab != nil:
		return w.lab.MarkRoots()
	}
	return nil
}

// pool holds certificates; nil of none.
func pool(list []*x509.Certificate) *x509.CertPool {
	if len(list) == 0 {
		return nil
	}
	p := x509.NewCertPool()
	for _, c := range list {
		p.AddCert(c)
	}
	return p
}
