// Package provider is the catalogue of companies that run mail for others: which DNS records of a domain show that it uses
// them, and what is known of each. A provider is a file of the folder providers, named by its id. Where codes has wordings
// of a provider (codes/catalogue/providers, under the same id), its name and its mail hosts stand there and nowhere else.
//
// A name in a record is a hint, not proof.
package provider

import (
	_ "embed"

	"todoku/codes"
)

// source is the folder providers with what codes knows, in the form that parse
// reads: a hundred small files of YAML take a program's start many times as long.
//
//go:generate go test -run "TestCatalogueFile|TestPagesFile" -update
//go:embed catalogue.txt
var source string

// Kind says what a provider does with mail.
type Kind string

// The kinds of providers.
const (
	Mailbox Kind = "mailbox" // holds mailboxes
	Gateway Kind = "gateway" // filters before another's mailboxes
	ESP     Kind = "esp"     // sends for others
	Hosting Kind = "hosting" // rents out servers with mail
)

// Certainty says how well a provider's names are known.
type Certainty string

// The certainties, the best first.
const (
	Documented Certainty = "A" // by the provider's own documents
	Observed   Certainty = "B" // by lists and observation
	General    Certainty = "K" // general knowledge
)

// Provider is one who runs mail for others.
type Provider struct {
	ID        string // as in codes, for those that it has wordings of
	Name      codes.Text
	Kind      Kind
	Certainty Certainty
}

// Catalogue knows the providers. It never changes; a nil one knows nobody.
type Catalogue struct {
	mx, spf, cname index
	list           []*Provider
	selectors      map[string][]string // by id: those that a customer's domain uses
	all            []string            // every selector
}

// Load reads the catalogue that is built in.
func Load() (*Catalogue, error) { return parse(source) }

// ByID gives the provider of an id.
func (c *Catalogue) ByID(id string) (Provider, bool) {
	if c == nil {
		return Provider{}, false
	}
	for _, p := range c.list {
		if p.ID == id {
			return *p, true
		}
	}
	return Provider{}, false
}

// ByMX recognises a mail host by its name.
func (c *Catalogue) ByMX(host string) (Provider, bool) {
	if c == nil {
		return Provider{}, false
	}
	return c.mx.find(host)
}

// ByInclude recognises the domain of an include of SPF.
func (c *Catalogue) ByInclude(domain string) (Provider, bool) {
	if c == nil {
		return Provider{}, false
	}
	return c.spf.find(domain)
}

// ByCNAME recognises a name that a DKIM selector is an alias of.
func (c *Catalogue) ByCNAME(name string) (Provider, bool) {
	if c == nil {
		return Provider{}, false
	}
	return c.cname.find(name)
}
