package serve

import (
	"net/http"

	"todoku/cmd/serve/guard"
)

// shown are the pages that show a result.
type shown struct{ *server }

// export gives a result in one of its formats.
func (s shown) export(w http.ResponseWriter, r *http.Request) {
	res, ok := s.results.get(r.PathValue("id"))
	if !ok {
		s.notFound(w, r)
		return
	}
	for form, b := range res.files {
		if name, _ := fileName(form); name == r.PathValue("file") {
			w.Header().Set("Content-Type", contentType(form))
			w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
			_, _ = w.Write(b)
			return
		}
	}
	s.notFound(w, r)
}

// again runs a result's command line once more, in the language of the page.
func (s shown) again(w http.ResponseWriter, r *http.Request) {
	res, ok := s.results.get(r.PathValue("id"))
	if !ok || !res.canRepeat() {
		s.notFound(w, r)
		return
	}
	s.runAndShow(w, r, res.job, nil)
}

// word explains a code, a rule or a word: the findings of a result lead here.
func (s shown) word(w http.ResponseWriter, r *http.Request) {
	res, err := s.runJob(r.Context(), guard.Of(r), s.lang(r), explainJob(shortened(r.PathValue("word"))))
	if err != nil {
		s.refuseRun(w, r, err)
		return
	}
	f := s.frame(w, r, res.heading())
	show(w, http.StatusOK, "result", f, s.body(s.results.add(res), res, f))
}
