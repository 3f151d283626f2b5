package mtasts

import (
	"slices"
	"strings"
	"time"

	"todoku/diag/resolve"
)

// usualAge is for how long senders remember a policy that says nothing readable about it: a week.
const usualAge = 7 * 24 * time.Hour

// MendPolicy gives the policy that a text means, without a fault, with all that can be read of it, and with a line for each
// of the hosts that it does not cover. A mode that cannot be read becomes testing, in which no mail is refused.
func MendPolicy(body string, hosts []string) Policy {
	read, faults := ParsePolicy(body)
	out := Policy{Version: true, Mode: read.Mode, MaxAge: read.MaxAge, Lasts: true, MX: slices.Clone(read.MX),
		Extensions: slices.Clone(read.Extensions)}
	for _, f := range faults {
		out.loosely(f)
	}
	if out.Mode == "" {
		out.Mode = Testing
	}
	if !read.Lasts && out.MaxAge == 0 {
		out.MaxAge = usualAge
	}
	return out.With(hosts)
}

// With is the policy with a line for each of the hosts that it does not cover.
func (p Policy) With(hosts []string) Policy {
	p.MX = slices.Clone(p.MX)
	for _, h := range hosts {
		if _, covered := p.Covers(h); covered {
			continue
		}
		if m, ok := ParsePattern(h); ok {
			p.MX = append(p.MX, m)
		}
	}
	return p
}

// loosely takes what a faulty line means.
func (p *Policy) loosely(f Fault) {
	_, value, _ := strings.Cut(f.Text, ":")
	value = strings.Trim(resolve.Plain(value), ` "'<>[](),;`)
	switch {
	case f.Kind != BadKey && f.Kind != BadValue && f.Kind != BadMX:
	case f.Key == "mode" && p.Mode == "":
		for _, m := range [...]Mode{Enforce, Testing, None} {
			if strings.EqualFold(value, string(m)) {
				p.Mode = m
			}
		}
	case f.Key == "max_age" && p.MaxAge == 0:
		p.MaxAge = looseAge(value)
	case f.Key == "mx":
		for _, word := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" ,;", r) }) {
			if m, ok := loosePattern(word); ok && !slices.Contains(p.MX, m) {
				p.MX = append(p.MX, m)
			}
		}
	}
}

// looseAge reads seconds; too many become as many as there may be, and what is no number becomes nothing.
func looseAge(s string) (age time.Duration) {
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0
		}
		age = min(10*age+time.Duration(r-'0')*time.Second, MaxMaxAge*time.Second)
	}
	return age
}

// loosePattern reads a host as people write it: with a final dot, in another script, with a dot for "*.".
func loosePattern(s string) (Pattern, bool) {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "mx:")
	if strings.HasPrefix(s, ".") {
		s = "*" + s
	}
	s, wild := strings.CutPrefix(s, "*.")
	name, err := resolve.ToASCII(strings.TrimSuffix(s, "."))
	if err != nil {
		return Pattern{}, false
	}
	if wild {
		name = "*." + name
	}
	return ParsePattern(name)
}
