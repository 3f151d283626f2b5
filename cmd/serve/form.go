package serve

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime/multipart"
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

// badForm is the error of a form that may not pass.
type badForm struct{ reason guard.Reason }

// Error says why.
func (b *badForm) Error() string { return string(b.reason) }

// How slowly a form may come: so many octets within so long, else it is given up.
const (
	formPace     = 64 << 10
	formPatience = 20 * time.Second
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
	r.Body = http.MaxBytesReader(w, r.Body, most)
	parts, err := r.MultipartReader()
	if err != nil {
		return form{}, &badForm{guard.BadForm}
	}
	f := form{Values: url.Values{}}
	for left := int64(maxForm); ; {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) && f.Has(guard.FormSecret) {
			calm(w)
			return f, nil
		}
		if err != nil {
			return f, &badForm{guard.BadForm}
		}
		if !f.Has(guard.FormSecret) && p.FormName() != guard.FormSecret {
			return f, &badForm{guard.BadForm}
		}
		if p.FileName() != "" {
			f.file, f.name = bufio.NewReaderSize(p, 64<<10), p.FileName()
			return f, nil
		}
		value, err := readPart(p, left)
		if err != nil {
			return f, err
		}
		if left -= int64(len(value)); p.FormName() == guard.FormSecret && !guard.Of(r).RightSecret(value) {
			return f, &badForm{guard.BadForm}
		}
		f.Add(p.FormName(), value)
	}
}

// readPart reads a field of a form, up to a bound.
func readPart(p *multipart.Part, most int64) (string, error) {
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(p, most+1))
	switch {
	case err != nil:
		return "", &badForm{guard.BadForm}
	case n > most:
		return "", &badForm{guard.TooLarge}
	}
	return b.String(), nil
}

// paced is a body that has to come at some pace.
type paced struct {
	io.ReadCloser
	control *http.ResponseController
	left    int // octets until the time limit is set anew
}

// Read renews the time limit with every formPace octets that came.
func (p *paced) Read(b []byte) (int, error) {
	if p.left <= 0 {
		_ = p.control.SetReadDeadline(time.Now().Add(formPatience)) // where there is none, the server is a test
		p.left = formPace
	}
	n, err := p.ReadCloser.Read(b)
	p.left -= n
	if err != nil {
		_ = p.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// calm ends the time limit of a body of which no more is read: where it passes, the request would be cut off.
func calm(w http.ResponseWriter) { _ = http.NewResponseController(w).SetReadDeadline(time.Time{}) }

// refuseForm writes the page of a form that could not be read.
func (s *server) refuseForm(w http.ResponseWriter, r *http.Request, err error) {
	var bad *badForm
	if !errors.As(err, &bad) {
		bad = &badForm{guard.BadForm}
	}
	s.refuse(w, r, bad.reason)
}
