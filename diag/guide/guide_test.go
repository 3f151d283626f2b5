package guide_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
	"todoku/diag/lab"
	"todoku/diag/probe"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

func catalogue(t testing.TB) *codes.Catalogue {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// world is the lab as a diagnosis sees it.
func world(t testing.TB, c *codes.Catalogue) guide.Env {
	t.Helper()
	w, err := lab.DefaultWorld()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	dns, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dns.Close)
	p, err := provider.Load()
	if err != nil {
		t.Fatal(err)
	}
	return guide.Env{Env: diag.Env{DNS: dns, Now: time.Now, Providers: p,
		Web:  (&probe.Fetcher{Dial: l.Dial, Roots: l.Roots()}).NewRun(dns),
		SMTP: (&probe.Prober{Dial: l.Dial, Roots: l.Roots(), Helo: "out.lab.test", Timeout: 2 * time.Second, Codes: c}).NewRun()}, Codes: c}
}

// usual is a case in which nothing is wrong but what the text says.
func usual(c *codes.Catalogue, text string) *guide.Case {
	k := guide.Read(c, text)
	k.From, k.MailFrom, k.To, k.IP = "news@healthy.test", "news@healthy.test", "user@takes.test", netip.MustParseAddr("192.0.2.7")
	k.Settle()
	return k
}

func statusOf(t testing.TB, d *guide.Diagnosis, cause string) guide.Status {
	t.Helper()
	i := slices.IndexFunc(d.Outcomes, func(o guide.Outcome) bool { return o.Cause.ID == cause })
	if i < 0 {
		t.Fatalf("there is no cause %s", cause)
	}
	return d.Outcomes[i].Status
}

// letter is a mail of a domain with a body, signed with the key that the lab publishes for the domain.
func letter(t testing.TB, domain, body string) string {
	t.Helper()
	eml, err := lab.SignMail("From: News <news@"+domain+">\r\nTo: user@takes.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n"+body, domain, "s1")
	if err != nil {
		t.Fatal(err)
	}
	return eml
}

func message(t testing.TB, text string) *guide.Message {
	t.Helper()
	m, err := guide.ReadMessage([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestCausesBeyondTheLab: what no world can show, but a mail, a bounce or a
// history can.
func TestCausesBeyondTheLab(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	env := world(t, c)
	count := func(hour, day int, err error) func(context.Context, string, time.Time) (guide.Traffic, error) {
		return func(context.Context, string, time.Time) (guide.Traffic, error) {
			return guide.Traffic{Hour: hour, Day: day}, err
		}
	}
	with := func(body string) func(*guide.Case, *guide.Env) {
		return func(k *guide.Case, e *guide.Env) {
			e.Public, e.Lists = true, lab.Lists()
			k.Take(message(t, letter(t, "healthy.test", body)))
		}
	}
	for _, test := range []struct {
		cause, text string
		status      guide.Status
		change      func(*guide.Case, *guide.Env)
	}{
		{"content", "554 5.7.1 rejected as spam", guide.Confirmed, with("\r\nsee https://listed.test/offer\r\n")},
		{"content", "554 5.7.1 rejected as spam", guide.Confirmed,
			with("\r\nXJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n")},
		{"content", "554 5.7.1 attachment type not allowed", guide.Confirmed,
			with("Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"offer.exe\"\r\n\r\nMZ\r\n")},
		{"content", "554 5.7.1 rejected as spam", guide.Open, with("\r\nsee https://healthy.test/offer\r\n")},
		{"content", "554 5.7.1 rejected as spam", guide.Open, nil},
		{"content", "550 5.1.1 no such user", guide.Excluded, nil},
		{"sending-too-fast", "421 4.7.0 too many messages", guide.Confirmed,
			func(_ *guide.Case, e *guide.Env) { e.Traffic = count(500, 900, nil) }},
		{"sending-too-fast", "421 4.7.0 too many messages", guide.Excluded, func(_ *guide.Case, e *guide.Env) { e.Traffic = count(1, 2, nil) }},
		{"sending-too-fast", "421 4.7.0 too many messages", guide.Open,
			func(_ *guide.Case, e *guide.Env) { e.Traffic = count(0, 0, errors.New("gone")) }},
		{"sending-too-fast", "421 4.7.0 too many messages", guide.Open, nil},
		{"forwarding", "554 5.4.6 mail loop", guide.Confirmed, func(k *guide.Case, _ *guide.Env) { k.Forwarded = "user@elsewhere.test" }},
		{"forwarding", "554 5.4.6 mail loop", guide.Excluded, func(k *guide.Case, _ *guide.Env) { k.Forwarded = "User@takes.test" }},
		{"forwarding", "554 5.4.6 mail loop", guide.Open, nil},
		{"queue", "", guide.Confirmed, func(k *guide.Case, _ *guide.Env) { k.Waiting = &guide.Waiting{Since: time.Now().Add(-time.Hour)} }},
		{"queue", "", guide.Open, func(k *guide.Case, _ *guide.Env) { k.Waiting = &guide.Waiting{Since: time.Now().Add(-time.Minute)} }},
		{"queue", "", guide.Excluded, func(k *guide.Case, _ *guide.Env) { k.Waiting = &guide.Waiting{Since: time.Now(), Done: true} }},
		{"dkim-none", "550 5.7.20 no DKIM", guide.Confirmed,
			func(k *guide.Case, _ *guide.Env) { k.Take(message(t, "From: news@healthy.test\r\n\r\nx")) }},
		{"dkim-none", "550 5.7.20 no DKIM", guide.Excluded, with("\r\nx")},
		{"dkim-broken", "550 5.7.20 no DKIM", guide.Excluded, with("\r\nx")},
		// An error that came after the message is not excluded by a RCPT that is taken.
		{"address-wrong", "550 5.1.1 no such user", guide.Open, func(k *guide.Case, _ *guide.Env) { k.Context.Stage = codes.StageBody }},
	} {
		k, e := usual(c, test.text), env
		if test.change != nil {
			test.change(k, &e)
		}
		d := guide.Run(t.Context(), e, k)
		if got := statusOf(t, d, test.cause); got != test.status {
			t.Errorf("%s, %q: %s, want %s", test.cause, test.text, got, test.status)
		}
	}
}

// TestStepsInOrder: SPF and DKIM come first; waiting and the inquiry only when
// both are in place.
func TestStepsInOrder(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	env := world(t, c)
	ids := func(d *guide.Diagnosis) string {
		var out []string
		for _, s := range d.Steps {
			out = append(out, s.Remedy.ID)
		}
		return strings.Join(out, " ")
	}
	k := usual(c, "42553")
	if d := guide.Run(t.Context(), env, k); ids(d) != "read_reply countermeasure_dkim countermeasure_wait countermeasure_ask" || !d.Letter {
		t.Errorf("in place: %s, letter %t", ids(d), d.Letter)
	}
	k.Take(message(t, letter(t, "healthy.test", "\r\nx")))
	if d := guide.Run(t.Context(), env, k); ids(d) != "read_reply countermeasure_wait countermeasure_ask" {
		t.Errorf("signed: %s", ids(d))
	}
	k = usual(c, "42553")
	k.From, k.MailFrom = "news@no-spf.test", "news@no-spf.test"
	d := guide.Run(t.Context(), env, k)
	if ids(d) != "countermeasure_spf countermeasure_dkim" || len(d.Spare) != 2 || d.Letter { // whether the mail was signed is not known
		t.Errorf("no SPF: %s, spare %d, letter %t", ids(d), len(d.Spare), d.Letter)
	}
	k.Take(message(t, letter(t, "no-spf.test", "\r\nx")))
	if d := guide.Run(t.Context(), env, k); ids(d) != "countermeasure_spf" {
		t.Errorf("no SPF, signed: %s", ids(d))
	}
	k = usual(c, "42553")
	k.From, k.MailFrom, k.Selectors, k.IP = "news@dkim-revoked.test", "news@dkim-revoked.test", nil, netip.Addr{}
	if d := guide.Run(t.Context(), env, k); ids(d) != "countermeasure_spf fix_dkim" {
		t.Errorf("no DKIM: %s", ids(d))
	}
}

// TestNothingIsAskedTwice: neither by two causes nor by two checks.
func TestNothingIsAskedTwice(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	d := guide.Run(t.Context(), world(t, c), usual(c, "42553"))
	if d.Queries.Sent != d.Queries.Unique || d.Queries.Unique == 0 {
		t.Errorf("%+v", d.Queries)
	}
}

// TestProviderByRoute: words that say nothing of the provider are read in its
// sense where the recipient's MX tells it.
func TestProviderByRoute(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	env := world(t, c)
	zone, err := resolve.ParseZone(strings.NewReader("$ORIGIN kaisha.example.\n@ 300 IN MX 10 aspmx.l.google.com.\n"), "test")
	if err != nil {
		t.Fatal(err)
	}
	dns, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{zone}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dns.Close)
	env.DNS, env.SMTP = dns, nil
	k := usual(c, "550 5.1.1 The address was not found")
	k.To = "user@kaisha.example"
	if d := guide.Run(t.Context(), env, k); d.Case.Verdict.Provider != "gmail" {
		t.Errorf("provider %q", d.Case.Verdict.Provider)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, test := range []struct {
		text                  string
		code, mailFrom, to    string
		ip, from, final, sign string
	}{
		{text: "42553", code: "42553"},
		{text: "41606\n", code: "41606"},
		{text: "550-5.7.26 SPF [kaisha.test] with ip: [192.0.2.7] = did not pass", code: "42550", mailFrom: "kaisha.test", ip: "192.0.2.7"},
		{text: "554 5.7.1 Service unavailable; Client host [2001:db8::7] blocked using bl.test", code: "42554", ip: "2001:db8::7"},
		{text: "550-5.7.26 SPF [$({touch,x}).test] with ip: [192.0.2.7] = did not pass", code: "42550", ip: "192.0.2.7"}, // no domain
		{text: "554 listed 127.0.0.2 at 12:34:56", code: "42554"},
		{text: "status=bounced (delivery temporarily suspended: connect to mx.saki.test[192.0.2.25]:25: Connection refused)", code: "41606"},
		{text: "554 5.7.1 <unknown[192.0.2.7]>: Client host rejected: Access denied", code: "42554", ip: "192.0.2.7"},
		{text: "Final-Recipient: rfc822; Other@far.test\nOriginal-Recipient: rfc822; user@near.test\nDiagnostic-Code: " +
			"smtp; 550 5.1.1 no such user\n\nContent-Type: message/rfc822\n\nReturn-Path: <bounce@kaisha.test>\nFrom: News " +
			"<news@kaisha.test>\nDKIM-Signature: v=1; d=kaisha.test; s=s9; b=x\nTo: user@near.test\n\nbody\n",
			code: "42550", mailFrom: "bounce@kaisha.test", from: "news@kaisha.test", final: "Other@far.test", sign: "s9"},
	} {
		k := guide.Read(c, test.text)
		ip := ""
		if k.IP.IsValid() {
			ip = k.IP.String()
		}
		sign := ""
		if len(k.Selectors) > 0 {
			sign = k.Selectors[0]
		}
		if k.Verdict.Delivery.ID != test.code || k.MailFrom != test.mailFrom || ip != test.ip || k.From != test.from ||
			k.Forwarded != test.final || sign != test.sign {
			t.Errorf("%q: %s mail-from %q ip %q from %q final %q selector %q", test.text, k.Verdict.Delivery.ID, k.MailFrom, ip,
				k.From, k.Forwarded, sign)
		}
	}
}

func FuzzRead(f *testing.F) {
	c := catalogue(f)
	f.Add("550 5.7.26 SPF [a.test] with ip: [192.0.2.7]")
	f.Add("Final-Recipient: rfc822; a@b\nOriginal-Recipient: x; c@d\nContent-Type: message/rfc822\n\nFrom: a\n\n")
	f.Add(letter(f, "healthy.test", "\r\nhello\r\n"))
	f.Fuzz(func(t *testing.T, text string) {
		k := guide.Read(c, text)
		if m, err := guide.ReadMessage([]byte(text)); err == nil {
			k.Take(m)
		}
		k.Settle()
		if k.Verdict.Reason.ID == "" {
			t.Error("no verdict")
		}
	})
}

// An address may look odd and exist: then only the server knows whether it is wrong.
func TestOddAddressesAreNotWrong(t *testing.T) {
	t.Parallel()
	z, err := resolve.ParseZone(strings.NewReader("$ORIGIN ne.jp.\n$TTL 300\ndocomo MX 10 mx.docomo\nmx.docomo A 192.0.2.1\n"), "carrier")
	if err != nil {
		t.Fatal(err)
	}
	dns, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dns.Close)
	c := catalogue(t)
	for to, want := range map[string]guide.Status{
		"a..b.@docomo.ne.jp": guide.Open, `".a b"@docomo.ne.jp`: guide.Open, "Taro <a@docomo.ne.jp>": guide.Open,
		"a b@docomo.ne.jp": guide.Confirmed, ".a@docomo.ne.jp": guide.Confirmed, "a@b@docomo.ne.jp": guide.Confirmed,
	} {
		k := guide.Read(c, "550 5.1.1 no such user")
		k.From, k.To = "news@own.test", to
		k.Settle()
		d := guide.Run(t.Context(), guide.Env{Codes: c, Env: diag.Env{DNS: dns, Now: time.Now}}, k)
		if o := d.Outcomes[0]; o.Cause.ID != "address-wrong" || o.Status != want {
			t.Errorf("%s: %s is %s, want %s (%v)", to, o.Cause.ID, o.Status, want, o.Proofs)
		}
	}
}

// TestTexts: every cause speaks both languages, and its remedies are there.
func TestTexts(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	seen := map[string]bool{}
	for _, cause := range guide.Causes() {
		if seen[cause.ID] {
			t.Errorf("%s stands there twice", cause.ID)
		}
		seen[cause.ID] = true
		for _, text := range []codes.Text{cause.Title, cause.Says} {
			if text.EN == "" || text.JA == "" {
				t.Errorf("%s: a language is missing: %+v", cause.ID, text)
			}
		}
		if !strings.HasSuffix(cause.Says.JA, "こと") {
			t.Errorf("%s: %q does not end in こと", cause.ID, cause.Says.JA)
		}
		for _, id := range cause.Steps {
			if _, ok := c.Remedy(id); !ok {
				t.Errorf("%s: there is no remedy %s", cause.ID, id)
			}
		}
		for _, id := range cause.Reasons {
			if _, ok := c.Reason(id); !ok && id != "queued" {
				t.Errorf("%s: there is no reason %s", cause.ID, id)
			}
		}
	}
}
