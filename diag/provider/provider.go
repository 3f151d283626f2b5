// Package provider recognises who runs a domain's mail by the names that its
// records point to. A name is a hint, not proof.
package provider

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
)

//go:embed providers.txt
var source string

// Provider is one who runs mail for others.
type Provider struct {
	Name      string
	Kind      string // mailbox, gateway, esp, hosting
	Certainty string // "A" by the provider's documents, "B" by lists and observation, "K" general knowledge
}

// Catalogue knows the providers. It never changes; a nil one knows nobody.
type Catalogue struct {
	mx, spf, cname index
	selectors      map[string][]string // by provider
	all            []string
}

// index finds the provider of a name or of the names above it.
type index struct {
	exact    map[string]Provider
	patterns []pattern
}

// pattern is a name with a star in it.
type pattern struct {
	labels []string // from the right
	p      Provider
}

// Load reads the catalogue that is built in.
func Load() (*Catalogue, error) { return parse(source) }

func parse(text string) (*Catalogue, error) {
	c := &Catalogue{selectors: map[string][]string{}}
	known := map[string]bool{}
	for _, s := range c.WellKnown() {
		c.learn(known, s)
	}
	var p *Provider
	var lines []string // of the block, kept until its head is complete
	flush := func() error {
		for _, l := range lines {
			if err := c.line(known, *p, l); err != nil {
				return fmt.Errorf("provider %s: %w", p.Name, err)
			}
		}
		lines = lines[:0]
		return nil
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, " \r\n")
		body := strings.TrimLeft(line, " ")
		key, rest, _ := strings.Cut(body, " ")
		switch {
		case body == "" || body[0] == '#':
		case len(body) == len(line): // a head
			if err := flush(); err != nil {
				return nil, err
			}
			if _, twice := c.selectors[body]; twice {
				return nil, fmt.Errorf("line %d: provider %s stands twice", n, body)
			}
			p = &Provider{Name: body}
			c.selectors[body] = nil
		case p == nil:
			return nil, fmt.Errorf("line %d: %q without a provider", n, body)
		case key == "kind":
			p.Kind = rest
		case key == "certainty":
			p.Certainty = rest
		default:
			lines = append(lines, body)
		}
	}
	return c, flush()
}

func (c *Catalogue) line(known map[string]bool, p Provider, line string) error {
	key, rest, _ := strings.Cut(line, " ")
	for w := range strings.FieldsSeq(rest) {
		var err error
		switch key {
		case "mx":
			err = c.mx.add(w, p)
		case "spf":
			err = c.spf.add(w, p)
		case "cname":
			err = c.cname.add(w, p)
		case "selector":
			c.selectors[p.Name] = append(c.selectors[p.Name], w)
			c.learn(known, w)
		default:
			err = errors.New("what is " + key + "?")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Catalogue) learn(known map[string]bool, selector string) {
	if !known[selector] {
		known[selector] = true
		c.all = append(c.all, selector)
	}
}

func (x *index) add(name string, p Provider) error {
	if strings.Contains(name, "*") {
		x.patterns = append(x.patterns, pattern{fromRight(name), p})
		return nil
	}
	if old, twice := x.exact[name]; twice {
		return fmt.Errorf("%s belongs to %s too", name, old.Name)
	}
	if x.exact == nil {
		x.exact = map[string]Provider{}
	}
	x.exact[name] = p
	return nil
}

func fromRight(name string) []string {
	l := strings.Split(name, ".")
	slices.Reverse(l)
	return l
}

// find takes the longest name at or above the given one.
func (x *index) find(name string) (Provider, bool) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	for at := name; at != ""; {
		if p, ok := x.exact[at]; ok {
			return p, true
		}
		_, at, _ = strings.Cut(at, ".")
	}
	for _, pat := range x.patterns {
		if pat.holds(name) {
			return pat.p, true
		}
	}
	return Provider{}, false
}

func (p pattern) holds(name string) bool {
	for _, want := range p.labels {
		if name == "" {
			return false
		}
		i := strings.LastIndexByte(name, '.')
		label := name[i+1:]
		name = name[:max(i, 0)]
		head, star := strings.CutSuffix(want, "*")
		if star && !strings.HasPrefix(label, head) || !star && label != want {
			return false
		}
	}
	return true
}

// ByMX recognises a mail host.
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

// Selectors lists the selectors that a provider is known to use and that need
// no knowledge of the customer.
func (c *Catalogue) Selectors(p Provider) []string {
	if c == nil {
		return nil
	}
	return slices.Clone(c.selectors[p.Name])
}

// WellKnown lists the usual selectors; also of a nil catalogue. Those that come
// with a recognisable mail host or include are found by that.
func (c *Catalogue) WellKnown() []string {
	return []string{"google", "selector1", "selector2", "s1", "s2", "k1", "k2", "k3", "default", "dkim", "mail", "smtp", "mandrill",
		"fm1", "fm2", "protonmail", "zoho", "sig1", "mailjet", "brevo1"}
}

// AllSelectors lists every selector that can be guessed, the usual ones first.
func (c *Catalogue) AllSelectors() []string {
	if c == nil {
		return c.WellKnown()
	}
	return slices.Clone(c.all)
}
