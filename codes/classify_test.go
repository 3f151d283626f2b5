package codes_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/codes/paste"
)

// exampleContext is what is known where a rule's example is met: the provider's
// host unless the wording tells the provider, and the stage the rule asks for.
func exampleContext(c *codes.Catalogue, r codes.Rule, p paste.Found) codes.Context {
	ctx := p.Context
	if provider, ok := c.Provider(r.Provider); ok && !r.Alone && len(provider.Hosts) > 0 {
		ctx.Host = "mx." + provider.Hosts[0]
	}
	if len(r.Stage) > 0 {
		ctx.Stage = r.Stage[0]
	}
	return ctx
}

// TestExamples: every rule has an example that reaches it and no earlier rule.
func TestExamples(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, r := range c.Rules() {
		if r.Example == "" {
			t.Errorf("%s has no example", r.ID)
			continue
		}
		p := paste.Parse(r.Example)
		if v := c.Classify(p.Reply, exampleContext(c, *r, p)); v.Rule != r.ID {
			t.Errorf("%s: %q reaches %q (%s)", r.ID, r.Example, v.Rule, v.Reason.ID)
		}
	}
}

// TestReasonsReachable: a reason that no reply leads to would be dead text.
func TestReasonsReachable(t *testing.T) {
	t.Parallel()
	c := load(t)
	reached := map[string]bool{"unspecified": true, "delivered": true, "no_error": true,
		"complaint": true, "auto_reply": true} // these four by how it ended
	for _, r := range c.Rules() {
		reached[r.Reason] = true
	}
	for _, b := range c.Basics() {
		reached[b.Reason] = true
	}
	for _, s := range c.Statuses() {
		reached[s.Reason] = true
	}
	for _, r := range c.Reasons() {
		if !reached[r.ID] {
			t.Errorf("no rule leads to %s", r.ID)
		}
	}
}

func TestClassify(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, test := range []struct {
		text, host  string
		ctx         codes.Context
		reason      string
		delivery    string
		permanent   codes.Tri
		action      codes.Action
		certainty   codes.Certainty
		after       time.Duration
		alternative string
	}{
		{text: "550 5.1.1 zork", reason: "user_unknown", delivery: "42550", permanent: codes.Yes,
			action: codes.ActionCorrectAddress, certainty: codes.Documented},
		{text: "450 4.1.1 zork", reason: "user_unknown", delivery: "42450", permanent: codes.No, action: codes.ActionWait,
			certainty: codes.Documented},
		{text: "550 5.0.0 zork", reason: "unspecified", delivery: "42550", permanent: codes.Yes,
			action: codes.ActionContactAdmin, certainty: codes.Unconfirmed},
		{text: "450 zork", reason: "unspecified", delivery: "42450", permanent: codes.No, action: codes.ActionWait, certainty: codes.Unconfirmed},
		{text: "250 2.0.0 Ok: queued", reason: "delivered", delivery: "40000", permanent: codes.Unknown,
			action: codes.ActionNone, certainty: codes.Documented},
		{text: "521 zork", reason: "no_mail_host", delivery: "42521", permanent: codes.Yes,
			action: codes.ActionCorrectAddress, certainty: codes.Documented},
		{text: "zork", reason: "unspecified", permanent: codes.Unknown, action: codes.ActionContactAdmin, certainty: codes.Unconfirmed},
		{ctx: codes.Context{Event: codes.EventNoRoute}, reason: "domain_unknown", delivery: "41605", permanent: codes.Yes,
			action: codes.ActionCorrectAddress, certainty: codes.Documented},
		{ctx: codes.Context{Event: codes.EventDeadline}, reason: "expired", delivery: "41606", permanent: codes.Yes,
			action: codes.ActionWait, certainty: codes.Documented},
		{ctx: codes.Context{Event: codes.EventTimeout, Stage: codes.StageBody}, reason: "connection_failed",
			delivery: "40001", permanent: codes.Unknown, action: codes.ActionNone, certainty: codes.Documented},
		{ctx: codes.Context{Event: codes.EventTimeout, Stage: codes.StageRcpt}, reason: "connection_failed",
			delivery: "41606", permanent: codes.Unknown, action: codes.ActionWait, certainty: codes.Documented},
		{text: "Connected to 192.0.2.1 but connection died. Possible duplicate! (#4.4.2)",
			ctx: codes.Context{Event: codes.EventTimeout, Stage: codes.StageBody}, reason: "connection_failed",
			delivery: "40001", permanent: codes.Unknown, action: codes.ActionNone},
		{text: "450 4.2.0 Greylisted, try again in 5 minutes", reason: "greylisted", delivery: "42450", permanent: codes.No,
			action: codes.ActionWait, after: 5 * time.Minute},
		{text: "450 4.2.0 Greylisted, see you in 5 minutes", ctx: codes.Context{Event: codes.EventDeadline},
			reason: "greylisted", delivery: "41606", permanent: codes.No, action: codes.ActionWait},
		// Gmail uses 7.26 in its own sense.
		{text: "550-5.7.26 This mail has been blocked because the sender is unauthenticated.",
			host: "gmail-smtp-in.l.google.com", reason: "authentication", delivery: "42550", permanent: codes.Yes, action: codes.ActionFixDNS},
		{text: "550 5.1.1 zork", ctx: codes.Context{Event: codes.EventBounced}, reason: "user_unknown", delivery: "90000",
			permanent: codes.Yes, action: codes.ActionCorrectAddress},
		{text: "559 zork", reason: "policy", delivery: "42559", permanent: codes.Yes},
		{text: "556 5.1.10 zork", reason: "no_mail_host", delivery: "42556", permanent: codes.Yes, action: codes.ActionCorrectAddress},
	} {
		p := paste.Parse(test.text)
		ctx := test.ctx
		ctx.Host = test.host
		v := c.Classify(p.Reply, ctx)
		if v.Reason.ID != test.reason || v.Delivery.ID != test.delivery || v.Permanent != test.permanent ||
			test.action != "" && v.Action != test.action ||
			test.certainty != "" && v.Certainty != test.certainty || test.after != 0 && v.RetryAfter != test.after {
			t.Errorf("%q %+v: %s %s permanent %d %s %s after %s (rule %s)", test.text, ctx, v.Reason.ID, v.Delivery.ID,
				v.Permanent, v.Action, v.Certainty, v.RetryAfter, v.Rule)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	c := load(t)
	for text, want := range map[string]time.Duration{
		"come again in 1 hour(s) 20 minute(s)":          80 * time.Minute,
		"wait 2 days and 3 hours":                       51 * time.Hour,
		"retry after 10 minutes, 5 times at most":       10 * time.Minute,
		"Try again in 5 minutes":                        5 * time.Minute,
		"Greylisted for 300 seconds, retry later":       5 * time.Minute,
		"please retry after 00:10:00":                   10 * time.Minute,
		"wait 1 hour before the next attempt":           time.Hour,
		"10分後に再送してください":                                 10 * time.Minute,
		"too many mails in 10 minutes":                  0,
		"sent 300 seconds of traffic":                   0,
		"try again later":                               0,
		"retry in 99999999999999999999 minutes":         0,
		"retry in 16000000 days":                        0,
		"try again, see https://example.test/5 minutes": 0,
	} {
		if got := c.Classify(codes.Reply{Code: 450, Lines: []string{text}}, codes.Context{}).RetryAfter; got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestOwnRulesComeFirst: a user knows the receivers of their trade.
func TestOwnRulesComeFirst(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files, codes.RuleFile{Name: "mine.yaml",
		Data: []byte("- {id: mine-1, match: the gnomes are asleep, reason: greylisted, en: Wait., ja: お待ちください。, example: " +
			"550 5.1.1 the gnomes are asleep}\n")})
	if err != nil {
		t.Fatal(err)
	}
	if v := c.Classify(paste.Parse("550 5.1.1 The  gnomes\tare asleep").Reply,
		codes.Context{Host: "mx.google.com"}); v.Rule != "mine-1" || v.Permanent != codes.No && v.Permanent != codes.Yes {
		t.Errorf("%+v", v)
	}
}

func TestOwnRulesAreChecked(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		"- {id: a, match: '(', reason: spam}":                 "mine.yaml: rule a: match",
		"- {id: a, match: foo, reason: nonsense}":             `no reason "nonsense"`,
		"- {id: a, match: foo, reasn: spam}":                  "field reasn not found",
		"- {id: a, reason: spam}":                             "neither match nor on",
		"- {id: a, on: 999, reason: spam}":                    "rule a: on",
		"- {match: foo, reason: spam}":                        "rule 1: has no id",
		"- {id: a, match: foo, reason: spam, remedies: [zz]}": `no remedy "zz"`,
		"- {id: gmail-01, match: foo, reason: spam}":          "same id",
		"":    "holds no rules",
		"- [": "mine.yaml",
		"- {id: a, match: foo, reason: spam, permanent: maybe}": "yes, no or either",
	} {
		_, err := codes.Load(codes.Files, codes.RuleFile{Name: "mine.yaml", Data: []byte(data)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", data, err, want)
		}
	}
}

func FuzzClassify(f *testing.F) {
	c, err := codes.Load(codes.Files)
	if err != nil {
		f.Fatal(err)
	}
	for _, r := range c.Rules() {
		f.Add(r.Example, "")
	}
	f.Add("550-5.7.26 x\r\n550 5.7.26 y", "aspmx.l.google.com.")
	f.Fuzz(func(t *testing.T, text, host string) {
		p := paste.Parse(text)
		p.Context.Host = host
		v := c.Classify(p.Reply, p.Context)
		if v.Reason.ID == "" || v.Meaning.IsZero() || v.Action == "" || v.Certainty == "" {
			t.Errorf("%q: a verdict says too little: %+v", text, v)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := codes.Load(codes.Files); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkClassify takes the examples of all rules in turn.
func BenchmarkClassify(b *testing.B) {
	c, err := codes.Load(codes.Files)
	if err != nil {
		b.Fatal(err)
	}
	var replies []codes.Reply
	for _, r := range c.Rules() {
		replies = append(replies, paste.Parse(r.Example).Reply)
	}
	n := 0
	for b.Loop() {
		c.Classify(replies[n%len(replies)], codes.Context{})
		n++
	}
}

// BenchmarkClassifyHostile: one line of a megabyte, made of what rules look for.
func BenchmarkClassifyHostile(b *testing.B) {
	c, err := codes.Load(codes.Files)
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []int{1 << 10, 1 << 14, 1 << 20} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			line := strings.Repeat("user unknown mailbox blocked spam ", size/34+1)[:size]
			for b.Loop() {
				p := paste.Parse("550 " + line)
				c.Classify(p.Reply, p.Context)
			}
		})
	}
}
