package guide_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"todoku/diag/guide"
)

// TestSenderThatDoesNotExist: a sender's domain that is not in DNS is the cause, and the records that it lacks are not.
func TestSenderThatDoesNotExist(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	gone := without(without(without(kaisha, "kaisha"), "_dmarc.kaisha"), "s1._domainkey.kaisha")
	for _, test := range []struct{ name, text, zone, from, mailFrom, confirmed string }{
		{"DMARC", "550 5.7.1 rejected by DMARC policy", gone, "news@kaisha.example", "", "sender-domain"},
		{"SPF", "550 5.7.23 SPF validation failed", gone, "news@kaisha.example", "", "sender-domain"},
		{"sender refused", "450 4.1.8 <news@kaisha.example>: Sender address rejected: Domain not found", gone, "news@kaisha.example", "",
			"sender-domain"},
		{"a code alone", "42553", gone, "news@kaisha.example", "", "sender-domain"},
		{"capitals", "550 5.7.1 rejected by DMARC policy", gone, "News@KAISHA.example", "", "sender-domain"},
		{"a domain below", "550 5.7.1 rejected by DMARC policy", kaisha, "news@mail.kaisha.example", "", "sender-domain"},
		{"the envelope only", "550 5.7.23 SPF validation failed", kaisha, "news@kaisha.example", "bounce@bounces.kaisha.example",
			"sender-domain"},
		{"healthy", "550 5.7.1 rejected by DMARC policy", kaisha, "news@kaisha.example", "", ""},
		{"no SPF", "550 5.7.23 SPF validation failed", without(kaisha, "kaisha"), "news@kaisha.example", "", "spf-none"},
		{"about something else", "552 5.3.4 message too large", gone, "news@kaisha.example", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			env := world(t, c)
			env.DNS, env.SMTP = closed(t, test.zone), nil
			k := guide.Read(c, test.text)
			k.From, k.MailFrom, k.To, k.IP = test.from, test.mailFrom, "user@saki.example", netip.MustParseAddr("192.0.2.7")
			k.Settle()
			d := guide.Run(t.Context(), env, k)
			if got := confirmedBy(d); got != test.confirmed {
				t.Errorf("confirmed %q, want %q", got, test.confirmed)
			}
			if test.confirmed == "sender-domain" && (d.Fault() != guide.FaultOurs || d.Steps[0].Remedy.ID != "fix_sender_address") {
				t.Errorf("fault %s, steps %v", d.Fault(), d.Steps)
			}
		})
	}
}

// TestRecordOverTheLimit: where the receiver says permerror, a record with too many look-ups is the cause, also for an address
// that matches before the limit; where it does not say so, the record is open, never excluded.
func TestRecordOverTheLimit(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	includes, zones := "", ""
	for i := range 11 {
		includes += fmt.Sprintf(" a:i%d.esp.example", i)
		zones += fmt.Sprintf("i%d.esp 300 IN A 203.0.113.%d\n", i, i)
	}
	long := strings.Replace(kaisha, "v=spf1 ip4:192.0.2.7 -all", "v=spf1 ip4:192.0.2.7"+includes+" -all", 1) + zones
	for _, test := range []struct {
		name, text, zone string
		status           guide.Status
	}{
		{"permerror", "550 5.7.1 SPF permerror", long, guide.Confirmed},
		{"the enhanced code", "550 5.7.24 SPF validation error", long, guide.Confirmed},
		{"in capitals", "550 SPF: PermError processing kaisha.example", long, guide.Confirmed},
		{"too many lookups", "550 5.7.23 SPF failed: Too many DNS lookups", long, guide.Confirmed},
		{"fail", "550 5.7.23 SPF check failed", long, guide.Open},
		{"healthy", "550 5.7.24 SPF permerror", kaisha, guide.Excluded},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			env := world(t, c)
			env.DNS, env.SMTP = closed(t, test.zone), nil
			k := guide.Read(c, test.text)
			k.From, k.To, k.IP = "news@kaisha.example", "user@saki.example", netip.MustParseAddr("192.0.2.7")
			k.Settle()
			d := guide.Run(t.Context(), env, k)
			if got := statusOf(t, d, "spf-broken"); got != test.status {
				t.Errorf("%s, want %s (%s)", got, test.status, d.Case.Verdict.Reason.ID)
			}
		})
	}
}

// TestNeverTwice: where the mail may have arrived, no step tells to send it again.
func TestNeverTwice(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	env := world(t, c)
	for _, test := range []struct{ from, first string }{
		{"news@healthy.test", "do_not_resend"}, {"news@no-spf.test", "do_not_resend"}, {"", "do_not_resend"},
	} {
		for _, to := range []string{"user@takes.test", "user@r421.test", ""} {
			k := guide.Read(c, "40001")
			k.From, k.To = test.from, to
			k.Settle()
			d := guide.Run(t.Context(), env, k)
			for i, s := range d.Steps {
				if i == 0 && s.Remedy.ID != test.first || slices.Contains([]string{"countermeasure_wait", "wait_server", "wait_retry",
					"wait_resend", "slow_down", "countermeasure_ask"}, s.Remedy.ID) {
					t.Errorf("%s to %s: step %d is %s", test.from, to, i+1, s.Remedy.ID)
				}
			}
			if len(d.Steps) < 3 || d.Letter {
				t.Errorf("%s to %s: %d steps, letter %t", test.from, to, len(d.Steps), d.Letter)
			}
		}
	}
}

// TestWhatIsInPlaceIsNotAskedFor: a countermeasure that DNS shows is not asked for; what is left to look at is.
func TestWhatIsInPlaceIsNotAskedFor(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	env := world(t, c)
	texts := func(d *guide.Diagnosis) string {
		var out []string
		for _, s := range d.Steps {
			out = append(out, s.Remedy.Text.JA)
		}
		return strings.Join(out, "\n")
	}
	k := usual(c, "42553")
	k.IP = netip.Addr{}
	if s := texts(guide.Run(t.Context(), env, k)); !strings.Contains(s, "SPFは設定済み") ||
		!strings.Contains(s, "公開鍵は公開済み") ||
		strings.Contains(s, "SPFを設定してください") || strings.Contains(s, "DKIMを設定してください") {
		t.Errorf("in place:\n%s", s)
	}
	k = usual(c, "42553")
	k.From, k.MailFrom = "news@no-spf.test", "news@no-spf.test"
	if s := texts(guide.Run(t.Context(), env, k)); !strings.Contains(s, "SPFを設定してください") {
		t.Errorf("no SPF:\n%s", s)
	}
}

// TestProviderForEverybody: it has no IT department; where nobody hears senders either, the recipient is asked.
func TestProviderForEverybody(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for to, want := range map[string]string{"user@saki.example": "countermeasure_ask", "user@gmail.com": "contact_provider",
		"user@docomo.ne.jp": "ask_recipient_allow"} {
		env := world(t, c)
		env.DNS, env.SMTP = closed(t, kaisha), nil
		k := guide.Read(c, "550 5.7.1 refused by policy")
		k.From, k.To, k.IP = "news@kaisha.example", to, netip.MustParseAddr("192.0.2.7")
		k.Settle()
		d := guide.Run(t.Context(), env, k)
		if last := d.Steps[len(d.Steps)-1].Remedy; last.ID != want || last.When.IsZero() || d.Letter != (want != "ask_recipient_allow") {
			t.Errorf("%s: ends with %s (%s), letter %v", to, last.ID, last.When.EN, d.Letter)
		}
	}
}
