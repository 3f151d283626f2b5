package dkim

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"todoku/diag/resolve"
)

// KeyAnswer is what DNS has as the key of a selector.
type KeyAnswer struct {
	Name string // that was asked: "s1._domainkey.example.test", in ASCII
	// Reason is NoKey, BadKeyRecord or DNSTemporary where there is no key that can be read, "" where there is one. A revoked
	// key can be read: Unfit tells it.
	Reason Reason
	// Keys can be read, in the order of DNS. RFC 6376 §3.6.2.2 leaves open what several mean, and §6.1.2 lets a verifier try each.
	Keys    []*Key
	Records []string // the texts of all TXT records of the name
	Err     error    // why DNS did not answer, or what is wrong with the name
}

const maxKeyRecords = 16

var errNoName = errors.New("the selector or the domain is empty")

// FetchKey asks for the key of a selector in a domain (RFC 6376 §3.6.2). Both may have U-labels (RFC 8616 §3).
func FetchKey(ctx context.Context, dns resolve.Resolver, selector, domain string) KeyAnswer {
	return fetchKey(ctx, dns, selector, domain, readKey)
}

func fetchKey(ctx context.Context, dns resolve.Resolver, selector, domain string, read func(string) *Key) KeyAnswer {
	a := KeyAnswer{Name: selector + "._domainkey." + domain}
	ascii, err := resolve.ToASCII(a.Name)
	if err == nil && (selector == "" || domain == "") {
		err = errNoName
	}
	if err != nil {
		a.Reason, a.Err = NoKey, err
		return a
	}
	a.Name = ascii
	answer, err := dns.Ask(ctx, ascii, resolve.TypeTXT)
	if e := (*resolve.Error)(nil); errors.As(err, &e) && e.Kind == resolve.KindName {
		a.Reason, a.Err = NoKey, err
		return a
	}
	if err != nil {
		a.Reason, a.Err = DNSTemporary, err
		return a
	}
	if a.Records = answer.Texts(); len(a.Records) == 0 {
		a.Reason = NoKey
		return a
	}
	for _, text := range a.Records[:min(len(a.Records), maxKeyRecords)] {
		if k := read(text); k != nil {
			a.Keys = append(a.Keys, k)
		}
	}
	if len(a.Keys) == 0 {
		a.Reason = BadKeyRecord
	}
	return a
}

// readKey reads a key record as a verifier has to (RFC 6376 §3.6.1): nil where it is none. ParseKey tells its faults.
func readKey(text string) *Key {
	if len(text) > maxText {
		return nil
	}
	tags, faults := ParseTags(text)
	if len(faults) > 0 {
		return nil
	}
	k := &Key{Text: text, Type: "rsa"}
	found := false
	for i, t := range tags {
		if t.Value == "" && (t.Name == "k" || t.Name == "h" || t.Name == "s") {
			return nil // an empty t= is frequent and does no harm
		}
		switch t.Name {
		case "v":
			if i > 0 || t.Value != "DKIM1" {
				return nil
			}
		case "k":
			k.Type = Plain(t.Value)
		case "h":
			k.Hashes = splitList(t.Value)
		case "s":
			k.Services = splitList(t.Value)
		case "t":
			k.Flags = splitList(t.Value)
		case "n":
			k.Notes = t.Value
		case "p":
			data, err := base64.StdEncoding.DecodeString(Plain(t.Value))
			if err != nil {
				return nil
			}
			k.Data, k.Revoked, found = data, len(data) == 0, true
		}
	}
	if !found {
		return nil
	}
	k.open()
	return k
}

// splitList is the words of a list with colons between them; nil for an empty one.
func splitList(value string) []string {
	if value = Plain(value); value == "" {
		return nil
	}
	return strings.Split(value, ":")
}

// open makes the public key of the data. Data that are no key of the type leave none.
func (k *Key) open() {
	switch k.Type {
	case "rsa":
		if pub := rsaKey(k.Data); pub != nil {
			k.Bits = pub.N.BitLen()
			if k.useless = pub.E < 3 || pub.E%2 == 0; !k.useless {
				k.public = pub
			}
		}
	case "ed25519":
		if len(k.Data) == ed25519.PublicKeySize {
			k.Bits = 256
			if k.useless = smallOrder(k.Data); !k.useless {
				k.public = ed25519.PublicKey(k.Data)
			}
		}
	}
}

// Strict reports t=s: i= must not be in a subdomain of d=.
func (k *Key) Strict() bool { return slices.Contains(k.Flags, "s") }
