package lab_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/lab"
	"todoku/diag/resolve"
)

const small = `$ORIGIN a.test.
@      TXT   "one"
alias  CNAME @
out    CNAME gone.elsewhere.test.
*.wild TXT   "any"
deep.x TXT   "deep"
circle CNAME circle2
circle2 CNAME circle
$FAULT lame.a.test TXT SERVFAIL ede=22
$FAULT *.lame.a.test * REFUSED
$FAULT late.a.test * DELAY ms=30
late   TXT   "late"
$FAULT big.a.test TXT TRUNCATE
big    TXT   "by TCP"
$FAULT silent.a.test * SILENCE
$FAULT garbage.a.test * GARBAGE
$FAULT id.a.test * WRONGID
$FAULT question.a.test * WRONGQUESTION
$FAULT endless.a.test * ENDLESSTCP
`

func start(t testing.TB, w *lab.World) *resolve.Client {
	t.Helper()
	l, err := lab.Start(context.Background(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	c, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	w, err := lab.ParseWorld(strings.NewReader(small), "small")
	if err != nil {
		t.Fatal(err)
	}
	c := start(t, w)
	for _, q := range []struct {
		name   string
		status resolve.Status
		text   string
		kind   resolve.Kind
	}{
		{"A.test", resolve.Found, "one", ""},
		{"alias.a.test", resolve.Found, "one", ""},
		{"out.a.test", resolve.NoName, "", ""},
		{"x.y.wild.a.test", resolve.Found, "any", ""},
		{"x.a.test", resolve.NoData, "", ""},
		{"none.a.test", resolve.NoName, "", ""},
		{"late.a.test", resolve.Found, "late", ""},
		{"big.a.test", resolve.Found, "by TCP", ""},
		{"lame.a.test", 0, "", resolve.KindServFail},
		{"below.lame.a.test", 0, "", resolve.KindRefused},
		{"circle.a.test", 0, "", resolve.KindLoop},
		{"silent.a.test", 0, "", resolve.KindTimeout},
		{"garbage.a.test", 0, "", resolve.KindMangled},
		{"id.a.test", 0, "", resolve.KindMangled},
		{"question.a.test", 0, "", resolve.KindMangled},
		{"endless.a.test", 0, "", resolve.KindTimeout},
	} {
		t.Run(q.name, func(t *testing.T) {
			t.Parallel()
			a, err := c.Ask(t.Context(), q.name, resolve.TypeTXT)
			var fail *resolve.Error
			if q.kind != "" {
				if !errors.As(err, &fail) || fail.Kind != q.kind {
					t.Errorf("%+v, %v; want %s", a, err, q.kind)
				}
				return
			}
			if err != nil || a.Status != q.status || q.text != "" && a.Records[0].Text != q.text {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

func TestWorldErrorsTellThePlace(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"$FAULT a.test TXT", "$FAULT a.test TXT EXPLODE", "$FAULT a.test TXT silence",
		"$FAULT a.test NOTYPE SILENCE", "$FAULT a..test TXT SILENCE",
		"$FAULTS a.test TXT SILENCE", "$FAULT a.test * DELAY", "$FAULT a.test * DELAY ms=x", "$FAULT a.test * DELAY ms=99999",
		"$FAULT a.test * DELAY when=1",
		"$FAULT a.test * DELAY ms=1 ms=2", "$FAULT a.test * SILENCE ms=1", "$FAULT a.test * REFUSED ede=22",
		"$FAULT twice.test * REFUSED", "a.test. MX mx", "$INCLUDE /etc/hostname",
	} {
		_, err := lab.ParseWorld(strings.NewReader("$FAULT twice.test * SERVFAIL ede=22 ; why\n"+bad+"\n"), "bad.world")
		if err == nil || !strings.HasPrefix(err.Error(), "bad.world") || !strings.Contains(err.Error(), "2") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestWorldIsWholeOrNone(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"a text that is cut":      strings.Repeat("; "+strings.Repeat("x", 1000)+"\n", 34_000) + "a.test. A 192.0.2.1\n",
		"a line without end":      "a.test. TXT " + strings.Repeat("x ", 1<<20),
		"too many records":        strings.Repeat("$GENERATE 1-60000 a$.test. A 192.0.2.1\n", 9),
		"an alias and more":       "a.test. CNAME b.test.\na.test. A 192.0.2.1\n",
		"more and an alias":       "a.test. A 192.0.2.1\na.test. CNAME b.test.\n",
		"two aliases":             "a.test. CNAME b.test.\na.test. CNAME c.test.\n",
		"an unfinished quotation": "a.test. TXT \"x\n",
	} {
		if w, err := lab.ParseWorld(strings.NewReader(text), "f"); err == nil || w != nil {
			t.Errorf("%s: taken", what)
		}
	}
}

func TestLoopbackOnly(t *testing.T) {
	t.Parallel()
	w, err := lab.ParseWorld(strings.NewReader(small), "small")
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"0.0.0.0:0", ":5300", "192.0.2.1:53", "localhost:0"} {
		if l, err := lab.Start(t.Context(), w, lab.Options{Addr: addr}); err == nil {
			l.Close()
			t.Errorf("%s was taken", addr)
		}
	}
}

// TestScenariosAreComplete: each has words in both languages, a line to type,
// and rules that exist and lead to its code.
func TestScenariosAreComplete(t *testing.T) {
	t.Parallel()
	if _, err := lab.DefaultWorld(); err != nil {
		t.Fatal(err)
	}
	rules := map[string]*diag.Rule{}
	for _, c := range check.All() {
		for _, r := range c.Rules {
			rules[r.ID] = r
		}
	}
	seen := map[string]bool{}
	for _, s := range lab.Scenarios() {
		if seen[s.Name] || s.Situation.EN == "" || s.Situation.JA == "" || !strings.Contains(strings.Join(s.Command.Argv(), " "), s.Name) {
			t.Errorf("%+v", s)
		}
		seen[s.Name] = true
		for _, id := range s.Rules {
			if rules[id] == nil {
				t.Errorf("%s: there is no rule %s", s.Name, id)
			} else if c := s.DeliveryCode; c != "" && rules[id].Severity > diag.Info && id == s.Rules[0] && !slices.Contains(rules[id].Codes, c) {
				t.Errorf("%s: %s does not lead to %s", s.Name, id, c)
			}
		}
	}
}

// TestEveryCheckHasAWorld: of each check the lab shows one rule that is broken.
func TestEveryCheckHasAWorld(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	for _, s := range slices.Concat(lab.Scenarios(), lab.SampleScenarios()) {
		for _, id := range s.Rules {
			shown[id] = true
		}
	}
	for _, c := range check.All() {
		if !slices.ContainsFunc(c.Rules, func(r *diag.Rule) bool { return shown[r.ID] }) && !shownByMail(c.Name) && !asksOthers(c.Name) {
			t.Errorf("no scenario of the lab breaks a rule of the check %s", c.Name)
		}
	}
}

// shownByMail reports whether a check of the receiving side is shown by the lab's mail servers, which tell no rules.
func shownByMail(check string) bool { return check == "address" || check == "smtp" }

// asksOthers reports whether a check asks what the lab does not have: filters, the web server of a sender, a log of sent mails.
func asksOthers(check string) bool {
	return check == "filter" || check == "unsubscribe" || check == "traffic"
}

// TestSyntheticStays: the same seed gives the same domains, whatever their
// number; another seed gives others.
func TestSyntheticStays(t *testing.T) {
	t.Parallel()
	answers := func(seed uint64, n int) (out []string) {
		w, err := lab.Synthetic(seed, n)
		if err != nil {
			t.Fatal(err)
		}
		l, err := lab.Start(t.Context(), w, lab.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		for i := range 40 {
			for _, q := range [][2]string{{"", "MX"}, {"", "TXT"}, {"_dmarc.", "TXT"}, {"selector1._domainkey.", "TXT"}} {
				r := ask(t, l, "tcp", fmt.Sprintf("%sd%d.test", q[0], i), q[1], 1232)
				out = append(out, dns.RcodeToString[r.Rcode]+" "+strings.Join(lines(r.Answer), " | "))
			}
		}
		return out
	}
	small := answers(1, 40)
	if !slices.Equal(small, answers(1, 2000)) {
		t.Error("more domains change the first ones")
	}
	if slices.Equal(small, answers(2, 40)) {
		t.Error("two seeds, one world")
	}
	if text := strings.Join(small, "\n"); !strings.Contains(text, "v=spf1") || !strings.Contains(text, "v=DMARC1") ||
		!strings.Contains(text, "CNAME") || !strings.Contains(text, " MX 10 ") {
		t.Error(text)
	}
}

func FuzzParseWorld(f *testing.F) {
	f.Add(small)
	f.Add("$GENERATE 1-60000 a$ A 192.0.2.1\n")
	f.Add("$FAULT . * SILENCE\n$FAULT *. TXT INCLUDEBOMB\n")
	f.Add("$AT 192.0.2.53 a.test. TXT x\n$AT 192.0.2.53 $FAULT a.test * UPWARD\n")
	f.Add("$FAULT a.test * DELAY ms=1 ; late\n*.a.test. CNAME a.test.\n")
	f.Fuzz(func(t *testing.T, s string) {
		if w, err := lab.ParseWorld(strings.NewReader(s), "f"); err == nil && w == nil {
			t.Error("neither a world nor an error")
		}
	})
}
