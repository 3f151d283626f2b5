package provider

import (
	"fmt"
	"slices"
	"strings"
)

// index finds the provider of a name or of the names above it.
type index struct {
	exact    map[string]*Provider
	patterns []pattern
}

// pattern is a name with a star in it.
type pattern struct {
	labels []string // from the right
	p      *Provider
}

// add enters a name. A star stands for a label or for the end of one.
func (x *index) add(name string, p *Provider) error {
	if strings.Contains(name, "*") {
		x.patterns = append(x.patterns, pattern{fromRight(name), p})
		return nil
	}
	if old, twice := x.exact[name]; twice {
		return fmt.Errorf("%s belongs to %s too", name, old.ID)
	}
	if x.exact == nil {
		x.exact = map[string]*Provider{}
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
			return *p, true
		}
		_, at, _ = strings.Cut(at, ".")
	}
	for _, pat := range x.patterns {
		if pat.holds(name) {
			return *pat.p, true
		}
	}
	return Provider{}, false
}

// holds reports whether a name is the pattern's or below it.
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
