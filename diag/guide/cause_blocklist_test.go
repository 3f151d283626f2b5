package guide_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/guide"
)

// TestListsByTheirCodes: a listing confirms by the codes of the list that the reply names; what refuses to answer, lists
// everything or is closed confirms nothing, and an entry of another part of the list is no reason.
func TestListsByTheirCodes(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	env := world(t, c)
	const using = "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using "
	for _, test := range []struct {
		text, ip string
		public   []string
		status   guide.Status
		says     string
	}{
		{using + "zen.spamhaus.org", "192.0.2.66", nil, guide.Confirmed, "CSS: sends mail of bad repute"},
		{using + "zen.spamhaus.org", "192.0.2.66", nil, guide.Confirmed, "https://check.spamhaus.org/"},
		{using + "zen.spamhaus.org", "192.0.2.67", nil, guide.Confirmed, "PBL"},
		{using + "zen.spamhaus.org", "192.0.2.7", nil, guide.Excluded, "not on zen.spamhaus.org"},
		{"554 5.7.1 blocked, see https://www.spamhaus.org/sbl/query", "192.0.2.66", nil, guide.Confirmed, "CSS"},
		{"554 5.7.1 blocked, see https://www.spamhaus.org/sbl/query", "192.0.2.67", nil, guide.Excluded, "an entry of another kind"},
		{"554 5.7.1 refused: listed in Spamhaus PBL", "192.0.2.67", nil, guide.Confirmed, "PBL"},
		{"554 5.7.1 refused: listed in Spamhaus PBL", "192.0.2.66", nil, guide.Excluded, "an entry of another kind"},
		{"554 5.7.1 refused by policy", "192.0.2.66", []string{"zen.spamhaus.org"}, guide.Confirmed, "CSS"},
		{"554 5.7.1 refused by policy", "192.0.2.67", []string{"zen.spamhaus.org"}, guide.Excluded, "an entry of another kind"},
		{using + "dnsbl-3.uceprotect.net", "192.0.2.68", nil, guide.Confirmed, "whole network"},
		{"554 5.7.1 refused by policy", "192.0.2.68", []string{"dnsbl-3.uceprotect.net"}, guide.Excluded, "an entry of another kind"},
		{using + "dnsbl.sorbs.net", "192.0.2.66", nil, guide.Excluded, "dnsbl.sorbs.net is closed"},
		{using + "mute.bl.lab.test", "192.0.2.66", nil, guide.Open, "gave no answer"},
		{using + "all.bl.lab.test", "192.0.2.66", nil, guide.Open, "gave no answer"},
		{using + "x.lame.bl.lab.test", "192.0.2.66", nil, guide.Open, "gave no answer"},
		{using + "bl.lab.test", "192.0.2.66", nil, guide.Confirmed, "bl.lab.test lists 192.0.2.66"},
		{using + "bl.private.test", "192.0.2.66", nil, guide.Open, "gave no answer"}, // DNS knows nothing of it: it may be private
		{using + "b.barracudacentral.org", "192.0.2.66", nil, guide.Open, "https://www.barracudacentral.org/lookups"},
	} {
		t.Run(test.text+" "+test.ip, func(t *testing.T) {
			t.Parallel()
			e := env
			e.Public, e.Lists = test.public != nil, test.public
			k := usual(c, test.text)
			k.IP = netip.MustParseAddr(test.ip)
			d := guide.Run(t.Context(), e, k)
			if got := statusOf(t, d, "blocklisted"); got != test.status {
				t.Errorf("%s, want %s", got, test.status)
			}
			i := slices.IndexFunc(d.Outcomes, func(o guide.Outcome) bool { return o.Cause.ID == "blocklisted" })
			var told strings.Builder
			for _, p := range d.Outcomes[i].Proofs {
				says := p.Says.In(codes.English)
				for _, datum := range p.Data {
					says = strings.ReplaceAll(says, "{"+datum.Key+"}", datum.String())
				}
				fmt.Fprintln(&told, says)
			}
			if !strings.Contains(told.String(), test.says) {
				t.Errorf("%q does not tell %q", told.String(), test.says)
			}
		})
	}
}

// TestStepsFitWhatIsListed: a domain and a line of access are mended in another way than an address that sends spam.
func TestStepsFitWhatIsListed(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	env := world(t, c)
	const using = "554 5.7.1 Service unavailable; blocked using "
	for _, test := range []struct{ list, from, ip, want string }{
		{"zen.spamhaus.org", "news@healthy.test", "192.0.2.66", "delist_ip investigate_compromise"},
		{"zen.spamhaus.org", "news@healthy.test", "192.0.2.67", "use_smarthost delist_ip"},
		{"bl.lab.test", "news@listed.test", "", "delist_domain investigate_compromise"},
	} {
		k := guide.Read(c, using+test.list)
		k.From, k.MailFrom, k.To = test.from, test.from, "user@takes.test"
		k.IP, _ = netip.ParseAddr(test.ip)
		k.Settle()
		d := guide.Run(t.Context(), env, k)
		var ids []string
		for _, s := range d.Steps {
			if s.Cause != nil && s.Cause.ID == "blocklisted" {
				ids = append(ids, s.Remedy.ID)
			}
		}
		if got := strings.Join(ids, " "); got != test.want {
			t.Errorf("%s %s%s: steps %q, want %q", test.list, test.from, test.ip, got, test.want)
		}
	}
}

// TestWhyAListIsMuteIsToldInBothLanguages: what a list says in place of an answer is worded here, not in English for everybody.
func TestWhyAListIsMuteIsToldInBothLanguages(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	d := guide.Run(t.Context(), world(t, c), usual(c, "554 5.7.1 Service unavailable; blocked using mute.bl.lab.test"))
	i := slices.IndexFunc(d.Outcomes, func(o guide.Outcome) bool { return o.Cause.ID == "blocklisted" })
	for _, p := range d.Outcomes[i].Proofs {
		if v, ok := find(p.Data, "error"); ok && v.In(codes.Japanese) == v.In(codes.English) {
			t.Errorf("in English: %s", v.In(codes.Japanese))
		} else if ok {
			return
		}
	}
	t.Errorf("no reason: %+v", d.Outcomes[i].Proofs)
}

func find(data codes.Data, key string) (codes.Datum, bool) {
	i := slices.IndexFunc(data, func(d codes.Datum) bool { return d.Key == key })
	if i < 0 {
		return codes.Datum{}, false
	}
	return data[i], true
}
