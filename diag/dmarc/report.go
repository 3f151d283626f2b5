package dmarc

import (
	"context"
	"errors"
	"sync"

	"todoku/codes"
	"todoku/diag/resolve"
)

// Destination is one address where reports should go.
type Destination struct {
	Tag        string // rua or ruf
	URI        URI
	External   bool           // the destination must agree (RFC 9990 §4)
	Name       string         // where it says so
	Agreement  resolve.Answer // what it says
	Authorised codes.Tri      // whether it agrees, where it must
	Elsewhere  bool           // it agrees, but sends the reports to another host, so that they are not sent
	Receives   codes.Tri      // whether it can receive mail
	MX         resolve.Answer
	Host       resolve.Host // the addresses of the domain, where there is no MX
	Err        error        // what could not be looked up
}

// MaxDestinations bounds what one record can make us ask.
const MaxDestinations = 20

// Destinations looks up where the reports of the record that applies go. Only
// mail is looked at. cut tells how many addresses were too many.
func (w *Walk) Destinations(ctx context.Context, r resolve.Resolver) (list []Destination, cut int) {
	if w.Policy == nil {
		return nil, 0
	}
	add := func(tag string, uris []URI) {
		for _, u := range uris {
			switch {
			case u.Domain == "":
			case len(list) == MaxDestinations:
				cut++
			default:
				list = append(list, Destination{Tag: tag, URI: u})
			}
		}
	}
	add("rua", w.Policy.Record.RUA)
	add("ruf", w.Policy.Record.RUF)
	var wg sync.WaitGroup
	for i := range list {
		d := &list[i]
		d.External = w.external(d.URI.Domain)
		var agreed, takes error
		wg.Go(func() {
			var part sync.WaitGroup
			if d.External {
				part.Go(func() { agreed = d.agrees(ctx, r, w.Policy.Domain) })
			}
			takes = d.takesMail(ctx, r)
			part.Wait()
			d.Err = errors.Join(agreed, takes)
		})
	}
	wg.Wait()
	return list, cut
}

// external reports whether a destination has another organisational domain
// than the record (RFC 9990 §4). What is inside the organisational domain is
// not; neither is what is above it up to the registered domain, where readers
// of the public suffix list see one organisation.
func (w *Walk) external(dest string) bool {
	org := w.Org
	if org == "" { // unknown: the record's own domain is inside it
		org = w.Policy.Domain
	}
	if resolve.Within(dest, org) {
		return false
	}
	return !resolve.Within(w.Policy.Domain, dest) || !resolve.Within(dest, Registered(w.Policy.Domain))
}

// agrees asks whether the destination takes reports about the domain. A
// wildcard there is answered by its server as if the name existed.
func (d *Destination) agrees(ctx context.Context, r resolve.Resolver, domain string) (err error) {
	d.Name = domain + "._report._dmarc." + d.URI.Domain
	d.Authorised = codes.No
	if len(d.Name) > maxName { // RFC 9990 §4 step 4: cannot be confirmed
		d.Agreement = resolve.Answer{Name: d.Name, Type: resolve.TypeTXT, Status: resolve.NoName}
		return nil
	}
	if d.Agreement, err = r.Ask(ctx, d.Name, resolve.TypeTXT); err != nil {
		d.Authorised = codes.Unknown
		return err
	}
	for _, rec := range d.Agreement.Records {
		switch {
		case !IsDMARC(rec.Text):
		case d.stays(rec.Text):
			d.Authorised = codes.Yes
		default:
			d.Elsewhere = true
		}
	}
	return nil
}

// stays reports whether a record that redirects reports leaves them at this
// destination; elsewhere nobody sends them (RFC 9990 §4 step 9).
func (d *Destination) stays(txt string) bool {
	rec, _ := Parse(txt)
	for _, u := range rec.RUA {
		if u.Domain != "" && u.Domain != d.URI.Domain {
			return false
		}
	}
	return true
}

// takesMail asks whether the destination can receive mail at all: an MX that is
// not null (RFC 7505), or without MX an address (RFC 5321 §5.1).
func (d *Destination) takesMail(ctx context.Context, r resolve.Resolver) (err error) {
	d.Receives = codes.No
	if d.MX, err = r.Ask(ctx, d.URI.Domain, resolve.TypeMX); err != nil {
		d.Receives = codes.Unknown
		return err
	}
	for _, rec := range d.MX.Records {
		if rec.Host != "." {
			d.Receives = codes.Yes
		}
	}
	if d.MX.Status != resolve.NoData {
		return nil
	}
	d.Host = resolve.AskHost(ctx, r, d.URI.Domain)
	switch {
	case len(d.Host.V4.Records)+len(d.Host.V6.Records) > 0:
		d.Receives = codes.Yes
	case d.Host.Err() != nil:
		d.Receives = codes.Unknown
		return d.Host.Err()
	}
	return nil
}
