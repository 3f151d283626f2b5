package dnsbl_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"todoku/diag/dnsbl"
)

// tableCase is what a list answers, and what that means.
type tableCase struct {
	zone, code string
	want       string // sense and words of the entries, or "refused WHY", or "dead END"
}

// tableCases are the codes of all lists, written down from their operators' pages, not from the table in the program.
func tableCases() []tableCase {
	return []tableCase{
		{"zen.spamhaus.org", "127.0.0.2", "listed SBL"}, {"zen.spamhaus.org", "127.0.0.3", "listed CSS"},
		{"zen.spamhaus.org", "127.0.0.4", "listed XBL"}, {"zen.spamhaus.org", "127.0.0.5", "listed XBL"},
		{"zen.spamhaus.org", "127.0.0.7", "listed XBL"}, {"zen.spamhaus.org", "127.0.0.9", "listed DROP"},
		{"zen.spamhaus.org", "127.0.0.10", "policy PBL"}, {"zen.spamhaus.org", "127.0.0.11", "policy PBL"},
		{"zen.spamhaus.org", "127.0.0.30", "listed BCL"}, {"zen.spamhaus.org", "127.0.0.99", "listed "},
		{"zen.spamhaus.org", "127.255.255.252", "refused typing_error"},
		{"zen.spamhaus.org", "127.255.255.254", "refused public_resolver"},
		{"zen.spamhaus.org", "127.255.255.255", "refused quota"}, {"zen.spamhaus.org", "127.255.255.250", "refused blocked"},
		{"zen.spamhaus.org", "198.51.100.1", "dead not_codes"}, {"key1.zen.dq.spamhaus.net", "127.0.0.3", "listed CSS"},
		{"key1.authbl.dq.spamhaus.net", "127.0.0.20", "listed AuthBL"},
		{"dbl.spamhaus.org", "127.0.1.2", "listed spam"}, {"dbl.spamhaus.org", "127.0.1.4", "listed phish"},
		{"dbl.spamhaus.org", "127.0.1.5", "listed malware"}, {"dbl.spamhaus.org", "127.0.1.6", "listed botnet"},
		{"dbl.spamhaus.org", "127.0.1.102", "listed abused-legit"}, {"dbl.spamhaus.org", "127.0.1.103", "listed abused-redirector"},
		{"dbl.spamhaus.org", "127.0.1.104", "listed abused-phish"}, {"dbl.spamhaus.org", "127.0.1.105", "listed abused-malware"},
		{"dbl.spamhaus.org", "127.0.1.106", "listed abused-botnet"}, {"dbl.spamhaus.org", "127.0.1.255", "refused ip_query"},
		{"dbl.spamhaus.org", "127.255.255.252", "refused typing_error"},
		{"dbl.spamhaus.org", "127.255.255.254", "refused public_resolver"}, {"dbl.spamhaus.org", "127.255.255.255", "refused quota"},
		{"key1.zrd.dq.spamhaus.net", "127.0.2.2", "listed ZRD"}, {"key1.zrd.dq.spamhaus.net", "127.0.2.24", "listed ZRD"},
		{"bl.spamcop.net", "127.0.0.2", "listed listed"}, {"b.barracudacentral.org", "127.0.0.2", "listed listed"},
		{"psbl.surriel.com", "127.0.0.2", "listed listed"},
		{"bl.mailspike.net", "127.0.0.2", "listed listed"}, {"bl.mailspike.net", "127.0.0.10", "listed worst"},
		{"bl.mailspike.net", "127.0.0.11", "listed very bad"}, {"bl.mailspike.net", "127.0.0.12", "listed bad"},
		{"rep.mailspike.net", "127.0.0.13", "neutral neutral"}, {"rep.mailspike.net", "127.0.0.16", "neutral neutral"},
		{"rep.mailspike.net", "127.0.0.17", "good possible"}, {"rep.mailspike.net", "127.0.0.18", "good good"},
		{"rep.mailspike.net", "127.0.0.19", "good very good"}, {"rep.mailspike.net", "127.0.0.20", "good excellent"},
		{"bl.spameatingmonkey.net", "127.0.0.2", "listed listed"}, {"uribl.spameatingmonkey.net", "127.0.0.2", "listed listed"},
		{"fresh15.spameatingmonkey.net", "127.0.0.2", "listed fresh"},
		{"bl.blocklist.de", "127.0.0.2", "listed attacks"}, {"bl.blocklist.de", "127.0.0.19", "listed attacks"},
		{"bip.virusfree.cz", "127.0.0.2", "listed botnet"},
		{"bl.score.senderscore.com", "127.0.0.1", "listed bot"}, {"bl.score.senderscore.com", "127.0.0.2", "listed no authentication"},
		{"bl.score.senderscore.com", "127.0.0.4", "listed trap"}, {"bl.score.senderscore.com", "127.0.0.8", "listed attachment"},
		{"bl.score.senderscore.com", "127.0.0.16", "listed low score"},
		{"bl.score.senderscore.com", "127.0.0.20", "listed trap, low score"},
		{"bl.score.senderscore.com", "127.255.255.255", "refused quota"},
		{"score.senderscore.com", "127.0.4.0", "neutral score"}, {"score.senderscore.com", "127.0.4.100", "neutral score"},
		{"score.senderscore.com", "127.255.255.255", "refused quota"},
		{"key1.combined.mail.abusix.zone", "127.0.0.2", "listed "},
		{"dnsbl-1.uceprotect.net", "127.0.0.2", "listed listed"}, {"dnsbl-2.uceprotect.net", "127.0.0.2", "minor network"},
		{"dnsbl-3.uceprotect.net", "127.0.0.2", "minor network"},
		{"hostkarma.junkemailfilter.com", "127.0.0.1", "good white"}, {"hostkarma.junkemailfilter.com", "127.0.0.2", "listed black"},
		{"hostkarma.junkemailfilter.com", "127.0.0.3", "neutral yellow"}, {"hostkarma.junkemailfilter.com", "127.0.0.4", "minor brown"},
		{"hostkarma.junkemailfilter.com", "127.0.0.5", "neutral no blacklist"},
		{"multi.surbl.org", "127.0.0.4", "listed DM"}, {"multi.surbl.org", "127.0.0.8", "listed PH"},
		{"multi.surbl.org", "127.0.0.16", "listed MW"}, {"multi.surbl.org", "127.0.0.32", "listed CT"},
		{"multi.surbl.org", "127.0.0.64", "listed ABUSE"}, {"multi.surbl.org", "127.0.0.128", "listed CR"},
		{"multi.surbl.org", "127.0.0.80", "listed MW, ABUSE"}, {"multi.surbl.org", "127.0.0.1", "refused blocked"},
		{"multi.uribl.com", "127.0.0.2", "listed black"}, {"multi.uribl.com", "127.0.0.4", "listed grey"},
		{"multi.uribl.com", "127.0.0.8", "listed red"}, {"multi.uribl.com", "127.0.0.14", "listed black, grey, red"},
		{"multi.uribl.com", "127.0.0.1", "refused blocked"}, {"multi.uribl.com", "127.0.0.255", "refused blocked"},
		{"multi.surbl.org", "127.0.0.255", "refused blocked"},
		{"list.dnswl.org", "127.0.5.0", "neutral none"}, {"list.dnswl.org", "127.0.5.1", "good low"},
		{"list.dnswl.org", "127.0.15.2", "good medium"}, {"list.dnswl.org", "127.0.3.3", "good high"},
		{"list.dnswl.org", "127.0.0.255", "refused blocked"}, {"list.dnswl.org", "127.0.10.2", "refused blocked"},
		{"dnsbl.sorbs.net", "127.0.0.2", "dead closed"}, {"spam.dnsbl.sorbs.net", "127.0.0.2", "dead closed"},
		{"ix.dnsbl.manitu.net", "127.0.0.2", "dead closed"}, {"ubl.unsubscore.com", "127.0.0.2", "dead closed"},
		{"dnsbl.ahbl.org", "127.0.0.2", "dead closed"}, {"dnsbl.njabl.org", "127.0.0.2", "dead closed"},
		{"dsn.rfc-ignorant.org", "127.0.0.2", "dead closed"}, {"list.dsbl.org", "127.0.0.2", "dead closed"},
		{"relays.ordb.org", "127.0.0.2", "dead closed"}, {"cbl.abuseat.org", "127.0.0.2", "dead closed"},
		{"bl.csma.biz", "127.0.0.2", "dead closed"}, {"sbl.csma.biz", "127.0.0.2", "dead closed"},
		{"blackholes.mail-abuse.org", "127.0.0.2", "dead closed"}, {"dnsbl.inps.de", "127.0.0.2", "dead closed"},
		{"bl.spamcannibal.org", "127.0.0.2", "dead closed"},
		{"own.test", "127.0.0.2", "listed "}, {"own.test", "127.0.0.1", "refused blocked"},
		{"own.test", "127.255.255.254", "refused public_resolver"}, {"own.test", "192.0.2.1", "dead not_codes"},
	}
}

// meaning is what a listing says, in the form of a tableCase.
func meaning(l dnsbl.Listing) string {
	var refusal *dnsbl.Refusal
	var dead *dnsbl.Dead
	switch {
	case errors.As(l.Err, &refusal):
		return "refused " + string(refusal.Why)
	case errors.As(l.Err, &dead):
		return "dead " + string(dead.End)
	case l.Err != nil:
		return "unknown"
	case len(l.Entries) == 0:
		return "clean"
	}
	var words []string
	for _, e := range l.Entries {
		words = append(words, e.Word)
	}
	return string(l.Entries[0].Sense) + " " + strings.Join(words, ", ")
}

// TestEveryCodeOfEveryList: each answer of each list is read by that list's own table, over a real DNS server; an address or a
// domain that the list does not hold is clean, and one whose question fails is unknown.
func TestEveryCodeOfEveryList(t *testing.T) {
	t.Parallel()
	var zone strings.Builder
	alive := map[string]bool{}
	for i, c := range tableCases() {
		fmt.Fprintf(&zone, "%d.2.0.192.%s. A %s\nd%d.test.%s. A %s\n", i, c.zone, c.code, i, c.zone, c.code)
		if !alive[c.zone] {
			alive[c.zone] = true
			fmt.Fprintf(&zone, "2.0.0.127.%s. A 127.0.0.2\ntest.%s. A 127.0.0.2\n", c.zone, c.zone)
			fmt.Fprintf(&zone, "$FAULT 254.2.0.192.%s. * SERVFAIL\n$FAULT lame.test.%s. * SERVFAIL\n", c.zone, c.zone)
		}
	}
	r := labDNS(t, zone.String())
	for i, c := range tableCases() {
		s := dnsbl.Find(c.zone)
		ask := func(n int, domain string) dnsbl.Listing {
			if s.Takes(dnsbl.Domains) {
				return s.Domain(t.Context(), r, domain).Strict()
			}
			return s.Address(t.Context(), r, netip.AddrFrom4([4]byte{192, 0, 2, byte(n)})).Strict()
		}
		l := ask(i, fmt.Sprintf("d%d.test", i))
		if got := meaning(l); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.zone, c.code, got, c.want)
		}
		for _, e := range l.Entries {
			if e.Says.EN == "" || e.Says.JA == "" || strings.ContainsAny(e.Says.EN+e.Says.JA, "{}") {
				t.Errorf("%s %s: no words: %+v", c.zone, c.code, e)
			}
		}
		if c.want == "dead closed" {
			continue
		}
		if got := meaning(ask(250, "clean.test")); got != "clean" {
			t.Errorf("%s: a subject that is not on it: %q", c.zone, got)
		}
		if got := meaning(ask(254, "lame.test")); got != "unknown" {
			t.Errorf("%s: a question that fails: %q", c.zone, got)
		}
	}
}
