package event

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"todoku/codes"
)

func testCatalogue(t testing.TB) *codes.Catalogue {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func noProvider(string) string { return "" }

// varied is what a rule's example is in the words of one mail: with other ids, addresses and times each time.
func varied(r *rand.Rand, example string) Event {
	domain := fmt.Sprintf("x%d.test", r.IntN(900))
	local := fmt.Sprintf("u%d", 1000+r.IntN(9000))
	id := fmt.Sprintf("%x", r.Uint64()|1<<63)
	words := fmt.Sprintf("host mx%d.%s[192.0.2.%d] said: %s [%s] <%s@%s> 10:%02d:07 #%d (in reply to end of DATA command)",
		r.IntN(9), domain, r.IntN(250), strings.ReplaceAll(example, "\n", " "), id, local, domain, 10+r.IntN(50), 10000+r.IntN(90000))
	return Event{Format: "postfix", Action: Failed, Recipient: local + "@" + domain, Diagnostic: words}
}

func TestRememberedAsJudgedAlone(t *testing.T) {
	t.Parallel()
	c := testCatalogue(t)
	r := rand.New(rand.NewPCG(5, 7))
	j := NewJudge(c, noProvider)
	for _, rule := range c.Rules() {
		if rule.Example == "" {
			continue
		}
		first, second := varied(r, rule.Example), varied(r, rule.Example)
		alone := second
		j.Judge(&first)
		j.Judge(&second)
		NewJudge(c, noProvider).Judge(&alone)
		if second.Verdict.Reason.ID != alone.Verdict.Reason.ID || second.Verdict.Rule != alone.Verdict.Rule ||
			second.Verdict.RetryAfter != alone.Verdict.RetryAfter {
			t.Errorf("%s: %s (%s), alone %s (%s)\n%s", rule.ID, second.Verdict.Reason.ID, second.Verdict.Rule,
				alone.Verdict.Reason.ID, alone.Verdict.Rule, second.Diagnostic)
		}
		second.Verdict, alone.Verdict = nil, nil
		if !reflect.DeepEqual(second, alone) {
			t.Errorf("%s:\n got %+v\nwant %+v", rule.ID, second, alone)
		}
	}
	if rules := len(c.Rules()); len(j.rulings) > rules*5/4 {
		t.Errorf("%d shapes of %d rules", len(j.rulings), rules)
	}
}

func TestManyLinesFewRulings(t *testing.T) {
	t.Parallel()
	c := testCatalogue(t)
	r := rand.New(rand.NewPCG(1, 2))
	j := NewJudge(c, noProvider)
	for range 5000 {
		e := varied(r, "452 4.2.2 The mailbox is over quota, try again in 300 seconds")
		j.Judge(&e)
		if e.Verdict.Reason.ID != "mailbox_full" || e.Reply.Code != 452 || e.Stage != codes.StageBody || e.Verdict.RetryAfter == 0 ||
			!strings.HasPrefix(e.Decided.In(e.Diagnostic), "452 4.2.2 The") || !strings.HasPrefix(e.Reply.Text(), "The mailbox") ||
			!strings.HasPrefix(e.RemoteMTA, "mx") {
			t.Fatalf("%+v", e)
		}
	}
	if len(j.rulings) != 1 {
		t.Errorf("%d rulings", len(j.rulings))
	}
}

func TestPauseOfEachReply(t *testing.T) {
	t.Parallel()
	j := NewJudge(testCatalogue(t), noProvider)
	for _, seconds := range []int{60, 900, 17} {
		e := Event{Action: Delayed, Recipient: "a@x.test", Diagnostic: fmt.Sprintf("450 4.7.1 Greylisted, try again in %d seconds", seconds)}
		j.Judge(&e)
		if got := int(e.Verdict.RetryAfter.Seconds()); got != seconds {
			t.Errorf("%d seconds, want %d", got, seconds)
		}
	}
	if len(j.rulings) != 1 {
		t.Errorf("%d rulings", len(j.rulings))
	}
}

func TestNamesAreNoWords(t *testing.T) {
	t.Parallel()
	j := NewJudge(testCatalogue(t), noProvider)
	for local, want := range map[string]string{"hanako": "user_unknown", "taro": "user_unknown"} {
		e := Event{Action: Failed, Recipient: local + "@x.test", Diagnostic: "550 5.1.1 unknown user: " + local}
		j.Judge(&e)
		if e.Verdict.Reason.ID != want {
			t.Errorf("%s: %s", local, e.Verdict.Reason.ID)
		}
	}
	if len(j.rulings) != 1 {
		t.Errorf("%d rulings", len(j.rulings))
	}
	spam := Event{Action: Failed, Recipient: "spam@x.test", Diagnostic: "554 5.7.1 rejected as spam"}
	virus := Event{Action: Failed, Recipient: "virus@x.test", Diagnostic: "554 5.7.1 rejected as virus"}
	j.Judge(&spam)
	j.Judge(&virus)
	if spam.Verdict.Rule == virus.Verdict.Rule && len(j.rulings) != 3 {
		t.Errorf("%s for both", spam.Verdict.Rule)
	}
}

func FuzzShape(f *testing.F) {
	f.Add("host mx1.x.test[192.0.2.1] said: 550-5.7.1 no 2001:db8::5\\n550 5.7.1 S3140 a9b8@x.test", "a9b8@x.test", 10)
	f.Add("10:11:12 :::: 5.1.1. <>@ x.1", "", 3)
	f.Fuzz(func(t *testing.T, words, recipient string, place int) {
		s := shaper{hosts: []string{domainOf(recipient)}, local: "u", keep: func(string) bool { return false }}
		s.shape(words)
		end := 0
		for _, c := range s.cuts {
			if c.Start < end || c.End <= c.Start || c.End > len(words) {
				t.Fatalf("cuts %v of %q", s.cuts, words)
			}
			end = c.End
		}
		if place < 0 || place > len(words) {
			return
		}
		if a, ok := anchorAt(place, s.cuts); ok && a.in(s.cuts) != place {
			t.Fatalf("%d became %d", place, a.in(s.cuts))
		}
	})
}
