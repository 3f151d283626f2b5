package sources_test

import (
	"testing"

	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// TestWhatForwardersBreak: where mail of the domain is passed on unchanged, a signature that does not hold and mail that was never
// signed are passed on, too. Without such mail, or with little of it, nobody can say that; and a service that signs mail of the
// domain passes on nothing. A server that sends under its own name what was signed passes it on.
func TestWhatForwardersBreak(t *testing.T) {
	t.Parallel()
	const ip, service = "198.51.100.30", "203.0.113.120"
	key := []aggregate.DKIMResult{signed(home, "s1", "pass")}
	broken := []aggregate.DKIMResult{signed(home, "s1", "fail")}
	whole := func(ip string, mails int64) actor {
		return actor{ips: []string{ip}, mails: mails, spf: enveloped(home, "fail"), dkim: key}
	}
	changed := actor{ips: []string{ip}, mails: 2, every: 4, spf: enveloped(home, "fail"), dkim: broken}
	named := actor{ips: []string{ip}, mails: 2, every: 4, spf: enveloped("fw.daigaku.test", "pass"), dkim: broken}
	copied := actor{ips: []string{ip}, mails: 2, every: 4, spf: enveloped("spam.test", "pass"), dkim: broken}
	serving := actor{ips: []string{service}, mails: 2, every: 4, spf: enveloped("em1.sendgrid.net", "pass"), dkim: broken}
	bare := actor{ips: []string{ip}, mails: 2, every: 4, spf: enveloped(home, "fail")}
	rewritten := actor{ips: []string{ip}, mails: 2, every: 4, spf: enveloped("fw.daigaku.test", "pass")}
	served := actor{ips: []string{service}, mails: 2, every: 4, spf: enveloped("em1.sendgrid.net", "pass")}
	for name, tt := range map[string]struct {
		actors []actor
		fail   sources.Class
	}{
		"changed":             {[]actor{changed, whole(ip, 3)}, sources.Forwarder},
		"in its own name":     {[]actor{named}, sources.Forwarder},
		"in another name":     {[]actor{copied}, sources.Unknown},
		"by a service":        {[]actor{serving}, sources.Unknown},
		"changed, alone":      {[]actor{changed}, sources.Unknown},
		"never signed":        {[]actor{bare, whole(ip, 3)}, sources.Forwarder},
		"never signed, alone": {[]actor{bare}, sources.Forger},
		"never signed, more": {[]actor{
			{ips: bare.ips, mails: 20, every: 4, spf: bare.spf},
			{ips: bare.ips, mails: 1, once: 3, dkim: key},
		}, sources.Forger},
		"rewritten":        {[]actor{rewritten, whole(ip, 3)}, sources.Forwarder},
		"rewritten, alone": {[]actor{rewritten}, sources.Unknown},
		"service of ours":  {[]actor{served, whole(service, 3)}, sources.Unknown},
	} {
		_, d := judged(t, usual(tt.actors...), world(t, zone), "")
		if d.Fail == 0 || d.ByClass[tt.fail].Fail != d.Fail {
			t.Errorf("%s: %d mails that fail, %d of %s; %+v", name, d.Fail, d.ByClass[tt.fail].Fail, tt.fail, d.ByClass)
		}
	}
}
