package serve

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/cmd/serve/guard"
	"todoku/codes"
	"todoku/diag/world"
)

// job is a command line to run for a visitor.
type job struct {
	title    codes.Text    // what it is, for the heading of its page
	subject  string        // what it is about: a domain, a code; may be ""
	command  codes.Command // as it is shown and run, without the world
	formats  []page.Format // of its document, the default first
	inWorld  bool          // it asks the world
	asked    *homeBody     // what the visitor typed into the first page; nil where it came otherwise
	text     string        // standard input, kept for running it again; "" where there is none, or where it is a stream
	stream   io.Reader     // standard input that comes once, as an upload
	patience time.Duration // how long it may run; 0: runPatience
}

// result is what a command line came to.
type result struct {
	job    job
	lang   codes.Lang
	at     time.Time
	took   time.Duration
	status app.ExitStatus
	files  map[page.Format][]byte // what it printed, in each format; empty where it printed nothing
	large  bool                   // in the formats for programs it was more than is kept: they are not there
	says   string                 // what it wrote to standard error
	owner  string                 // the session that asked
}

// octets is how much of the memory a result takes.
func (r *result) octets() int {
	n := 1024 + len(r.says) + len(r.job.text)
	for _, f := range r.files {
		n += len(f)
	}
	return n
}

// Bounds of one command line.
const (
	runPatience  = 60 * time.Second
	maxSays      = 64 << 10 // of standard error
	maxKeptInput = 1 << 20  // a longer text is not kept to be run again
)

// refusal is the error of a command line that did not run.
type refusal struct {
	reason guard.Reason
	wait   time.Duration
}

// Error says why.
func (r *refusal) Error() string { return string(r.reason) }

// begin counts a command line of a visitor against the bounds, and waits for its turn: for one of slots. done ends it.
func (s *server) begin(ctx context.Context, v guard.Visitor, slots chan struct{}) (done func(), err error) {
	if wait := max(s.rate.Take(v.User), s.questions.Wait(v.User)); wait > 0 {
		return nil, &refusal{guard.TooMany, wait}
	}
	free, ok := s.atOnce.Begin(ctx, v.User)
	if !ok {
		return nil, &refusal{guard.TooMany, time.Second}
	}
	select {
	case slots <- struct{}{}:
	default:
		if err := s.queue(ctx, slots); err != nil {
			free()
			return nil, err
		}
	}
	s.metrics.runs.Add(1)
	s.metrics.running.Add(1)
	return func() {
		s.metrics.running.Add(-1)
		<-slots
		free()
	}, nil
}

// queue waits for a slot; not behind too many others.
func (s *server) queue(ctx context.Context, slots chan struct{}) error {
	select {
	case s.waiting <- struct{}{}:
		defer func() { <-s.waiting }()
	default:
		return &refusal{guard.Busy, 5 * time.Second}
	}
	select {
	case slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &refusal{guard.Busy, 5 * time.Second}
	}
}

// runJob runs a command line as a guest of a visitor, and gives what it printed in each format.
func (s *server) runJob(ctx context.Context, v guard.Visitor, lang codes.Lang, j job) (*result, error) {
	slots := s.slots
	if j.stream != nil {
		slots = s.uploads
	}
	done, err := s.begin(ctx, v, slots)
	if err != nil {
		return nil, err
	}
	defer done()
	patience := cmp.Or(j.patience, runPatience)
	if most := s.app.Limit; most > 0 { // --deadline is that of a command line, not of the server
		patience = min(patience, most)
	}
	r := &result{job: j, lang: lang, at: s.app.Now(), owner: v.Session}
	r.job.stream = nil
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	whole := s.print(ctx, r, j, patience)
	if !whole && j.stream == nil { // the tables of many domains are large, what people read of them is short
		r.large = true
		j.formats = slices.DeleteFunc(slices.Clone(j.formats), page.Format.ForPrograms)
		whole = s.print(ctx, r, j, patience)
	}
	if !whole {
		clear(r.files)
	}
	r.took = s.app.Now().Sub(r.at)
	if told := readFindings(r.files[page.JSON]); told.Queries.Sent > 0 {
		s.questions.Charge(v.User, told.Queries.Sent)
		s.metrics.questions.Add(int64(told.Queries.Sent))
	}
	if len(r.job.text) > maxKeptInput {
		r.job.text, r.job.asked = "", nil
	}
	return r, nil
}

// print runs a command line as a guest, and keeps what it printed in each format; false where that was too large to be kept whole.
func (s *server) print(ctx context.Context, r *result, j job, patience time.Duration) (whole bool) {
	in := j.stream
	if in == nil {
		in = strings.NewReader(j.text)
	}
	args := []string{"--lang", string(r.lang), "--deadline", patience.String(), "--color", "never"}
	for _, f := range j.formats {
		if name, ok := fileName(f); ok {
			args = append(args, "-o", name)
		}
	}
	args = append(args, j.command.Argv()[1:]...)
	says := &limited{limit: maxSays}
	a := s.host.Guest(in, page.To(io.Discard), page.To(says))
	r.status = s.run(ctx, a, args)
	r.says, r.files = unindented(says.String()), map[page.Format][]byte{}
	for _, f := range j.formats {
		name, _ := fileName(f)
		if b := a.Written(name); len(b) > 0 {
			r.files[f] = bytes.Clone(b)
		}
	}
	return !a.TooLarge()
}

// tooLarge are the formats that were left out, because what was printed is more than the server keeps.
func (r *result) tooLarge() (out []page.Format) {
	for _, f := range r.job.formats {
		if _, known := fileName(f); known && r.large && f.ForPrograms() {
			out = append(out, f)
		}
	}
	return out
}

// misasked reports whether what was asked is wrong or not known, so that its form is to be shown again.
func (r *result) misasked() bool {
	return len(r.files) == 0 && (r.status == app.ExitUsage || r.status == app.ExitWrong)
}

// unindented is what a command says, without the name of the program and the blanks at the beginning of its lines.
func unindented(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimLeft(strings.TrimPrefix(l, "todoku: "), " ")
	}
	return strings.Join(lines, "\n")
}

// limited keeps the beginning of what is written.
type limited struct {
	strings.Builder
	limit int
}

// Write takes as much as there is room for.
func (l *limited) Write(b []byte) (int, error) {
	l.Builder.Write(b[:min(len(b), max(0, l.limit-l.Len()))])
	return len(b), nil
}

// bounded is a context that ends with the request, and with the server.
func (s *server) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(s.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// hostOf is the app whose guests run: they share the world and the catalogue of the server.
func (s *server) hostOf(a *app.App) *app.App {
	host := *a
	host.Limit = 0
	host.Load = func(own ...codes.RuleFile) (*codes.Catalogue, error) {
		if len(own) == 0 {
			return s.catalogue, nil
		}
		return app.LoadCodes(own...)
	}
	host.Shared = app.Shared{History: s.options.history, Store: s.options.store.Where,
		World: func(ctx context.Context, o world.Options) (*world.World, error) {
			if len(o.Zones) == 0 && !o.TrustAD {
				return s.world.Shared(o.Replies != nil), nil
			}
			o.Public = !s.options.allowPrivate
			return world.Open(ctx, o)
		}}
	return &host
}

// fileName is the name of an output in a format.
func fileName(f page.Format) (string, bool) {
	for _, ending := range [...]string{"txt", "html", "json", "ndjson", "md", "csv", "xml", "sarif", "github", "eml", "parquet"} {
		name := "todoku." + ending
		if of, ok := page.FormatOf(name); ok && of == f {
			return name, true
		}
	}
	return "", false
}

// contentType is that of a download.
func contentType(f page.Format) string {
	switch f {
	case page.JSON, page.SARIF:
		return "application/json"
	case page.NDJSON:
		return "application/x-ndjson"
	case page.CSV:
		return "text/csv; charset=utf-8"
	case page.JUnit:
		return "application/xml"
	case page.Mail:
		return "message/rfc822"
	case page.Parquet:
		return "application/vnd.apache.parquet"
	case page.Web:
		return "text/html; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}
