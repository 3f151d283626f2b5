package guide

import (
	"testing"

	"todoku/codes"
	"todoku/codes/paste"
)

// TestAutomaticAnswer: an answer of the mailbox itself means that the mail has arrived; a bounce never is one.
func TestAutomaticAnswer(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	const ends = "From: taro@kaisha.test\nTo: Shop <news@own.test>\nDate: Wed, 25 Nov 2026 10:40:00 +0900\n"
	for name, v := range map[string]struct {
		text    string
		arrived bool
	}{
		"RFC 3834": {ends +
			"Subject: Away\nAuto-Submitted: auto-replied; owner-email=\"taro@kaisha.test\"\n\nBack on Friday, 550 Main street.\n", true},
		"old header":   {ends + "Subject: 不在のお知らせ\nX-Autoreply: yes\n\n金曜日に戻ります。\n", true},
		"precedence":   {ends + "Subject: Away\nPrecedence: AUTO_REPLY\n\nBack on Friday.\n", true},
		"with a reply": {ends + "Auto-Submitted: auto-replied\n\nhost mx.kaisha.test said: 550 5.1.1 user unknown\n", false},
		"a newsletter": {ends + "Auto-Submitted: auto-generated\n\nNews of the week.\n", false},
		"by hand":      {ends + "Subject: Re: news\n\nThank you.\n", false},
	} {
		k := Read(c, v.text)
		if arrived := k.Verdict.Delivery.ID == codes.DeliveryOK; arrived != v.arrived {
			t.Errorf("%s: arrived %v", name, arrived)
		}
		if v.arrived && (k.From != "news@own.test" || k.To != "taro@kaisha.test") {
			t.Errorf("%s: from %q to %q", name, k.From, k.To)
		}
	}
}

// TestSendersInAReply: what a server names of the sender is found; its own address and the recipient's domain are not it.
func TestSendersInAReply(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"SPF [own.test] with ip: [192.0.2.7] = did not pass":                    {"own.test", "192.0.2.7"},
		"Client host [2001:db8::7] blocked using bl.example":                    {"", "2001:db8::7"},
		"The sender domain OWN.test is not allowed, from 192.0.2.7.":            {"own.test", "192.0.2.7"},
		"connect to mx.kaisha.test[192.0.2.25]:25: Connection refused":          {"", ""},
		"was not offered by host mx.kaisha.test[192.0.2.25]":                    {"", ""},
		"[mx.kaisha.test. 192.0.2.25: timed out]":                               {"", ""},
		"host mx.kaisha.test [192.0.2.25] said: no":                             {"", ""},
		"554 5.7.1 <out.own.test[192.0.2.7]>: Client host rejected":             {"", "192.0.2.7"},
		"Service refused; Client host [192.0.2.7] is on a list":                 {"", "192.0.2.7"},
		"the policy of kaisha.test refuses this mail (see 127.0.0.1)":           {"", ""},
		"Unauthenticated email from own.test is not accepted due to its policy": {"", ""},
	} {
		ip := ""
		if a := paste.SendingIP(text, "198.51.100.9"); a.IsValid() {
			ip = a.String()
		}
		if got := [2]string{SendingDomain(text, "taro@kaisha.test"), ip}; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestDiagnoseAgain: the step that needs the mail names the diagnosis that was made, or the file where there are several.
func TestDiagnoseAgain(t *testing.T) {
	t.Parallel()
	check := codes.Todoku("diagnose", "REPLY", "--message", "FILE")
	for file, want := range map[string]codes.Command{
		"":      codes.Todoku("diagnose", "--last", "--message", "FILE"),
		"a.eml": codes.Todoku("diagnose", "FILE").With(codes.PlaceFile, "a.eml").And(codes.Todoku("--message", "FILE")),
	} {
		e := &evidence{Case: &Case{File: file}}
		if got := e.fillRemedy(codes.Remedy{Check: check}); !got.Same(want) {
			t.Errorf("%q: %q, want %q", file, got.Argv(), want.Argv())
		}
	}
}
