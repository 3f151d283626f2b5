package event

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxLine bounds what is looked at of one line, in octets; the rest is passed over.
const maxLine = 64 << 10

// lineFormat is a log whose records are lines.
type lineFormat struct {
	name string
	// is reports whether a line is of this format, whatever it tells. It decides which formats an input has.
	is func(line []byte) bool
	// scan looks at one line alone, on any processor. It sets what the line tells and returns false where it tells nothing.
	// It keeps no state and nothing of line.
	scan func(line []byte, r *record) bool
	// join makes what puts the records of one input together; nil where each record is an event.
	join func() joiner
}

// record is what one line tells.
type record struct {
	Event
	kind recordKind
}

// recordKind says what a line tells; what the kinds after isEvent mean is the format's own matter.
type recordKind uint8

const isEvent recordKind = 0

// joiner puts records together that stand in several lines. What it remembers is bounded.
type joiner interface {
	// add takes the next record. It gives each event that is whole by now.
	add(r *record, give func(Event) error) error
	// end gives what is still open.
	end(give func(Event) error) error
}

// lineFormats are tried for each line in this order, as far as the input has them.
func lineFormats() []lineFormat {
	return []lineFormat{sendmail(), qmail(), openSMTPD()}
}

// isLog reports whether one of the first lines is of a log.
func isLog(head []byte) bool { return len(formatsIn(head)) > 0 }

// formatsIn are the formats of lines that the beginning of an input has.
func formatsIn(head []byte) []lineFormat {
	var out []lineFormat
	for _, f := range lineFormats() {
		for line := range bytes.Lines(head) {
			if f.is(bytes.TrimRight(line, "\r\n")) {
				out = append(out, f)
				break
			}
		}
	}
	return out
}

// readLines reads a log.
func (in *input) readLines() error {
	active := formatsIn(in.head)
	joiners := make([]joiner, len(active))
	in.Input.Format = ""
	for i, f := range active {
		if i > 0 {
			in.Input.Format += "+"
		}
		in.Input.Format += f.name
		if f.join != nil {
			joiners[i] = f.join()
		}
	}
	for {
		line, err := in.line()
		if len(line) > 0 {
			in.Input.Lines++
			for i, f := range active {
				r := record{Event: Event{Format: f.name, Source: Place{Line: in.Input.Lines}}}
				if !f.scan(line, &r) {
					continue
				}
				var err error
				if joiners[i] != nil {
					err = joiners[i].add(&r, in.give)
				} else {
					err = in.give(r.Event)
				}
				if err != nil {
					return err
				}
				break
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	for _, j := range joiners {
		if j != nil {
			if err := j.end(in.give); err != nil {
				return err
			}
		}
	}
	return nil
}

// line reads the next line, without its end, up to maxLine octets of it.
func (in *input) line() ([]byte, error) {
	line, err := in.r.ReadSlice('\n')
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = in.r.ReadSlice('\n')
	}
	return bytes.TrimRight(line[:min(len(line), maxLine)], "\r\n"), err
}
