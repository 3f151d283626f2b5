package guide

import (
	"strings"
	"testing"

	"todoku/codes"
)

func TestPrivateAddressesAreHidden(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"from [10.1.2.3]:25":          "from [***]:25",
		"fd00::1 and 2001:db8::1":     "*** and 2001:db8::1",
		"at 192.168.0.1:2525.":        "at ***:2525.",
		"a|10.0.0.1|b":                "a|***|b",
		"10.0.0.1->192.0.2.1":         "***->192.0.2.1",
		"h_10.0.0.1_x":                "h_***_x",
		"[IPv6:fd12:3456::1]":         "[IPv6:***]",
		"[fe80::1%eth0]:25":           "[***]:25",
		"::ffff:10.0.0.1, ::1.":       "***, ***.",
		"64:ff9b::10.0.0.1":           "64:ff9b::***",
		"added:fd00::":                "added:***",
		"ip-10-0-0-1.internal":        "ip-***.internal",
		"010.000.000.001":             "***",
		"1.0.0.10.in-addr.arpa":       "***.in-addr.arpa",
		"100.64.0.1 169.254.1.1":      "*** ***",
		"x=127.0.0.1、y":               "x=***、y",
		"172.16.0.1/172.32.0.1":       "***/172.32.0.1",
		"198.51.100.7 [203.0.113.5]:": "198.51.100.7 [203.0.113.5]:",
		"version 10.0.0.":             "version 10.0.0.",
		"at 10:11:12 on 2026-11-23":   "at 10:11:12 on 2026-11-23",
		"2001:db8:fe80::1":            "2001:db8:fe80::1",
		"10.0.0.1.in-addr.arpa":       "10.0.0.1.in-addr.arpa", // of 1.0.0.10
	} {
		if got := withoutPrivate(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestNamesAreHiddenHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	const to = "Taro.Yamada@example.jp"
	for in, want := range map[string]string{
		"user taro.yamada unknown":                       "user *** unknown",
		"TARO.YAMADA unknown":                            "*** unknown",
		"ｔａｒｏ．ｙａｍａｄａ unknown":                            "*** unknown",
		"<taro.yamada@EXAMPLE.jp>:":                      "<t***@EXAMPLE.jp>:",
		"a|taro.yamada|b":                                "a|***|b",
		"x->taro.yamada->y":                              "x->***->y",
		"mbox_taro.yamada_1":                             "mbox_***_1",
		"bounce-taro.yamada=example.jp@esp.test":         "b***@esp.test",
		"taro.yamada=example.jp":                         "***=example.jp",
		"taro.yamada=3Dexample.jp":                       "***=3Dexample.jp",
		"=3Dtaro.yamada=3D":                              "=3D***=3D",
		"https://example.jp/?u=taro.yamada%40example.jp": "https://example.jp/?u***%40example.jp",
		"taro%2Eyamada":                                  "***",
		"%3Ctaro.yamada%3E":                              "%3C***%3E",
		`\u003ctaro.yamada\u003e`:                        `\u003c***\u003e`,
		`taro\.yamada`:                                   "***",
		"taro.yamada+tag":                                "***+tag",
		"宛先taro.yamadaは存在しません":                           "宛先***は存在しません",
		"taro.yamada＠example.jp":                         "t***＠example.jp",
		"=?utf-8?B?dGFybw==?= rejected":                  "*** rejected",
		"taro.yamadas, example.jp, mx.example.jp":        "taro.yamadas, example.jp, mx.example.jp",
		"550 5.1.1 no such user":                         "550 5.1.1 no such user",
	} {
		l := Letter{From: "news@kaisha.test", To: to, Reply: in}.Redacted()
		if l.Reply != want {
			t.Errorf("%q: %q, want %q", in, l.Reply, want)
		}
	}
	for to, replies := range map[string][]string{
		`"taro yamada"@example.jp`: {"user taro yamada unknown", `"taro\ yamada"`, `"Taro Yamada"@example.jp`},
		"taro+tag@example.jp":      {"user taro unknown", "taro+tag", "TARO+other", "taro-x"},
		"太郎@example.jp":            {"宛先太郎は不明です"},
		"café@example.jp":          {"cafe\u0301 unknown", "caf=C3=A9 unknown", "CAFÉ"},
	} {
		for _, reply := range replies {
			l := Letter{From: "news@kaisha.test", To: to, Reply: reply, Subject: "Spring Sale"}.Redacted()
			for _, secret := range []string{"taro", "太郎", "caf"} {
				if strings.Contains(strings.ToLower(l.Reply), secret) {
					t.Errorf("%s: %q became %q", to, reply, l.Reply)
				}
			}
		}
	}
	l := Letter{From: "news@kaisha.test", To: to, Subject: "Spring Sale", Reply: "550 SPRING SALE is spam"}.Redacted()
	if l.Reply != "550 *** is spam" {
		t.Errorf("a subject is left: %q", l.Reply)
	}
	if got := without("tarot taro", []string{"taro"}, true); got != "tarot ***" {
		t.Errorf("another word: %q", got)
	}
}

func FuzzRedacted(f *testing.F) {
	f.Add("550 <taro@example.jp> refused", "taro@example.jp")
	f.Add("\"a b\"@x [fd00::1]", "@")
	f.Fuzz(func(t *testing.T, reply, to string) {
		l := Letter{From: "a@b.test", To: to, Reply: reply}.Redacted()
		if strings.Count(l.Reply, "\n") != strings.Count(reply, "\n") {
			t.Errorf("%q became %q", reply, l.Reply)
		}
	})
}

// TestLetterInterprets: what is known of the mail is claimed, and no more.
func TestLetterInterprets(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		code, reply string
		fate        Fate
		matter      Matter
		known, todo string
	}{
		{"", "", FateUnknown, MatterUnknown, "", ""},
		{"90000", "250 ok", FateReturned, MatterAfter, "90000", "read_bounce"},
		{"90000", "550 5.2.2 mailbox full", FateReturned, MatterFull, "90000", "ask_recipient_space"},
		{"40000", "", FateTaken, MatterTaken, "40000", "check_junk_folder"},
		{"", "250 2.0.0 queued", FateTaken, MatterTaken, "", "check_junk_folder"},
		{"", "550 5.1.1 no such user", FateRefused, MatterAddress, "", "verify_address"},
		{"42550", "", FateRefused, MatterRefused, "42550", "verify_address"},
		{"42553", "", FateRefused, MatterRefused, "42553", "countermeasure_spf"},
		{"42553", "553 5.7.1 your mail was refused", FateRefused, MatterRefused, "42553", "countermeasure_spf"},
		{"42554", "", FateRefused, MatterServer, "42554", "wait_server"},
		{"", "421 4.3.2 service not available", FateRefused, MatterServer, "", "wait_retry"},
		{"", "421 4.7.0 too many connections from your IP", FateRefused, MatterLimited, "", "slow_down"},
		{"41605", "", FateUnknown, MatterDomain, "41605", "check_recipient_domain"},
		{"99999", "", FateUnknown, MatterUnknown, "", ""},
		{"", "550 5.0.0 no", FateRefused, MatterRefused, "", ""},
	} {
		l := Letter{Code: x.code, Reply: x.reply}
		l.Interpret(c)
		if l.Fate != x.fate || l.Matter != x.matter || l.Code != x.known || x.todo != "" && (len(l.Todo) == 0 || l.Todo[0].ID != x.todo) {
			t.Errorf("%q %q: fate %d, matter %d, code %s, %v", x.code, x.reply, l.Fate, l.Matter, l.Code, l.Todo)
		}
	}
	l := Letter{Code: "42550", Steps: []string{"fix_ptr"}}
	if l.Interpret(c); len(l.Todo) != 1 || l.Todo[0].ID != "fix_ptr" {
		t.Errorf("what a diagnosis names: %v", l.Todo)
	}
}

// TestLetterPrefers: what the writer gives stands above what was read.
func TestLetterPrefers(t *testing.T) {
	t.Parallel()
	l := Letter{From: "a@x.test", To: "b@y.test", Code: "42550", Checked: []Checked{{Line: "read"}}}
	l.Prefer(Letter{From: "c@x.test", Checked: []Checked{{Line: "given"}}})
	if l.From != "c@x.test" || l.To != "b@y.test" || l.Code != "42550" || len(l.Checked) != 2 || l.Checked[0].Line != "given" {
		t.Errorf("%+v", l)
	}
}

// TestLetterKnowsProviders: a contact that hears only the recipient is none for senders; a company is no provider.
func TestLetterKnowsProviders(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]struct{ known, contact bool }{
		"docomo.ne.jp": {true, false}, "gmail.com": {true, true}, "web.de": {true, true}, "kaisha.example": {}, "notgmail.com": {},
	} {
		m := mailboxesOf(domain)
		if m.Known() != want.known || (len(m.Contacts) > 0) != want.contact || m.Known() && want.known &&
			domain != "web.de" && len(m.Settings) == 0 {
			t.Errorf("%s: %+v", domain, m)
		}
	}
}
