package past

import (
	"cmp"
	"slices"
	"time"

	"todoku/diag/watch"
)

// version is how a record set was between two looks.
type version struct {
	values      []string
	first, last time.Time
}

// setKey names a record set.
type setKey struct{ name, typ string }

// versions are the versions of the record sets of a history, oldest first. The last one of each stands now.
func versions(h History) (keys []setKey, all map[setKey][]version) {
	all = map[setKey][]version{}
	put := func(v watch.Value, last time.Time) {
		k := setKey{v.Name, v.Type}
		if all[k] == nil {
			keys = append(keys, k)
		}
		all[k] = append(all[k], version{v.Values, v.First, last})
	}
	for _, p := range h.Past {
		put(p.Value, p.Last)
	}
	for _, v := range h.State.Values {
		put(v, cmp.Or(v.Seen, h.Looked))
	}
	for _, k := range keys {
		slices.SortStableFunc(all[k], func(a, b version) int { return a.first.Compare(b.first) })
	}
	slices.SortFunc(keys, func(a, b setKey) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.typ, b.typ)) })
	return keys, all
}

// ofSets are the changes of record sets in which something was lost that counts.
func ofSets(h History) (out []Change) {
	keys, all := versions(h)
	for _, k := range keys {
		for i := 1; i < len(all[k]); i++ {
			if c, is := ofSet(k, all[k], i); is {
				out = append(out, c)
			}
		}
	}
	return out
}

// ofSet is the change from a version of a set to the next one; false where nothing that counts was lost.
func ofSet(k setKey, list []version, i int) (c Change, is bool) {
	c = Change{Name: k.name, Type: k.typ, Since: list[i-1].last, Until: list[i].first}
	for _, l := range links() {
		if l.sets == nil {
			continue
		}
		before, after := l.sets(k.name, k.typ, list[i-1].values), l.sets(k.name, k.typ, list[i].values)
		gone := lost(before, after)
		if len(gone) == 0 {
			continue
		}
		c.Before, c.After, c.Lost, c.Kind = before, after, gone, Altered
		if len(after) == 0 {
			c.Kind, c.Lost = Vanished, nil
		}
		if c.Causes = append(c.Causes, l.cause); l.gone && c.Kind == Vanished {
			c.Confirm = append(c.Confirm, l.cause)
		}
		for j := i + 1; j < len(list) && c.MendedUntil.IsZero(); j++ {
			if len(lost(before, l.sets(k.name, k.typ, list[j].values))) == 0 {
				c.MendedSince, c.MendedUntil = list[j-1].last, list[j].first
			}
		}
	}
	return c, len(c.Causes) > 0
}

// findingKey names a finding.
type findingKey struct{ check, rule, subject string }

// ofFindings are the findings that came and, perhaps, went.
func ofFindings(h History) (out []Change) {
	open := map[findingKey]int{} // index in out
	take := func(k findingKey, c Change) bool {
		for _, l := range links() {
			if slices.Contains(l.rules, k.rule) {
				c.Causes = append(c.Causes, l.cause)
				if len(l.reasons) > 0 {
					c.Confirm = append(c.Confirm, l.cause)
				}
			}
		}
		if len(c.Causes) > 0 {
			out = append(out, c)
		}
		return len(c.Causes) > 0
	}
	for _, ch := range h.Changes {
		k := findingKey{ch.Check, ch.Rule, ch.Subject}
		at, known := open[k]
		switch {
		case ch.Rule == "":
		case ch.Turn == watch.Mended && known:
			out[at].MendedSince, out[at].MendedUntil = ch.Before, ch.At
			delete(open, k)
		case ch.Turn == watch.Mended: // it came before the time of the history, or was there at the first look
			take(k, Change{Kind: Found, Check: ch.Check, Rule: ch.Rule, Subject: ch.Subject, Message: ch.Message, Since: ch.First,
				Until: ch.First, MendedSince: ch.Before, MendedUntil: ch.At})
		case known: // it says something else, and is the same fault
		case take(k, found(ch)):
			open[k] = len(out) - 1
		}
	}
	return out
}

// found is a finding that came between two looks, or, where an exception was about it, that was there when it was first seen.
func found(ch watch.Change) Change {
	c := Change{Kind: Found, Check: ch.Check, Rule: ch.Rule, Subject: ch.Subject, Message: ch.Message, Since: ch.Before, Until: ch.At}
	if ch.Turn == watch.New && !ch.First.IsZero() && ch.First.Before(ch.At) {
		c.Since, c.Until = ch.First, ch.First
	}
	return c
}

// ofSilences are the times in which checks could not look.
func ofSilences(h History) (out []Change) {
	open := map[string]int{}
	take := func(check string, c Change) {
		c.Kind, c.Check = Silent, check
		for _, l := range links() {
			if slices.Contains(l.checks, check) {
				c.Causes = append(c.Causes, l.cause)
			}
		}
		if len(c.Causes) > 0 {
			out = append(out, c)
		}
	}
	for _, ch := range h.Changes {
		at, known := open[ch.Check]
		switch {
		case ch.Turn == watch.Unknown && !known:
			if take(ch.Check, Change{Message: ch.Message, Since: ch.Before, Until: ch.At}); len(out) > 0 {
				open[ch.Check] = len(out) - 1
			}
		case ch.Turn == watch.Known && known && out[at].Check == ch.Check:
			out[at].MendedSince, out[at].MendedUntil = ch.Before, ch.At
			delete(open, ch.Check)
		case ch.Turn == watch.Known:
			take(ch.Check, Change{Message: ch.Message, Since: ch.First, Until: ch.First, MendedSince: ch.Before, MendedUntil: ch.At})
		}
	}
	for _, s := range h.State.Silent {
		if _, known := open[s.Check]; !known {
			take(s.Check, Change{Message: s.Message, Since: s.Last, Until: s.Since})
		}
	}
	return out
}
