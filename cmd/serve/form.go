package serve

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"
	"time"

	"todoku/cmd/serve/guard"
)

// form is what a visitor sent: its fields, and a file that is still to be read.
type form struct {
	url.Values
	file *bufio.Reader // nil where there is none
	name string        // of the file, as the browser gives it: for nothing but guessing what it is
}

// drop reads what is left of the file: a browser shows the answer only to all that it sends.
func (f form) drop() {
	buf := make([]byte, 64<<10)
	for {
		if _, err := f.file.Read(buf); err != nil {
			return
		}
	}
}

// badForm is the error of a form that may not pass.
type badForm struct{ reason guard.Reason }

// Error says why.
func (b *badForm) Error() string { return string(b.reason) }

// How slowly a form may come. All of it has to be there within formPatience. Of a file that many octets have to come within
// formPatience.
const (
	formPace     = 64 << 10
	formPatience = 20 * time.Second
)

// Bounds of what is read of a form before its file.
const (
	maxPlain  = 128 << 10 // of a form that does not come in parts
	maxForm   = 1 << 20
	maxSecret = 8 << 10  // until the secret of the form has come
	largeForm = 32 << 10 // more than that is only read of few at once
	maxLarge  = 4
)

// readForm reads a form. One with a file comes in parts: the secret first, the other fields, and the file last, which is read
// as it comes and kept nowhere.
func (s *server) readForm(w http.ResponseWriter, r *http.Request) (form, error) {
	most := int64(s.options.maxUpload)<<20 + maxForm
	if r.ContentLength > most {
		return form{}, &badForm{guard.TooLarge}
	}
	if r.PostForm != nil { // the guard has read it
		return form{Values: r.PostForm}, nil
	}
	body, ok := r.Body.(*paced)
	if !ok {
		return form{}, &badForm{guard.BadForm}
	}
	body.most, body.more = maxSecret, func() error { return &badForm{guard.BadForm} }
	r.Body = http.MaxBytesReader(w, body, most)
	parts, err := r.MultipartReader()
	if err != nil {
		return form{}, &badForm{guard.BadForm}
	}
	f := form{Values: url.Values{}}
	for {
		p, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF) && f.Has(guard.FormSecret):
			return f, nil
		case err != nil:
			return f, body.refusal()
		case !f.Has(guard.FormSecret) && p.FormName() != guard.FormSecret:
			return f, &badForm{guard.BadForm}
		case p.FileName() != "":
			body.most, body.renews = math.MaxInt, true
			f.file, f.name = bufio.NewReaderSize(p, 64<<10), p.FileName()
			return f, nil
		}
		var value bytes.Buffer
		if _, err := value.ReadFrom(p); err != nil { // the body is bounded
			return f, body.refusal()
		}
		if p.FormName() == guard.FormSecret {
			if !guard.Of(r).RightSecret(value.String()) {
				return f, &badForm{guard.BadForm}
			}
			body.most, body.more = largeForm-body.read, func() error { return s.readLarge(r, body) }
		}
		f.Add(p.FormName(), value.String())
	}
}

// readLarge lets more of a form be read, when few other large ones are there; it counts until its request ends.
func (s *server) readLarge(r *http.Request, body *paced) error {
	body.more = func() error { return &badForm{guard.TooLarge} }
	body.most = maxForm
	return s.large(r)
}

// large waits until few other large texts are in the memory. This one counts until its request ends.
func (s *server) large(r *http.Request) error {
	wait := time.NewTimer(formPatience)
	defer wait.Stop()
	select {
	case s.larges <- struct{}{}:
		context.AfterFunc(r.Context(), func() { <-s.larges })
		return nil
	case <-r.Context().Done():
	case <-wait.C:
	}
	return &badForm{guard.Busy}
}

// paced is a body that has to come at some pace, and of which only so much may be read.
type paced struct {
	io.ReadCloser
	control *http.ResponseController
	renews  bool          // the time limit is set anew with every formPace octets
	left    int           // octets until then
	time    time.Duration // until then; what is spent between two reads does not count

	read int
	most int          // octets that may be read
	more func() error // asks for more
	no   error        // its answer
}

// refusal is why a form could not be read: too much of it, or it is none.
func (p *paced) refusal() error { return cmp.Or(p.no, error(&badForm{guard.BadForm})) }

// Read reads what comes in time.
func (p *paced) Read(b []byte) (int, error) {
	if p.most <= 0 {
		if p.no = p.more(); p.no != nil {
			return 0, p.no
		}
	}
	if p.renews && p.left <= 0 {
		p.time, p.left = formPatience, formPace
	}
	began := time.Now()
	_ = p.control.SetReadDeadline(began.Add(p.time)) // where there is none, the server is a test
	n, err := p.ReadCloser.Read(b[:min(len(b), p.most)])
	p.time -= time.Since(began)
	p.left, p.most, p.read = p.left-n, p.most-n, p.read+n
	if errors.Is(err, io.EOF) {
		_ = p.control.SetReadDeadline(time.Time{}) // else it would cut off the request
	}
	return n, err
}

// How long the rest of a form may take that nobody reads.
const restPatience = time.Second

// hurry bounds the time for what is left of a form that is refused: the answer is only sent when it has come.
func hurry(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		w.Header().Set("Connection", "close")
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(restPatience))
	}
}

// refuseForm writes the page of a form that could not be read.
func (s *server) refuseForm(w http.ResponseWriter, r *http.Request, err error) {
	var bad *badForm
	if !errors.As(err, &bad) {
		bad = &badForm{guard.BadForm}
	}
	s.refuse(w, r, bad.reason)
}
