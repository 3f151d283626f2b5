package serve

import (
	"net/http"
	"time"
)

const triagePatience = 10 * time.Minute

type walkthrough struct{}
type upload struct{}

type letters struct{ *server }
type guides struct{ *server }
type logs struct{ *server }

func (s letters) form(w http.ResponseWriter, r *http.Request)   { s.notFound(w, r) }
func (s letters) write(w http.ResponseWriter, r *http.Request)  { s.notFound(w, r) }
func (s guides) start(w http.ResponseWriter, r *http.Request)   { s.notFound(w, r) }
func (s guides) begin(w http.ResponseWriter, r *http.Request)   { s.notFound(w, r) }
func (s guides) step(w http.ResponseWriter, r *http.Request)    { s.notFound(w, r) }
func (s guides) answer(w http.ResponseWriter, r *http.Request)  { s.notFound(w, r) }
func (s logs) form(w http.ResponseWriter, r *http.Request)      { s.notFound(w, r) }
func (s logs) upload(w http.ResponseWriter, r *http.Request)    { s.notFound(w, r) }
func (s logs) job(w http.ResponseWriter, r *http.Request)       { s.notFound(w, r) }
func (s logs) events(w http.ResponseWriter, r *http.Request)    { s.notFound(w, r) }
func (s shown) history(w http.ResponseWriter, r *http.Request)  { s.notFound(w, r) }
func (s shown) examples(w http.ResponseWriter, r *http.Request) { s.notFound(w, r) }
