package bundle

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// Recorder collects what a run asks and reads. It is safe for concurrent use.
type Recorder struct {
	mu        sync.Mutex
	exchanges map[resolve.Question]exchangeJSON
	visits    map[visitKey]visitJSON
	pages     map[probe.WebQuestion]pageJSON
	inputs    []*Kept
	helo      string
	stray     string
	masked    *mask    // nil: nothing is
	hidden    []string // secrets, each with what stands for it
	roots     [][]byte
	notes     map[string]json.RawMessage
	size      int  // octets, about
	inputSize int  // of all inputs
	full      bool // a bound was reached: something has no place
}

type visitKey struct{ at, to string }

func keyOf(q probe.Question) visitKey {
	how := "full"
	switch {
	case q.Depth.Greeting:
		how = "greeting"
	case q.Depth.Plain:
		how = "plain"
	}
	return visitKey{q.Address.String() + " " + q.Host + " " + how, strings.Join(q.To, " ")}
}

// NewRecorder makes an empty one.
func NewRecorder() *Recorder {
	return &Recorder{stray: probe.NewStray(), exchanges: map[resolve.Question]exchangeJSON{}, visits: map[visitKey]visitJSON{},
		pages: map[probe.WebQuestion]pageJSON{}, notes: map[string]json.RawMessage{}}
}

// Exchange keeps what came of a question. The first answer stays; one that the end of the run cut off gives way to another.
func (r *Recorder) Exchange(x resolve.Exchange) {
	j := keepExchange(x)
	r.mu.Lock()
	defer r.mu.Unlock()
	old, known := r.exchanges[x.Question]
	if known && !old.Error.cutOff() || !known && !r.room(len(r.exchanges), len(x.Message)*3+400) {
		return
	}
	r.exchanges[x.Question] = j
}

// cutOff reports whether the end of the run took the place of an answer.
func (j *errorJSON) cutOff() bool {
	err := j.error()
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// Visit keeps a visit to a mail server.
func (r *Recorder) Visit(q probe.Question, v probe.Visit) {
	j := keepVisit(q, v)
	r.mu.Lock()
	defer r.mu.Unlock()
	k := keyOf(q)
	old, known := r.visits[k]
	if known && !old.Err.cutOff() || !known && !r.room(len(r.visits), sizeOf(j)) {
		return
	}
	r.visits[k] = j
}

// Page keeps a page of a web server.
func (r *Recorder) Page(q probe.WebQuestion, p probe.Page) {
	j := keepPage(q, p)
	r.mu.Lock()
	defer r.mu.Unlock()
	old, known := r.pages[q]
	if known && !old.Err.cutOff() || !known && !r.room(len(r.pages), sizeOf(j)) {
		return
	}
	r.pages[q] = j
}

// World keeps what the world is called and whom it trusts.
func (r *Recorder) World(helo string, roots []*x509.Certificate) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.helo, r.roots = helo, nil
	for _, c := range roots[:min(len(roots), maxCerts)] {
		r.roots = append(r.roots, c.Raw)
	}
}

// Stray is the name of the mailbox that no domain has, for all visits of the run.
func (r *Recorder) Stray() string { return r.stray }

// Hide lets something else stand where a text would stand in an input: a secret.
func (r *Recorder) Hide(secret, shown string) {
	if secret == shown || secret == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hidden = append(r.hidden, secret, shown)
}

// sizeOf is the length of a line.
func sizeOf(v any) int {
	line, err := marshal(v)
	if err != nil || len(line) > maxLine {
		return maxAll
	}
	return len(line)
}

// room reports whether one more entry has its place among a number of others.
func (r *Recorder) room(entries, size int) bool {
	if entries >= maxEntries || r.size+size > maxAll-maxInput-maxHead {
		r.full = true
		return false
	}
	r.size += size
	return true
}

// Kept is an input while it is read.
type Kept struct {
	recorder *Recorder
	name     string
	modified time.Time
	data     []byte
	whole    bool // its end was seen
	left     bool // it is left out
	cut      bool // it is larger than there is place for
}

// Input begins to keep a file of a name. What is read goes to Write; Whole tells that the end was reached. A file that is read
// again is kept once, as far as it was read; modified is when it was last written to. It is nil where there is no place for one more.
func (r *Recorder) Input(name string, modified time.Time) *Kept {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.inputs) >= maxInputs {
		r.full = true
		return nil
	}
	k := &Kept{recorder: r, name: name, modified: modified}
	r.inputs = append(r.inputs, k)
	return k
}

// Write keeps octets as they are read. It never fails.
func (k *Kept) Write(p []byte) (int, error) {
	if k == nil {
		return len(p), nil
	}
	r := k.recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	if k.cut || r.inputSize+len(p) > maxInput {
		k.cut, r.full = true, true
		return len(p), nil
	}
	r.inputSize += len(p)
	k.data = append(k.data, p...)
	return len(p), nil
}

// Whole tells that the end of the input was reached.
func (k *Kept) Whole() {
	if k == nil {
		return
	}
	k.recorder.mu.Lock()
	defer k.recorder.mu.Unlock()
	k.whole = !k.cut
}

// read are the inputs, each name once: the longest of its readings.
func (r *Recorder) read() []*Kept {
	var out []*Kept
	at := map[string]int{}
	for _, k := range r.inputs {
		if len(k.data) == 0 && !k.whole && !k.left { // opened, and never read
			continue
		}
		i, known := at[k.name]
		switch {
		case !known:
			at[k.name] = len(out)
			out = append(out, k)
		case len(k.data) > len(out[i].data), k.whole && !out[i].whole:
			out[i] = k
		}
	}
	return out
}
