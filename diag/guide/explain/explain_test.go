package explain

import (
	"testing"

	"todoku/codes"
)

// TestClassesHaveWords: every class of reasons has a meaning in both languages.
func TestClassesHaveWords(t *testing.T) {
	t.Parallel()
	for _, c := range []codes.Class{codes.ClassUserUnknown, codes.ClassMailboxDisabled, codes.ClassMailboxFull,
		codes.ClassHostUnknown, codes.ClassNetworkOrExpired, codes.ClassTooLarge,
		codes.ClassSpamContent, codes.ClassPolicyBlock, codes.ClassRateLimited, codes.ClassRelayDenied,
		codes.ClassSystemError, codes.ClassUnspecified} {
		if text := classMeaning(c); text.EN == "" || text.JA == "" || text.EN == text.JA {
			t.Errorf("%s: a language is missing: %+v", c, text)
		}
	}
}

// TestReadings: what is typed is read as what it names, the best reading first.
func TestReadings(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	x := Explainer{c}
	for input, want := range map[string]Kind{
		"42553": KindDelivery, "「４２５５３」": KindDelivery, "SMTP error 550": KindReplyCode, "x.7.26": KindEnhanced,
		"550 5.7.1 no": KindReply,
		"spf-lookups":  KindRule, "Mailbox-Full": KindReason, "policy_block": KindClass, "パターンA": KindPattern, "gmail-01": KindWording,
		"gmail": KindProvider, "outlook": KindProvider, "delist_ip": KindRemedy, "Alignment": KindTerm, "no such word": "", "spf-lokups": "",
	} {
		var got Kind
		if e := x.Explain(input); len(e.Readings) > 0 {
			got = e.Readings[0].Kind
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", input, got, want)
		}
	}
	for _, id := range x.IDs() {
		if len(x.Explain(id).Readings) == 0 {
			t.Errorf("%s is listed and not known", id)
		}
	}
}

// TestNext: what is known of the case stands in the command that goes on.
func TestNext(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	for input, want := range map[string]codes.Command{
		"42553": codes.Todoku("diagnose", "CODE", "--from", "SENDER", "--to", "ADDR", "--ip", "IP").With(codes.PlaceCode, "42553"),
		"40000": codes.Todoku("explain", "D"),
		"to=<user@takes.test>, status=bounced (550 5.1.1 no such user)": codes.Todoku("diagnose", "REPLY", "--from", "SENDER",
			"--to", "ADDR", "--ip", "IP").With(codes.PlaceAddr, "user@takes.test"),
		"alignment": {},
	} {
		if e := (Explainer{c}).Explain(input); len(e.Readings) == 0 || !e.Readings[0].Next().Same(want) {
			t.Errorf("%q: %+v", input, e.Readings)
		}
	}
}
