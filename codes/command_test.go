package codes_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"todoku/codes"
)

func TestTemplate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		template, open []string
		filled         []string
	}{
		{[]string{"check", "spf", "DOMAIN", "--ip", "IP"}, []string{"DOMAIN", "IP"}, []string{"todoku", "check", "spf",
			"kaisha.test", "--ip", "IP"}},
		{[]string{"check", "spf", "ENVELOPE", "--ip", "IP"}, []string{"ENVELOPE", "IP"}, []string{"todoku", "check", "spf",
			"DOMAIN", "--ip", "IP"}},
		{[]string{"check", "dmarc", "--from", "SENDER", "--spf", "pass:DOMAIN"}, []string{"SENDER", "DOMAIN"},
			[]string{"todoku", "check", "dmarc", "--from", "a@kaisha.test", "--spf", "pass:kaisha.test"}},
		{[]string{"check", "domain", "DOMAIN", "--only", "ptr"}, []string{"DOMAIN"}, []string{"todoku", "check", "domain",
			"kaisha.test", "--only", "ptr"}},
		{[]string{"diagnose", "--last", "--message", "FILE"}, []string{"FILE"}, []string{"todoku", "diagnose", "--last", "--message=-f"}},
		{[]string{"diagnose", "FILE", "--no-smtp"}, []string{"FILE"}, []string{"todoku", "diagnose", "--no-smtp", "--", "-f"}},
		{[]string{"history", "list"}, nil, []string{"todoku", "history", "list"}},
	} {
		command := codes.Todoku(c.template...)
		var open []string
		for _, p := range command.Open() {
			open = append(open, string(p))
		}
		if diff := cmp.Diff(c.open, open); diff != "" {
			t.Errorf("%v: open %s", c.template, diff)
		}
		values := codes.Values{codes.PlaceDomain: "kaisha.test", codes.PlaceSender: "a@kaisha.test", codes.PlaceFile: "-f"}
		if diff := cmp.Diff(c.filled, command.Fill(values).Argv()); diff != "" {
			t.Errorf("%v: %s", c.template, diff)
		}
		var again codes.Command
		data, err := json.Marshal(command)
		if err != nil || json.Unmarshal(data, &again) != nil || !again.Same(command) {
			t.Errorf("%v: %s is read as %v (%v)", c.template, data, again.Argv(), err)
		}
		if !slices.Equal(command.Argv(), codes.Todoku(c.template...).Argv()) {
			t.Errorf("%v: filling changes the template", c.template)
		}
	}
	if c := (codes.Command{}); !c.IsZero() || len(c.Argv()) != 0 || c.Name() != "" {
		t.Errorf("no command has the words %q", c.Argv())
	}
	var c codes.Command
	if err := yaml.Unmarshal([]byte("[check, spf, DOMIAN]"), &c); err == nil || !strings.Contains(err.Error(), "DOMIAN") {
		t.Errorf("a mistyped place: %v", err)
	}
}

func TestFlagsOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	c := codes.Todoku("check", "spf", "DOMAIN", "--ip", "IP", "--helo", "HOST", "--rcpt")
	if got := c.Without(codes.PlaceIP).Argv(); !slices.Equal(got, []string{"todoku", "check", "spf", "DOMAIN", "--helo", "HOST", "--rcpt"}) {
		t.Errorf("%q", got)
	}
	if got := c.With(codes.PlaceIP, "192.0.2.1").Without().Argv(); !slices.Equal(got, []string{"todoku", "check", "spf",
		"DOMAIN", "--ip", "192.0.2.1", "--rcpt"}) {
		t.Errorf("%q", got)
	}
}

// TestPlacesTakeTheirKind: what is no domain, address and so on never gets into a command.
func TestPlacesTakeTheirKind(t *testing.T) {
	t.Parallel()
	for place, c := range map[codes.Place]struct{ takes, refuses []string }{
		codes.PlaceDomain: {[]string{"kaisha.test", "a_b.kaisha.test", "例え.テスト", "xn--r8jz45g.test", "test.", "1.2.test"},
			[]string{"", "-a.test", "a..test", "a.test;x", "$(x).test", "*.test", "a b.test", "a/b", "192.0.2.1", "::1",
				"a\u200b.test", "a\n.test", "ａ；.test", "a@b.test", "~", "{a,b}.test", "a,b", "x\u202e.test"}},
		codes.PlaceAddr: {[]string{"a@b.test", "a+b@b.test", "it's@b.test", `"a b"@b.test`, `"a\"b"@b.test`, "a..b.@b.test",
			"利用者@例え.test", "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "{a}|$x@b.test", "-a@b.test"},
			[]string{"", "@b.test", "b.test", "a b@b.test", "a@b@c", "a;b@b.test", "(x)@b.test", "$(x)@b.test", `"a@b.test`,
				`"a"b"@b.test`, `"a\"@b.test`, "a@[x]", "a@$(x)", "a@b.test\n", "a\x00@b.test", "<a@b.test>", "a\u202e@b.test",
				strings.Repeat("a", 300) + "@b.test"}},
		codes.PlaceMailbox: {[]string{"a@b.test"}, []string{"", "b.test", "$(x)@b.test"}},
		codes.PlaceSender:  {[]string{"a@b.test", "b.test"}, []string{"$(x)", "-x", "a b"}},
		codes.PlaceIP: {[]string{"192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"}, []string{"", "192.0.2",
			"fe80::1%eth0", "fe80::1%$(x)", "192.0.2.1/24", "１９２.0.2.1"}},
		codes.PlaceHELO: {[]string{"out.test", "mail.例え.test"}, []string{"", "-x.test", "smtp://mx.test", "[192.0.2.1]", "192.0.2.1", "a b"}},
		codes.PlaceHost: {[]string{"mx.test", "mx.test:25", "192.0.2.1", "192.0.2.1:25", "[2001:db8::1]:25",
			"smtp://mx.test:587", "smtps://[2001:db8::1]:465"}, []string{"", "http://x.test", "mx.test:", "mx.test:x",
			"mx.test:+25", "mx.test:99999", "smtp://$(x)", "-x", "smtp://u:p@x.test"}},
		codes.PlaceCode: {[]string{"42550"}, []string{"4255", "４２５５０", "42550 ", "-4255", "x2550"}},
		codes.PlaceTime: {[]string{"2026-01-02T03:04:05Z", "2026-01-02T03:04:05+09:00"}, []string{"", "now", "2026-01-02",
			"2026-01-02T03:04:05Z;x"}},
		codes.PlaceID:       {[]string{"06h2k"}, []string{"", "-last", "a b", "$(x)", "a/b", strings.Repeat("a", 65)}},
		codes.PlaceSelector: {[]string{"s1", "2024.mail", "s_1"}, []string{"", "-s", "$(x)", "a b"}},
		codes.PlaceReply: {[]string{"550 5.1.1 <a@b.test>: no $(such) user; 'x'", "550 届きません", "-x", "～"},
			[]string{"", " ", "-", "a\nb", "a\tb", "a\x00", "\x1b[2J", "\xff", "a\u202eb", "a\u2028b", "\u034f", "x\ufe0f",
				strings.Repeat("x", 5000)}},
		codes.PlaceFile:     {[]string{"a b.eml", "-x.eml", "$(x).eml"}, []string{"", "-", "a\nb"}},
		codes.PlaceRule:     {[]string{"spf-none", "A"}, []string{"", "a b", "-x"}},
		codes.Place("ELSE"): {nil, []string{"", "x"}},
	} {
		for _, v := range c.takes {
			if !place.Takes(v) {
				t.Errorf("%s does not take %q", place, v)
			}
		}
		for _, v := range c.refuses {
			if place.Takes(v) {
				t.Errorf("%s takes %q", place, v)
			}
		}
	}
}

// FuzzPlaces: whatever a place takes is one line that a terminal shows as it is, and nothing else gets into a command.
func FuzzPlaces(f *testing.F) {
	for _, v := range []string{"a@b.test", "$(x)", "a\nb", "\u202e", "192.0.2.1", "-x", "2026-01-02T03:04:05Z", "fe80::1%x"} {
		f.Add(v)
	}
	places := codes.Todoku("CODE", "REPLY", "SENDER", "DOMAIN", "ENVELOPE", "ADDR", "THEIRS", "IP", "HOST", "FILE", "ID",
		"TIME", "RESOLVER", "NAME", "RULE").Open()
	f.Fuzz(func(t *testing.T, v string) {
		for _, p := range places {
			if p.Takes(v) && (v == "" || v == "-" || !utf8.ValidString(v) ||
				strings.ContainsFunc(v, func(r rune) bool { return !unicode.IsGraphic(r) })) {
				t.Errorf("%s takes %q", p, v)
			}
			open := codes.Todoku("diagnose", "--from").And(codes.Command{Args: []codes.Arg{{Place: p}}})
			if filled := open.With(p, v); !p.Takes(v) && !filled.Same(open) {
				t.Errorf("%s: %q gets in: %q", p, v, filled.Argv())
			}
		}
	})
}
