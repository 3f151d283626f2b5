package walk

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/guide"
)

func started(t *testing.T) *State {
	t.Helper()
	return starting(t, Options{})
}

func starting(t *testing.T, o Options) *State {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	o.Runs = func(codes.Command) bool { return true }
	o.Read = func(place codes.Place, said string) (string, error) {
		if place == codes.PlaceFile && said != "" && said != "bounce.eml" {
			return "", errors.New("there is no such file")
		}
		return said, nil
	}
	return Start(c, o)
}

// line is a command as its words, unquoted.
func line(c codes.Command) string { return strings.Join(c.Argv(), " ") }

// answerAs answers the question that is to come and demands that it is.
func answerAs(t *testing.T, w *State, id, said string) {
	t.Helper()
	q := w.Next().Ask
	if q == nil || q.ID != id {
		t.Fatalf("comes %+v, want the question %s", w.Next(), id)
	}
	if _, err := w.Answer(q, said); err != nil {
		t.Fatal(err)
	}
}

func TestWalkOfARefusal(t *testing.T) {
	t.Parallel()
	w := started(t)
	answerAs(t, w, "symptom", "A")
	answerAs(t, w, "code", "42553")
	answerAs(t, w, "cause", ChooseLook)
	answerAs(t, w, "fact:"+string(codes.PlaceSender), "news@kaisha.test")
	answerAs(t, w, "fact:"+string(codes.PlaceAddr), "user@example.test")
	answerAs(t, w, "fact:"+string(codes.PlaceIP), "")
	check := w.Next().Check
	if check == nil || line(check.Command) != "todoku diagnose 42553 --from news@kaisha.test --to user@example.test" {
		t.Fatalf("check %+v", check)
	}
	w.Done(*check)
	w.Confirm([]*guide.Cause{guide.FindCause("spf-none")})
	q := w.Next().Ask
	if q.ID != "cause" || q.Proposed != "cause2" || slices.ContainsFunc(q.Choices, func(c Choice) bool { return c.ID == ChooseLook }) {
		t.Fatalf("question %+v", q)
	}
	answerAs(t, w, "cause", "cause2")
	var steps []string
	for q := w.Next().Ask; q != nil; q = w.Next().Ask {
		steps = append(steps, strings.TrimPrefix(q.ID, "step:"))
		if _, err := w.Answer(q, ChooseDone); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"countermeasure_spf", "countermeasure_dkim", "countermeasure_wait", "countermeasure_ask"}; !slices.Equal(steps, want) {
		t.Errorf("steps %v, want %v", steps, want)
	}
}

func TestWalkGoesBack(t *testing.T) {
	t.Parallel()
	w := started(t)
	if w.Back() {
		t.Error("there is something before the first question")
	}
	answerAs(t, w, "symptom", "A")
	answerAs(t, w, "code", "42550")
	answerAs(t, w, "cause", "cause1")
	answerAs(t, w, "check:1", ChooseRun)
	for range 3 { // the check, the cause, the code
		if !w.Back() {
			t.Fatal("cannot go back")
		}
	}
	answerAs(t, w, "code", "42559")
	answerAs(t, w, "cause", ChooseAll)
	answerAs(t, w, "step:verify_address", ChooseSolved)
	if n := w.Next(); n.Ask != nil || n.Check != nil || w.Facts[codes.PlaceCode] != "42559" {
		t.Errorf("after the solution comes %+v with %v", n, w.Facts)
	}
}

func TestWalkWithPastedReply(t *testing.T) {
	t.Parallel()
	w := started(t)
	answerAs(t, w, "symptom", ChooseText)
	if _, err := w.Next().Ask.Parse("hm"); err == nil {
		t.Error("no symptom is one")
	}
	answerAs(t, w, "fact:text", "550 5.1.1 <a@b.test>: user unknown")
	answerAs(t, w, "cause", ChooseLook)
	if c := w.fill(w.pending.looks); c.Name() != "diagnose" || c.Argv()[2] != "550 5.1.1 <a@b.test>: user unknown" {
		t.Errorf("check %q", c.Argv())
	}
}

// A reply that was diagnosed is not diagnosed again by its code alone.
func TestWalkDiagnosesAReplyOnce(t *testing.T) {
	t.Parallel()
	w := started(t)
	w.Learn(ReadSymptom(w.catalogue, "550 5.7.1 rejected by policy"))
	answerAs(t, w, "cause", ChooseLook)
	for n := w.Next(); n.Check == nil; n = w.Next() {
		answerAs(t, w, n.Ask.ID, "")
	}
	w.Done(*w.Next().Check)
	answerAs(t, w, "cause", "cause2")
	answerAs(t, w, "step:countermeasure_spf", ChooseDone)
	if got := line(w.Line(Looks(w.Pattern.Causes[1].Check, nil))); got != "todoku diagnose 550 5.7.1 rejected by policy" {
		t.Errorf("the cause has %q", got)
	}
}

// A bounce decides; without one the code is looked at.
func TestWalkOfABounce(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{"bounce.eml": "todoku diagnose bounce.eml", "": "todoku diagnose 90000"} {
		w := started(t)
		answerAs(t, w, "symptom", "C")
		answerAs(t, w, "cause", ChooseLook)
		if _, err := w.Next().Ask.Parse("none.eml"); err == nil {
			t.Error("a file that is not there is taken")
		}
		for n := w.Next(); n.Ask != nil; n = w.Next() {
			said := ""
			if n.Ask.ID == "fact:"+string(codes.PlaceFile) {
				said = file
			}
			answerAs(t, w, n.Ask.ID, said)
		}
		if c := w.Next().Check; c == nil || line(c.Command) != want {
			t.Errorf("%q: runs %+v, want %s", file, c, want)
		}
	}
}

// Without anybody who answers every pattern ends, and no check sends a mail.
func TestWalkAlone(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"A", "B", "C", "D", "E", "F", "G"} {
		for _, checks := range []bool{false, true} {
			w := starting(t, Options{Checks: checks})
			w.Facts = Facts{codes.PlaceSender: "news@kaisha.test", codes.PlaceAddr: "user@example.test", codes.PlaceHost: "mail.kaisha.test"}
			w.Enter(id)
			ran := 0
			for n := w.Next(); n.Ask != nil || n.Check != nil; n = w.Next() {
				if n.Check != nil {
					if ran++; n.Check.SendsMail() || n.Check.Writes() || !checks {
						t.Errorf("%s: runs %s", id, line(n.Check.Command))
					}
					w.Done(*n.Check)
				} else if _, err := w.Answer(n.Ask, n.Ask.Fallback); err != nil {
					t.Fatal(err)
				}
				if ran > 20 || len(w.behind) > 60 {
					t.Fatalf("%s does not end", id)
				}
			}
			if len(w.States) != len(w.Remedies()) || checks && ran == 0 && id != "E" {
				t.Errorf("%s: %d of %d steps, %d checks", id, len(w.States), len(w.Remedies()), ran)
			}
		}
	}
}

// TestAskingChangesNothing: who asks twice gets the same question.
func TestAskingChangesNothing(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"A", "B", "C", "D", "E", "F", "G"} {
		w := started(t)
		w.Enter(id)
		for range 3 {
			before := w.Position.copied()
			_, _, _, _ = w.askSymptom(), w.askCode(), w.askCause(), w.askStep()
			if !reflect.DeepEqual(before, w.Position) {
				t.Errorf("%s: asking changed %+v to %+v", id, before, w.Position)
			}
			if q := w.Next().Ask; q != nil {
				if _, err := w.Answer(q, q.Fallback); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestSymptoms(t *testing.T) {
	t.Parallel()
	w := started(t)
	for said, want := range map[string]string{
		"a": "A", "G": "G", "pattern c": "C", "Pattern D.": "D", "パターンA": "A", "パターン Ｂ": "B", "A": "A",
		"42553": "A", "42550": "A", "41606": "B", "90000": "C", "40000": "D",
		"42521": "G", "42421": "B",
		"550 5.7.26 unauthenticated": "A", "451 4.7.1 greylisted, try again later": "B",
		"正常なのに届かない": "D", "result ok but nothing arrives": "D", "bounce": "C", "パターン1": "A",
		"パターン３": "C", "パターン2です": "B",
		"エラーメールが返ってきた": "C", "準備中": "F",
		"「準備中」のまま進まない": "F", "stays at preparing": "F",
		"エラー画面になる": "E", "submitting fails with an error page": "E", "受信拒否": "A", "no MX": "G",
		"宛先メールサーバーの不具合": "B", "junk": "D", "迷惑メール": "D",
	} {
		if got := ReadSymptom(w.catalogue, said).Patterns; len(got) != 1 || got[0] != want {
			t.Errorf("%q: %v, want %s", said, got, want)
		}
	}
	if got := ReadSymptom(w.catalogue, "エラー").Patterns; !slices.Equal(got, []string{"A", "B", "C", "E", "G"}) {
		t.Errorf("what may be several is %v", got)
	}
	for _, said := range []string{"届かない", "メールが届いていない", "nothing arrives",
		"お客様にメールが届かない場合"} {
		if got := ReadSymptom(w.catalogue, said); len(got.Patterns) != 0 || !got.NoResult {
			t.Errorf("%q: %+v, want the question for the result", said, got)
		}
	}
	for _, said := range []string{"hello", "", "zzz", "今日は"} {
		if got := ReadSymptom(w.catalogue, said).Patterns; len(got) != 0 {
			t.Errorf("%q: %v", said, got)
		}
	}
}

// TestWalkAsksForTheResult: that nothing arrived says no pattern; the result of the sending does.
func TestWalkAsksForTheResult(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{"D": "D", "F": "F", "E": "E"} {
		w := started(t)
		w.Learn(ReadSymptom(w.catalogue, "taro@example.test にメールが届かない"))
		answerAs(t, w, "symptom", answer)
		if w.Pattern.ID != want || w.Facts[codes.PlaceAddr] != "taro@example.test" {
			t.Errorf("%s leads to %q with %v", answer, w.Pattern.ID, w.Facts)
		}
	}
	w := started(t)
	w.Learn(ReadSymptom(w.catalogue, "届かない"))
	answerAs(t, w, "symptom", ChooseError)
	if !slices.Equal(w.Offered, []string{"A", "B", "C", "G"}) {
		t.Errorf("an error offers %v", w.Offered)
	}
	if !w.Back() || !w.NoResult {
		t.Error("a step back does not ask for the result again")
	}
}

// TestTitledPatterns: a reader finds his code in one line only, and no range holds what is not in it.
func TestTitledPatterns(t *testing.T) {
	t.Parallel()
	w := started(t)
	b, _ := w.catalogue.Pattern("B")
	if got := w.titled(b).JA; !strings.HasSuffix(got, "(41606、424xx、42500〜42504、42552、42554)") {
		t.Errorf("%s", got)
	}
	a, _ := w.catalogue.Pattern("A")
	if got := w.titled(a).EN; !strings.HasSuffix(got, "(42550, 42553, 42559)") {
		t.Errorf("%s", got)
	}
}

func TestFillCommand(t *testing.T) {
	t.Parallel()
	known := Facts{codes.PlaceSender: "it's@kaisha.test", codes.PlaceCode: "42550", codes.PlaceIP: ""}
	send := codes.Todoku("send", "--via", "HOST", "--to", "ADDR", "--from", "SENDER")
	for _, c := range []struct {
		template codes.Command
		want     string
	}{
		{codes.Todoku("diagnose", "CODE", "--from", "SENDER", "--to", "ADDR", "--ip", "IP"), `todoku diagnose 42550 --from it's@kaisha.test`},
		{codes.Todoku("check", "spf", "DOMAIN", "--ip", "IP"), "todoku check spf kaisha.test"},
		{codes.Todoku("check", "recipient", "ADDR"), "todoku check recipient ADDR"},
		{send, `todoku send --via HOST --to ADDR --from it's@kaisha.test`},
	} {
		if got := line(fillCommand(c.template, known).Command); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	if c := fillCommand(send, known); !slices.Equal(c.Lacks, []codes.Place{codes.PlaceHost, codes.PlaceAddr}) {
		t.Errorf("lacks %v", c.Lacks)
	}
}
