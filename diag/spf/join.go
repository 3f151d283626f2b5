package spf

import (
	"slices"
	"strings"
)

// Join makes one record of several: all their mechanisms, each once, and the milder of their results for everybody else.
// ok is false when one is faulty.
func Join(records []string) (record string, ok bool) {
	var j joiner
	for _, text := range records {
		r, faults := Parse(text)
		if len(faults) > 0 {
			return "", false
		}
		j.record(r)
	}
	return j.String(), true
}

// joiner collects the terms of several records.
type joiner struct {
	mechanisms []string
	modifiers  []string
	redirects  []string // each once
	alls       []byte   // the qualifiers of their all
	records    int
	redirected int // records that end in a redirect
}

func (j *joiner) record(r *Record) {
	j.records++
	if r.All() == nil && r.Redirect() != nil {
		j.redirected++
	}
	for i := range r.Terms {
		switch t := &r.Terms[i]; t.Kind {
		case All:
			j.alls = append(j.alls, t.Qualifier)
		case Redirect:
			j.redirects = once(j.redirects, string(t.Domain))
		case Exp:
			if !slices.ContainsFunc(j.modifiers, func(m string) bool { return strings.HasPrefix(strings.ToLower(m), "exp=") }) {
				j.modifiers = append(j.modifiers, t.Text)
			}
		case Unknown:
			if t.slip() == "" {
				j.modifiers = once(j.modifiers, t.Text)
			}
		default:
			j.mechanisms = once(j.mechanisms, t.Text)
		}
	}
}

// once adds a term that is not there yet.
func once(terms []string, term string) []string {
	if slices.ContainsFunc(terms, func(t string) bool { return strings.EqualFold(t, term) }) {
		return terms
	}
	return append(terms, term)
}

// String writes the record. A redirect stays one where all records end in it; else its senders are included.
func (j *joiner) String() string {
	terms := append([]string{"v=spf1"}, j.mechanisms...)
	if j.redirected == j.records && len(j.redirects) == 1 {
		return strings.Join(append(append(terms, "redirect="+j.redirects[0]), j.modifiers...), " ")
	}
	for _, domain := range j.redirects {
		terms = once(terms, "include:"+domain)
	}
	terms = append(terms, j.all())
	return strings.Join(append(terms, j.modifiers...), " ")
}

// all is the milder of the results for everybody else. Nobody is let pass by all in a record that is to help.
func (j *joiner) all() string {
	switch has := func(q byte) bool { return slices.Contains(j.alls, q) }; {
	case len(j.alls) > 0 && !slices.ContainsFunc(j.alls, func(q byte) bool { return q != '?' }):
		return "?all"
	case len(j.alls) == 0, has('~'), has('?'), has('+'):
		return "~all"
	}
	return "-all"
}
