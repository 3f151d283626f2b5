package triage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"todoku/sender/event"
)

// Filter says which events are asked for. The zero value is all.
type Filter struct {
	Since, Until time.Time
	From, To     string   // an address, or a domain with those below it
	Providers    []string // ids; "-" is none that is known
	Reasons      []string // ids or classes
	Plan         Todo     // what is to be done with the mail
}

// fits reports whether an event is asked for, whatever its reason.
func (f *Filter) fits(e *event.Event) bool {
	if !f.Since.IsZero() && (e.Time.IsZero() || e.Time.Before(f.clock(f.Since, e))) {
		return false
	}
	if !f.Until.IsZero() && (e.Time.IsZero() || !e.Time.Before(f.clock(f.Until, e))) {
		return false
	}
	return (len(f.Providers) == 0 || slices.Contains(f.Providers, cmp.Or(e.Provider, "-"))) && isAt(e.From, f.From) &&
		(isAt(e.Recipient, f.To) || isAt(e.OriginalRecipient, f.To))
}

// clock is a time as a record without zone would write it.
func (f *Filter) clock(t time.Time, e *event.Event) time.Time {
	if e.Clock == event.Exact {
		return t
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// fitsReason reports whether an event has a reason that is asked for, and is one of those that are to be treated as asked.
func (f *Filter) fitsReason(e *event.Event) bool {
	if f.Plan != "" {
		if do, decide := todo(e); !decide || do != f.Plan {
			return false
		}
	}
	if len(f.Reasons) == 0 {
		return true
	}
	reason, _ := reasonOf(e)
	return reason.ID != "" && (slices.Contains(f.Reasons, reason.ID) || slices.Contains(f.Reasons, string(reason.Class)))
}

// isAt reports whether an address is the wanted one, or of the wanted domain.
func isAt(address, want string) bool {
	if want == "" {
		return true
	}
	if local, domain, ok := strings.Cut(want, "@"); ok && local != "" {
		return strings.EqualFold(address, want)
	} else if ok {
		want = domain
	}
	domain := domainOf(address)
	want = strings.ToLower(strings.TrimSuffix(want, "."))
	return domain == want || strings.HasSuffix(domain, "."+want)
}
