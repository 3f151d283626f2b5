package sources_test

import (
	"testing"

	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// TestOtherCustomersOfAService: the SPF record names a service, and so lets all its customers pass. Where it signs for the domain,
// what has nothing of the domain is not called ours; where it does not, or where a signature broke, it is.
func TestOtherCustomersOfAService(t *testing.T) {
	t.Parallel()
	const ip = "203.0.113.70"
	by := func(every int, mails int64, keys ...aggregate.DKIMResult) actor {
		return actor{ips: []string{ip}, every: every, mails: mails, spf: enveloped("mandrillapp.com", "pass"),
			dkim: append(keys, signed("mandrillapp.com", "m", "pass"))}
	}
	once := actor{ips: []string{ip}, once: 3, mails: 3, spf: enveloped("mandrillapp.com", "pass")}
	own := by(0, 100, signed(home, "m1", "pass"))
	for name, tt := range map[string]struct {
		actors  []actor
		fail    sources.Class
		perhaps bool
	}{
		"another customer":       {[]actor{own, by(2, 3)}, sources.Unknown, true},
		"another customer, once": {[]actor{own, once}, sources.Unknown, false},
		"signature broke":        {[]actor{own, by(2, 3, signed(home, "m1", "fail"))}, sources.Ours, false},
		"half is signed":         {[]actor{own, by(0, 60)}, sources.Ours, false},
		"nothing is signed":      {[]actor{by(0, 60)}, sources.Ours, false},
	} {
		_, d := judged(t, usual(tt.actors...), world(t, zone), "")
		perhaps := false
		for _, g := range d.Groups {
			perhaps = perhaps || g.Perhaps
		}
		if d.Fail == 0 || d.ByClass[tt.fail].Fail != d.Fail || perhaps != tt.perhaps {
			t.Errorf("%s: %d mails that fail, %d of %s; perhaps ours %v", name, d.Fail, d.ByClass[tt.fail].Fail, tt.fail, perhaps)
		}
	}
}
