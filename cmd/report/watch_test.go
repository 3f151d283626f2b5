package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/baseline"
	"todoku/diag/resolve"
	"todoku/diag/watch"
)

// said is a text in both languages.
func said(en, ja string) codes.Text { return codes.Text{EN: en, JA: ja} }

// someChanges are changes of each turn: three of one cause, and some alone.
func someChanges() []watch.Change {
	before := noon.Add(-24 * time.Hour)
	list := []watch.Change{
		{Domain: "a.test", Turn: watch.Mended, Check: "dmarc", Rule: "dmarc-none", Subject: "a.test", Severity: "warn",
			First:   before.Add(-72 * time.Hour),
			Message: said("no DMARC record", "DMARCレコードがありません")},
		{Domain: "xn--r8jz45g.test", Turn: watch.Unknown, Check: "mx", Severity: "unknown", First: noon,
			Message: said("no answer within the time limit", "制限時間内に応答がありませんでした")},
		{Domain: "note.test", Turn: watch.New, Check: "bimi", Rule: "bimi-none", Subject: "note.test", Severity: "info", First: noon,
			Message: said("no logo", "ロゴがありません")},
	}
	for _, d := range []string{"a.test", "b.test", "c.test"} {
		list = append(list, watch.Change{Domain: d, Turn: watch.New, Check: "spf", Rule: "spf-include-none", Subject: "_spf.esp.test",
			Severity: "fail",
			First:    noon, Culprit: "esp.test", Message: said("include:_spf.esp.test has no SPF record",
				"include:_spf.esp.test のSPFレコードがありません")})
	}
	for i := range list {
		list[i].At, list[i].Before = noon, before
	}
	return list
}

// sequence are values without an error.
func sequence[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func aRound() *WatchRound {
	return &WatchRound{Started: noon, Elapsed: 3200 * time.Millisecond, Domains: 5, First: 1, Changes: sequence(someChanges())}
}

// aState is a state with a finding, a silence, and record sets.
func aState() watch.State {
	return watch.State{
		Findings: []watch.Standing{
			{Known: baseline.Known{Check: "spf", Rule: "spf-include-none", Subject: "_spf.esp.test"}, Severity: "fail",
				First: noon, Culprit: "esp.test",
				Message: said("include:_spf.esp.test has no SPF record", "include:_spf.esp.test のSPFレコードがありません")},
			{Known: baseline.Known{Check: "dkim", Rule: "dkim-none-found", Subject: "a.test"}, Severity: "info", First: noon.Add(-240 * time.Hour),
				Message: said("no key was found", "鍵は見つかりませんでした")}},
		Silent: []watch.Silence{{Check: "mx", Kind: "timeout", Since: noon, Last: noon.Add(-24 * time.Hour),
			Message: said("no answer within the time limit", "制限時間内に応答がありませんでした")}},
		Values: []watch.Value{{Name: "a.test", Type: "TXT", Values: []string{"v=spf1 include:_spf.esp.test -all"}, First: noon},
			{Name: "s1._domainkey.a.test", Type: "TXT", First: noon}},
		Expires: []watch.Expiry{{Host: "mx1.a.test", Use: "smtp", At: noon.Add(10 * 24 * time.Hour)}},
	}
}

func aFleet() *Fleet {
	s := watch.NewSummary()
	s.Count("a.test", aState())
	s.Count("b.test", watch.State{})
	return &Fleet{At: noon, Domains: 3, Chunks: 1, Never: 1, Overdue: 1, Lag: 3 * time.Hour, Rate: 12.5, Took: 4 * time.Second,
		OldestLook: noon.Add(-time.Hour), NewestLook: noon, Summary: s, Queue: &watch.Depth{Waiting: 2, Running: 1, Dead: 1}, AlertsWaiting: 1,
		Incidents: []watch.Incident{{Key: watch.Key{Turn: watch.New, Culprit: "esp.test"}, Severity: "fail",
			Opened: noon, Count: 5000, Standing: 4800,
			Message:  said("include:_spf.esp.test has no SPF record", "include:_spf.esp.test のSPFレコードがありません"),
			Examples: []watch.Example{{Domain: "a.test", Rule: "spf-include-none"}}}},
		Findings: sequence(StandingRows("a.test", noon, aState(), codes.English))}
}

func aWatched() WatchedRow {
	return WatchedRow{Domain: "xn--r8jz45g.test", Name: "例え.test", Every: 86400, Status: "fail", Findings: 2, Rules: []string{"spf-none"},
		Silent: []string{"mx"}, Since: Stamp(noon), Added: Stamp(noon), First: Stamp(noon), Looked: Stamp(noon), Due: Stamp(noon)}
}

func aTimeline() *Timeline {
	before := noon.Add(-24 * time.Hour)
	return &Timeline{Domain: "a.test", Every: 24 * time.Hour, Added: noon.Add(-240 * time.Hour), First: noon.Add(-240 * time.Hour),
		Looked: noon,
		Due:    noon.Add(24 * time.Hour), Status: "fail", State: aState(), Changes: []watch.Change{someChanges()[3], someChanges()[0]},
		Past: []watch.Past{
			{Value: watch.Value{Name: "a.test", Type: "TXT", Values: []string{"v=spf1 ip4:192.0.2.1 include:_spf.old.test -all"}}, Last: before},
			{Value: watch.Value{Name: "s1._domainkey.a.test", Type: "TXT", Values: []string{"v=DKIM1; p=AAAA"}}, Last: before}},
		Events: []MailEvents{{Hour: noon, Reason: "policy_block", Class: "policy_block", Provider: "gmail", Code: "42550",
			Count: 12, First: noon.Add(7 * time.Minute),
			Last: noon.Add(40 * time.Minute), Example: "550-5.7.26 unauthenticated", Source: "/var/log/mail.log"}}}
}

// inText prints a document as text in a language.
func inText[T any](t *testing.T, d Document[T], f page.Format, lang codes.Lang, v T) string {
	t.Helper()
	var b bytes.Buffer
	if err := writeAll(d, f, &b, Options{Lang: lang, Now: noon, Version: "1.2.3"}, []T{v}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWatchGoldens holds what people read of a fleet against what was agreed.
func TestWatchGoldens(t *testing.T) {
	t.Parallel()
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for name, out := range map[string]string{
			"watch-round.":    inText(t, WatchRounds, page.TextFormat, lang, aRound()),
			"watch-fleet.":    inText(t, Fleets, page.TextFormat, lang, aFleet()),
			"watch-timeline.": inText(t, Timelines, page.TextFormat, lang, aTimeline()),
			"watch-list.":     inText(t, Watched, page.TextFormat, lang, aWatched()),
		} {
			golden(t, name+string(lang)+".txt", out)
		}
	}
}

// TestOneCauseIsToldOnce: domains that suffer from one provider are one entry, with how many they are.
func TestOneCauseIsToldOnce(t *testing.T) {
	t.Parallel()
	out := inText(t, WatchRounds, page.TextFormat, codes.English, aRound())
	if n := strings.Count(out, "spf-include-none"); n != 1 {
		t.Errorf("told %d times:\n%s", n, out)
	}
	if !strings.Contains(out, "3 domains") || !strings.Contains(out, "a.test, b.test, c.test") {
		t.Errorf("not how many, or not which:\n%s", out)
	}
}

// TestALookThatSawNothingIsNoAnswer: where no check could look nobody knows whether something changed. Where some could, it is told
// of how many domains nothing was seen.
func TestALookThatSawNothingIsNoAnswer(t *testing.T) {
	t.Parallel()
	for silent, want := range map[int]string{
		0: "Nothing changed (5 domains looked at in 3.2 s).\n",
		2: "Nothing changed (5 domains looked at in 3.2 s, no check could look at 2 of\nthem).\n",
		5: "No check could look at any domain: whether something changed is unknown (5\ndomains looked at in 3.2 s).\n\n" +
			"next: todoku watch status\n",
	} {
		r := &WatchRound{Started: noon, Elapsed: 3200 * time.Millisecond, Domains: 5, Silent: silent, Changes: sequence[watch.Change](nil)}
		if out := inText(t, WatchRounds, page.TextFormat, codes.English, r); out != want {
			t.Errorf("%d: %q", silent, out)
		}
		if out := inText(t, WatchRounds, page.JSON, codes.English, r); !strings.Contains(out, `"silent": `+strconv.Itoa(silent)) {
			t.Errorf("%d: %s", silent, out)
		}
	}
}

// TestEachCheckOfASilenceIsNamed, or how many more there are.
func TestEachCheckOfASilenceIsNamed(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{9: "c08", 12: "c11", 14: "c11 and 2 more"} {
		var list []watch.Change
		for i := range n {
			list = append(list, watch.Change{Domain: "a.test", At: noon, Before: noon, Turn: watch.Unknown, Check: fmt.Sprintf("c%02d", i),
				Severity: "unknown", Culprit: "192.0.2.53", Message: said("no answer", "応答がありません")})
		}
		r := &WatchRound{Started: noon, Domains: 1, Changes: sequence(list)}
		out := strings.Join(strings.Fields(inText(t, WatchRounds, page.TextFormat, codes.English, r)), " ")
		if !strings.Contains(out, want) || strings.Contains(out, "more") != (n > 12) {
			t.Errorf("%d: %s", n, out)
		}
	}
}

// TestABrokenListIsNoAnswer: where the changes cannot be read, no format says that there are none.
func TestABrokenListIsNoAnswer(t *testing.T) {
	t.Parallel()
	broken := errors.New("the store is gone")
	for _, f := range WatchRounds.Formats() {
		r := aRound()
		r.Changes = func(yield func(watch.Change, error) bool) { yield(watch.Change{}, broken) }
		if err := writeAll(WatchRounds, f, io.Discard, Options{}, []*WatchRound{r}); !errors.Is(err, broken) {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// TestTurnoversPairBeforeAndAfter: a record set that changed twice has two entries, each with what came next.
func TestTurnoversPairBeforeAndAfter(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	past := func(value string, first, last time.Duration) watch.Past {
		return watch.Past{Value: watch.Value{Name: "a.test", Type: "TXT", Values: []string{value}, First: noon.Add(first)}, Last: noon.Add(last)}
	}
	l := Timeline{Domain: "a.test", Past: []watch.Past{past("one", -9*day, -8*day), past("two", -7*day, -3*day)},
		State: watch.State{Values: []watch.Value{{Name: "a.test", Type: "TXT", Values: []string{"three"}, First: noon.Add(-2 * day)}}}}
	got := l.Turnovers()
	if len(got) != 2 || got[0].Before[0] != "two" || got[0].After[0] != "three" || got[1].Before[0] != "one" || got[1].After[0] != "two" {
		t.Errorf("%+v", got)
	}
}

// TestWordsThatAreAllOfAValueAreNotToldTwice: of a key that became another one the values say all; of a list its terms are told.
func TestWordsThatAreAllOfAValueAreNotToldTwice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, after string
		told          string // "" is nothing besides the values
	}{
		{"3 1 1 " + strings.Repeat("a", 64), "3 1 1 " + strings.Repeat("b", 64), ""},
		{"v=DKIM1; k=rsa; p=" + strings.Repeat("A", 390), "v=DKIM1; k=rsa; p=" + strings.Repeat("B", 390), ""},
		{"v=spf1 include:a.test ip4:192.0.2.0/24 -all", "v=spf1 ip4:192.0.2.0/24 ~all", "−include:a.test −-all +~all"},
	} {
		l := &Timeline{Domain: "a.test", Looked: noon, Past: []watch.Past{
			{Value: watch.Value{Name: "a.test", Type: "TXT", Values: []string{c.before}}, Last: noon.Add(-time.Hour)}},
			State: watch.State{Values: []watch.Value{{Name: "a.test", Type: "TXT", Values: []string{c.after}, First: noon}}}}
		out := makeWatchPage(nil, Options{Lang: codes.English, Now: noon}).happenedTo(l)
		if len(out) != 1 || out[0].Detail != c.told || !slices.Equal(out[0].Is, []string{c.after}) {
			t.Errorf("%+v", out)
		}
	}
}

// TestATimelineKnowsTheFirstLook: what the first look found may be older than it, what a later one found is not. The next look is
// told where one is planned.
func TestATimelineKnowsTheFirstLook(t *testing.T) {
	t.Parallel()
	found := func(rule string, at time.Time) watch.Standing {
		return watch.Standing{Known: baseline.Known{Check: "spf", Rule: rule, Subject: "a.test"}, Severity: "warn", First: at,
			Message: said(rule, rule)}
	}
	first := noon.Add(-time.Hour)
	l := &Timeline{Domain: "a.test", Every: time.Hour, First: first, Looked: noon, Due: first, Status: "warn",
		State: watch.State{Findings: []watch.Standing{found("old", first.Add(271*time.Microsecond)), found("newer", noon)}}}
	text := inText(t, Timelines, page.TextFormat, codes.English, l)
	for _, want := range []string{"since 2026-11-23 11:00 or before (59 minutes)", "since 2026-11-23 12:00\n",
		"looked at 2026-11-23 12:00, every 1 hour\n",
		"Nothing changed since it is watched."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	l.Due, l.Since = noon.Add(time.Hour), noon.Add(-time.Minute)
	text = inText(t, Timelines, page.TextFormat, codes.English, l)
	for _, want := range []string{"every 1 hour, next 2026-11-23 13:00", "Nothing changed since 2026-11-23 11:59."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// TestErrorWordsAreInBothLanguages: what a question came to is told in each language, with the question.
func TestErrorWordsAreInBothLanguages(t *testing.T) {
	t.Parallel()
	w := ErrorWords(errors.Join(&resolve.Error{Kind: resolve.KindTimeout, Name: "a.test", Type: "MX", Server: "192.0.2.53"},
		&resolve.Error{Kind: resolve.KindServFail, Name: "b.test", Type: "TXT"}))
	for _, s := range []string{w.EN, w.JA} {
		if !strings.Contains(s, "a.test MX") || !strings.Contains(s, "192.0.2.53") || !strings.Contains(s, "SERVFAIL") {
			t.Errorf("%q", s)
		}
	}
	if w.EN == w.JA || !strings.Contains(w.JA, "応答") {
		t.Errorf("%q %q", w.EN, w.JA)
	}
}

// parquetRows reads a Parquet file as any reader does, and gives the names of its columns with the number of its rows.
func parquetRows(out string) (names []string, err error) {
	f, err := parquet.OpenFile(strings.NewReader(out), int64(len(out)))
	if err != nil {
		return nil, err
	}
	for _, c := range f.Schema().Columns() {
		names = append(names, c[0])
	}
	return names, nil
}

// TestParquetHoldsWhatStands: another reader finds the same rows as CSV has, with the same columns.
func TestParquetHoldsWhatStands(t *testing.T) {
	t.Parallel()
	out := inText(t, Fleets, page.Parquet, codes.Japanese, aFleet())
	names, err := parquetRows(out)
	if err != nil || !slices.Equal(names, FleetRow{}.Columns()) {
		t.Fatalf("%v %v", names, err)
	}
	rows, err := parquet.Read[FleetRow](strings.NewReader(out), int64(len(out)))
	if want := StandingRows("a.test", noon, aState(), codes.English); err != nil || !slices.Equal(rows, want) {
		t.Errorf("%v %v", rows, err)
	}
}
