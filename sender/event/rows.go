package event

import (
	"slices"
	"strings"

	"todoku/codes"
)

// rows reads the records of services and of tables, and makes events of them.
type rows struct {
	in       *input
	w        *window
	known    []knownService
	marks    map[string]uint32 // the services by their marks, as far as these are names of an object itself
	hints    map[string]uint32
	wasted   int // octets that were looked at in vain since the last event
	kinds    map[kindKey]metKind
	lastKey  kindKey // of the record before, which most have too
	lastKind metKind
	event    Event     // of the record
	reason   string    // that the word for its kind tells
	part     *pathNode // of Amazon SES: a recipient within the record
	one      values    // and what it tells
	v        values
	times    timeReader
	line     int64            // of the record
	asked    [4]*knownService // what the last record was, by how deep it stood
	seen     repeats
	again    int64 // records that were there before
	names    []string
	sessions *recent[*smtpSession] // of a protocol log
	large    int64                 // objects that are too large to be read as one
}

// knownService is a service and what its records are read by.
type knownService struct {
	*service
	root  *pathNode
	named map[string]column
	bit   uint32
}

func newRows(in *input) *rows {
	r := &rows{in: in, kinds: map[kindKey]metKind{}, part: sesRecipient(), marks: map[string]uint32{}, hints: map[string]uint32{}}
	for i, s := range services() {
		k := knownService{s, s.paths(), s.namedColumns(), 1 << i}
		r.known = append(r.known, k)
		for _, name := range s.marks {
			r.marks[firstOf(name, '.')] |= k.bit
		}
		if s.guess {
			continue // its words may be anybody's
		}
		for _, name := range s.hints {
			r.hints[firstOf(name, '.')] |= k.bit
		}
	}
	if in != nil {
		r.w = newWindow(in.r)
	}
	return r
}

// maxWaste is how much may be looked at in vain before what was read is passed over, in octets.
const maxWaste = 4 << 20

// waste counts octets that were looked at in vain, since the last event. True says that it is too much: the input is made so
// that it costs time.
func (r *rows) waste(n int) bool {
	r.wasted = min(r.wasted+n, maxWaste)
	return r.wasted == maxWaste
}

// complete reports whether the values are an event of s: it says what happened, and to whom.
func (r *rows) complete(s *service) bool {
	for _, f := range s.needs {
		if !r.v.has(f) {
			return false
		}
	}
	return (r.v.has(fieldKind) || s.always != "") && (s.needs != nil || r.v.has(fieldRecipient) || r.v.has(fieldList))
}

// record gives the events of the record that was read last, of the service s.
func (r *rows) record(s *service) error {
	k, known := r.kindOf(s)
	if k.silent {
		return nil
	}
	if !known {
		if s.guess {
			r.in.Input.Unread++
			return nil
		}
		k.action = Other
	}
	e := &r.event
	*e = Event{Source: Place{Line: r.line}, Format: s.name}
	r.fill(e, s, k)
	r.reason = k.reason
	if s.split != nil {
		return s.split(r, e)
	}
	return r.toEach(e, r.v.get(fieldRecipient))
}

// kindOf is what the record says that happened. Words that were met are remembered.
func (r *rows) kindOf(s *service) (kind, bool) {
	key := kindKey{s, r.v.get(fieldKind), r.v.get(fieldKind2)}
	if key == r.lastKey {
		return r.lastKind.kind, r.lastKind.known
	}
	if k, ok := r.kinds[key]; ok {
		r.lastKey, r.lastKind = key, k
		return k.kind, k.known
	}
	k, known := s.kindOf(&r.v)
	if len(r.kinds) >= maxKinds {
		clear(r.kinds)
	}
	r.kinds[kindKey{s, strings.Clone(key.word), strings.Clone(key.closer)}] = metKind{k, known}
	return k, known
}

// maxKinds is how many words for kinds are remembered.
const maxKinds = 200

type kindKey struct {
	of           *service
	word, closer string
}

type metKind struct {
	kind
	known bool
}

// toEach gives the event for each of the recipients, which stand with ';' between them.
func (r *rows) toEach(e *Event, recipients string) error {
	for to := range strings.SplitSeq(recipients, ";") {
		if e.Recipient = bareAddress(to); e.Recipient == "" {
			continue
		}
		if err := r.in.give(e); err != nil {
			return err
		}
	}
	return nil
}

// name adds the name of a service to those that the input has.
func (r *rows) name(s string) {
	if !slices.Contains(r.names, s) {
		r.names = append(r.names, s)
		r.in.Input.Format = strings.Join(r.names, "+")
	}
}

// end tells what is to be told of the input as a whole.
func (r *rows) end() error {
	r.in.Input.Lines = r.w.lines()
	if r.again > 0 {
		r.in.Input.Notes = append(r.in.Input.Notes, codes.Text{
			EN: "Some events were sent more than once, with the same id; each is counted once.",
			JA: "同じIDのイベントが重複していました。それぞれ1件として数えます。"})
	}
	if r.large > 0 {
		r.in.Input.Notes = append(r.in.Input.Notes, codes.Text{
			EN: "An object is larger than 1 MiB. Only the objects within it were read.",
			JA: "1MiBを超えるオブジェクトがありました。その内側のオブジェクトだけを読み取りました。"})
	}
	if err := r.w.failed(); err != nil {
		return codes.At(r.in.Name, err)
	}
	return nil
}
