package report

import (
	"html/template"
	"net/netip"
	"strings"
	"testing"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/guide"
	"todoku/diag/spf"
	"todoku/diag/triage"
	"todoku/sender"
	"todoku/sender/event"
	"todoku/sender/smtp"
)

// pageOf is the page of one check with facts.
func pageOf(t *testing.T, f diag.Facts, severity diag.Severity, lang codes.Lang) string {
	t.Helper()
	res := diag.Result{Check: &diag.Check{Name: "x", Title: codes.Same("X")}, Facts: f}
	if severity > diag.OK {
		res.Findings = []diag.Finding{{Rule: &diag.Rule{ID: "x-y", Severity: severity}, Subject: "a.test"}}
	}
	r := &diag.Report{Target: diag.Target{Name: "a.test", ASCII: "a.test"}, Results: []diag.Result{res}}
	return printed(t, page.Web, Options{Lang: lang}, r)
}

// session is a transcript that ends with an answer.
func session(said string, code int) smtp.Transcript {
	return smtp.Transcript{{Took: time.Millisecond, Stage: codes.StageConnect, Reply: codes.Reply{Code: 220}},
		{At: time.Millisecond, Took: time.Millisecond, Stage: codes.StageRcpt, Sent: said, Reply: codes.Reply{Code: code}}}
}

// TestPageDrawsWhatFactsOffer: each kind of facts has its picture, in the language of the page, and it is open where there is
// a finding.
func TestPageDrawsWhatFactsOffer(t *testing.T) {
	t.Parallel()
	wait := int64(1000)
	for name, c := range map[string]struct {
		facts diag.Facts
		want  string
		title codes.Text
	}{
		"tree": {&check.SPFFacts{Domain: "a.test", Record: "v=spf1", Lookups: 1,
			Tree: []*spf.Node{{Term: "include:b.test", Running: 1, Result: "void"}}},
			">include:b.test (void)</text>", codes.Text{EN: "DNS look-ups of SPF", JA: "SPFのDNS参照"}},
		"way": {&check.HeadersFacts{Size: 1, Hops: []check.HeadersHop{{From: "pc.test", By: "mx.test"}, {By: "box.test", DelayMS: &wait}}},
			"&#43;1s</text>", codes.Text{EN: "Way of the mail", JA: "メールの経路"}},
		"session": {&check.SMTPFacts{Hosts: []check.SMTPHost{{Host: "mx.test", Address: "192.0.2.1", Steps: session("RCPT TO:<b@a.test>", 550)}}},
			">RCPT TO:&lt;b@a.test&gt;", codes.Text{EN: "Session with the server", JA: "サーバーとのセッション"}},
	} {
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			calm, wrong := pageOf(t, c.facts, diag.OK, lang), pageOf(t, c.facts, diag.Fail, lang)
			for _, want := range []string{c.want, c.title.In(lang)} {
				if !strings.Contains(calm, want) {
					t.Errorf("%s: no %q", name, want)
				}
			}
			folded := "<details><summary>" + codes.Text{EN: "as a picture", JA: "図で表示"}.In(lang)
			open := strings.Replace(folded, "<details>", "<details open>", 1)
			if !strings.Contains(calm, folded) || !strings.Contains(wrong, open) {
				t.Errorf("%s: it is open where nothing is wrong, or folded where something is", name)
			}
		}
	}
	if out := pageOf(t, hostile("nothing to draw"), diag.OK, codes.English); strings.Contains(out, "<svg") {
		t.Error("something is drawn of facts that offer nothing")
	}
}

// TestPageDrawsHostileFacts: what servers say becomes no element in a picture.
func TestPageDrawsHostileFacts(t *testing.T) {
	t.Parallel()
	const evil = "</text></svg><script>alert(1)</script><img src=x onerror=alert(1)>\" onclick=\"x\u202e\x1b[31m"
	for _, f := range []diag.Facts{
		&check.SPFFacts{Domain: evil, Record: evil, Tree: []*spf.Node{{Term: evil, Result: evil}}},
		&check.HeadersFacts{Size: 1, Hops: []check.HeadersHop{{From: evil, By: evil}}},
		&check.SMTPFacts{Hosts: []check.SMTPHost{{Host: evil, Address: evil, Steps: session(evil, 550)}}},
	} {
		out := pageOf(t, f, diag.Fail, codes.English)
		names, attributes := elements(t, out)
		if count(names, "svg") != 1 || count(names, "script") != 1 || count(names, "img") != 0 ||
			len(attributes["onclick"])+len(attributes["onerror"]) > 0 {
			t.Errorf("%T: %v %v", f, names, attributes)
		}
		if i := strings.IndexFunc(out, func(c rune) bool { return page.Hidden(c) && c != '\n' }); i >= 0 {
			t.Errorf("%T: hidden: %q", f, out[max(i-20, 0):i+20])
		}
	}
}

// TestSessionsThatAreNotDrawnAreCounted: of many sessions the last ones of a mail are drawn, and the first ones of a check.
func TestSessionsThatAreNotDrawnAreCounted(t *testing.T) {
	t.Parallel()
	var mail []sender.Conversation
	var facts check.SMTPFacts
	var visits []guide.Visit
	for _, host := range []string{"a", "b", "c", "d", "e", "f"} {
		at := netip.MustParseAddrPort("192.0.2.1:25")
		mail = append(mail, sender.Conversation{Host: host + ".test", Address: at, Steps: session("RCPT", 250)})
		facts.Hosts = append(facts.Hosts, check.SMTPHost{Host: host + ".test", Steps: session("RCPT", 250)})
		visits = append(visits, guide.Visit{Host: host + ".test", Address: at, Steps: session("RCPT", 250)})
	}
	for want, v := range map[string]drawnView{"f.test": conversationPictures(mail, Options{}),
		"a.test": factsPictures(&facts, false, codes.English), "b.test": visitPictures(visits, codes.English)} {
		all := ""
		for _, p := range v.Pictures {
			all += string(p)
		}
		if len(v.Pictures) != maxSessions || v.Left != "sessions that are not drawn: 2" || !strings.Contains(all, want) {
			t.Errorf("%s: %d pictures, %q", want, len(v.Pictures), v.Left)
		}
	}
}

// TestTriageIsDrawnOverTime: each group has its row; events of one moment have no time to draw.
func TestTriageIsDrawnOverTime(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 6, 3, 9, 0, 0, 0, time.UTC)
	tally := triage.New(triage.Options{By: triage.ByDomain})
	add := func(minute int, to string) {
		tally.Add(&event.Event{Action: event.Failed, Time: from.Add(time.Duration(minute) * time.Minute), Recipient: to})
	}
	draw := func() []template.HTML {
		r := tally.Result()
		return (&triagePage{text: makeWebText(Options{}).text, r: r, list: r.ByWeight()}).timesPicture().Pictures
	}
	add(0, "x@a.test")
	if len(draw()) > 0 {
		t.Error("one moment is drawn as a time")
	}
	add(5, "x@b.test")
	add(90, "y@b.test")
	out := string(draw()[0])
	for _, want := range []string{" · a.test · ", ">1 · b.test · ", ">09:00</text>", ">10:30</text>"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q", want)
		}
	}
}
