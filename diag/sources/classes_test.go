package sources_test

import (
	"testing"

	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// kinds are actors of one kind in several forms; a twin has the same look and nothing wrong.
func kinds() map[string][]actor {
	pass := func(a actor) actor { a.pass = true; return a }
	key := []aggregate.DKIMResult{signed(home, "s1", "pass")}
	broken := signed(home, "s1", "fail")
	return map[string][]actor{
		"service half set up": {
			{class: sources.Unknown, perhaps: true, ips: []string{"203.0.113.120"}, mails: 20, spf: enveloped("em1.sendgrid.net", "pass"),
				dkim: []aggregate.DKIMResult{signed("sendgrid.net", "s1", "pass")}},
			{class: sources.Unknown, perhaps: true, ips: []string{"203.0.113.200", "203.0.113.201"}, every: 7, mails: 50,
				spf: enveloped("amazonses.com", "pass"), dkim: []aggregate.DKIMResult{signed("amazonses.com", "x1", "pass")}},
			{class: sources.Ours, ips: []string{"203.0.113.70"}, mails: 20, spf: enveloped("mandrillapp.com", "pass"),
				dkim: []aggregate.DKIMResult{signed("mandrillapp.com", "m", "pass")}},
		},
		"service set up": {
			pass(actor{class: sources.Ours, ips: []string{"203.0.113.120"}, mails: 20, spf: enveloped("em1.sendgrid.net", "pass"),
				dkim: []aggregate.DKIMResult{signed(home, "sg", "pass"), signed("sendgrid.net", "s1", "pass")}}),
			pass(actor{class: sources.Ours, ips: []string{"203.0.113.70"}, mails: 20, spf: enveloped("mandrillapp.com", "pass"),
				dkim: []aggregate.DKIMResult{signed("news.kaisha.test", "m", "pass")}}),
			pass(actor{class: sources.Ours, ips: []string{"203.0.113.200"}, every: 7, mails: 50,
				spf: enveloped("bounce.kaisha.test", "pass"), dkim: []aggregate.DKIMResult{signed("amazonses.com", "x1", "pass")}}),
		},
		"forwarder": {
			pass(actor{class: sources.Forwarder, ips: []string{"198.51.100.30"}, mails: 3, spf: enveloped(home, "fail"), dkim: key}),
			pass(actor{class: sources.Forwarder, ips: []string{"198.51.100.30"}, mails: 3, spf: enveloped("daigaku.test", "pass"), dkim: key}),
			pass(actor{class: sources.Forwarder, ips: []string{"198.18.9.9"}, every: 9, mails: 1, spf: enveloped("elsewhere.test", "none"),
				dkim: key}),
			{class: sources.Forwarder, ips: []string{"198.51.100.30"}, mails: 3, spf: enveloped(home, "fail"),
				dkim: []aggregate.DKIMResult{broken}, by: []aggregate.Override{{Type: "forwarded"}}},
		},
		"own server with the same key": {
			pass(actor{class: sources.Ours, ips: []string{"192.0.2.9"}, mails: 3, spf: enveloped("elsewhere.test", "none"), dkim: key}),
			pass(actor{class: sources.Ours, ips: []string{"198.51.100.9"}, mails: 3, spf: enveloped(home, "fail"), dkim: key}),
		},
		"server in SPF with another name": {
			{class: sources.Ours, ips: []string{"192.0.2.12"}, mails: 3,
				spf: aggregate.SPFResult{Domain: "srv.isp.test", Scope: "helo", Result: "pass"}},
			{class: sources.Ours, ips: []string{"192.0.2.12"}, mails: 3, spf: enveloped("web3.hoster.test", "pass"),
				dkim: []aggregate.DKIMResult{signed("hoster.test", "h", "pass")}},
		},
		"mailing list": {
			{class: sources.Forwarder, ips: []string{"198.51.100.31"}, mails: 2, spf: enveloped("lists.example.test", "pass"),
				dkim: []aggregate.DKIMResult{broken, signed("lists.example.test", "l", "pass")}},
			{class: sources.Forwarder, ips: []string{"198.51.100.31"}, every: 5, mails: 2, spf: enveloped("lists.example.test", "pass"),
				by: []aggregate.Override{{Type: "mailing_list"}}},
			{class: sources.Forwarder, ips: []string{"198.51.100.31"}, every: 5, mails: 2, spf: enveloped("lists.example.test", "pass"),
				by: []aggregate.Override{{Type: "local_policy", Comment: "arc=pass as.1.mx.test=pass"}}},
		},
		"forger": {
			{class: sources.Forger, ips: bots(60), every: 4, mails: 2, spf: enveloped(home, "fail")},
			{class: sources.Forger, ips: bots(6), every: 13, mails: 9, spf: enveloped("spam.test", "pass")},
			{class: sources.Forger, ips: []string{"198.18.77.7"}, once: 12, mails: 4000, spf: enveloped("burst.test", "pass"),
				dkim: []aggregate.DKIMResult{signed("burst.test", "b", "pass")}},
			{class: sources.Forger, ips: bots(30), every: 10, mails: 2, spf: enveloped(home, "softfail"),
				dkim: []aggregate.DKIMResult{signed(home, "junk", "fail")}},
		},
		"own server that SPF forgot": {
			{class: sources.Ours, ips: []string{"198.51.100.9"}, mails: 10, spf: enveloped(home, "fail")},
			{class: sources.Ours, ips: []string{"192.0.2.100"}, every: 3, mails: 10, spf: enveloped(home, "fail")},
			{class: sources.Unknown, perhaps: true, ips: []string{"198.51.100.77"}, mails: 10, spf: enveloped(home, "fail")},
		},
		"name that does not lead back": {
			{class: sources.Forger, ips: append(bots(20), "198.51.100.66"), every: 8, mails: 3, spf: enveloped(home, "fail")},
		},
		"another customer of a service": {
			{class: sources.Unknown, ips: []string{"203.0.113.5"}, every: 6, mails: 4, spf: enveloped("other.test", "pass"),
				dkim: []aggregate.DKIMResult{signed("other.test", "google", "pass")}},
		},
		"receiver that could not look": {
			{class: sources.Unknown, ips: bots(12), every: 7, mails: 4, spf: enveloped(home, "temperror")},
			{class: sources.Unknown, ips: bots(12), every: 7, mails: 4, spf: enveloped("x.test", "none"),
				dkim: []aggregate.DKIMResult{signed(home, "s1", "temperror")}},
		},
		"signature copied by somebody": {
			{class: sources.Unknown, ips: []string{"198.18.50.1"}, every: 11, mails: 2, spf: enveloped("x.test", "pass"),
				dkim: []aggregate.DKIMResult{broken}},
		},
		"subdomain": {
			pass(actor{class: sources.Ours, from: "news.kaisha.test", ips: []string{"192.0.2.3"}, mails: 30,
				spf: enveloped("news.kaisha.test", "pass")}),
			{class: sources.Forger, from: "pay.kaisha.test", ips: bots(40), every: 6, mails: 1, spf: enveloped("pay.kaisha.test", "none")},
		},
	}
}

// TestClasses: of each kind every form gets its class, to the mail.
func TestClasses(t *testing.T) {
	t.Parallel()
	right, all := 0, 0
	for name, forms := range kinds() {
		for i, a := range forms {
			for _, modern := range []bool{false, true} {
				f := usual(a)
				f.modern = modern
				_, d := judged(t, f, world(t, zone), "")
				mails, fail, perhaps := f.truth()
				ok := true
				for _, c := range sources.Classes() {
					if got := d.ByClass[c]; got.Mails != mails[c] || got.Fail != fail[c] {
						ok = false
						t.Errorf("%s, form %d: %s has %d mails (%d fail), want %d (%d)", name, i, c, got.Mails, got.Fail, mails[c], fail[c])
					}
				}
				got := int64(0)
				for _, g := range d.Groups {
					if g.Perhaps {
						got += g.Mails
					}
				}
				if got != perhaps {
					ok = false
					t.Errorf("%s, form %d: %d mails are perhaps ours, want %d", name, i, got, perhaps)
				}
				if all++; ok {
					right++
				}
			}
		}
	}
	t.Logf("%d of %d fleets are judged right", right, all)
}
