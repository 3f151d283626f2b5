package serve

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/serve/guard"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

// guides are the pages of the guide: the dialogue of diag/guide/walk, a question a page.
type guides struct{ *server }

// walkthrough is a way through the guide.
type walkthrough struct {
	mu       sync.Mutex
	state    *walk.State
	passages []passage
	owner    string // the session that goes it
}

// passage is a question with its answer, or a check with what it came to.
type passage struct {
	says, answer codes.Text
	check        codes.Command
	verdict      codes.Text
	result       string // where the result of the check is shown; "" where it did not run
}

// maxPassages bounds a way. Nobody who goes on gets there.
const maxPassages = 200

var guideTitle = codes.Text{EN: "The guide", JA: "トラブルシューティングガイド"}

// start shows the first page of the guide.
func (s guides) start(w http.ResponseWriter, r *http.Request) {
	show(w, http.StatusOK, "guide", s.frame(w, r, guideTitle), guideBody{})
}

// begin makes a new way.
func (s guides) begin(w http.ResponseWriter, r *http.Request) {
	if wait := s.rate.Take(guard.Of(r).User); wait > 0 {
		s.refuseRun(w, r, &refusal{guard.TooMany, wait})
		return
	}
	g := &walkthrough{owner: guard.Of(r).Session, state: walk.Start(s.catalogue, walk.Options{Runs: runs, Read: s.readFact})}
	http.Redirect(w, r, "/guide/"+s.walks.add(g), http.StatusSeeOther)
}

// stepFormats are the formats of a command that a step of the guide or an example may run here; none where it does not only look.
func stepFormats(c codes.Command) []page.Format {
	switch name := strings.Join(c.Words[:min(2, len(c.Words))], " "); {
	case slices.Contains([]string{"check domain", "check spf", "check dmarc", "check recipient"}, name):
		return report.Reports.Formats()
	case c.Name() == "diagnose":
		return report.Diagnoses.Formats()
	case c.Name() == "explain":
		return report.Explanations.Formats()
	}
	return nil
}

// runs reports whether a step may run a command here: none that sends mail or reads a file.
func runs(c codes.Command) bool { return stepFormats(c) != nil && !c.HasOpen(codes.PlaceFile) }

// readFact reads what is known of a mail. An empty answer is always one: it is not known. No file is known here.
func (s guides) readFact(place codes.Place, said string) (string, error) {
	said = strings.Join(strings.Fields(said), " ")
	switch {
	case said == "" || place == codes.PlaceFile:
		return "", nil
	case place == codes.PlaceTime:
		at, err := s.app.ParseSince(said)
		return at.Format("2006-01-02T15:04:05Z07:00"), err
	case place == codes.PlaceCode:
		if d, ok := s.catalogue.Delivery(said); ok {
			return d.ID, nil
		}
	case place.Takes(said):
		return said, nil
	}
	return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} cannot be used there", JA: "{value} はこの項目に使用できません"}, codes.QuotedStart("value", said, 60)), codes.Message{})
}

// of finds the way of a request.
func (s guides) of(w http.ResponseWriter, r *http.Request) (*walkthrough, bool) {
	g, ok := s.walks.get(r.PathValue("id"))
	if !ok || g.owner != guard.Of(r).Session {
		s.notFound(w, r)
		return nil, false
	}
	return g, true
}

// step shows where a way is.
func (s guides) step(w http.ResponseWriter, r *http.Request) {
	g, ok := s.of(w, r)
	if !ok {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	f := s.frame(w, r, guideTitle)
	show(w, http.StatusOK, "guide", f, s.body(r.PathValue("id"), g, f))
}

// answer takes an answer, runs the checks that follow from it, and leads to the next question.
func (s guides) answer(w http.ResponseWriter, r *http.Request) {
	g, ok := s.of(w, r)
	if !ok {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	here := "/guide/" + r.PathValue("id")
	n, err := strconv.Atoi(r.PostForm.Get("n"))
	turn := g.state.Next()
	switch {
	case err != nil || n != len(g.passages): // a page that is no longer the last
	case r.PostForm.Get("back") != "":
		g.back()
	case turn.Ask != nil && len(g.passages) < maxPassages:
		if err := s.take(g, turn.Ask, r.PostForm.Get("answer")); err != nil {
			f := s.frame(w, r, guideTitle)
			b := s.body(r.PathValue("id"), g, f)
			b.Problem = strings.Join(page.ErrorLines(err, f.Lang), "\n")
			show(w, http.StatusUnprocessableEntity, "guide", f, b)
			return
		}
	}
	for turn := g.state.Next(); turn.Check != nil && len(g.passages) < maxPassages; turn = g.state.Next() {
		if err := s.check(r, g, turn); err != nil {
			s.refuseRun(w, r, err)
			return
		}
	}
	http.Redirect(w, r, here, http.StatusSeeOther)
}

// take puts an answer into the state. The error is a *codes.UserError.
func (s guides) take(g *walkthrough, q *walk.Question, said string) error {
	if q.Choices != nil && !slices.ContainsFunc(q.Choices, func(c walk.Choice) bool { return c.ID == said }) {
		return codes.Wrong(codes.Say(codes.Text{EN: "choose one of the answers", JA: "回答を1つ選択してください"}), codes.Message{})
	}
	answer, err := g.state.Answer(q, said)
	if err != nil {
		return err
	}
	says := q.Says
	if q.Step != nil {
		says = q.Step.Remedy.Text
	}
	if place, isFact := strings.CutPrefix(q.ID, "fact:"); isFact {
		says = walk.FactLabel(codes.Place(place))
	}
	g.passages = append(g.passages, passage{says: says, answer: inBoth(answer)})
	return nil
}

// inBoth is a message in both languages.
func inBoth(m codes.Message) codes.Text {
	return codes.Text{EN: page.Message(m, codes.English), JA: page.Message(m, codes.Japanese)}
}

// back goes back to the last question.
func (g *walkthrough) back() {
	if !g.state.Back() {
		return
	}
	for len(g.passages) > 0 {
		last := g.passages[len(g.passages)-1]
		g.passages = g.passages[:len(g.passages)-1]
		if last.check.IsZero() {
			return
		}
	}
}

// check runs a check of the guide.
func (s guides) check(r *http.Request, g *walkthrough, turn walk.Turn) error {
	c := *turn.Check
	p := passage{says: turn.Says, check: c.Command}
	if len(c.Lacks) > 0 {
		lack := walk.FactLabel(c.Lacks[0])
		p.answer = codes.Text{EN: "not run: " + lack.EN + " is not known", JA: "未実行: " + lack.JA + "が不明です"}
		g.state.Done(c)
		g.passages = append(g.passages, p)
		return nil
	}
	j := job{title: codes.Text{EN: "A check of the guide", JA: "ガイドの確認"}, command: c.Command, inWorld: c.Name() != "explain",
		formats: stepFormats(c.Command)}
	res, err := s.runJob(r.Context(), guard.Of(r), s.lang(r), j)
	if err != nil {
		return err
	}
	g.state.Done(c)
	if found, err := report.ReadDiagnosis(res.files[page.JSON]); err == nil {
		g.state.Confirm(found.Confirmed)
	}
	p.verdict, p.result = verdictOf(c, res.status), s.results.add(res)
	g.passages = append(g.passages, p)
	return nil
}

// verdictOf is what the exit status of a check means for the guide.
func verdictOf(c walk.Check, status app.ExitStatus) codes.Text {
	v := report.CheckUnknown
	switch {
	case !c.Judges() && (status == app.ExitOK || status == app.ExitWrong), c.Name() == "diagnose" && status == app.ExitOK:
		v = report.CheckAnswer
	case status == app.ExitOK:
		v = report.CheckOK
	case status == app.ExitWrong:
		v = report.CheckWrong
	}
	return report.VerdictName(v)
}
