package mail_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"todoku/sender/mail"
)

// traces are fields as the servers write them, each in the form of its program.
var traces = []struct {
	server, field string
	want          mail.Trace
}{
	{"Postfix", `from out.a.test (out.a.test [192.0.2.1])
	(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)
	 key-exchange X25519 server-signature RSA-PSS (2048 bits))
	(No client certificate requested)
	by mx.b.test (Postfix) with ESMTPS id 4Fxyz12
	for <u@b.test>; Fri, 27 Nov 2026 10:00:05 +0900 (JST)`, mail.Trace{HELO: "out.a.test", Name: "out.a.test", IP: ip("192.0.2.1"),
		By: "mx.b.test", Software: "Postfix", With: "ESMTPS", ID: "4Fxyz12", For: "u@b.test", TLS: "TLSv1.3", Secure: true, At: at(5)}},
	{"Postfix, no reverse name, login", `from [10.0.0.5] (unknown [203.0.113.9]) (Authenticated sender: taro)
	by mail.a.test (Postfix) with ESMTPSA id ABC; Fri, 27 Nov 2026 01:00:00 +0000 (UTC)`, mail.Trace{HELO: "[10.0.0.5]",
		IP: ip("203.0.113.9"), By: "mail.a.test", Software: "Postfix", With: "ESMTPSA", ID: "ABC", Secure: true, Login: true, At: at(0)}},
	{"Postfix, sendmail command", `by web.a.test (Postfix, from userid 33) id 0A1B2C; Fri, 27 Nov 2026 10:00:00 +0900 (JST)`,
		mail.Trace{By: "web.a.test", Software: "Postfix", ID: "0A1B2C", Local: true, At: at(0)}},
	{"Exim", `from out.a.test ([192.0.2.1]:41234 helo=smtp.a.test) by mx.b.test with esmtps
	(TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <news@a.test>) id 1r7abc-000XYZ-1A
	for u@b.test; Fri, 27 Nov 2026 10:00:05 +0900`, mail.Trace{HELO: "smtp.a.test", Name: "out.a.test", IP: ip("192.0.2.1"),
		By: "mx.b.test", With: "esmtps", ID: "1r7abc-000XYZ-1A", For: "u@b.test", MailFrom: "news@a.test", TLS: "TLS1.3", Secure: true,
		At: at(5)}},
	{"Exim, no reverse name", `from [192.0.2.1] (port=41234 helo=[10.1.1.1]) by mx.b.test with esmtp (Exim 4.90) id 1r7abc;
	Fri, 27 Nov 2026 10:00:05 +0900`, mail.Trace{HELO: "[10.1.1.1]", IP: ip("192.0.2.1"), By: "mx.b.test", With: "esmtp",
		ID: "1r7abc", At: at(5)}},
	{"sendmail", `from out.a.test (taro@out.a.test [192.0.2.1] (may be forged)) by mx.b.test (8.15.2/8.15.2) with ESMTPS id 0AR1
	(version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NOT) for <u@b.test>; Fri, 27 Nov 2026 10:00:05 +0900`,
		mail.Trace{HELO: "out.a.test", Name: "out.a.test", IP: ip("192.0.2.1"), By: "mx.b.test", Software: "8.15.2/8.15.2",
			With: "ESMTPS", ID: "0AR1", For: "u@b.test", TLS: "TLSv1.2", Secure: true, At: at(5)}},
	{"Exchange Online", `from AB1.prod.outlook.com (2603:10b6:408:44::16) by
	CD2.prod.outlook.com (2603:10b6:a03:300::19) with Microsoft SMTP Server (version=TLS1_2,
	cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.9123.18 via Frontend Transport; Fri, 27 Nov 2026 01:00:05 +0000`,
		mail.Trace{HELO: "AB1.prod.outlook.com", IP: ip("2603:10b6:408:44::16"), By: "CD2.prod.outlook.com",
			ByIP: ip("2603:10b6:a03:300::19"), With: "Microsoft SMTP Server", ID: "15.20.9123.18", Via: "Frontend", TLS: "TLS1_2", Secure: true,
			At: at(5)}},
	{"Exchange, inside", `from AB1.prod.outlook.com ([fe80::a639:b02c]) by AB1.prod.outlook.com ([fe80::a639:b02c%7]) with mapi id
	15.20.7202.031; Fri, 27 Nov 2026 01:00:05 +0000`, mail.Trace{HELO: "AB1.prod.outlook.com", IP: ip("fe80::a639:b02c"),
		By: "AB1.prod.outlook.com", ByIP: ip("fe80::a639:b02c"), With: "mapi", ID: "15.20.7202.031", Local: true, At: at(5)}},
	{"Gmail", `from out.a.test (out.a.test. [192.0.2.1])
        by mx.google.com with ESMTPS id d9443c01a7336-abc.12.2026.11.26.17.00.05
        for <u@gmail.com>
        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);
        Thu, 26 Nov 2026 17:00:05 -0800 (PST)`, mail.Trace{HELO: "out.a.test", Name: "out.a.test", IP: ip("192.0.2.1"), By: "mx.google.com",
		With: "ESMTPS", ID: "d9443c01a7336-abc.12.2026.11.26.17.00.05", For: "u@gmail.com", TLS: "TLS1_3", Secure: true, At: at(5)}},
	{"Gmail, inside", `by 2002:a05:6a10:1234:0:0:0:0 with SMTP id ab12csp1234567qvi;
        Thu, 26 Nov 2026 17:00:05 -0800 (PST)`, mail.Trace{By: "2002:a05:6a10:1234:0:0:0:0", ByIP: ip("2002:a05:6a10:1234::"),
		With: "SMTP", ID: "ab12csp1234567qvi", At: at(5)}},
	{"qmail", `from unknown (HELO smtp.a.test) (192.0.2.1)
  by mx.b.test with ESMTPS (ECDHE-RSA-AES256 encrypted); 27 Nov 2026 01:00:05 -0000`, mail.Trace{HELO: "smtp.a.test",
		IP: ip("192.0.2.1"), By: "mx.b.test", With: "ESMTPS", Secure: true, At: at(5)}},
	{"qmail, inside", `(qmail 12345 invoked by uid 89); 27 Nov 2026 01:00:05 -0000`, mail.Trace{Software: "qmail", Local: true, At: at(5)}},
	{"Amazon SES", `from app.a.test (ec2.a.test [192.0.2.1])
 by email-smtp.ap-northeast-1.amazonaws.com with SMTP (SimpleEmailService-d-ABC) id xyz123
 for u@b.test; Fri, 27 Nov 2026 01:00:05 +0000 (UTC)`, mail.Trace{HELO: "app.a.test", Name: "ec2.a.test", IP: ip("192.0.2.1"),
		By: "email-smtp.ap-northeast-1.amazonaws.com", With: "SMTP", ID: "xyz123", For: "u@b.test", At: at(5)}},
	{"OpenSMTPD", `from out.a.test (out.a.test [192.0.2.1]) by mx.b.test (OpenSMTPD) with ESMTPS id 1a2b3c
	(TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO) for <u@b.test>; Fri, 27 Nov 2026 10:00:05 +0900 (JST)`, mail.Trace{HELO: "out.a.test",
		Name: "out.a.test", IP: ip("192.0.2.1"), By: "mx.b.test", Software: "OpenSMTPD", With: "ESMTPS", ID: "1a2b3c", For: "u@b.test",
		TLS: "TLSv1.3", Secure: true, At: at(5)}},
	{"Haraka", `from out.a.test (host.a.test [192.0.2.1]) by mx.b.test (Haraka/3.0.3) with ESMTPS id 5A6B-77.1
	envelope-from <news@a.test> (cipher=TLS_AES_256_GCM_SHA384); Fri, 27 Nov 2026 01:00:05 +0000`, mail.Trace{HELO: "out.a.test",
		Name: "host.a.test", IP: ip("192.0.2.1"), By: "mx.b.test", Software: "Haraka/3.0.3", With: "ESMTPS", ID: "5A6B-77.1",
		MailFrom: "news@a.test", Secure: true, At: at(5)}},
	{"PowerMTA", `from app.a.test (192.0.2.1) by pmta.esp.test id h1abcd for <u@b.test>; Fri, 27 Nov 2026 10:00:05 +0900
	(envelope-from <bounce@esp.test>)`, mail.Trace{HELO: "app.a.test", IP: ip("192.0.2.1"), By: "pmta.esp.test", ID: "h1abcd",
		For: "u@b.test", MailFrom: "bounce@esp.test", At: at(5)}},
	{"Yahoo! JAPAN", `from 192.0.2.1  (EHLO out.a.test) (192.0.2.1)
  by mta001.mail.example.jp with SMTP; Fri, 27 Nov 2026 10:00:05 +0900`, mail.Trace{HELO: "out.a.test", IP: ip("192.0.2.1"),
		By: "mta001.mail.example.jp", With: "SMTP", At: at(5)}},
	{"mobile carrier", `from out.a.test (unknown [192.0.2.1]) by mfsmax.example.ne.jp (MTA) with ESMTP id 99;
	Fri, 27 Nov 2026 10:00:05 +0900 (JST)`, mail.Trace{HELO: "out.a.test", IP: ip("192.0.2.1"), By: "mfsmax.example.ne.jp",
		Software: "MTA", With: "ESMTP", ID: "99", At: at(5)}},
	{"Zimbra", `from proxy.b.test (LHLO proxy.b.test) (192.0.2.1) by store.b.test with LMTP; Fri, 27 Nov 2026 10:00:05 +0900 (JST)`,
		mail.Trace{HELO: "proxy.b.test", Name: "proxy.b.test", IP: ip("192.0.2.1"), By: "store.b.test", With: "LMTP", At: at(5)}},
	{"Courier", `from out.a.test (host.a.test [::ffff:192.0.2.1]) (TLS: TLSv1.2,256bits,ECDHE)
  by mx.b.test with ESMTPS id 0000.1; Fri, 27 Nov 2026 10:00:05 +0900`, mail.Trace{HELO: "out.a.test", Name: "host.a.test",
		IP: ip("192.0.2.1"), By: "mx.b.test", With: "ESMTPS", ID: "0000.1", TLS: "TLSv1.2", Secure: true,
		At: at(5)}},
	{"SendGrid", `by filter0123 with SMTP id filter0123-5-abc; 2026-11-27 01:00:05.123456789 +0000 UTC m=+12.5`,
		mail.Trace{By: "filter0123", With: "SMTP", ID: "filter0123-5-abc", At: at(5).Add(123456789)}},
	{"Lotus Domino", `from out.a.test ([192.0.2.1]) by mx.b.test (Lotus Domino Release 9.0.1FP10) with ESMTP
          id 2026112710000512-3456; Fri, 27 Nov 2026 10:00:05 +0900`, mail.Trace{HELO: "out.a.test", IP: ip("192.0.2.1"),
		By: "mx.b.test", Software: "Lotus Domino Release 9.0.1FP10", With: "ESMTP", ID: "2026112710000512-3456", At: at(5)}},
	{"QQ", `from out.a.test ( [192.0.2.1]) by newxmmx1.qq.test (NewMX) with SMTP id 1; Fri, 27 Nov 2026 09:00:05 +0800`,
		mail.Trace{HELO: "out.a.test", IP: ip("192.0.2.1"), By: "newxmmx1.qq.test", Software: "NewMX", With: "SMTP", ID: "1", At: at(5)}},
	{"Mimecast", `from out.a.test (host.a.test [192.0.2.1]) by relay.mimecast.test with ESMTP with STARTTLS
 (version=TLSv1.2 cipher=TLS_ECDHE bits=256/256) id us-mta-5-abc; Fri, 27 Nov 2026 01:00:05 +0000`, mail.Trace{HELO: "out.a.test",
		Name: "host.a.test", IP: ip("192.0.2.1"), By: "relay.mimecast.test", With: "ESMTP STARTTLS", ID: "us-mta-5-abc", TLS: "TLSv1.2",
		Secure: true, At: at(5)}},
	{"CommuniGate", `from [192.0.2.1] (account taro@a.test HELO pc.a.test) by a.test (CommuniGate Pro SMTP 6.1)
  with ESMTPSA id 123 for u@b.test; Fri, 27 Nov 2026 10:00:05 +0900`, mail.Trace{HELO: "pc.a.test", IP: ip("192.0.2.1"), By: "a.test",
		Software: "CommuniGate Pro SMTP 6.1", With: "ESMTPSA", ID: "123", For: "u@b.test", Secure: true, Login: true, At: at(5)}},
	{"IPv6 literal", `from [IPv6:2001:db8::5] (out.a.test [IPv6:2001:db8::1]) by mx.b.test with ESMTP; 27 Nov 26 10:00:05 JST`,
		mail.Trace{HELO: "[IPv6:2001:db8::5]", Name: "out.a.test", IP: ip("2001:db8::1"), By: "mx.b.test", With: "ESMTP", At: at(5)}},
	{"a zone that nobody knows", `from a.test by b.test; Fri, 27 Nov 2026 10:00:05 QST`, mail.Trace{HELO: "a.test", By: "b.test"}},
	{"no date", `from a.test ([192.0.2.1]) by b.test with SMTP`, mail.Trace{HELO: "a.test", IP: ip("192.0.2.1"), By: "b.test", With: "SMTP"}},
	{"nothing", ``, mail.Trace{}},
}

func ip(s string) netip.Addr { return netip.MustParseAddr(s) }

func at(second int) time.Time { return time.Date(2026, 11, 27, 1, 0, second, 0, time.UTC) }

func TestParseTrace(t *testing.T) {
	t.Parallel()
	for _, c := range traces {
		got := mail.ParseTrace(strings.Join(strings.Fields(c.field), " "))
		if diff := cmp.Diff(c.want, got, cmpopts.EquateComparable(netip.Addr{})); diff != "" {
			t.Errorf("%s: %s", c.server, diff)
		}
	}
}

// TestTraceClient names a client by what the server found out first.
func TestTraceClient(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"from me (host.a.test [192.0.2.1]) by b": "host.a.test", "from me (unknown [192.0.2.1]) by b": "me",
		"from unknown ([192.0.2.1]) by b": "unknown", "by b with SMTP": "",
	} {
		if got := mail.ParseTrace(field).Client(); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}

func FuzzParseTrace(f *testing.F) {
	for _, c := range traces {
		f.Add(c.field)
	}
	f.Add("from ((((((( by ;;; ) [ ] (HELO")
	f.Fuzz(func(t *testing.T, s string) {
		got := mail.ParseTrace(s)
		for _, v := range []string{got.HELO, got.Name, got.By, got.ID, got.For, got.MailFrom, got.TLS, got.With, got.Via, got.Software} {
			if len(v) > 400 || !strings.Contains(s, v) && v != got.With {
				t.Errorf("%q", v)
			}
		}
	})
}
