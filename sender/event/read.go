package event

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"todoku/codes"
	"todoku/sender/mail"
)

// headSize is how much of an input its format is recognised by, in octets.
const headSize = 64 << 10

// Read yields the events of an input, in the order in which they are recorded. An input of which nothing is recognised has
// none; Source.Input tells so. An error is that of the reader, a damaged .gz, or the end of ctx; it comes last, and what
// was read before it is not lost.
func Read(ctx context.Context, src Source) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		err := Each(ctx, src, func(e *Event) error {
			if !yield(*e, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(Event{}, err)
		}
	}
}

// Each is Read for many events: take gets each of them, which is lent until it returns. An error of take ends the reading, and
// is returned.
func Each(ctx context.Context, src Source, take func(*Event) error) error {
	if src.Input == nil {
		src.Input = new(Input)
	}
	src.Input.File = src.Name
	in := &input{Source: src, ctx: ctx, take: take, now: time.Now()}
	return in.read()
}

// errEnough says that nobody wants more events.
var errEnough = errors.New("the reader has enough")

// input is an input that is being read.
type input struct {
	Source
	ctx  context.Context
	take func(*Event) error
	now  time.Time
	r    *bufio.Reader
	// packed says that r unpacks: it gives little at a time, and never waits for more to be written
	packed bool
	long   int64  // lines of which only the beginning was read
	head   []byte // the beginning, not yet taken from r
}

func (in *input) read() error {
	if err := in.open(); err != nil {
		return codes.At(in.Name, err)
	}
	head, err := in.r.Peek(headSize)
	if len(head) == 0 && err != nil && !errors.Is(err, io.EOF) {
		return codes.At(in.Name, err)
	}
	in.head = head
	if err := in.unwrap(); err != nil {
		return codes.At(in.Name, err)
	}
	for _, f := range formats() {
		if f.is(in.head) {
			in.Input.Format = f.name
			return f.read(in)
		}
	}
	return nil
}

// give hands an event on; it is the caller's again when give returns. The error says that the reading is to end.
func (in *input) give(e *Event) error {
	e.Source.File = in.Name
	in.Input.Events++
	in.Input.Clock = max(in.Input.Clock, e.Clock)
	if err := in.take(e); err != nil {
		return err
	}
	return in.ctx.Err()
}

// format is a kind of input.
type format struct {
	name string
	is   func(head []byte) bool // head is at most headSize octets, and may end within a line
	read func(*input) error     // gives the events of the whole input
}

// formats are tried in this order: the more certain first.
func formats() []format {
	return []format{
		{"mbox", mail.IsMbox, (*input).readMbox},
		{"mail", mail.IsMail, (*input).readMail},
		{"events", isJSON, (*input).readJSON},
		{"form", isForm, (*input).readForm},
		{"table", isTable, (*input).readTable},
		{"log", isLog, (*input).readLines},
		{"text", isText, (*input).readText},
		{"log", isLongSystemLog, (*input).readLines},
	}
}
