package serve

import (
	"html/template"
	"net/http"
	"strings"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/serve/guard"
	"todoku/codes"
	"todoku/diag/lab"
)

// historyBody is the page of the history, with its filters.
type historyBody struct {
	Domain, Recipient, Result, Since string
	Shown                            resultBody
}

var historyTitle = codes.Text{EN: "What was sent", JA: "送信履歴"}

// history lists what was sent, as far as the filters choose it.
func (s shown) history(w http.ResponseWriter, r *http.Request) {
	if s.options.history == "" {
		s.notFound(w, r)
		return
	}
	q := r.URL.Query()
	v := func(name string) string { return strings.TrimSpace(shortened(q.Get(name))) }
	b := historyBody{Domain: v("domain"), Recipient: v("recipient"), Result: v("result"), Since: v("since")}
	f := s.frame(w, r, historyTitle)
	j, err := s.historyJob(b)
	var status int
	if b.Shown, status = s.answer(w, r, f, j, err); status > 0 {
		show(w, status, "history", f, b)
	}
}

// answer is what a command line printed that the filters of a page made, or what is wrong with the filters: err. The status is 0
// where the command line was not run, and the request is answered already.
func (s shown) answer(w http.ResponseWriter, r *http.Request, f frame, j job, err error) (b resultBody, status int) {
	if err != nil {
		return resultBody{Problem: strings.Join(page.ErrorLines(err, f.Lang), "\n")}, http.StatusUnprocessableEntity
	}
	res, err := s.runJob(r.Context(), guard.Of(r), f.Lang, j)
	if err != nil {
		s.refuseRun(w, r, err)
		return b, 0
	}
	b = s.body(s.results.add(res), res, f)
	b.Markup = untitled(b.Markup)
	return b, http.StatusOK
}

// untitled is a document without its title: the page has its own.
func untitled(document template.HTML) template.HTML {
	before, rest, opened := strings.Cut(string(document), "<h1>")
	_, after, closed := strings.Cut(rest, "</h1>\n")
	if !opened || !closed {
		return document
	}
	return template.HTML(before + after) //nolint:gosec // a part of what was trusted
}

func (s shown) historyJob(b historyBody) (j job, err error) {
	c := codes.Todoku("history", "list", "--history", "FILE").With(codes.PlaceFile, s.options.history)
	switch b.Result {
	case "ok":
		c = c.And(codes.Todoku("--result", "ok"))
	case "error":
		c = c.And(codes.Todoku("--result", "error"))
	case "preparing":
		c = c.And(codes.Todoku("--result", "preparing"))
	}
	if c, err = given(c, codes.Todoku("--domain", "DOMAIN"), codes.PlaceDomain, "--domain", b.Domain); err != nil {
		return j, err
	}
	if c, err = given(c, codes.Todoku("--recipient", "ADDR"), codes.PlaceAddr, "--recipient", b.Recipient); err != nil {
		return j, err
	}
	c, err = given(c, codes.Todoku("--since", "REPLY"), codes.PlaceReply, "--since", b.Since)
	return job{title: historyTitle, command: c, formats: report.History.Formats()}, err
}

// exampleGroup is a group of situations of the lab.
type exampleGroup struct {
	Title    string
	Examples []example
}

type example struct{ Name, Situation, Command string }

// examples lists what the lab has to look at. The list is only there where the server runs in the lab.
func (s shown) examples(w http.ResponseWriter, r *http.Request) {
	if !s.app.Global.Lab {
		s.notFound(w, r)
		return
	}
	f := s.frame(w, r, codes.Text{EN: "Examples", JA: "例"})
	show(w, http.StatusOK, "lab", f, exampleGroups(f.Lang))
}

// scenarios are those of the lab that only look.
func scenarios() []lab.Scenario {
	var out []lab.Scenario
	for _, x := range lab.Scenarios() {
		if stepFormats(x.Command) != nil {
			out = append(out, x)
		}
	}
	for _, x := range lab.DiagnoseScenarios() {
		if stepFormats(x.Command) != nil {
			out = append(out, x.Scenario)
		}
	}
	return out
}

// runExample runs the command of a situation of the lab.
func (s shown) runExample(w http.ResponseWriter, r *http.Request) {
	if s.app.Global.Lab {
		for _, x := range scenarios() {
			if x.Name == r.PostForm.Get("name") {
				s.runAndShow(w, r, job{title: x.Situation, command: x.Command.In(nil), inWorld: true, formats: stepFormats(x.Command)}, nil)
				return
			}
		}
	}
	s.notFound(w, r)
}
