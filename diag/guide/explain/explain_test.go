package explain

import (
	"strings"
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
		// Words of a symptom
		"メールを送信できません": KindPattern, "it was fine and failed two hours later": KindPattern,
		"the domain of the customer looks odd": KindPattern,
		"迷惑メールに入ってしまい、ドメインを確認中です":              KindPattern,
		"spf-lookups": KindRule, "Mailbox-Full": KindReason, "policy_block": KindClass, "パターンA": KindPattern, "gmail-01": KindWording,
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
	// What a program says is no symptom that a person tells, though words of one are in it.
	for _, input := range []string{
		"socket.gaierror: [Errno -3] Temporary failure in name resolution",
		"Domain x.example has exceeded the max emails per hour (120/100) allowed.",
		"SMTP Error: The following recipients failed: b@x.example: Greylisted, try again later",
		"メールを送信できません。サーバ\"s.example\"への接続に失敗しました。",
		"Cannot Send Mail\nThe user name or password for \"smtp.x.example\" is incorrect.",
	} {
		if e := x.Explain(input); len(e.Readings) == 0 || e.Readings[0].Kind != KindReply {
			t.Errorf("%q is read as %+v, want a reply", input, e.Readings)
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
			"--to", "ADDR", "--ip", "IP").Fill(codes.Values{codes.PlaceAddr: "user@takes.test", codes.PlaceReply: "550 5.1.1 no such user"}),
		"alignment": {},
	} {
		if e := (Explainer{c}).Explain(input); len(e.Readings) == 0 || !e.Readings[0].Next().Same(want) {
			t.Errorf("%q: %+v", input, e.Readings)
		}
	}
}

// TestStepCommands: the commands of a step can be pasted: what the text tells stands in them, and none of them needs the
// history, which does not know the mail of another program.
func TestStepCommands(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	const listed = "554 5.7.1 Client host [192.0.2.66] blocked using zen.spamhaus.org"
	long := "550-5.7.26 " + strings.Repeat("This mail is unauthenticated. ", 9) +
		"\n550 5.7.26 SPF [own.test] with ip: [192.0.2.7] = did not pass"
	for _, v := range []struct {
		input, step string
		want        codes.Command
	}{
		{listed, "delist_ip", codes.Todoku("diagnose", "REPLY", "--ip", "IP").With(codes.PlaceIP, "192.0.2.66")},
		{listed, "contact_recipient_admin", codes.Todoku("letter", "--from", "SENDER", "--to", "ADDR", "--time", "TIME")},
		{long, "fix_spf", codes.Todoku("check", "spf", "DOMAIN", "--ip",
			"IP").Fill(codes.Values{codes.PlaceDomain: "own.test", codes.PlaceIP: "192.0.2.7"})},
		{"550 5.1.1 user unknown", "remove_address", codes.Command{}},
		{"42550", "countermeasure_ask", codes.Todoku("letter", "ID")},
	} {
		r := (Explainer{c}).Explain(v.input).Readings[0]
		step, ok := c.Remedy(v.step)
		if got := r.StepCommand(step); !ok || !got.Same(v.want) {
			t.Errorf("%q, %s: %q, want %q", v.input, v.step, got.Argv(), v.want.Argv())
		}
	}
}
