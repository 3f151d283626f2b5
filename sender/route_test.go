package sender_test

import (
	"strings"
	"testing"

	"todoku/sender"
)

func TestParseRelay(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]sender.Relay{
		"smtp://mail.x.test":          {Host: "mail.x.test", Port: 587},
		"smtp://u@mail.x.test:25":     {Host: "mail.x.test", Port: 25, User: "u"},
		"smtps://mail.x.test/":        {Host: "mail.x.test", Port: 465, Implicit: true},
		"smtps://u%40y@[::1]:10465":   {Host: "::1", Port: 10465, Implicit: true, User: "u@y"},
		"smtp://u:secret@mail.x.test": {},
		"smtp://mail.x.test:0":        {},
		"smtp://mail.x.test:x":        {},
		"http://mail.x.test":          {},
		"mail.x.test:25":              {},
		"smtp://u%0d%0ax@mail.x.test": {},
		"smtp://mail.x.test/path?x":   {},
		"":                            {},
	} {
		r, err := sender.ParseRelay(in)
		if r != want && err == nil || err != nil && want.Host != "" {
			t.Errorf("%q: %+v, %v", in, r, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the password is in %v", err)
		}
	}
	if s := (sender.Relay{Host: "::1", Port: 465, Implicit: true, User: "u"}).String(); s != "smtps://[::1]:465" {
		t.Error(s)
	}
}
