package alert_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/lab"
	"todoku/diag/mx"
	"todoku/diag/resolve"
	"todoku/diag/watch"
	"todoku/diag/watch/alert"
	"todoku/sender"
	"todoku/sender/mail"
)

func address(t *testing.T, s string) mail.Address {
	t.Helper()
	a, err := mail.ParseAddress("address", s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestNoticesAsMail go out by our own sender, ask for no answer, and can be told from others when they come twice.
func TestNoticesAsMail(t *testing.T) {
	t.Parallel()
	l, err := lab.Open(context.WithoutCancel(t.Context()), lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dns, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}})
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	d := &sender.Deliverer{Router: mx.Router{DNS: dns}, Codes: catalogue,
		Open: sender.Dialer{Dial: l.Dial, Roots: l.Roots(), Helo: "out.healthy.test", Timeout: 10 * time.Second}.Open}
	defer d.Close()
	post := func(to string, n alert.Notice) error {
		c, err := alert.Parse("mailto:" + to)
		if err != nil {
			t.Fatal(err)
		}
		return c.Letters(address(t, "todoku@healthy.test"), d).Tell(t.Context(), n)
	}
	n := alert.NewNotice([]watch.Delivery{{ID: 7, Incident: broken(1, "provider.example", 5000)}}, words(codes.Japanese), began())
	for range 2 {
		if err := post("user@healthy.test", n); err != nil {
			t.Fatal(err)
		}
	}
	got := l.Messages("user@healthy.test")
	if len(got) != 2 {
		t.Fatalf("%d mails", len(got))
	}
	var ids []string
	for _, m := range got {
		for _, want := range []string{"Auto-Submitted: auto-generated\r\n", "List-Id: <todoku-alerts.healthy.test>\r\n",
			"\r\nDate: Fri, 02 Jan 2026 03:04:05 +0000\r\n"} {
			if !strings.Contains("\r\n"+string(m.Data), want) {
				t.Errorf("no %q in\n%s", want, m.Data)
			}
		}
		_, id, _ := strings.Cut(string(m.Data), "Message-ID: ")
		id, _, _ = strings.Cut(id, "\r\n")
		ids = append(ids, id)
	}
	if ids[0] != ids[1] || ids[0] == "" {
		t.Errorf("ids %v", ids)
	}
	f, ok := post("nobody@user-unknown.test", n).(*alert.Failure)
	if !ok || f.Wait < time.Hour || f.Says == "" {
		t.Errorf("a mailbox that does not exist: %+v", f)
	}
}

// TestWords: what happened, since when, how many, whose, and what to do next, in both languages.
func TestWords(t *testing.T) {
	t.Parallel()
	silent := watch.Incident{ID: 2, Key: watch.Key{Turn: watch.Unknown, Culprit: "192.0.2.53"}, Severity: "unknown", Opened: began(),
		Count: 100_000, Standing: 100_000, Message: codes.Text{EN: "no answer", JA: "応答がありません"},
		Examples: []watch.Example{{Domain: "a.test", Message: codes.Text{EN: "no answer", JA: "応答がありません"}}}}
	over := silent
	over.Recovered = began().Add(time.Hour)
	for _, c := range []struct {
		lang codes.Lang
		d    watch.Delivery
		has  []string
	}{
		{codes.English, watch.Delivery{Incident: broken(1, "provider.example", 5000)}, []string{
			"provider.example: new problem in 5000 domains", "since: 2026-01-02 03:04:05 UTC", "a.test: no SPF record", "and 4995 more",
			"$ <watch>", "$ <check>", "$ <explain>"}},
		{codes.Japanese, watch.Delivery{Incident: broken(1, "provider.example", 5000)}, []string{
			"provider.example: 5000ドメインで新たな問題が見つかりました", "発生: 2026年1月2日(金)12:04:05(日本時間)",
			"a.test: SPFレコードがありません", "ほか4995ドメイン"}},
		{codes.English, watch.Delivery{Incident: silent}, []string{"192.0.2.53: 100000 domains could not be checked", "Nothing is known"}},
		{codes.Japanese, watch.Delivery{Incident: silent}, []string{"100000ドメインを検査できません", "状態は不明です"}},
		{codes.English, watch.Delivery{Incident: over, Over: true}, []string{"can be checked again", "until: 2026-01-02 04:04:05 UTC"}},
		{codes.Japanese, watch.Delivery{Incident: over, Over: true}, []string{"再び検査できるようになりました",
			"解消: 2026年1月2日(金)13:04:05"}},
		{codes.English, watch.Delivery{Incident: broken(3, "", 1)}, []string{"no SPF record: new problem in a.test"}},
	} {
		n := alert.NewNotice([]watch.Delivery{c.d}, words(c.lang), began())
		for _, want := range c.has {
			if !strings.Contains(n.Text, want) {
				t.Errorf("no %q in\n%s", want, n.Text)
			}
		}
		if strings.Contains(n.Text, "{") || strings.Contains(n.Title, "\n") {
			t.Errorf("%s\n%s", n.Title, n.Text)
		}
	}
}

// TestEachDomainIsAnExample before one of them is a second one, and those that are not shown are counted.
func TestEachDomainIsAnExample(t *testing.T) {
	t.Parallel()
	of := func(domains int, examples ...string) string {
		i := watch.Incident{ID: 1, Key: watch.Key{Turn: watch.Unknown, Culprit: "192.0.2.53"}, Severity: "unknown", Opened: began(),
			Count: domains}
		for n, domain := range examples {
			i.Examples = append(i.Examples, watch.Example{Domain: domain, Message: codes.Same(strconv.Itoa(n))})
		}
		text := alert.NewNotice([]watch.Delivery{{Incident: i}}, words(codes.English), began()).Text
		var lines []string
		for l := range strings.Lines(text) {
			if example, is := strings.CutPrefix(l, "  - "); is {
				lines = append(lines, strings.TrimSpace(example))
			}
		}
		return strings.Join(lines, ", ")
	}
	few := of(6, "a.test", "a.test", "a.test", "a.test", "a.test", "b.test", "c.test")
	many := of(7, "a.test", "b.test", "c.test", "d.test", "e.test", "f.test")
	for got, want := range map[string]string{
		few:                       "a.test: 0, a.test: 1, a.test: 2, b.test: 5, c.test: 6, and 3 more",
		many:                      "a.test: 0, b.test: 1, c.test: 2, d.test: 3, e.test: 4, and 2 more",
		of(1, "a.test", "a.test"): "a.test: 0, a.test: 1",
	} {
		if got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}
