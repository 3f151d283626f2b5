package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/serve/guard"
	"todoku/codes"
)

// logs are the pages that count what a log says.
type logs struct{ *server }

// triagePatience is how long reading and diagnosing a log may take.
const triagePatience = 10 * time.Minute

// upload is a log that is being read.
type upload struct {
	total int64        // octets that are to come; -1 where it is not known
	read  atomic.Int64 // octets that came
	done  chan struct{}
	to    string // where it leads, once it is done
	err   error  // why nothing came of it, once it is done
}

// state is what a page or a script is told of it.
func (u *upload) state() (read, percent int64, ended bool) {
	read = u.read.Load()
	if u.total > 0 {
		percent = min(100, 100*read/u.total)
	}
	select {
	case <-u.done:
		return read, percent, true
	default:
		return read, percent, false
	}
}

var triageTitle = codes.Text{EN: "What failed, and why", JA: "失敗の集計"}

// triageBody is the form for a log. ID names the upload that it makes.
type triageBody struct {
	ID    string
	MaxMB int
}

func (s logs) form(w http.ResponseWriter, r *http.Request) {
	show(w, http.StatusOK, "triage", s.frame(w, r, triageTitle), triageBody{guard.NewID(), s.options.maxUpload})
}

// waitForResult is how long an upload waits for its result before it leads to a page that shows how far it is.
const waitForResult = 2 * time.Second

// upload reads a log as it comes, and counts what it says. Nothing of it is stored.
func (s logs) upload(w http.ResponseWriter, r *http.Request) {
	f, err := s.readForm(w, r)
	if err != nil {
		s.refuseForm(w, r, err)
		return
	}
	if f.file == nil {
		http.Redirect(w, r, "/triage", http.StatusSeeOther)
		return
	}
	s.take(w, r, f, r.PathValue("id"))
}

// take reads the log of a form, and leads to its result, or to the page that shows how far it is.
func (s logs) take(w http.ResponseWriter, r *http.Request, f form, id string) {
	u := &upload{total: r.ContentLength, done: make(chan struct{})}
	if !s.jobs.put(id, u) {
		s.refuse(w, r, guard.BadForm)
		return
	}
	pipe, in := io.Pipe()
	v, lang := guard.Of(r), s.lang(r)
	go func() { // it may go on after the upload has ended
		defer close(u.done)
		defer s.survive(func() { u.err = &refusal{reason: guard.Busy}; _ = pipe.Close() })
		res, err := s.runJob(s.ctx, v, lang, triageJob(pipe))
		_ = pipe.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // nobody reads on
		if u.err = err; err == nil {
			u.to = "/r/" + s.results.add(res)
		}
	}()
	s.pass(f, in, u)
	select {
	case <-u.done:
	case <-time.After(waitForResult):
	case <-r.Context().Done():
	}
	http.Redirect(w, r, "/job/"+id, http.StatusSeeOther)
}

// pass hands on what is uploaded. What is left when the run has ended is dropped: a browser shows the answer only to all that it
// sends.
func (s logs) pass(f form, in *io.PipeWriter, u *upload) {
	buf := make([]byte, 64<<10)
	for {
		n, err := f.file.Read(buf)
		u.read.Add(int64(n))
		s.metrics.octets.Add(int64(n))
		if n > 0 {
			_, _ = in.Write(buf[:n]) // where the run has ended, it takes nothing
		}
		switch {
		case errors.Is(err, io.EOF):
			_ = in.Close()
			return
		case err != nil:
			_ = in.CloseWithError(s.cut(err))
			return
		}
	}
}

// cut is the error of an upload that ended early.
func (s logs) cut(err error) error {
	var large *http.MaxBytesError
	if !errors.As(err, &large) {
		return &codes.UserError{Unable: true, Cause: err, Says: codes.Say(codes.Text{EN: "the upload ended early", JA: "アップロードが途中で終了しました"})}
	}
	return &codes.UserError{Unable: true, Says: codes.Say(codes.Text{EN: "the upload is larger than {size}: the rest was not read", JA: "アップロードの上限({size})を超えたため、残りは読み取っていません"},
		codes.Str("size", app.FormatSize(int64(s.options.maxUpload)<<20)))}
}

// jobBody is the page of an upload that is not done.
type jobBody struct {
	ID      string
	Read    string
	Percent int64
}

// job leads to the result, or shows how far the reading is.
func (s logs) job(w http.ResponseWriter, r *http.Request) {
	u, ok := s.jobs.get(r.PathValue("id"))
	if !ok {
		s.notFound(w, r)
		return
	}
	read, percent, ended := u.state()
	switch {
	case !ended:
		f := s.frame(w, r, triageTitle)
		f.Refresh = 2
		show(w, http.StatusOK, "job", f, jobBody{r.PathValue("id"), megabytes(read), percent})
	case u.err != nil:
		s.refuseRun(w, r, u.err)
	default:
		http.Redirect(w, r, u.to, http.StatusSeeOther)
	}
}

func megabytes(octets int64) string { return fmt.Sprintf("%.1f", float64(octets)/1e6) }

// How often a script is told how far an upload is, and for how long it waits for one to begin.
const (
	tellEvery  = 500 * time.Millisecond
	beginsSoon = 15 * time.Second
)

// events tells a script how far an upload is (server-sent events), until it is done. The script may ask before the upload
// begins.
func (s logs) events(w http.ResponseWriter, r *http.Request) {
	done, ok := s.streams.Begin(r.Context(), guard.Of(r).User)
	if !ok {
		s.refuseRun(w, r, &refusal{guard.TooMany, time.Second})
		return
	}
	defer done()
	w.Header().Set("Content-Type", "text/event-stream")
	ctx, cancel := s.bounded(r.Context())
	defer cancel()
	control := http.NewResponseController(w)
	ticks := time.NewTicker(tellEvery)
	defer ticks.Stop()
	for began := time.Now(); ; {
		u, known := s.jobs.get(r.PathValue("id"))
		if !known && time.Since(began) > beginsSoon {
			return
		}
		event := "event: wait\ndata: 0 0\n\n"
		var ended <-chan struct{}
		if known {
			read, percent, over := u.state()
			event = fmt.Sprintf("event: read\ndata: %s %d\n\n", megabytes(read), percent)
			if ended = u.done; over {
				event = "event: done\ndata: /job/" + r.PathValue("id") + "\n\n"
			}
		}
		_ = control.SetWriteDeadline(time.Now().Add(10 * time.Second))
		if _, err := w.Write([]byte(event)); err != nil || control.Flush() != nil || strings.HasPrefix(event, "event: done") {
			return
		}
		if !wait(ctx, ticks.C, ended) {
			return
		}
	}
}

// wait waits for the next moment, or for the end; false: nobody listens any more.
func wait(ctx context.Context, tick <-chan time.Time, ended <-chan struct{}) bool {
	select {
	case <-tick:
	case <-ended:
	case <-ctx.Done():
		return false
	}
	return true
}
