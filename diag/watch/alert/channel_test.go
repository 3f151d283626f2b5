package alert_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/watch/alert"
	"todoku/sender/mail"
)

func TestChannels(t *testing.T) {
	t.Parallel()
	for text, name := range map[string]string{
		"https://hooks.example.jp/T0KEN":            "json:hooks.example.jp#4d8f9f4f",
		"slack:https://hooks.slack.com/services/T0": "slack:hooks.slack.com#",
		"teams:https://x.logic.azure.com/a?sig=1":   "teams:x.logic.azure.com#",
		"ntfy:https://:tk_secret@ntfy.sh/mytopic":   "ntfy:ntfy.sh#",
		"json:http://127.0.0.1:9/x":                 "json:127.0.0.1#",
		"http://[::1]:9/x":                          "json:::1#",
		"http://localhost/x":                        "json:localhost#",
		"mailto:ops@例え.jp":                          "mailto:ops@xn--r8jz45g.jp",
	} {
		c, err := alert.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		head, _, _ := strings.Cut(name, "#")
		if !strings.HasPrefix(c.Name(), head) {
			t.Errorf("%s is called %s", text, c.Name())
		}
		for _, shown := range []string{c.Name(), fmt.Sprint(c), fmt.Sprintf("%v %+v %#v", c, c, c)} {
			for _, secret := range []string{"T0", "sig", "tk_", "mytopic"} {
				if strings.Contains(shown, secret) {
					t.Errorf("the name holds a secret: %s", shown)
				}
			}
		}
		if again, _ := alert.Parse(text); again.Name() != c.Name() {
			t.Errorf("%s changes", c.Name())
		}
	}
	one, _ := alert.Parse("slack:https://hooks.slack.com/a")
	two, _ := alert.Parse("slack:https://hooks.slack.com/b")
	if one.Name() == two.Name() {
		t.Error("two channels have one name")
	}
}

func TestNoChannels(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "T0KEN", "slack:", "slack:T0KEN", "slack:ftp://T0KEN.test/x", "http://example.jp/T0KEN",
		"slack:http://127.0.0.1.evil.test/T0KEN", "ntfy:https://ntfy.sh/", "ntfy:https://ntfy.sh/T0KEN/b", "irc:https://T0KEN.test/",
		"https:///T0KEN", "https://%zzT0KEN", "mailto:", "https://x.test/#T0KEN"} {
		_, err := alert.Parse(text)
		var u *codes.UserError
		if !errors.As(err, &u) {
			t.Errorf("%q: %v", text, err)
			continue
		}
		for _, l := range []codes.Lang{codes.English, codes.Japanese} {
			if says := u.Says.In(l) + u.Remedy.In(l); strings.Contains(says, "T0KEN") || strings.Contains(says, "{") || says == "" {
				t.Errorf("%q: %s", text, says)
			}
		}
	}
}

// TestMailOfWhatIsWatchedIsDoubtful: where only the watched mail itself tells of its end.
func TestMailOfWhatIsWatchedIsDoubtful(t *testing.T) {
	t.Parallel()
	parse := func(texts ...string) (out []alert.Channel) {
		for _, s := range texts {
			c, err := alert.Parse(s)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, c)
		}
		return out
	}
	from, err := mail.ParseAddress("from", "todoku@alerts.example.net")
	if err != nil {
		t.Fatal(err)
	}
	watched := func(d string) bool { return d == "example.jp" }
	for _, c := range []struct {
		channels []alert.Channel
		doubtful bool
	}{
		{nil, false},
		{parse("mailto:ops@example.jp"), true},
		{parse("mailto:ops@example.jp", "mailto:you@example.net"), false},
		{parse("mailto:ops@example.jp", "slack:https://hooks.slack.com/x"), false},
		{parse("https://example.jp/x"), false},
	} {
		if got := alert.Warnings(c.channels, from, watched); len(got) > 0 != c.doubtful {
			t.Errorf("%v: %v", c.channels, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("slack:https://hooks.slack.com/services/T0")
	f.Add("mailto:ops@example.jp")
	f.Add("ntfy:https://a:b@[::1%25x]:9/t?x=%zz")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := alert.Parse(s)
		if err == nil && (c.Name() == "" || c.Host() == "") {
			t.Errorf("%q is a channel without a name", s)
		}
	})
}
