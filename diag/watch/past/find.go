package past

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag/resolve"
	"todoku/diag/watch"
)

// Kind is what happened to a domain.
type Kind string

// The kinds.
const (
	Vanished Kind = "vanished" // a record set is gone
	Altered  Kind = "altered"  // it has other records
	Found    Kind = "found"    // a finding is new, or says something else
	Silent   Kind = "unknown"  // it could not be looked up
)

// Change is one thing that changed at a domain.
type Change struct {
	Kind    Kind
	Domain  string
	Causes  []string // of the guide, that it can lead to
	Confirm []string // of Causes, for which it is the cause itself, not only a reason to suspect it

	Name, Type    string   // of a record set
	Before, After []string // its records, as far as they count
	Lost          []string // terms of an SPF record that are gone

	Check, Rule, Subject string // of a finding; Check also of a silence
	Message              codes.Text

	Since, Until time.Time // it changed between these two looks. Since may be zero for a silence: nothing was seen before
	// Mended: it was as before again, or different once more, between these two looks. Zero: it still stands.
	MendedSince, MendedUntil time.Time

	First    time.Time // the first refusal since then
	Refusals int64     // how many

	Looked time.Time      // the last look at the domain
	zone   *time.Location // of times in words
}

// Stands reports whether the change was not undone, as far as anybody looked.
func (c *Change) Stands() bool { return c.MendedUntil.IsZero() }

// Asks is the type to ask for, at Name, to learn whether records that vanished are back; false for other changes. A key may come
// back without its alias.
func (c *Change) Asks() (t resolve.Type, is bool) {
	switch c.Type {
	case "TXT", "CNAME":
		t = resolve.TypeTXT
	case "MX":
		t = resolve.TypeMX
	case "PTR":
		t = resolve.TypePTR
	default:
		return t, false
	}
	return t, c.Kind == Vanished
}

// IsBack reports whether an answer to that has what had vanished.
func (c *Change) IsBack(a resolve.Answer) bool {
	var values []string
	for _, r := range a.Records {
		values = append(values, r.Value(a.Type))
	}
	for _, l := range links() {
		if l.sets != nil && slices.Contains(c.Causes, l.cause) && len(l.sets(c.Name, a.Type.String(), values)) > 0 {
			return true
		}
	}
	return false
}

// Question says which changes are looked for.
type Question struct {
	Causes  []string  // ids of the guide
	Reasons []string  // what the refusals say; empty: anything
	First   time.Time // the first refusal that is known beside the history's events
	Last    time.Time
	Count   int64
	Keys    []string   // names of the keys of the mail's signatures, where they are known: others do not count
	IP      netip.Addr // that sent; the zero one where it is not known

	Zone *time.Location // of times in words; nil: UTC
}

// The times by which a change fits: how far back one counts, how long before the first refusal a record may have been altered,
// and how long resolvers may remember what was undone.
const (
	reach  = 14 * 24 * time.Hour
	nearby = 72 * time.Hour
	cache  = 24 * time.Hour
)

// MostChanges bounds what Find gives.
const MostChanges = 10

// Window is the time of which a history is needed to answer a question.
func (q *Question) Window() (since, until time.Time) { return q.First.Add(-reach), q.Last.Add(cache) }

// Find gives the changes of a domain that fit refusals in time, those first that happened last before them. Silences come last:
// they explain nothing, and say of which time nothing is known.
func Find(h History, q Question) []Change {
	var out []Change
	all := append(ofSets(h), ofFindings(h)...)
	for i := range all {
		c := &all[i]
		c.Domain, c.Looked, c.zone = h.Domain, h.Looked, q.Zone
		c.Causes = slices.DeleteFunc(c.Causes, func(id string) bool { return !slices.Contains(q.Causes, id) })
		c.Confirm = slices.DeleteFunc(c.Confirm, func(id string) bool { return !slices.Contains(c.Causes, id) })
		if slices.Contains(c.Causes, "spf-ip") && c.Kind == Altered && covered(h, c, q.IP) {
			c.Confirm = append(c.Confirm, "spf-ip")
		}
		if len(c.Causes) > 0 && q.concerns(c) && fits(c, h, q) {
			out = append(out, *c)
		}
	}
	slices.SortStableFunc(out, func(a, b Change) int {
		return cmp.Or(b.Until.Compare(a.Until), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Rule, b.Rule))
	})
	out = slices.DeleteFunc(out, func(c Change) bool { return c.Kind == Found && saidByRecords(c, out) })
	out = slices.DeleteFunc(out, func(c Change) bool { return c.Kind == Vanished && c.Type == "TXT" && wentWithAlias(c, out) })
	for _, c := range ofSilences(h) {
		c.Domain, c.Looked, c.zone = h.Domain, h.Looked, q.Zone
		c.Causes = slices.DeleteFunc(c.Causes, func(id string) bool { return !slices.Contains(q.Causes, id) })
		if len(c.Causes) > 0 && !q.Last.Before(c.Until) && (c.Stands() || q.First.Before(c.MendedUntil)) {
			out = append(out, c)
		}
	}
	return out[:min(len(out), MostChanges)]
}

// saidByRecords reports whether a finding says no more than a change of records between the same looks.
func saidByRecords(f Change, all []Change) bool {
	return slices.ContainsFunc(all, func(c Change) bool {
		return c.Kind != Found && c.Until.Equal(f.Until) &&
			slices.ContainsFunc(c.Confirm, func(id string) bool { return slices.Contains(f.Causes, id) })
	})
}

// wentWithAlias reports whether an alias vanished through which records were found: both are one change.
func wentWithAlias(c Change, all []Change) bool {
	return slices.ContainsFunc(all, func(o Change) bool {
		return o.Kind == Vanished && o.Type == "CNAME" && o.Name == c.Name && o.Until.Equal(c.Until)
	})
}

// concerns reports whether a change is about the mail's own key and address. Where the address is not known, what is about one
// confirms nothing.
func (q *Question) concerns(c *Change) bool {
	if key, is := c.key(); is && len(q.Keys) > 0 {
		return slices.ContainsFunc(q.Keys, func(k string) bool { return k == key || strings.HasPrefix(k, key+"._domainkey.") })
	}
	_, err := netip.ParseAddr(c.Subject)
	switch {
	case err != nil && c.Type != "PTR":
		return true
	case !q.IP.IsValid():
		c.Confirm = nil
		return true
	case c.Type == "PTR":
		return c.Name == resolve.Reverse(q.IP.Unmap())
	}
	return c.Subject == q.IP.Unmap().String()
}

// key is the name of the DKIM key that a change is about, or its selector; false where it is about none, or about all.
func (c *Change) key() (string, bool) {
	if strings.Contains(c.Name, "._domainkey.") {
		return c.Name, true
	}
	return c.Subject, strings.HasPrefix(c.Rule, "dkim-") && c.Rule != "dkim-none-found"
}

// fits reports whether refusals began after a change and not long after it, and counts them.
func fits(c *Change, h History, q Question) bool {
	end := q.Last
	if undone := c.MendedUntil.Add(cache); !c.Stands() && undone.Before(end) {
		end = undone
	}
	before, known := int64(0), c.Since // since when anything is known of mails
	for _, e := range h.Events {
		if from := c.Since.Add(-nearby); e.First.Before(known) && !e.Last.Before(from) {
			known = later(e.First, from)
		}
		switch {
		case !q.asks(e), e.First.After(end), e.Last.Before(c.Since.Add(-nearby)):
		case e.First.Before(c.Since):
			before += e.Count
		default:
			c.Refusals += e.Count
			if c.First.IsZero() || e.First.Before(c.First) {
				c.First = e.First
			}
		}
	}
	if c.Refusals == 0 {
		if q.First.Before(c.Since) || q.First.After(end) {
			return false
		}
		c.First, c.Refusals = q.First, q.Count
	}
	if c.Kind == Altered && c.First.Sub(c.Until) > nearby {
		return false
	}
	if !c.Stands() && !c.First.Before(c.MendedUntil) { // only what resolvers remember of it can have led to them
		c.Confirm = nil
	}
	return before == 0 || jumped(before, c.Refusals, c.Since.Sub(known), end.Sub(c.Since))
}

// jumped reports whether there are at least three times as many refusals an hour after a change as before it.
func jumped(before, after int64, long, since time.Duration) bool {
	return float64(after)/max(since.Hours(), 1) >= 3*float64(before)/max(long.Hours(), 1)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// asks reports whether an event is one of the refusals that are asked about.
func (q *Question) asks(e watch.Happening) bool {
	return e.Reason != Arrived && (len(q.Reasons) == 0 || slices.Contains(q.Reasons, e.Reason))
}
