package serve

import (
	"html/template"
	"net/http"
	"slices"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// resultBody is the page of a result.
type resultBody struct {
	ID, Heading, Problem, Text, Says, Command, Letter string
	Lang                                              codes.Lang
	Foreign                                           bool // it is in another language than the page
	Stdin                                             bool // its command reads standard input
	CanRepeat                                         bool
	AsksAgain                                         bool // what was typed can be changed
	Cut                                               bool // not all was looked at: its messages say why
	Markup                                            template.HTML
	Files                                             []fileLink
	TooLarge                                          []page.Format // which cannot be downloaded
	Rules                                             []string      // of its findings; each has a page
}

// fileLink is a format to download.
type fileLink struct {
	Name   string
	Format page.Format
}

func (s shown) result(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	res, ok := s.results.get(id)
	if !ok {
		s.notFound(w, r)
		return
	}
	f := s.frame(w, r, res.heading())
	b := s.body(id, res, f)
	b.AsksAgain = res.asksAgain(r)
	show(w, http.StatusOK, "result", f, b)
}

// heading is the title of a result's page.
func (r *result) heading() codes.Text {
	t := r.job.title
	if sub := page.Clean(firstRunes(r.job.subject, 60)); sub != "" {
		t = codes.Text{EN: t.EN + ": " + sub, JA: t.JA + ": " + sub}
	}
	return t
}

// firstRunes is the beginning of a text.
func firstRunes(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

func (s shown) body(id string, res *result, f frame) resultBody {
	c := res.job.command
	if res.job.inWorld {
		c = c.In(s.worldArgs)
	}
	b := resultBody{ID: id, Heading: page.Clean(res.heading().In(f.Lang)), Says: res.says, Command: page.Command(c), Lang: res.lang,
		Foreign: res.lang != f.Lang, Stdin: readsStdin(c), CanRepeat: res.canRepeat(), Letter: letterLink(id, res), TooLarge: res.tooLarge(),
		Cut: res.status != app.ExitOK && res.status != app.ExitWrong}
	if html := res.files[page.Web]; len(html) > 0 {
		b.Markup = template.HTML(page.Body(string(html))) //nolint:gosec // made by the templates of cmd/report, which escape
	}
	if b.Markup == "" {
		b.Text = string(res.files[page.TextFormat])
	}
	if len(res.files) == 0 && res.status != app.ExitOK {
		b.Problem, b.Says = res.says, ""
	}
	b.Rules = readFindings(res.files[page.JSON]).rules()
	for _, form := range res.job.formats {
		name, ok := fileName(form)
		if _, made := res.files[form]; ok && made {
			b.Files = append(b.Files, fileLink{name, form})
		}
	}
	return b
}

// readsStdin reports whether a command reads standard input.
func readsStdin(c codes.Command) bool { return slices.Contains(c.Argv(), "-") }

// canRepeat reports whether a result's command line can run once more: an upload is not kept.
func (r *result) canRepeat() bool { return !readsStdin(r.job.command) || r.job.text != "" }

// letterLink leads to a letter about a diagnosis.
func letterLink(id string, res *result) string {
	if _, err := report.ReadDiagnosis(res.files[page.JSON]); err != nil {
		return ""
	}
	return "/letter?of=" + id
}
