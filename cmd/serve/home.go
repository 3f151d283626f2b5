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
}

// Told reports whether something is given besides the text.
func (h homeBody) Told() bool { return h.From+h.To+h.IP+h.Selector != "" || h.Receiving }

var homeTitle = codes.Text{EN: "Look", JA: "調べる"}

func (s *server) home(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	show(w, http.StatusOK, "home", s.frame(w, r, homeTitle),
		homeBody{Text: shortened(q.Get("q")), From: shortened(q.Get("from")), To: shortened(q.Get("to")), IP: shortened(q.Get("ip"))})
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
	default:
		head, _ := f.file.Peek(4096) // what is shorter is seen whole
		if !isMail(f.name, head) {
			logs{s}.take(w, r, f, guard.NewID())
			return
		}
		j, err = mailJob(f, d)
		calm(w)
	}
	if err != nil {
		fr := s.frame(w, r, homeTitle)
		body.Problem = strings.Join(page.ErrorLines(err, fr.Lang), "\n")
		for _, v := range []*string{&body.Text, &body.From, &body.To, &body.IP, &body.Selector} {
			*v = cleanLines(*v)
		}
		show(w, http.StatusUnprocessableEntity, "home", fr, body)
		return
	}
	s.runAndShow(w, r, j)
}

// mailJob diagnoses a mail that was uploaded. It is read whole: a bounce is small.
func mailJob(f form, d details) (job, error) {
	var b bytes.Buffer
	if _, err := b.ReadFrom(io.LimitReader(f.file, app.MaxInput+1)); err != nil {
		return job{}, codes.Wrong(codes.Say(codes.Text{EN: "the upload ended early", JA: "アップロードが途中で終了しました"}), codes.Message{})
	}
	j, err := diagnoseJob("\n"+b.String(), d) // a mail never fits on a line
	j.text, j.subject = b.String(), f.name
	return j, err
}

// triageJob counts what a log says. It is read as it comes.
func triageJob(from io.Reader) job {
	return job{title: codes.Text{EN: "What failed, and why", JA: "失敗の集計"}, inWorld: true, command: codes.Todoku("triage", "-"), stream: from,
		formats: report.Triages.Formats(), patience: triagePatience}
}

// runAndShow runs a command line and leads to its result.
func (s *server) runAndShow(w http.ResponseWriter, r *http.Request, j job) {
	res, err := s.runJob(r.Context(), guard.Of(r), s.lang(r), j)
	if err != nil {
		s.refuseRun(w, r, err)
		return
	}
	http.Redirect(w, r, "/r/"+s.results.add(res), http.StatusSeeOther)
}
