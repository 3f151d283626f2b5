package watch

import (
	"cmp"
	"slices"
	"time"

	"todoku/diag/resolve"
)

// maxValues bounds the record sets that are remembered of a domain.
const maxValues = 200

// setKey names a record set.
type setKey struct{ name, typ string }

// values compares the record sets that DNS answered with those that were known. A set that was not asked for, or to which
// there was no answer, stays as it was.
func (c *comparison) values() {
	now := c.answered()
	for _, v := range c.old.Values {
		k := setKey{v.Name, v.Type}
		values, asked := now[k]
		delete(now, k)
		switch {
		case !asked || slices.Equal(values, v.Values):
			c.keep(v, asked)
			continue
		case len(values) > 0 || len(v.Values) > 0:
			c.out.State.Values = append(c.out.State.Values, Value{Name: v.Name, Type: v.Type, Values: values, First: c.look.At})
		}
		c.out.Past = append(c.out.Past, Past{Value: v, Last: cmp.Or(v.Seen, c.before)})
		c.out.Changed = true
	}
	for k, values := range now {
		if len(values) > 0 && len(c.out.State.Values) < maxValues {
			c.out.State.Values = append(c.out.State.Values, Value{Name: k.name, Type: k.typ, Values: values, First: c.look.At})
			c.out.Changed = true
		}
	}
	slices.SortFunc(c.out.State.Values, func(a, b Value) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type)) })
}

// keep takes over a record set that is as it was, or was not seen at this look: then it was last seen at the look before.
func (c *comparison) keep(v Value, seen bool) {
	switch {
	case seen && !v.Seen.IsZero():
		v.Seen, c.out.Changed = time.Time{}, true
	case !seen && v.Seen.IsZero():
		v.Seen, c.out.Changed = c.before, true
	}
	c.out.State.Values = append(c.out.State.Values, v)
}

// answered lists the record sets of a look; one without values is known to be empty, and its values are a list in JSON, too.
func (c *comparison) answered() map[setKey][]string {
	out := map[setKey][]string{}
	for _, a := range c.look.Answers {
		if !isHistoric(a, c.look.Domain) {
			continue
		}
		k := setKey{a.Name, a.Type.String()}
		alias := setKey{a.Name, resolve.TypeCNAME.String()}
		if len(a.Chain) > 0 {
			out[alias] = a.Chain[:1]
		} else if _, told := out[alias]; !told {
			out[alias] = []string{}
		}
		values := []string{}
		for _, r := range a.Records {
			values = append(values, r.Value(a.Type))
		}
		slices.Sort(values)
		out[k] = slices.Compact(values)
	}
	return out
}

// isHistoric reports whether the record set of an answer is worth a history: others change all the time, or say nothing about
// mail.
func isHistoric(a resolve.Answer, domain string) bool {
	switch a.Type {
	case resolve.TypeTXT, resolve.TypeMX, resolve.TypeNS, resolve.TypeCNAME, resolve.TypeTLSA, resolve.TypePTR:
		return true
	case resolve.TypeA, resolve.TypeAAAA:
		return resolve.Within(a.Name, domain)
	}
	return false
}
