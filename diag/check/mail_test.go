package check_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/lab"
	"todoku/diag/resolve"
	"todoku/sender/mail"
)

// mailDay is the day of the lab's mails.
func mailDay() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

// sample is a ready-made mail of the lab.
func sample(t testing.TB, name string) string {
	t.Helper()
	data, known, err := lab.SampleNamed(name)
	if err != nil || !known {
		t.Fatal(name, known, err)
	}
	return string(data)
}

// judgeMail runs the checks of a mail in a world.
func judgeMail(t testing.TB, dns resolve.Resolver, eml string, o check.MailOptions) *diag.Report {
	t.Helper()
	m := check.OpenMail([]byte(eml), o)
	return diag.Run(t.Context(), diag.Env{DNS: dns, Now: mailDay}, m.Target("mail.eml"), check.Message(m))
}

// labDNS asks the lab's DNS.
func labDNS(t testing.TB) resolve.Resolver {
	t.Helper()
	w, err := lab.DefaultWorld()
	if err != nil {
		t.Fatal(err)
	}
	return askLab(t, w)
}

func askLab(t testing.TB, w *lab.World) resolve.Resolver {
	t.Helper()
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	c, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// found reports whether a report has a rule.
func found(r *diag.Report, id string) bool {
	return slices.ContainsFunc(r.Results, func(res diag.Result) bool {
		return slices.ContainsFunc(res.Findings, func(f diag.Finding) bool { return f.Rule.ID == id })
	})
}

// statusOf is the status of a check.
func statusOf(t testing.TB, r *diag.Report, name string) diag.Status {
	t.Helper()
	for _, res := range r.Results {
		if res.Check.Name == name {
			return res.Status()
		}
	}
	t.Fatalf("no check %s", name)
	return 0
}

// factOf is a fact of a check as JSON has it.
func factOf(t testing.TB, r *diag.Report, name, key string) string {
	t.Helper()
	for _, res := range r.Results {
		if res.Check.Name != name {
			continue
		}
		data, err := json.Marshal(res.Facts)
		var facts map[string]json.RawMessage
		if err == nil {
			err = json.Unmarshal(data, &facts)
		}
		if err != nil {
			t.Fatal(err)
		}
		return strings.Trim(string(facts[key]), `"`)
	}
	return ""
}

// TestMailInSilence: where DNS is silent, nothing of a mail passes and nothing fails.
func TestMailInSilence(t *testing.T) {
	t.Parallel()
	w, err := lab.ParseWorld(strings.NewReader("$ORIGIN test.\n$FAULT *.test. * SERVFAIL\n"), "silent")
	if err != nil {
		t.Fatal(err)
	}
	r := judgeMail(t, askLab(t, w), sample(t, "healthy"), check.MailOptions{})
	for _, name := range []string{"spf", "dkim", "dmarc"} {
		if got := statusOf(t, r, name); got != diag.Unknown {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := factOf(t, r, "dkim", "signatures"); !strings.Contains(got, `"result":"temperror","reason":"dns_temporary"`) {
		t.Error(got)
	}
}

// TestMailUnread: where not all header fields were read, a signature may be among the others: DKIM is unknown, and so is DMARC
// where SPF does not pass.
func TestMailUnread(t *testing.T) {
	t.Parallel()
	many := strings.Repeat("X-A: b\r\n", mail.MaxRawFields)
	dns, eml := labDNS(t), sample(t, "healthy")
	other := check.MailOptions{IP: netip.MustParseAddr("203.0.113.99"), MailFrom: "a@unsigned.test"}
	for name, eml := range map[string]string{
		"signature read":   strings.Replace(eml, "\r\n\r\n", "\r\n"+many+"\r\n", 1),
		"signature unread": "From: info@healthy.test\r\n" + many + eml,
	} {
		r := judgeMail(t, dns, eml, other)
		for _, c := range []string{"dkim", "dmarc"} {
			if got := statusOf(t, r, c); got != diag.Unknown {
				t.Errorf("%s: %s is %s", name, c, got)
			}
		}
		if found(r, "dkim-unsigned") || factOf(t, r, "dmarc", "result") != "temperror" {
			t.Errorf("%s: %s", name, factOf(t, r, "dmarc", "result"))
		}
	}
}

// TestMailEnvelope: the sending server is the one that the receiver's own servers name, whatever a sender writes below.
func TestMailEnvelope(t *testing.T) {
	t.Parallel()
	const border = "Received: from out.lab.test (out.lab.test [192.0.2.7]) by mx.takes.test with ESMTPS; Tue, 24 Nov 2026 09:00:00 +0900\r\n"
	const forged = "Received: from good.test (good.test [192.0.2.99]) by mx.takes.test with ESMTPS; Tue, 24 Nov 2026 08:59:00 +0900\r\n"
	const inner = "Received: from mx.takes.test (mx.takes.test [192.0.2.25]) by a.takes.test with LMTP; Tue, 24 Nov 2026 09:00:01 +0900\r\n"
	const local = "Received: from localhost (localhost [127.0.0.1]) by localhost with ESMTP; Tue, 24 Nov 2026 09:00:02 +0900\r\n"
	const sender = "Return-Path: <news@healthy.test>\r\n"
	trust := func(host string) check.MailOptions { return check.MailOptions{TrustHosts: []string{host}} }
	const rest = "From: news@healthy.test\r\nSubject: x\r\n\r\nx\r\n"
	for _, c := range []struct {
		name, eml string
		o         check.MailOptions
		ip, from  string
		source    check.Source
	}{
		{"nearest", sender + border + forged + rest, check.MailOptions{}, "192.0.2.7", "news@healthy.test", check.Assumed},
		{"inner hops", sender + local + inner + border + rest, check.MailOptions{}, "192.0.2.7", "news@healthy.test", check.Assumed},
		{"trusted", sender + inner + border + rest, trust("takes.test"), "192.0.2.7", "news@healthy.test", check.Trusted},
		{"not trusted", sender + border + rest, trust("mine.test"), "", "", check.Untold},
		{"trusted below", sender + "Received: from a (a [192.0.2.1]) by other.test; x\r\n" + border + rest,
			trust("takes.test"), "", "", check.Untold},
		{"given", sender + border + rest, check.MailOptions{IP: netip.MustParseAddr("192.0.2.8"), MailFrom: "a@b.test"},
			"192.0.2.8", "a@b.test", check.Given},
		{"given in part", sender + border + rest, check.MailOptions{IP: netip.MustParseAddr("192.0.2.7")},
			"192.0.2.7", "news@healthy.test", check.Given},
		{"Gmail", "Received: by 2002:a05:6a10:d1:b0:4f2:1:2 with SMTP id a1csp1; Tue, 24 Nov 2026 09:00:02 +0900\r\n" + sender +
			"Received: from out.lab.test (out.lab.test. [192.0.2.7]) by mx.google.com with ESMTPS id a1; Tue, 24 Nov 2026 09:00:00 +0900\r\n" + rest,
			check.MailOptions{}, "192.0.2.7", "news@healthy.test", check.Assumed},
		{"Exchange", sender + "Received: from A.prod.outlook.com (2603:10a6:1::1) by B.prod.outlook.com (2603:10a6:2::2) with Microsoft SMTP " +
			"Server (version=TLS1_2) id 15.20; Tue, 24 Nov 2026 00:00:02 +0000\r\n" +
			"Received: from out.lab.test (192.0.2.7) by A.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server " +
			"id 15.20; Tue, 24 Nov 2026 00:00:00 +0000\r\n" + rest, check.MailOptions{}, "192.0.2.7", "news@healthy.test", check.Assumed},
		{"false HELO", sender + "Received: from x.takes.test (unknown [192.0.2.66]) by mx.takes.test (Postfix) with ESMTP id 1; " +
			"Tue, 24 Nov 2026 09:00:00 +0900\r\n" + forged + rest, check.MailOptions{}, "192.0.2.66", "news@healthy.test", check.Assumed},
		{"within one company", sender + inner + rest, check.MailOptions{}, "192.0.2.25", "news@healthy.test", check.Assumed},
		{"draft", rest, check.MailOptions{}, "", "", check.Untold},
	} {
		m := check.OpenMail([]byte(c.eml), c.o)
		ip := ""
		if m.Envelope.IP.IsValid() {
			ip = m.Envelope.IP.String()
		}
		if ip != c.ip || m.Envelope.MailFrom != c.from || m.Envelope.Source != c.source {
			t.Errorf("%s: %+v", c.name, m.Envelope)
		}
	}
}

// TestMailWithoutEnvelope: where nobody tells the sending server, SPF looks at nothing, and DMARC is unknown unless DKIM
// decides it.
func TestMailWithoutEnvelope(t *testing.T) {
	t.Parallel()
	dns := labDNS(t)
	untold := func(name string) string {
		_, eml, _ := strings.Cut(sample(t, name), "+0900\r\n")
		return "Received: from a by b; x\r\n" + eml // sent, but nobody knows from where
	}
	r := judgeMail(t, dns, untold("healthy"), check.MailOptions{})
	if statusOf(t, r, "spf") != diag.Info || factOf(t, r, "dmarc", "result") != "pass" {
		t.Errorf("healthy: SPF %v, DMARC %s", statusOf(t, r, "spf"), factOf(t, r, "dmarc", "result"))
	}
	r = judgeMail(t, dns, untold("list-footer"), check.MailOptions{})
	if statusOf(t, r, "dmarc") != diag.Unknown || found(r, "dmarc-fail") {
		t.Errorf("DMARC %v", statusOf(t, r, "dmarc"))
	}
	for _, res := range r.Results {
		if res.Check.Name == "dmarc" && (res.Err == nil || !strings.Contains(res.Err.Error(), "--ip")) {
			t.Errorf("does not say what to give: %v", res.Err)
		}
	}
}

// TestMailWithoutSender: where the server is known and the envelope sender is not, that is what is asked for.
func TestMailWithoutSender(t *testing.T) {
	t.Parallel()
	_, eml, _ := strings.Cut(sample(t, "unsigned"), "Return-Path: <")
	_, eml, _ = strings.Cut(eml, "\r\n")
	m := check.OpenMail([]byte(eml), check.MailOptions{})
	if !m.Envelope.IP.IsValid() || m.Envelope.Known() {
		t.Fatalf("%+v", m.Envelope)
	}
	for _, res := range judgeMail(t, labDNS(t), eml, check.MailOptions{}).Results {
		switch res.Check.Name {
		case "spf":
			if line := res.Facts.Lines()[0]; !strings.Contains(line.Says.EN, "--mail-from") || strings.Contains(line.Says.EN, "--ip") {
				t.Errorf("SPF says %q", line.Says.EN)
			}
		case "dmarc":
			if res.Err != nil && strings.Contains(res.Err.Error(), "--ip") {
				t.Errorf("DMARC says %v", res.Err)
			}
		}
	}
}

// TestMailFrom: a mail that names no author, or several, is judged as RFC 9989 wants it.
func TestMailFrom(t *testing.T) {
	t.Parallel()
	dns := labDNS(t)
	swap := func(from string) string {
		return strings.Replace(sample(t, "unsigned"), "From: Todoku News <news@healthy.test>\r\n", from, 1)
	}
	for _, c := range []struct{ name, from, rule, result string }{
		{"none", "", "dmarc-from-invalid", "permerror"},
		{"no address", "From: Todoku News\r\n", "dmarc-from-invalid", "permerror"},
		{"two fields", "From: news@healthy.test\r\nFrom: boss@spf-ip.test\r\n", "dmarc-from-several", "fail"},
	} {
		r := judgeMail(t, dns, swap(c.from), check.MailOptions{})
		if !found(r, c.rule) || factOf(t, r, "dmarc", "result") != c.result {
			t.Errorf("%s: %v, result %s", c.name, r.Status(), factOf(t, r, "dmarc", "result"))
		}
	}
}

// TestMailOffersNobodyElse: a record that lets an address send is offered only where the reader says that it is theirs.
func TestMailOffersNobodyElse(t *testing.T) {
	t.Parallel()
	dns := labDNS(t)
	for _, c := range []struct {
		o     check.MailOptions
		offer bool
	}{{check.MailOptions{}, false}, {check.MailOptions{IP: netip.MustParseAddr("192.0.2.99")}, true}} {
		r := judgeMail(t, dns, sample(t, "forged"), c.o)
		offered := false
		for _, res := range r.Results {
			for _, f := range res.Findings {
				offered = offered || f.Rule == check.SPFIPFail && len(f.Records) > 0
			}
		}
		if !found(r, "spf-ip-fail") || offered != c.offer {
			t.Errorf("%v: offered %v", c.o.IP, offered)
		}
	}
}

// TestMailReports: what the receiver's own servers said stands beside the evaluation; what others wrote does not.
func TestMailReports(t *testing.T) {
	t.Parallel()
	dns := labDNS(t)
	said := func(host, results string) string { return "Authentication-Results: " + host + "; " + results + "\r\n" }
	eml := sample(t, "healthy")
	results := "spf=pass smtp.mailfrom=news@healthy.test; dkim=fail header.d=healthy.test; dmarc=pass"
	r := judgeMail(t, dns, said("mx.takes.test", results)+eml, check.MailOptions{})
	if !found(r, "dkim-result-differs") || found(r, "spf-result-differs") || found(r, "dmarc-result-differs") {
		t.Error("the report of the receiver's server is not compared")
	}
	if got := factOf(t, r, "dkim", "reported"); !strings.Contains(got, `"result":"fail","domain":"healthy.test"`) {
		t.Error(got)
	}
	for what, forged := range map[string]string{
		"another host":     said("mx.elsewhere.test", "dkim=fail header.d=healthy.test") + eml,
		"below the border": strings.Replace(eml, "DKIM-Signature:", said("mx.takes.test", results)+"DKIM-Signature:", 1),
	} {
		if r := judgeMail(t, dns, forged, check.MailOptions{}); found(r, "dkim-result-differs") || factOf(t, r, "dkim", "reported") != "[]" {
			t.Errorf("%s: believed", what)
		}
	}
}

// TestMailOfLargeReceivers: the fields of Gmail and of Exchange Online, which differ from those of others: private addresses
// in the form of 6to4, servers of two domains, results without the name of a server, and results below the field Received.
func TestMailOfLargeReceivers(t *testing.T) {
	t.Parallel()
	const rest = "From: news@healthy.test\r\nSubject: x\r\n\r\nx\r\n"
	const date = "; Thu, 26 Nov 2026 16:00:05 -0800\r\n"
	const inGmail = "Received: by 2002:a05:6a10:1234:b0:5a1:2b3c:4d5e with SMTP id x1csp12" + date +
		"Return-Path: <news@healthy.test>\r\n" +
		"Received: from out.lab.test (out.lab.test. [192.0.2.7])\r\n by mx.google.com with ESMTPS id d9" + date
	const byGmail = "Received-SPF: pass client-ip=192.0.2.7;\r\nAuthentication-Results: mx.google.com;\r\n" +
		" spf=fail smtp.mailfrom=news@healthy.test\r\n"
	const exchange = "Received: from TY2.jpnprd01.prod.outlook.com (2603:1096:404:1::1) by\r\n" +
		" OS3.jpnprd01.prod.outlook.com with HTTPS" + date +
		"Received: from TY1.jpnprd01.prod.outlook.com (2603:1096:404:28:cafe::a4) by TYA.outlook.office365.com\r\n" +
		" (2603:1096:404:28::13) with Microsoft SMTP Server via Frontend Transport" + date +
		"Authentication-Results: spf=fail (sender IP is 192.0.2.7)\r\n smtp.mailfrom=healthy.test; dkim=none\r\n" +
		"Received: from out.lab.test (192.0.2.7) by TY1.mail.protection.outlook.com\r\n (10.167.241.1) with Microsoft SMTP Server" + date
	for _, c := range []struct {
		name, eml    string
		trust        []string
		from, report string
	}{
		{"Gmail", inGmail + byGmail + rest, nil, "news@healthy.test", "mx.google.com"},
		{"Gmail, trusted", inGmail + byGmail + rest, []string{"google.com"}, "news@healthy.test", "mx.google.com"},
		{"Gmail, results of the sender", inGmail + "X: y\r\n" + byGmail + rest, nil, "news@healthy.test", ""},
		{"Exchange", exchange + rest, nil, "@healthy.test", "ty1.mail.protection.outlook.com"},
		{"Exchange, sender below", exchange + "Return-Path: news@healthy.test\r\n" + rest, nil, "news@healthy.test",
			"ty1.mail.protection.outlook.com"},
		{"Exchange, another sender below", exchange + "Return-Path: a@evil.test\r\n" + rest, nil, "@healthy.test",
			"ty1.mail.protection.outlook.com"},
		{"Exchange, trusted", exchange + rest, []string{"outlook.com"}, "@healthy.test", "ty1.mail.protection.outlook.com"},
	} {
		m := check.OpenMail([]byte(c.eml), check.MailOptions{TrustHosts: c.trust})
		if m.Envelope.IP.String() != "192.0.2.7" || m.Envelope.MailFrom != c.from {
			t.Errorf("%s: %+v", c.name, m.Envelope)
		}
		if len(m.Reported) == 0 && c.report == "" {
			continue
		}
		if len(m.Reported) == 0 || m.Reported[0] != (check.AuthReport{Server: c.report, Method: "spf", Result: "fail", Domain: "healthy.test"}) {
			t.Errorf("%s: reported %v", c.name, m.Reported)
		}
	}
}

// TestMailForwarded: for a mail that was passed on no record with the forwarder's address is offered.
func TestMailForwarded(t *testing.T) {
	t.Parallel()
	dns := labDNS(t)
	const border = "Return-Path: <news@healthy.test>\r\n" +
		"Received: from mx.forward.test (mx.forward.test [203.0.113.25]) by mx.takes.test with ESMTPS; Tue, 24 Nov 2026 09:00:09 +0900\r\n"
	const rest = "From: news@healthy.test\r\nSubject: x\r\n\r\nx\r\n"
	before := func(by, ip, with string) string {
		return "Received: from out.lab.test (out.lab.test [" + ip + "]) by " + by + " with " + with + "; Tue, 24 Nov 2026 09:00:00 +0900\r\n"
	}
	for name, c := range map[string]struct {
		below string
		want  bool
	}{
		"passed on":             {before("mx.forward.test", "192.0.2.7", "ESMTPS"), true},
		"by another server":     {before("mx.other.test", "192.0.2.7", "ESMTPS"), false},
		"from an unknown one":   {before("mx.forward.test", "203.0.113.77", "ESMTPS"), false},
		"by a user's own relay": {before("mx.forward.test", "192.0.2.7", "ESMTPSA"), false},
		"first hop":             {"", false},
	} {
		r := judgeMail(t, dns, border+c.below+rest, check.MailOptions{})
		offered := false
		for _, res := range r.Results {
			for _, f := range res.Findings {
				offered = offered || f.Rule == check.SPFIPFail && len(f.Records) > 0
			}
		}
		if !found(r, "spf-ip-fail") || found(r, "spf-forwarded") != c.want || offered {
			t.Errorf("%s: told %v, a record offered %v", name, found(r, "spf-forwarded"), offered)
		}
	}
}

// TestMailOriginal: an original with another Message-ID may be another mail.
func TestMailOriginal(t *testing.T) {
	t.Parallel()
	dns, received := labDNS(t), sample(t, "list-footer")
	for name, c := range map[string]struct {
		original string
		want     bool
	}{
		"the same":     {sample(t, "healthy"), false},
		"another mail": {strings.Replace(sample(t, "healthy"), "<autumn.1@", "<winter.7@", 1), true},
	} {
		r := judgeMail(t, dns, received, check.MailOptions{Original: []byte(c.original)})
		if found(r, "dkim-original-other") != c.want {
			t.Errorf("%s: told %v", name, !c.want)
		}
	}
}

// TestMailEncloses: a mail that holds another says which of them is judged.
func TestMailEncloses(t *testing.T) {
	t.Parallel()
	inner := sample(t, "forged")
	outer := "From: news@healthy.test\r\nTo: user@takes.test\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" +
		"Content-Type: text/plain\r\n\r\nplease look\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + "\r\n--b--\r\n"
	dns := labDNS(t)
	if r := judgeMail(t, dns, outer, check.MailOptions{}); !found(r, "headers-encloses") || found(r, "dkim-altered") {
		t.Error("does not say that a mail is enclosed")
	}
	if r := judgeMail(t, dns, inner, check.MailOptions{}); found(r, "headers-encloses") {
		t.Error("nothing is enclosed")
	}
}

// TestMailOffersMendsOnly: of a mail by nobody knows whom, the record is mended, and lets no more servers send than its owner meant.
func TestMailOffersMendsOnly(t *testing.T) {
	t.Parallel()
	w, err := lab.ParseWorld(strings.NewReader("$ORIGIN test.\n@ 300 IN SOA ns.test. root.test. 1 3600 600 86400 300\n"+
		"mends 300 IN TXT \"v=spf1 ip4:192.0.2.10 ipv4:192.0.2.20 -all\"\n"), "mends")
	if err != nil {
		t.Fatal(err)
	}
	dns := askLab(t, w)
	for _, c := range []struct {
		ip, offer string
	}{
		{"203.0.113.25", "v=spf1 ip4:192.0.2.10 ip4:192.0.2.20 -all"}, // a stranger
		{"192.0.2.1", "v=spf1 ip4:192.0.2.10 ip4:192.0.2.20 -all"},    // its digits begin another address
		{"192.0.2.20", "v=spf1 ip4:192.0.2.10 ip4:192.0.2.20 -all"},   // which the owner meant
	} {
		r := judgeMail(t, dns, "Return-Path: <news@mends.test>\r\n"+
			"Received: from out.mends.test (out.mends.test ["+c.ip+"]) by mx.takes.test with ESMTPS; Tue, 24 Nov 2026 09:00:09 +0900\r\n"+
			"From: news@mends.test\r\nSubject: x\r\n\r\nx\r\n", check.MailOptions{})
		offer := ""
		for _, f := range r.Results[0].Findings {
			for _, record := range f.Records {
				offer = record.Value
			}
		}
		if !found(r, "spf-syntax") || offer != c.offer {
			t.Errorf("%s: offered %q", c.ip, offer)
		}
	}
}

// TestMailSenderInBrackets: an envelope sender may be told as it stands in a log, between angle brackets.
func TestMailSenderInBrackets(t *testing.T) {
	t.Parallel()
	for told, want := range map[string]check.Envelope{
		"<news@healthy.test>": {MailFrom: "news@healthy.test"},
		"news@healthy.test":   {MailFrom: "news@healthy.test"},
		"<>":                  {NullSender: true},
	} {
		e := check.OpenMail([]byte("Subject: x\r\n\r\nx\r\n"), check.MailOptions{MailFrom: told}).Envelope
		if e.MailFrom != want.MailFrom || e.NullSender != want.NullSender {
			t.Errorf("%s: %+v", told, e)
		}
	}
}
