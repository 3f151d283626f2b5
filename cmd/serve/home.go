package serve

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/serve/guard"
	"todoku/codes"
)

// homeBody is the first page: one box that takes anything.
type homeBody struct {
	Problem, Text, From, To, IP, Selector string
	Receiving                             bool
	More                                  bool // what is given besides the text is to be changed
}

// Told reports whether something is given besides the text.
func (h homeBody) Told() bool { return h.From+h.To+h.IP+h.Selector != "" || h.Receiving || h.More }

var homeTitle = codes.Text{EN: "Look", JA: "調べる"}

func (s *server) home(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	b := homeBody{Text: shortened(q.Get("q")), From: shortened(q.Get("from")), To: shortened(q.Get("to")), IP: shortened(q.Get("ip"))}
	if res, ok := s.results.get(q.Get("of")); ok && res.asksAgain(r) {
		b = res.job.asked.cleaned()
		b.More = true
	}
	show(w, http.StatusOK, "home", s.frame(w, r, homeTitle), b)
}

// asksAgain reports whether a visitor may see what was asked for a result: only who asked.
func (r *result) asksAgain(by *http.Request) bool {
	return r.job.asked != nil && r.owner == guard.Of(by).Session
}

// cleaned is the form with what is hidden in its values made visible.
func (h homeBody) cleaned() homeBody {
	for _, v := range []*string{&h.Text, &h.From, &h.To, &h.IP, &h.Selector} {
		*v = cleanLines(*v)
	}
	return h
}

// misasked shows the form again, with what is wrong.
func (s *server) misasked(w http.ResponseWriter, f frame, b homeBody, problem string) {
	b = b.cleaned()
	b.Problem = problem
	show(w, http.StatusUnprocessableEntity, "home", f, b)
}

// shortened bounds a value of an address, and makes what is hidden in it visible.
func shortened(s string) string { return cleanLines(s[:min(len(s), 4096)]) }

// cleanLines makes what is hidden in a text visible, so that it can be shown in a form again.
func cleanLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = page.Clean(l)
	}
	return strings.Join(lines, "\n")
}

// look runs what was typed or uploaded, and leads to its result.
func (s *server) look(w http.ResponseWriter, r *http.Request) {
	f, err := s.readForm(w, r)
	if err != nil {
		s.refuseForm(w, r, err)
		return
	}
	body := homeBody{Text: f.Get("q"), From: strings.TrimSpace(f.Get("from")), To: strings.TrimSpace(f.Get("to")),
		IP: strings.TrimSpace(f.Get("ip")), Selector: strings.TrimSpace(f.Get("selector")),
		Receiving: f.Get("receiving") != ""}
	d := details{body.From, body.To, body.IP, body.Selector, body.Receiving}
	var j job
	switch {
	case f.file == nil:
		j, err = jobFor(s.catalogue, f.Get("q"), d)
		j.asked = &body
	default:
		head, _ := f.file.Peek(4096) // what is shorter is seen whole
		if !isMail(f.name, head) {
			logs{s}.take(w, r, f, guard.NewID())
			return
		}
		if err := s.large(r); err != nil {
			s.refuseForm(w, r, err)
			return
		}
		j, err = mailJob(f, d, r.ContentLength)
	}
	fr := s.frame(w, r, homeTitle)
	if err != nil {
		if text := strings.TrimSpace(body.Text); isIP(text) && body.IP == "" {
			body.Text, body.IP = "", text // where it belongs
		}
		s.misasked(w, fr, body, strings.Join(page.ErrorLines(err, fr.Lang), "\n"))
		return
	}
	s.runAndShow(w, r, j, func(problem string) { s.misasked(w, fr, body, problem) })
}

// mailJob diagnoses a mail that was uploaded. It is read whole: a bounce is small. size is that of the form; -1: unknown.
func mailJob(f form, d details, size int64) (job, error) {
	var b bytes.Buffer
	b.Grow(int(min(max(size, 0), app.MaxInput+1)))
	if _, err := b.ReadFrom(io.LimitReader(f.file, app.MaxInput+1)); err != nil {
		return job{}, codes.Wrong(codes.Say(codes.Text{EN: "the upload ended early", JA: "アップロードが途中で終了しました"}), codes.Message{})
	}
	f.drop()
	j, err := diagnoseJob(b.String(), d)
	j.subject = f.name
	return j, err
}

// triageJob counts what a log says. It is read as it comes.
func triageJob(from io.Reader) job {
	return job{title: triageTitle, inWorld: true, command: codes.Todoku("triage", "-"), stream: from,
		formats: report.Triages.Formats(), patience: triagePatience}
}

// runAndShow runs a command line and leads to its result, or, where what was asked is wrong, shows its form again.
func (s *server) runAndShow(w http.ResponseWriter, r *http.Request, j job, form func(problem string)) {
	res, err := s.runJob(r.Context(), guard.Of(r), s.lang(r), j)
	if err != nil {
		s.refuseRun(w, r, err)
		return
	}
	if form != nil && res.misasked() {
		form(res.says)
		return
	}
	http.Redirect(w, r, "/r/"+s.results.add(res), http.StatusSeeOther)
}
