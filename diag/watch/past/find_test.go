package past_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag/guide"
	"todoku/diag/watch"
	"todoku/diag/watch/past"
)

// at is a time of the day of the tests.
func at(hour, minute int) time.Time { return time.Date(2026, 11, 24, hour, minute, 0, 0, time.UTC) }

const key = "s1._domainkey.kaisha.example"

// world is a domain that was looked at every hour from 00:00 to 20:00.
func world() past.History {
	return past.History{Domain: "kaisha.example", Looked: at(20, 0)}
}

// had says that a record set was so between two looks.
func had(h *past.History, name, typ string, first, last time.Time, values ...string) {
	v := watch.Value{Name: name, Type: typ, Values: values, First: first}
	if last.IsZero() {
		h.State.Values = append(h.State.Values, v)
		return
	}
	h.Past = append(h.Past, watch.Past{Value: v, Last: last})
}

// refusals are so many, one a minute, from a time on.
func refusals(h *past.History, reason string, from time.Time, n int) {
	for i := range n {
		t := from.Add(time.Duration(i) * time.Minute)
		e := watch.Happening{Hour: t.Truncate(time.Hour), Domain: h.Domain, Reason: reason, Count: 1, First: t, Last: t}
		if last := len(h.Events) - 1; last >= 0 && h.Events[last].Hour.Equal(e.Hour) && h.Events[last].Reason == reason {
			h.Events[last].Count++
			h.Events[last].Last = t
			continue
		}
		h.Events = append(h.Events, e)
	}
}

func dkim() past.Question {
	return past.Question{Causes: []string{"dkim-none", "dkim-broken"}, Reasons: []string{"dkim", "dmarc"}, First: at(9, 7),
		Last: at(12, 0), Count: 1}
}

func spf() past.Question {
	q := dkim()
	q.Causes, q.Reasons = []string{"spf-none", "spf-broken", "spf-ip"}, []string{"spf"}
	return q
}

func TestAKeyThatVanishedBeforeTheFirstRefusal(t *testing.T) {
	t.Parallel()
	h := world()
	had(&h, key, "TXT", at(0, 0), at(8, 0), "v=DKIM1; p=AAA")
	had(&h, key, "TXT", at(9, 0), time.Time{})
	refusals(&h, "dkim", at(9, 7), 312)
	q := dkim()
	q.Last = at(20, 0)
	got := past.Find(h, q)
	if len(got) != 1 {
		t.Fatalf("changes: %+v", got)
	}
	c := got[0]
	if c.Kind != past.Vanished || c.Name != key || !c.Since.Equal(at(8, 0)) || !c.Until.Equal(at(9, 0)) || !c.Stands() {
		t.Errorf("change %+v", c)
	}
	if !c.First.Equal(at(9, 7)) || c.Refusals != 312 {
		t.Errorf("first refusal %v, %d since", c.First, c.Refusals)
	}
	if !slices.Equal(c.Confirm, []string{"dkim-broken"}) {
		t.Errorf("confirms %q", c.Confirm)
	}
}

func TestWhatWasUndoneIsToldWithBothTimes(t *testing.T) {
	t.Parallel()
	h := world()
	had(&h, key, "TXT", at(0, 0), at(8, 0), "v=DKIM1; p=AAA")
	had(&h, key, "TXT", at(9, 0), at(10, 0))
	had(&h, key, "TXT", at(11, 0), time.Time{}, "v=DKIM1; p=AAA")
	got := past.Find(h, dkim())
	if len(got) != 1 || !got[0].MendedSince.Equal(at(10, 0)) || !got[0].MendedUntil.Equal(at(11, 0)) {
		t.Fatalf("changes: %+v", got)
	}
	if len(got[0].Confirm) == 0 {
		t.Error("a refusal while it was gone does not confirm it")
	}
	q := dkim()
	q.First, q.Last = at(11, 30), at(11, 30)
	if got = past.Find(h, q); len(got) != 1 || len(got[0].Confirm) != 0 {
		t.Errorf("a refusal after it was mended: %+v", got)
	}
}

func TestWhatDoesNotFitIsNotSaid(t *testing.T) {
	t.Parallel()
	gone := func(h *past.History) {
		had(h, key, "TXT", at(0, 0), at(8, 0), "v=DKIM1; p=AAA")
		had(h, key, "TXT", at(9, 0), time.Time{})
	}
	for name, tt := range map[string]struct {
		h func(*past.History)
		q func(*past.Question)
	}{
		"nothing changed": {h: func(h *past.History) { had(h, key, "TXT", at(0, 0), time.Time{}, "v=DKIM1; p=AAA") }},
		"the change came after the refusals": {h: gone, q: func(q *past.Question) {
			q.First, q.Last = at(6, 0), at(7, 0)
		}},
		"refusals went on as before": {h: func(h *past.History) {
			gone(h)
			for hour := range 12 {
				refusals(h, "dkim", at(hour, 20), 5)
			}
		}},
		"another key":   {h: gone, q: func(q *past.Question) { q.Keys = []string{"s2._domainkey.kaisha.example"} }},
		"another cause": {h: gone, q: func(q *past.Question) { q.Causes = []string{"spf-none"} }},
		"something came": {h: func(h *past.History) {
			had(h, key, "TXT", at(0, 0), at(8, 0), "v=DKIM1; p=AAA")
			had(h, key, "TXT", at(9, 0), time.Time{}, "v=DKIM1; p=AAA", "v=DKIM1; p=BBB")
		}},
		"other texts of the domain": {h: func(h *past.History) {
			had(h, "kaisha.example", "TXT", at(0, 0), at(8, 0), "v=spf1 -all", "site-verification=1")
			had(h, "kaisha.example", "TXT", at(9, 0), time.Time{}, "v=spf1 -all")
		}, q: func(q *past.Question) { *q = spf() }},
		"an old alteration": {h: func(h *past.History) {
			had(h, "kaisha.example", "TXT", at(0, 0).Add(-240*time.Hour), at(8, 0).Add(-120*time.Hour), "v=spf1 ip4:192.0.2.1 ~all")
			had(h, "kaisha.example", "TXT", at(9, 0).Add(-120*time.Hour), time.Time{}, "v=spf1 ~all")
		}, q: func(q *past.Question) { *q = spf() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, q := world(), dkim()
			tt.h(&h)
			if tt.q != nil {
				tt.q(&q)
			}
			if got := past.Find(h, q); len(got) != 0 {
				t.Errorf("changes: %+v", got)
			}
		})
	}
}

func TestSPFTellsWhatItLost(t *testing.T) {
	t.Parallel()
	h := world()
	had(&h, "kaisha.example", "TXT", at(0, 0), at(8, 0), "v=spf1 include:esp.example ip4:192.0.2.1 ~all", "x")
	had(&h, "kaisha.example", "TXT", at(9, 0), at(13, 0), "v=spf1 ip4:192.0.2.1 ~all", "x")
	had(&h, "kaisha.example", "TXT", at(14, 0), time.Time{}, "v=spf1 ip4:192.0.2.1 include:esp.example -all", "x")
	got := past.Find(h, spf())
	if len(got) != 1 || got[0].Kind != past.Altered || !slices.Equal(got[0].Lost, []string{"include:esp.example"}) {
		t.Fatalf("changes: %+v", got)
	}
	if len(got[0].Confirm) != 0 {
		t.Errorf("it confirms %q: whether it covered the address is not known", got[0].Confirm)
	}
}

func TestWhatCoveredTheAddressConfirms(t *testing.T) {
	t.Parallel()
	h := world()
	had(&h, "kaisha.example", "TXT", at(0, 0), at(8, 0), "v=spf1 include:esp.example ip4:192.0.2.0/28 -all")
	had(&h, "kaisha.example", "TXT", at(9, 0), time.Time{}, "v=spf1 -all")
	had(&h, "esp.example", "TXT", at(0, 0), time.Time{}, "v=spf1 include:_net.esp.example -all")
	had(&h, "_net.esp.example", "TXT", at(0, 0), at(8, 0), "v=spf1 ip4:198.51.100.7 include:esp.example -all")
	had(&h, "_net.esp.example", "TXT", at(9, 0), time.Time{}, "v=spf1 ip4:203.0.113.7 -all")
	for ip, want := range map[string]bool{"192.0.2.7": true, "192.0.2.77": false, "198.51.100.7": true, "203.0.113.7": false,
		"2001:db8::1": false} {
		q := spf()
		q.IP = netip.MustParseAddr(ip)
		found := slices.ContainsFunc(past.Find(h, q), func(c past.Change) bool { return slices.Contains(c.Confirm, "spf-ip") })
		if found != want {
			t.Errorf("%s: confirmed %v, want %v", ip, found, want)
		}
	}
}

func TestTwoChangesAtOnceAreBothTold(t *testing.T) {
	t.Parallel()
	h := world()
	had(&h, key, "TXT", at(0, 0), at(8, 0), "v=DKIM1; p=AAA")
	had(&h, key, "TXT", at(9, 0), time.Time{})
	had(&h, "kaisha.example", "TXT", at(0, 0), at(8, 0), "v=spf1 -all")
	had(&h, "kaisha.example", "TXT", at(9, 0), time.Time{})
	q := dkim()
	q.Causes = append(q.Causes, "spf-none")
	got := past.Find(h, q)
	if len(got) != 2 || got[0].Name == got[1].Name {
		t.Errorf("changes: %+v", got)
	}
}

// finding is a change of a finding.
func finding(turn watch.Turn, check, rule, subject string, before, now, first time.Time) watch.Change {
	return watch.Change{Turn: turn, Check: check, Rule: rule, Subject: subject, Before: before, At: now, First: first, Severity: "fail"}
}

func TestFindingsThatCameAndWent(t *testing.T) {
	t.Parallel()
	h := world()
	h.Changes = []watch.Change{
		finding(watch.New, "dnsbl", "dnsbl-listed", "192.0.2.1", at(8, 0), at(9, 0), at(9, 0)),
		finding(watch.New, "dnsbl", "dnsbl-listed", "192.0.2.2", at(8, 0), at(9, 0), at(9, 0)),
		finding(watch.Mended, "dnsbl", "dnsbl-listed", "192.0.2.1", at(10, 0), at(11, 0), at(9, 0)),
	}
	q := dkim()
	q.Causes, q.Reasons, q.IP = []string{"blocklisted"}, []string{"blocklisted"}, netip.MustParseAddr("192.0.2.1")
	got := past.Find(h, q)
	if len(got) != 1 || got[0].Subject != "192.0.2.1" || !got[0].MendedUntil.Equal(at(11, 0)) || len(got[0].Confirm) != 1 {
		t.Fatalf("changes: %+v", got)
	}
	q.IP = netip.Addr{}
	got = past.Find(h, q)
	if len(got) != 2 || len(got[0].Confirm)+len(got[1].Confirm) != 0 {
		t.Errorf("of an address that is not known: %+v", got)
	}
}

// TestAKeyThatVanishesWithItsAliasIsOneChange; where the alias stays, what vanished is the key.
func TestAKeyThatVanishesWithItsAliasIsOneChange(t *testing.T) {
	t.Parallel()
	const key = "s1._domainkey.kaisha.example"
	for _, gone := range []string{"CNAME", "TXT"} {
		h := world()
		had(&h, key, "TXT", at(0, 0), at(8, 0), "v=DKIM1; p=A")
		had(&h, key, "TXT", at(9, 0), time.Time{})
		if gone == "CNAME" {
			had(&h, key, "CNAME", at(0, 0), at(8, 0), "s1.dkim.esp.example")
			had(&h, key, "CNAME", at(9, 0), time.Time{})
		} else {
			had(&h, key, "CNAME", at(0, 0), time.Time{}, "s1.dkim.esp.example")
		}
		if got := past.Find(h, dkim()); len(got) != 1 || got[0].Type != gone || len(got[0].Confirm) == 0 {
			t.Errorf("%s: %+v", gone, got)
		}
	}
}

// TestAFindingThatCountsAgainIsAsOldAsItIs: its exception ended after the refusals, and it stood before them.
func TestAFindingThatCountsAgainIsAsOldAsItIs(t *testing.T) {
	t.Parallel()
	h := world()
	q := dkim()
	q.Causes, q.Reasons, q.IP = []string{"blocklisted"}, nil, netip.MustParseAddr("192.0.2.1")
	h.Changes = []watch.Change{finding(watch.New, "dnsbl", "dnsbl-listed", "192.0.2.1", at(11, 0), at(12, 0), at(8, 30))}
	got := past.Find(h, q)
	if len(got) != 1 || !got[0].Since.Equal(at(8, 30)) || !got[0].Until.Equal(at(8, 30)) {
		t.Errorf("it stood before: %+v", got)
	}
	h.Changes[0].First = h.Changes[0].At
	if got = past.Find(h, q); len(got) > 0 {
		t.Errorf("it came after: %+v", got)
	}
}

func TestAFindingThatSaysTheSameAsTheRecordsIsToldOnce(t *testing.T) {
	t.Parallel()
	h := world()
	had(&h, "kaisha.example", "TXT", at(0, 0), at(8, 0), "v=spf1 -all")
	had(&h, "kaisha.example", "TXT", at(9, 0), time.Time{})
	h.Changes = []watch.Change{finding(watch.New, "spf", "spf-none", "kaisha.example", at(8, 0), at(9, 0), at(9, 0))}
	if got := past.Find(h, spf()); len(got) != 1 || got[0].Kind != past.Vanished {
		t.Errorf("changes: %+v", got)
	}
}

func TestASilenceConfirmsNothing(t *testing.T) {
	t.Parallel()
	h := world()
	h.Changes = []watch.Change{
		finding(watch.Unknown, "dkim", "", "", at(8, 0), at(9, 0), at(9, 0)),
		finding(watch.Known, "dkim", "", "", at(12, 0), at(13, 0), at(9, 0)),
	}
	got := past.Find(h, dkim())
	if len(got) != 1 || got[0].Kind != past.Silent || len(got[0].Confirm) != 0 || !got[0].MendedUntil.Equal(at(13, 0)) {
		t.Fatalf("changes: %+v", got)
	}
	q := dkim()
	q.First, q.Last = at(14, 0), at(15, 0)
	if got = past.Find(h, q); len(got) != 0 {
		t.Errorf("of a time in which it was not silent: %+v", got)
	}
	h = world()
	h.State.Silent = []watch.Silence{{Check: "dkim", Since: at(9, 0), Last: at(8, 0)}}
	if got = past.Find(h, dkim()); len(got) != 1 || !got[0].Stands() {
		t.Errorf("a silence that goes on: %+v", got)
	}
}

func TestCausesAreThoseOfTheGuide(t *testing.T) {
	t.Parallel()
	for _, id := range past.Causes() {
		if guide.FindCause(id) == nil {
			t.Errorf("the guide has no cause %s", id)
		}
	}
	if len(past.Causes()) < 8 || !strings.Contains(strings.Join(past.Causes(), " "), "dkim-broken") {
		t.Errorf("causes: %q", past.Causes())
	}
}
