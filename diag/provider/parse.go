package provider

import (
	"errors"
	"fmt"
	"strings"
)

// parse reads a catalogue: a line with an id begins a provider, indented lines are a word and its values. An id that
// stands twice, and a name of two providers, are errors.
func parse(text string) (*Catalogue, error) {
	c := &Catalogue{selectors: map[string][]string{}}
	guessed := map[string]bool{}
	c.learn(guessed, c.WellKnown())
	var p *Provider
	ids := map[string]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \r\n")
		body, indented := strings.CutPrefix(line, "  ")
		switch {
		case line == "" || line[0] == '#':
		case !indented:
			if ids[line] {
				return nil, fmt.Errorf("provider %s stands twice", line)
			}
			ids[line] = true
			p = &Provider{ID: line}
			c.list = append(c.list, p)
		case p == nil:
			return nil, fmt.Errorf("%q without a provider", body)
		default:
			if err := c.line(p, body, guessed); err != nil {
				return nil, fmt.Errorf("provider %s: %w", p.ID, err)
			}
		}
	}
	c.learn(guessed, nobodys())
	return c, nil
}

// line takes one line of a provider.
func (c *Catalogue) line(p *Provider, line string, guessed map[string]bool) (err error) {
	key, rest, _ := strings.Cut(line, " ")
	each := func(x *index) error {
		for name := range strings.FieldsSeq(rest) {
			err = errors.Join(err, x.add(name, p))
		}
		return err
	}
	switch key {
	case "en":
		p.Name.EN = rest
	case "ja":
		p.Name.JA = rest
	case "kind":
		p.Kind = Kind(rest)
	case "certainty":
		p.Certainty = Certainty(rest)
	case "mx":
		return each(&c.mx)
	case "spf":
		return each(&c.spf)
	case "cname":
		return each(&c.cname)
	case "selectors":
		c.selectors[p.ID] = strings.Fields(rest)
		c.learn(guessed, c.selectors[p.ID])
	case "own_selectors":
		c.learn(guessed, strings.Fields(rest))
	default:
		return errors.New("what is " + key + "?")
	}
	return nil
}

// learn adds selectors that are not known yet.
func (c *Catalogue) learn(guessed map[string]bool, selectors []string) {
	for _, s := range selectors {
		if !guessed[s] {
			guessed[s] = true
			c.all = append(c.all, s)
		}
	}
}
