package guide_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"todoku/diag/guide"
	"todoku/diag/resolve"
)

// kaisha is a sender with everything in place, and a domain that takes mail.
const kaisha = `$ORIGIN example.
kaisha 300 IN TXT "v=spf1 ip4:192.0.2.7 -all"
s1._domainkey.kaisha 300 IN TXT "v=DKIM1; k=ed25519; p=GFNSj0DLrPEVvJ5RpUvkExstdjUCwTgOjqus6/+R3c8="
_dmarc.kaisha 300 IN TXT "v=DMARC1; p=reject"
saki 300 IN MX 10 mx.saki
mx.saki 300 IN A 198.51.100.25
s1._domainkey.esp 300 IN TXT "v=DKIM1; k=ed25519; p=GFNSj0DLrPEVvJ5RpUvkExstdjUCwTgOjqus6/+R3c8="
esp 300 IN TXT "v=spf1 ip4:192.0.2.7 -all"
out 300 IN A 192.0.2.7
7.2.0.192.in-addr.arpa. 300 IN PTR out
`

// closed is a world that the lines of a zone are all of; nobody can be visited.
func closed(t testing.TB, zone string) resolve.Resolver {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(zone), "test")
	if err != nil {
		t.Fatal(err)
	}
	dns, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dns.Close)
	return dns
}

// without leaves out the lines that begin with a word.
func without(zone, word string) string {
	var out []string
	for line := range strings.Lines(zone) {
		if !strings.HasPrefix(line, word) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

func outcomeOf(t *testing.T, d *guide.Diagnosis, cause string) guide.Outcome {
	t.Helper()
	for _, o := range d.Outcomes {
		if o.Cause.ID == cause {
			return o
		}
	}
	t.Fatalf("there is no cause %s", cause)
	return guide.Outcome{}
}

func confirmedBy(d *guide.Diagnosis) string {
	var out []string
	for _, o := range d.Outcomes {
		if o.Status == guide.Confirmed {
			out = append(out, o.Cause.ID)
		}
	}
	return strings.Join(out, " ")
}

// TestOneDefect: of what is wrong in a world exactly that is confirmed.
func TestOneDefect(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	gone := without(without(kaisha, "saki"), "mx.saki")
	for _, test := range []struct {
		name, text, zone, confirmed string
		change                      func(*guide.Case)
	}{
		{name: "nothing", text: "42550", zone: kaisha},
		{name: "no DMARC of a signed mail", text: "550 5.7.1 refused by policy", zone: without(kaisha, "_dmarc"), confirmed: "dmarc-none"},
		{name: "no DMARC, not aligned either", text: "550 5.7.1 refused by policy", zone: without(kaisha, "_dmarc"), confirmed: "dmarc-none",
			change: func(k *guide.Case) { k.Signers = []string{"esp.example"} }},
		{name: "a fault beside the policy of DMARC", text: "550 5.7.1 rejected by DMARC policy", zone: strings.Replace(kaisha,
			"p=reject", "p=reject; rua=d@kaisha.example", 1), confirmed: "dmarc-unaligned",
			change: func(k *guide.Case) { k.MailFrom, k.Signers = "bounce@esp.example", []string{"esp.example"} }},
		{name: "a policy of DMARC that nobody understands", text: "550 5.7.1 rejected by DMARC policy",
			zone: strings.Replace(kaisha, "p=reject", "p=rejct; rua=mailto:d@kaisha.example", 1), confirmed: "dmarc-none"},
		{name: "no policy of DMARC", text: "550 5.7.40 the DMARC record doesn't specify a policy",
			zone: strings.Replace(kaisha, "p=reject", "rua=mailto:d@kaisha.example", 1), confirmed: "dmarc-none"},
		{name: "two DMARC records", text: "550 5.7.1 rejected by DMARC policy",
			zone: kaisha + "_dmarc.kaisha 300 IN TXT \"v=DMARC1; p=none\"\n", confirmed: "dmarc-none"},
		{name: "a code alone and a domain that is gone", text: "42550", zone: gone, confirmed: "recipient-domain"},
		{name: "the same where something else explains the code", text: "42550", zone: without(gone, "kaisha"), confirmed: "spf-none"},
		{name: "a header's value as From", text: "550 5.7.23 SPF check failed", zone: kaisha,
			change: func(k *guide.Case) { k.From, k.MailFrom = "News, Ltd. <news@kaisha.example>", "" }},
		{name: "the words for From are not the envelope",
			text: "550 5.7.509 Access denied, sending domain kaisha.example does not pass DMARC verification", zone: kaisha,
			confirmed: "dmarc-unaligned",
			change: func(k *guide.Case) {
				k.MailFrom = "kaisha.example"
				k.Take(message(t,
					"Return-Path: <bounce@esp.example>\r\nFrom: news@kaisha.example\r\nDKIM-Signature: v=1; d=esp.example; s=s1; b=x\r\n\r\n"))
			}},
		{name: "a switched off mailbox that nobody asked about", text: "550 5.2.1 account disabled", zone: kaisha},
		{name: "a full one is the receiver's word", text: "552 5.2.2 mailbox full", zone: kaisha, confirmed: "mailbox-full"},
		{name: "refused, by whose settings is open", text: "550 受信拒否されました", zone: without(kaisha, "kaisha"),
			confirmed: "spf-none"},
		{name: "refused by a server, in words that a person may be meant by",
			text: "554 5.7.1 Message was rejected by the recipient server", zone: kaisha},
		{name: "the words of RFC 5321 for both", text: "550 Requested action not taken: mailbox unavailable",
			zone: without(kaisha, "kaisha"), confirmed: "spf-none"},
		{name: "the recipient's settings", text: "550 受信者の設定により拒否されました",
			zone: without(kaisha, "kaisha"), confirmed: "recipient-refuses"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			env := world(t, c)
			env.DNS, env.SMTP = closed(t, test.zone), nil
			k := guide.Read(c, test.text)
			k.From, k.MailFrom, k.To, k.IP = "news@kaisha.example", "news@kaisha.example", "user@saki.example", netip.MustParseAddr("192.0.2.7")
			k.Signers, k.Selectors = []string{"kaisha.example"}, []string{"s1"}
			if test.change != nil {
				test.change(k)
			}
			k.Settle()
			d := guide.Run(t.Context(), env, k)
			if got := confirmedBy(d); got != test.confirmed {
				t.Errorf("confirmed %q, want %q", got, test.confirmed)
			}
			if o := outcomeOf(t, d, "dmarc-unaligned"); test.confirmed == "dmarc-none" &&
				(o.Status != guide.Open || o.FollowsFrom != guide.FindCause("dmarc-none")) {
				t.Errorf("dmarc-unaligned is %s, follows from %v", o.Status, o.FollowsFrom)
			}
		})
	}
}

// TestWordsAlone: what the receiver says is believed in a world that is there;
// where nobody answers, nothing is.
func TestWordsAlone(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, text := range []string{"552 5.2.2 mailbox full", "550 5.7.1 The recipient does not want mail from you"} {
		env := world(t, c)
		k := guide.Read(c, text)
		k.Settle()
		if d := guide.Run(t.Context(), env, k); d.Answer() == nil || d.Silent {
			t.Errorf("%s: nothing is confirmed", text)
		}
		dead, err := resolve.New(resolve.Options{Servers: []string{"127.0.0.1:9"}, Timeout: 100 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(dead.Close)
		env.DNS = dead
		d := guide.Run(t.Context(), env, k)
		for _, o := range d.Outcomes {
			if o.Status != guide.Open {
				t.Errorf("silent: %s: %s is %s", text, o.Cause.ID, o.Status)
			}
		}
	}
}

// TestCodesAlone: a code without words may mean all that is documented for it,
// and the server tells which.
func TestCodesAlone(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	env := world(t, c)
	for _, test := range []struct{ code, to, confirmed string }{
		{"42550", "user@takes.test", ""},
		{"42550", "nobody@takes.test", "address-wrong"},
		{"42550", "user@disabled.test", "mailbox-disabled"},
		{"42450", "user@r450.test", "greylisted"},
		{"41606", "user@r450.test", "greylisted"},
		{"42552", "user@mailbox-full.test", "mailbox-full"},
		{"42530", "user@tls-required.test", "tls"},
		{"42530", "user@login-needed.test", "relay"},
		{"42421", "user@rate-limit.test", "sending-too-fast"},
		{"42421", "user@r421.test", "recipient-server-trouble"},
		{"42521", "user@r521.test", "recipient-domain"},
		{"42521", "user@takes.test", ""},
	} {
		t.Run(test.code+" "+test.to, func(t *testing.T) {
			t.Parallel()
			k := usual(c, test.code)
			k.To = test.to
			if got := confirmedBy(guide.Run(t.Context(), env, k)); got != test.confirmed {
				t.Errorf("confirmed %q, want %q", got, test.confirmed)
			}
		})
	}
}
