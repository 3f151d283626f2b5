package event

import (
	"bytes"
	"runtime"
	"strconv"

	"todoku/codes"
)

// maxScanners bounds the goroutines that scan lines: more of them wait for the one that joins.
const maxScanners = 8

// lineFormat is a log whose records are lines.
type lineFormat struct {
	name string
	// is reports whether a line is of this format, whatever it tells. It decides which formats an input has.
	is func(line []byte) bool
	// scan looks at one line alone, on any processor. It sets what the line tells and returns false where it tells nothing.
	// It keeps no state and nothing of line, but for the key and the text of a record, and takes the event of the record only
	// when it knows that the line tells one.
	scan func(line []byte, r *record) bool
	// join makes what puts the records of one input together; nil where each record is an event.
	join func() joiner
}

// joiner puts records together that stand in several lines. What it remembers is bounded.
type joiner interface {
	// add takes the next record. It gives each event that is whole by now.
	add(r *record, give func(*Event) error) error
	// end gives what is still open.
	end(give func(*Event) error) error
}

// noter is a joiner that has something to say of the whole input, such as what it had to forget.
type noter interface{ notes() []codes.Text }

// lineFormats are tried for each line in this order, as far as the input has them.
func lineFormats() []lineFormat {
	return []lineFormat{postfixFormat(), eximFormat(), sendmail(), qmail(), openSMTPD()}
}

// isLog reports whether one of the first lines is of a log, and the input no ticket that quotes some.
func isLog(head []byte) bool { return len(formatsIn(head)) > 0 && !isTicket(head) }

// isSystemLog reports whether most lines have a time and a program, whoever wrote them: /var/log/syslog.
func isSystemLog(head []byte) bool {
	lines, logged := 0, 0
	for line := range bytes.Lines(head) {
		lines++
		if _, ok := parseSyslog(trimLine(line)); ok {
			logged++
		}
	}
	return 2*logged > lines
}

// isLongSystemLog reports whether an input is the log of a system that goes on behind its beginning: lines about mails may come.
func isLongSystemLog(head []byte) bool { return len(head) >= headSize && isSystemLog(head) }

// formatsIn are the formats of lines that the beginning of an input has.
func formatsIn(head []byte) []lineFormat {
	var out []lineFormat
	for _, f := range lineFormats() {
		for line := range bytes.Lines(head) {
			if f.is(trimLine(line)) {
				out = append(out, f)
				break
			}
		}
	}
	return out
}

// trimLine takes off the end of a line, and the zeros before it that a crash leaves.
func trimLine(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	if len(line) > 0 && line[0] == 0 {
		line = bytes.TrimLeft(line, "\x00")
	}
	return line[:min(len(line), maxLine)]
}

// logReader reads a log.
type logReader struct {
	*input
	formats []lineFormat
	has     []bool   // which of the formats the input has
	joiners []joiner // of the formats; nil where a record is an event
	free    chan *batch
	year    int // that was inferred for the last event without one
}

func (in *input) readLines() error {
	in.Input.Format = ""
	l := &logReader{input: in, formats: formatsIn(in.head)}
	known := len(l.formats) > 0
	if !known { // the first line about a mail is yet to come
		l.formats = lineFormats()
	}
	l.has = make([]bool, len(l.formats))
	for i, f := range l.formats {
		var j joiner
		if f.join != nil {
			j = f.join()
		}
		l.joiners = append(l.joiners, j)
		if known {
			l.tell(i)
		}
	}
	workers := in.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, maxScanners)
	size := chunkSize
	if len(in.head) < headSize { // this is all of it
		size = len(in.head) + 1
	}
	l.free = make(chan *batch, workers+4)
	err := pipeline[*batch, *batch]{
		workers: workers,
		next:    (&chunker{ctx: in.ctx, r: in.r, size: size, full: in.packed, free: l.free}).next,
		work:    l.scan,
		give:    l.join,
	}.run(in.ctx)
	if err == nil || in.ctx.Err() == nil && err != errEnough { // after a damaged end as well: what was read before counts
		if e := l.end(); e != nil {
			return e
		}
	}
	return err
}

// tell notes that the input has one of the formats.
func (l *logReader) tell(format int) {
	l.has[format] = true
	if l.Input.Format != "" {
		l.Input.Format += "+"
	}
	l.Input.Format += l.formats[format].name
}

// scan looks at the lines of a batch, one by one.
func (l *logReader) scan(b *batch) *batch {
	for rest := b.text; len(rest) > 0; b.lines++ {
		line := rest
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		if len(line) > maxLine {
			b.long++
		}
		l.scanLine(b, trimLine(line))
	}
	return b
}

// scanLine notes what one line tells, in the first format that knows.
func (l *logReader) scanLine(b *batch, line []byte) {
	if len(line) == 0 {
		return
	}
	r, free := &b.one, b.slot()
	for i := range l.formats {
		*r = record{free: free, copies: &b.copies, format: uint8(i), line: int32(b.lines)}
		told := l.formats[i].scan(line, r)
		if told && r.kind != unread {
			l.keep(b, r)
			return
		}
		if r.Event != nil {
			*r.Event = Event{}
		}
		if told {
			b.unread++
			return
		}
	}
}

// keep puts a record into its batch.
func (l *logReader) keep(b *batch, r *record) {
	if r.Event != nil {
		b.used++
		r.Format = l.formats[r.format].name
		l.setYear(r.Event)
	}
	b.records = append(b.records, *r)
}

// join puts the records of a batch together with those before, and gives the events that are whole.
func (l *logReader) join(b *batch) error {
	give := l.give // once: each use of a method as a value costs an allocation
	for i := range b.records {
		r := &b.records[i]
		if r.Event != nil {
			r.Source.Line = l.Input.Lines + int64(r.line) + 1
			if r.Clock == NoYear {
				l.year = r.Time.Year()
			}
		}
		if !l.has[r.format] {
			l.tell(int(r.format))
		}
		j := l.joiners[r.format]
		var err error
		if j == nil {
			err = give(r.Event)
		} else {
			err = j.add(r, give)
		}
		if err != nil {
			return err
		}
	}
	l.Input.Lines += b.lines
	l.Input.Unread += b.unread
	l.long += b.long
	select {
	case l.free <- b:
	default:
	}
	return l.ctx.Err()
}

// end gives what is still open, and notes what is to be said of the whole input.
func (l *logReader) end() error {
	for _, j := range l.joiners {
		if j == nil {
			continue
		}
		if err := j.end(l.give); err != nil {
			return err
		}
		if n, ok := j.(noter); ok {
			l.Input.Notes = append(l.Input.Notes, n.notes()...)
		}
	}
	l.noteLongLines(maxLine)
	if l.Input.Clock == NoYear {
		y := strconv.Itoa(l.year)
		l.note("the log names no year; its last lines were taken to be of "+y,
			"ログに年が記録されていないため、末尾を"+y+"年のものとみなしました")
	}
	return nil
}

func (in *input) note(en, ja string) {
	in.Input.Notes = append(in.Input.Notes, codes.Text{EN: en, JA: ja})
}
