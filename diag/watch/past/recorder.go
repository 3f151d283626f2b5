package past

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"todoku/codes"
	"todoku/diag/resolve"
	"todoku/diag/watch"
	"todoku/sender/event"
)

// Keeper takes what happened.
type Keeper interface {
	Happened(ctx context.Context, list []watch.Happening) error
}

// The bounds of a Recorder. Beyond maxRows the rows that were written down already are forgotten.
const (
	maxRows    = 50_000
	maxExample = 300 // octets of a reply
	batch      = 1_000
)

// Recorder counts judged events until they are written down. It is safe for concurrent use.
type Recorder struct {
	zone *time.Location // of records that name none

	mu   sync.Mutex
	rows map[rowKey]*row
	kept int   // of rows: that the store has as they are
	left int64 // events that are not counted: there were too many rows
}

// rowKey is what a store tells rows by.
type rowKey struct {
	hour                                          int64
	domain, reason, class, provider, code, source string
}

// row is a count; kept says that the store has it as it is.
type row struct {
	watch.Happening
	kept bool
}

// NewRecorder makes one. zone is that of records whose times name none.
func NewRecorder(zone *time.Location) *Recorder {
	return &Recorder{zone: zone, rows: map[rowKey]*row{}}
}

// Input counts the events of one file or mail. It is not safe for concurrent use.
type Input struct {
	r      *Recorder
	source string // "" before the first event
}

// Input begins an input. A nil Recorder gives nil, which counts nothing.
func (r *Recorder) Input() *Input {
	if r == nil {
		return nil
	}
	return &Input{r: r}
}

// Add counts a judged event. Those without a sender or a time are left out.
func (in *Input) Add(e *event.Event) {
	if in == nil {
		return
	}
	if in.source == "" {
		in.source = sourceOf(e)
	}
	at := Instant(e.Time, e.Clock, in.r.zone)
	domain := senderDomain(e)
	if at.IsZero() || domain == "" {
		return
	}
	k := rowKey{hour: at.Truncate(time.Hour).Unix(), domain: domain, source: in.source}
	switch {
	case e.Action == event.Delivered, e.Action == event.Relayed:
		k.reason = Arrived
	case e.Action.Trouble() && e.Verdict != nil, e.Action == event.Complaint && e.Verdict != nil:
		k.reason, k.class, k.provider, k.code = e.Verdict.Reason.ID, string(e.Verdict.Reason.Class), e.Provider, e.Verdict.Delivery.ID
	default:
		return
	}
	if k.reason == Arrived {
		k.provider = e.Provider
	}
	in.r.count(k, at, e)
}

// count adds one to a row.
func (r *Recorder) count(k rowKey, at time.Time, e *event.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.rows[k]
	if w == nil {
		if len(r.rows) >= maxRows && r.kept > 0 {
			maps.DeleteFunc(r.rows, func(_ rowKey, w *row) bool { return w.kept })
			r.kept = 0
		}
		if len(r.rows) >= maxRows {
			r.left++
			return
		}
		k.provider = strings.Clone(k.provider)
		w = &row{Happening: watch.Happening{Hour: time.Unix(k.hour, 0).UTC(), Domain: k.domain, Reason: k.reason, Class: k.class,
			Provider: k.provider, Code: k.code, Source: k.source, First: at, Last: at}}
		if k.reason != Arrived {
			w.Example = example(e)
		}
		r.rows[k] = w
	}
	if w.kept {
		w.kept = false
		r.kept--
	}
	w.Count++
	if at.Before(w.First) {
		w.First = at
	}
	if at.After(w.Last) {
		w.Last = at
	}
}

// Flush writes down what is not written down yet. What the store does not take is kept, and tried again with the next Flush.
func (r *Recorder) Flush(ctx context.Context, to Keeper) error {
	if r == nil {
		return nil
	}
	for part := range slices.Chunk(r.news(), batch) {
		if err := to.Happened(ctx, part); err != nil {
			return err
		}
		r.wrote(part)
	}
	return nil
}

// news are the rows that the store has not, oldest first.
func (r *Recorder) news() (out []watch.Happening) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.rows {
		if !w.kept {
			out = append(out, w.Happening)
		}
	}
	slices.SortFunc(out, func(a, b watch.Happening) int {
		return cmp.Or(a.Hour.Compare(b.Hour), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Source, b.Source))
	})
	return out
}

// wrote notes what the store has. A row that was counted further meanwhile stays news.
func (r *Recorder) wrote(list []watch.Happening) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range list {
		k := rowKey{h.Hour.Unix(), h.Domain, h.Reason, h.Class, h.Provider, h.Code, h.Source}
		if w := r.rows[k]; w != nil && w.Count == h.Count && !w.kept {
			w.kept = true
			r.kept++
		}
	}
}

// Full reports whether so much waits that it should be written down now.
func (r *Recorder) Full() bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.rows)-r.kept > maxRows/2
}

// Left is how many events are not counted because there were too many rows, and how many rows wait to be written down.
func (r *Recorder) Left() (events, rows int64) {
	if r == nil {
		return 0, 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.left, int64(len(r.rows) - r.kept)
}

// sourceOf is a digest of what stays the same of an input's first event, however often and under whatever name it is read.
func sourceOf(e *event.Event) string {
	id := cmp.Or(e.QueueID, e.MessageID, e.EnvelopeID)
	sum := sha256.Sum256([]byte(strings.Join([]string{string(e.Action), e.Time.UTC().Format(time.RFC3339Nano), id, e.Recipient,
		e.Reply.Text()}, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// Instant is a time as a record has it. Digits without a zone are those of a clock in zone.
func Instant(t time.Time, c event.Clock, zone *time.Location) time.Time {
	if t.IsZero() || c == event.Exact {
		return t
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

// senderDomain is the domain of the sender as DNS has it; "" where it is not known.
func senderDomain(e *event.Event) string {
	from := cmp.Or(e.From, e.ReturnPath)
	domain := from[strings.LastIndexByte(from, '@')+1:]
	ascii, err := resolve.ToASCII(strings.Trim(domain, "<>. "))
	if err != nil || !codes.PlaceDomain.Takes(ascii) {
		return ""
	}
	return strings.Clone(ascii)
}

// example is the reply of an event.
func example(e *event.Event) string {
	said := cmp.Or(e.Reply.String(), e.Diagnostic)
	if len(said) > maxExample {
		said = said[:maxExample]
	}
	return strings.Clone(strings.ToValidUTF8(said, ""))
}
