package cmd

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
)

func newTestTrail(t *testing.T) *trail {
	t.Helper()
	return startTrail(wholeCatalogue(t), (&app{}).runs, func(name string) bool { return name == "bounce.eml" })
}

// answerAs answers the question that is to come and demands that it is.
func answerAs(t *testing.T, w *trail, id, said string) {
	t.Helper()
	q := w.next().ask
	if q == nil || q.id != id {
		t.Fatalf("comes %+v, want the question %s", w.next(), id)
	}
	if _, err := w.answer(q, said); err != nil {
		t.Fatal(err)
	}
}

func TestTrailOfARefusal(t *testing.T) {
	t.Parallel()
	w := newTestTrail(t)
	answerAs(t, w, "symptom", "A")
	answerAs(t, w, "code", "42553")
	answerAs(t, w, "cause", chooseLook)
	answerAs(t, w, "fact:"+string(codes.PlaceSender), "news@kaisha.test")
	answerAs(t, w, "fact:"+string(codes.PlaceAddr), "user@example.test")
	answerAs(t, w, "fact:"+string(codes.PlaceIP), "")
	check := w.next().check
	if check == nil || page.Command(check.Command) != "todoku diagnose 42553 --from news@kaisha.test --to user@example.test" {
		t.Fatalf("check %+v", check)
	}
	w.done(*check)
	w.confirm([]string{"spf-none"})
	q := w.next().ask
	if q.id != "cause" || q.proposed != "cause2" || slices.ContainsFunc(q.choices, func(c choice) bool { return c.id == chooseLook }) {
		t.Fatalf("question %+v", q)
	}
	answerAs(t, w, "cause", "cause2")
	var steps []string
	for q := w.next().ask; q != nil; q = w.next().ask {
		steps = append(steps, strings.TrimPrefix(q.id, "step:"))
		if _, err := w.answer(q, chooseDone); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"countermeasure_spf", "countermeasure_dkim", "countermeasure_wait", "countermeasure_ask"}; !slices.Equal(steps, want) {
		t.Errorf("steps %v, want %v", steps, want)
	}
}

func TestTrailGoesBack(t *testing.T) {
	t.Parallel()
	w := newTestTrail(t)
	if w.back() {
		t.Error("there is something before the first question")
	}
	answerAs(t, w, "symptom", "A")
	answerAs(t, w, "code", "42550")
	answerAs(t, w, "cause", "cause1")
	answerAs(t, w, "check:1", chooseRun)
	for range 3 { // the check, the cause, the code
		if !w.back() {
			t.Fatal("cannot go back")
		}
	}
	answerAs(t, w, "code", "42559")
	answerAs(t, w, "cause", chooseAll)
	answerAs(t, w, "step:verify_address", chooseSolved)
	if n := w.next(); n.ask != nil || n.check != nil || w.facts[codes.PlaceCode] != "42559" {
		t.Errorf("after the solution comes %+v with %v", n, w.facts)
	}
}

func TestTrailWithPastedReply(t *testing.T) {
	t.Parallel()
	w := newTestTrail(t)
	answerAs(t, w, "symptom", chooseText)
	if _, err := w.next().ask.parse("hm"); err == nil {
		t.Error("no symptom is one")
	}
	answerAs(t, w, "fact:text", "550 5.1.1 <a@b.test>: user unknown")
	answerAs(t, w, "cause", chooseLook)
	if c := w.fill(w.pending.looks); c.Name() != "diagnose" || c.Argv()[2] != "550 5.1.1 <a@b.test>: user unknown" || !strings.Contains(page.Command(c.Command), "'550 5.1.1 <a@b.test>: user unknown'") {
		t.Errorf("check %q", c.Argv())
	}
}

// A bounce decides; without one the code is looked at.
func TestTrailOfABounce(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{"bounce.eml": "todoku diagnose bounce.eml", "": "todoku diagnose 90000"} {
		w := newTestTrail(t)
		answerAs(t, w, "symptom", "C")
		answerAs(t, w, "cause", chooseLook)
		if _, err := w.next().ask.parse("none.eml"); err == nil {
			t.Error("a file that is not there is taken")
		}
		for n := w.next(); n.ask != nil; n = w.next() {
			said := ""
			if n.ask.id == "fact:"+string(codes.PlaceFile) {
				said = file
			}
			answerAs(t, w, n.ask.id, said)
		}
		if c := w.next().check; c == nil || page.Command(c.Command) != want {
			t.Errorf("%q: runs %+v, want %s", file, c, want)
		}
	}
}

// Without anybody who answers every pattern ends, and no check sends a mail.
func TestTrailAlone(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"A", "B", "C", "D", "E", "F", "G"} {
		for _, checks := range []bool{false, true} {
			w := newTestTrail(t)
			w.checks = checks
			w.facts = facts{codes.PlaceSender: "news@kaisha.test", codes.PlaceAddr: "user@example.test", codes.PlaceHost: "mail.kaisha.test"}
			w.enter(id)
			ran := 0
			for n := w.next(); n.ask != nil || n.check != nil; n = w.next() {
				if n.check != nil {
					if ran++; n.check.Mails() || n.check.writes() || !checks {
						t.Errorf("%s: runs %s", id, page.Command(n.check.Command))
					}
					w.done(*n.check)
				} else if _, err := w.answer(n.ask, n.ask.fallback); err != nil {
					t.Fatal(err)
				}
				if ran > 20 || len(w.behind) > 60 {
					t.Fatalf("%s does not end", id)
				}
			}
			if len(w.states) != len(w.remedies()) || checks && ran == 0 && id != "E" {
				t.Errorf("%s: %d of %d steps, %d checks", id, len(w.states), len(w.remedies()), ran)
			}
		}
	}
}

func TestSymptoms(t *testing.T) {
	t.Parallel()
	w := newTestTrail(t)
	for said, want := range map[string]string{
		"a": "A", "G": "G", "pattern c": "C", "A": "A", "42553": "A", "42550": "A", "41606": "B", "90000": "C", "40000": "D", "42521": "G", "42421": "B",
		"550 5.7.26 unauthenticated": "A", "451 4.7.1 greylisted, try again later": "B",
		"届かない": "D", "メールが届いていない": "D", "nothing arrives": "D", "bounce": "C", "エラーメールが返ってきた": "C", "準備中": "F", "「準備中」のまま進まない": "F", "stays at preparing": "F",
		"エラー画面になる": "E", "submitting fails with an error page": "E", "受信拒否": "A", "no MX": "G", "宛先メールサーバーの不具合": "B", "junk": "D", "迷惑メール": "D",
	} {
		if got := readSymptom(w.catalogue, said).patterns; len(got) != 1 || got[0] != want {
			t.Errorf("%q: %v, want %s", said, got, want)
		}
	}
	if got := readSymptom(w.catalogue, "エラー").patterns; !slices.Equal(got, []string{"A", "C", "E"}) {
		t.Errorf("what may be several is %v", got)
	}
	for _, said := range []string{"hello", "", "zzz", "今日は"} {
		if got := readSymptom(w.catalogue, said).patterns; len(got) != 0 {
			t.Errorf("%q: %v", said, got)
		}
	}
}

func TestFillCommand(t *testing.T) {
	t.Parallel()
	known := facts{codes.PlaceSender: "it's@kaisha.test", codes.PlaceCode: "42550", codes.PlaceIP: ""}
	send := codes.Todoku("send", "--via", "HOST", "--to", "ADDR", "--from", "SENDER")
	for _, c := range []struct {
		template codes.Command
		want     string
	}{
		{codes.Todoku("diagnose", "CODE", "--from", "SENDER", "--to", "ADDR", "--ip", "IP"), `todoku diagnose 42550 --from 'it'\''s@kaisha.test'`},
		{codes.Todoku("check", "spf", "DOMAIN", "--ip", "IP"), "todoku check spf kaisha.test"},
		{codes.Todoku("check", "recipient", "ADDR"), "todoku check recipient ADDR"},
		{send, `todoku send --via HOST --to ADDR --from 'it'\''s@kaisha.test'`},
	} {
		if got := page.Command(fillCommand(c.template, known).Command); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	if c := fillCommand(send, known); !slices.Equal(c.lacks, []codes.Place{codes.PlaceHost, codes.PlaceAddr}) {
		t.Errorf("lacks %v", c.lacks)
	}
}

// alone is a test's home: nothing of the user's is read or written.
func alone(t *testing.T) []string {
	dir := t.TempDir()
	return append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "TODOKU_") }),
		"HOME="+dir, "XDG_STATE_HOME="+dir, "XDG_DATA_HOME="+dir, "LC_ALL=C", "GORACE=atexit_sleep_ms=0")
}

// TestGuideInPlainLines goes every pattern as a pipe would, in a process.
func TestGuideInPlainLines(t *testing.T) {
	t.Parallel()
	patterns := newTestTrail(t).catalogue.Patterns()
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for i, p := range patterns {
			t.Run(string(lang)+p.ID, func(t *testing.T) {
				t.Parallel()
				c := ownCommand(t, "guide", "--lang", string(lang), "--lab")
				c.Env = alone(t)
				// The symptom, then the last choice but one of whatever comes, until the end.
				c.Stdin = strings.NewReader(fmt.Sprintf("%d\n", i+1) + strings.Repeat("2\n", 12))
				var out, errs bytes.Buffer
				c.Stdout, c.Stderr = &out, &errs
				_ = c.Run()
				if s := c.ProcessState.ExitCode(); s != 0 && s != 1 {
					t.Errorf("exit %d: %s", s, &errs)
				}
				text := out.String()
				for _, want := range []string{p.Title.In(lang), map[codes.Lang]string{codes.English: "Question 2: ", codes.Japanese: "質問2: "}[lang], map[codes.Lang]string{codes.English: "Step 1 of ", codes.Japanese: "手順1/"}[lang]} {
					if !strings.Contains(text, want) {
						t.Errorf("no %q in\n%s", want, text)
					}
				}
				if strings.ContainsAny(text, "\x1b\r") {
					t.Errorf("the cursor is moved in\n%q", text)
				}
				if lang == codes.English && strings.ContainsFunc(text, isJapanese) {
					t.Errorf("Japanese in\n%s", text)
				}
			})
		}
	}
}

func guideSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, _ := report.SchemaNamed(report.GuideSchemaName)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(report.GuideSchemaName, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(report.GuideSchemaName)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestGuideJSON(t *testing.T) {
	t.Parallel()
	schema := guideSchema(t)
	for _, line := range []string{"guide A", "guide B --run --to user@takes.test", "guide 90000", "guide D --run --from news@no-spf.test", "guide E --run --yes", "guide F --run", "guide G --run --to user@no-mx.test",
		"guide --pattern A --code 42553 --from news@no-spf.test --to user@takes.test --ip 192.0.2.7 --cause 2 --run"} {
		for _, lang := range []string{"en", "ja"} {
			status, out, errs := typed(t, nil, "todoku --lab --format json --lang "+lang+" "+line)
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
			if err == nil {
				err = schema.Validate(doc)
			}
			if err != nil || status == exitUsage {
				t.Errorf("%s: exit %d, %v, %s\n%s", line, status, err, errs, out)
			}
		}
	}
}

// changing is what differs from run to run in a record.
var changing = regexp.MustCompile(`\d+(\.\d+)?(µs|ms|s\b| ms| s\b|ミリ秒|秒)|\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}`)

func timelessRecord(s string) string {
	return regexp.MustCompile(` +`).ReplaceAllString(changing.ReplaceAllString(s, "N"), " ")
}

func TestGuideExport(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ja"} {
		file := filepath.Join(t.TempDir(), "ticket.md")
		status, _, errs := typed(t, nil, "todoku --lab guide 42550 --from news@no-spf.test --to user@takes.test --run --lang "+lang+" --export "+file)
		got, err := os.ReadFile(file)
		if err != nil || status != exitWrong || !strings.Contains(errs, file) {
			t.Errorf("exit %d, %v, %s", status, err, errs)
		}
		text := timelessRecord(string(got))
		_, same, _ := typed(t, nil, "todoku --lab guide 42550 --from news@no-spf.test --to user@takes.test --run --format markdown --lang "+lang)
		if timelessRecord(same) != text {
			t.Errorf("--format markdown differs:\n%s", same)
		}
		record, outputs, _ := strings.Cut(text, map[string]string{"en": "## Output of the checks", "ja": "## 確認の出力"}[lang])
		golden(t, "../guide/export."+lang+".md", record)
		if strings.Count(outputs, "\n### `todoku ") != 3 || !strings.Contains(outputs, `IN TXT "v=spf1 mx ~all"`) {
			t.Errorf("outputs: %s", outputs)
		}
	}
}
