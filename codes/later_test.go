package codes_test

import (
	"strings"
	"testing"

	"todoku/codes"
)

// TestWorthLater: a refusal for good that is about the state of the receiving side is worth another try after some time; one
// that is about the mail or the address is not. What is not tried again by itself is not left to automatic retries.
func TestWorthLater(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, test := range []struct {
		reply codes.Reply
		event codes.Event
		later bool
	}{
		{codes.Reply{Code: 554}, "", true},
		{codes.Reply{Code: 554, Lines: []string{"Transaction failed"}}, "", true},
		{codes.Reply{Code: 500, Lines: []string{"internal server error"}}, "", true},
		{codes.Reply{Code: 552, Enhanced: codes.Enhanced{Class: 5, Subject: 2, Detail: 2}, Lines: []string{"mailbox full"}}, "", true},
		{codes.Reply{}, codes.EventDeadline, true},
		{codes.Reply{Code: 552, Enhanced: codes.Enhanced{Class: 5, Subject: 3, Detail: 4}, Lines: []string{"message too large"}}, "", false},
		{codes.Reply{Code: 550, Enhanced: codes.Enhanced{Class: 5, Subject: 1, Detail: 1}, Lines: []string{"no such user"}}, "", false},
		{codes.Reply{Code: 553}, "", false},
		{codes.Reply{Code: 450, Lines: []string{"greylisted"}}, "", false},
	} {
		v := c.Classify(test.reply, codes.Context{Event: test.event})
		if v.WorthLater() != test.later {
			t.Errorf("%s: %t, %s, %s, pattern %q", test.reply, v.WorthLater(), v.Reason.ID, v.Action, v.Delivery.Pattern)
		}
		for _, r := range v.Remedies {
			if r.ID == "wait_retry" && v.Permanent == codes.Yes || r.ID == "wait_resend" && v.Permanent != codes.Yes {
				t.Errorf("%s: permanent %d and %s", test.reply, v.Permanent, r.ID)
			}
		}
	}
}

// TestLogin: a refusal of a login is about our own account, whatever it says; what is only put off, or is about encryption, stays
// so. The same words about a recipient are about the recipient.
func TestLogin(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, test := range []struct {
		code int
		line string
		want string
	}{
		{550, "User is locked", "login_required"}, {535, "5.7.8 bad credentials", "login_required"}, {550, "no such user", "login_required"},
		{554, "mailbox disabled", "login_required"}, {552, "mailbox full", "login_required"}, {550, "nope", "login_required"},
		{454, "temporary server error", "system_error"},
	} {
		v := c.Classify(codes.Reply{Code: test.code, Lines: []string{test.line}}, codes.Context{Stage: codes.StageAuth})
		if v.Reason.ID != test.want {
			t.Errorf("AUTH: %d %s: %s", test.code, test.line, v.Reason.ID)
		}
	}
	v := c.Classify(codes.Reply{Code: 552, Lines: []string{"mailbox full"}}, codes.Context{Stage: codes.StageRcpt})
	if v.Reason.ID != "mailbox_full" {
		t.Errorf("RCPT: %s", v.Reason.ID)
	}
}

// TestOwnRelay: what our own relay says before it knows the recipient has no step that asks the recipient's side.
func TestOwnRelay(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, r := range []codes.Reply{
		{Enhanced: codes.Enhanced{Class: 4, Subject: 4, Detail: 1}}, {Enhanced: codes.Enhanced{Class: 4, Subject: 7, Detail: 5}},
		{Code: 554, Lines: []string{"no service"}}, {Code: 421, Lines: []string{"too busy"}}, {Code: 550, Lines: []string{"access denied"}},
		{Code: 451, Lines: []string{"temporary server error"}}, {Code: 535, Lines: []string{"authentication failed"}},
		{Code: 553, Lines: []string{"sender address rejected"}}, {Code: 554, Lines: []string{"blocked using zen.spamhaus.org"}},
	} {
		far := c.Classify(r, codes.Context{Stage: codes.StageConnect})
		v := c.Classify(r, codes.Context{Stage: codes.StageConnect, Relay: true})
		if len(v.Remedies) == 0 || v.Action == codes.ActionContactAdmin || v.Action == codes.ActionContactRecipient {
			t.Errorf("%s: %s, %v", r, v.Action, v.Remedies)
		}
		for _, step := range v.Remedies {
			if strings.Contains(step.ID, "recipient") || strings.HasPrefix(step.ID, "ask_") || step.ID == "verify_address" {
				t.Errorf("%s: %s", r, step.ID)
			}
		}
		if v.Delivery.ID != far.Delivery.ID {
			t.Errorf("%s: %s, %s", r, v.Delivery.ID, far.Delivery.ID)
		}
	}
}
