package serve

import (
	"context"
	"io"
	"log"
	"math"
	"net/http"
	"runtime"
	"strings"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/serve/guard"
	"todoku/codes"
	"todoku/diag/world"
)

// server is what all requests share: the world, the catalogue, the results that links lead to.
type server struct {
	app       *app.App
	host      *app.App // of the guests
	options   *options
	run       Runner
	guard     *guard.Guard
	catalogue *codes.Catalogue
	world     *world.World
	worldArgs []codes.Arg // the flags that name the world, for commands that are shown

	ctx       context.Context // ends with the server
	stop      context.CancelFunc
	results   *store[*result]
	walks     *store[*walkthrough]
	jobs      *store[*upload]
	rate      *guard.Limiter
	questions *guard.Limiter // of DNS
	atOnce    *guard.AtOnce
	streams   *guard.AtOnce // pages that are told how far an upload is
	slots     chan struct{} // command lines under way
	uploads   chan struct{} // the same for those that read an upload as it comes: a slow one keeps nobody else waiting
	waiting   chan struct{} // command lines that wait for a slot
	larges    chan struct{} // large texts in the memory
	metrics   metrics
}

// Bounds of what is kept and of what runs at once.
const (
	maxResults      = 1000
	maxResultOctets = 32 << 20
	maxWalks        = 500
	maxJobs         = 200
	keptFor         = 24 * time.Hour
	maxWaiting      = 256 // of all
	maxWaitingOfOne = 60
	writePatience   = 12 * time.Minute // longer than any run
)

// newServer opens the world once for all.
func newServer(ctx context.Context, a *app.App, run Runner, o *options) (*server, error) {
	c, err := a.LoadCatalogue(ctx, nil)
	if err != nil {
		return nil, err
	}
	w, err := a.OpenWorld(ctx, world.Options{Replies: c, Public: !o.allowPrivate})
	if err != nil {
		return nil, err
	}
	s := &server{app: a, options: o, run: run, catalogue: c, world: w, worldArgs: a.Style(a.Stdout, false).World,
		results: newStore(maxResults, maxResultOctets, keptFor, a.Now, (*result).octets),
		walks:   newStore[*walkthrough](maxWalks, 0, keptFor, a.Now, nil),
		jobs:    newStore[*upload](maxJobs, 0, keptFor, a.Now, nil),
		rate:    guard.NewLimiter(o.rate, time.Minute, a.Now), questions: guard.NewLimiter(o.questions, time.Minute, a.Now),
		atOnce: guard.NewAtOnce(o.atOnce, maxWaitingOfOne), streams: guard.NewAtOnce(o.atOnce, 0),
		slots:   make(chan struct{}, 8*runtime.GOMAXPROCS(0)),
		uploads: make(chan struct{}, 8*runtime.GOMAXPROCS(0)), waiting: make(chan struct{}, maxWaiting), larges: make(chan struct{}, maxLarge)}
	s.host = s.hostOf(a)
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	hosts := make([]string, len(o.hosts))
	for i, h := range o.hosts {
		hosts[i] = strings.ToLower(strings.TrimSuffix(h, "."))
	}
	s.guard, err = guard.New(guard.Guard{Hosts: hosts, Token: o.token, UserHeader: o.userHeader, Proxies: o.proxies,
		Login: "/login", MaxForm: maxPlain, Now: a.Now, Refuse: s.refuse,
		Parts: func(path string) bool {
			return path == "/look" || path == "/letter" || strings.HasPrefix(path, "/triage/")
		}})
	return s, err
}

// close ends what is under way, and the world.
func (s *server) close() {
	s.stop()
	s.world.Close()
}

// quiet is a log that nobody reads: what a visitor sends is no line of ours.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// handler is all of the server.
func (s *server) handler() http.Handler {
	pages := http.NewServeMux()
	letters, guides, logs, shown := letters{s}, guides{s}, logs{s}, shown{s}
	pages.HandleFunc("GET /{$}", s.home)
	pages.HandleFunc("POST /look", s.look)
	pages.HandleFunc("GET /r/{id}", shown.result)
	pages.HandleFunc("GET /r/{id}/{file}", shown.export)
	pages.HandleFunc("POST /again/{id}", shown.again)
	pages.HandleFunc("GET /explain/{word}", shown.word)
	pages.HandleFunc("GET /letter", letters.form)
	pages.HandleFunc("POST /letter", letters.write)
	pages.HandleFunc("GET /guide", guides.start)
	pages.HandleFunc("POST /guide", guides.begin)
	pages.HandleFunc("GET /guide/{id}", guides.step)
	pages.HandleFunc("POST /guide/{id}", guides.answer)
	pages.HandleFunc("GET /triage", logs.form)
	pages.HandleFunc("POST /triage/{id}", logs.upload)
	pages.HandleFunc("GET /job/{id}", logs.job)
	pages.HandleFunc("GET /job/{id}/events", logs.events)
	pages.HandleFunc("GET /history", shown.history)
	pages.HandleFunc("GET /watch", fleet{s}.page)
	pages.HandleFunc("GET /lab", shown.examples)
	pages.HandleFunc("POST /lab", shown.runExample)
	pages.HandleFunc("POST /login", s.login)
	pages.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "ok\n")
	})
	pages.HandleFunc("GET /metrics", s.showMetrics)
	for name := range assets() {
		pages.HandleFunc("GET /"+name, s.asset)
	}
	pages.HandleFunc("/", s.notFound)
	open := func(path string) bool {
		_, asset := assets()[strings.TrimPrefix(path, "/")]
		return asset || path == "/healthz"
	}
	return s.watch(s.guard.Wrap(pages, open))
}

// watch counts requests, and ends one that panics without ending the server.
func (s *server) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &watched{ResponseWriter: w}
		began := s.app.Now()
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(writePatience))
		if r.ContentLength != 0 {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(restPatience)) // until it is read
			r.Body = &paced{ReadCloser: r.Body, control: http.NewResponseController(w), time: formPatience, most: math.MaxInt}
		}
		defer func() { s.metrics.request(seen.status, s.app.Now().Sub(began)) }()
		defer s.survive(func() {
			if seen.status == 0 {
				http.Error(seen, "internal error", http.StatusInternalServerError)
			}
		})
		next.ServeHTTP(seen, r)
	})
}

// survive is deferred: a panic is counted and ends no more than the function that it is deferred by; then says what is left to do.
func (s *server) survive(then func()) {
	if recover() != nil {
		s.metrics.panics.Add(1)
		then()
	}
}

// watched remembers the status of an answer.
type watched struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (w *watched) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write notes that there is an answer.
func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
