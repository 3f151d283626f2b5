package aggregate

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"todoku/codes"
)

// Options are the bounds of one input. The zero value has those that fit everything that receivers send.
type Options struct {
	MaxPacked   int64 // octets of what is held in memory at once: a zip, a mail, a report about TLS; 0 is 64 MiB
	MaxUnpacked int64 // octets that come out of what was packed, of one file or one mail of a mailbox; 0 is 512 MiB
	MaxReports  int   // of one file or one mail of a mailbox: an empty one takes twelve octets; 0 is 100,000
}

const (
	defaultPacked   = 64 << 20
	defaultUnpacked = 512 << 20
	defaultReports  = 100_000
)

// Read gives the reports of one input, one after another; name is that of the input, for the place of a report. What gives no
// report is told as one with nothing but faults. The error is that of r, of yield, or of ctx; what was read before it was
// given. Memory does not grow with the number of reports, rows or mails. Of many inputs a Reader is faster.
func Read(ctx context.Context, r io.Reader, name string, o Options, yield func(Report) error) error {
	return NewReader(o).Read(ctx, r, name, yield)
}

// Reader reads one input after another, and keeps its memory for the next. It is for one goroutine.
type Reader struct {
	o      Options
	buf    []byte // of XML
	packed []byte // of a mail or a zip that is read whole
	heads  []*bufio.Reader
	gzips  []*gzip.Reader
	f      feedback
}

// NewReader makes a Reader.
func NewReader(o Options) *Reader {
	if o.MaxPacked <= 0 {
		o.MaxPacked = defaultPacked
	}
	if o.MaxUnpacked <= 0 {
		o.MaxUnpacked = defaultUnpacked
	}
	if o.MaxReports <= 0 {
		o.MaxReports = defaultReports
	}
	return &Reader{o: o}
}

// Read is as the function Read.
func (m *Reader) Read(ctx context.Context, r io.Reader, name string, yield func(Report) error) error {
	src := &source{ctx: ctx, r: r}
	in := &reader{src: src, o: m.o, memory: m, yield: yield, place: Place{File: name}, left: m.o.MaxUnpacked,
		most: m.o.MaxReports}
	err := in.open(src, name)
	if errors.Is(err, errMany) { // it was told
		err = nil
	}
	if err == nil {
		err = src.failed()
	}
	return codes.At(name, err)
}

// headSize is how much of something its kind is recognised by, and junkSize how far a report is looked for in it, in octets.
const (
	headSize = 4 << 10
	junkSize = 64 << 10
)

// reader reads one input.
type reader struct {
	src      *source
	o        Options
	memory   *Reader
	yield    func(Report) error
	place    Place
	left     int64  // octets that may still be unpacked
	full     bool   // more would have come out: what is left of an archive is passed over
	faults   faults // of what was opened, for the next report
	given    int    // reports, with those that have faults alone
	most     int    // what given may come to before the rest of the file or mail is passed over
	packed   int    // layers of gzip and the like around what is read
	deflates int    // layers of gzip and zlib of them
	archive  bool   // it stands in an archive
	mails    int    // mails around it
}

// source reads the input, remembers its error, and ends with ctx.
type source struct {
	ctx context.Context
	r   io.Reader
	n   int64
	err error
}

func (s *source) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return 0, err
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	s.err = err
	return n, err
}

func (s *source) failed() error {
	if errors.Is(s.err, io.EOF) {
		return nil
	}
	return s.err
}

// errMany says that Options.MaxReports was reached.
var errMany = errors.New("too many reports")

// report gives a report, with the faults of what it was opened from.
func (in *reader) report(rep Report) error {
	if in.given == in.most {
		in.faults.list = []Fault{{Kind: TooManyParts, Count: 1, Lost: true}}
		rep = Report{}
	}
	rep.Place = in.place
	rep.Place.Inside = append([]string(nil), in.place.Inside...)
	for _, f := range rep.Faults {
		if !in.faults.again(f.Kind, f.Value, f.Lost) {
			in.faults.list = append(in.faults.list, f)
		}
	}
	rep.Faults, in.faults.list = in.faults.list, nil
	in.given++
	if err := in.yield(rep); err != nil {
		return err
	}
	if in.given > in.most {
		return errMany
	}
	return nil
}

// tell gives what is known of something that gave no report.
func (in *reader) tell() error {
	if len(in.faults.list) == 0 {
		return nil
	}
	return in.report(Report{})
}

// maxPacked bounds the layers of packing around a report.
const maxPacked = 4

// open reads something as what it is.
func (in *reader) open(r io.Reader, name string) error {
	m := in.memory
	var head *bufio.Reader
	if n := len(m.heads); n > 0 {
		head, m.heads = m.heads[n-1], m.heads[:n-1]
		head.Reset(r)
	} else {
		head = bufio.NewReaderSize(r, headSize)
	}
	err := in.file(head, name)
	head.Reset(nil)
	m.heads = append(m.heads, head)
	return err
}

// file reads something as what it is.
func (in *reader) file(r *bufio.Reader, name string) error {
	head, _ := r.Peek(headSize)
	if in.src.failed() != nil {
		return nil
	}
	kind := kindOf(head)
	if want, ok := kindOfName(name); ok && kind != want && kind.named() {
		in.faults.add(OtherName, 0, name, false)
	}
	if kind.packs() {
		if in.packed++; in.packed > maxPacked {
			in.faults.add(NestedArchive, 0, "", true)
			return in.tell()
		}
		defer func() { in.packed-- }()
	}
	switch kind {
	case kindGzip, kindZlib:
		return in.deflated(r, kind)
	case kindBase64:
		return in.base64(r)
	case kindZip:
		return in.zip(r)
	case kindTar:
		return in.tar(r)
	case kindMbox:
		return in.mbox(r)
	case kindMail:
		return in.mailFile(r)
	case kindXML:
		return in.xml(r)
	case kindUTF16:
		text := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(r)
		if bytes.HasPrefix(head, []byte{0, '<'}) {
			text = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder().Reader(r)
		}
		return in.open(text, "")
	case kindJSON:
		return in.tls(r)
	case kindOther:
		in.faults.add(OtherArchive, 0, otherArchive(head), true)
		return in.tell()
	}
	return in.junk(r)
}

// junk looks for a report behind something else.
func (in *reader) junk(r *bufio.Reader) error {
	r = bufio.NewReaderSize(r, junkSize)
	head, _ := r.Peek(junkSize)
	at := bytes.Index(head, []byte("<?xml"))
	if at < 0 {
		at = bytes.Index(head, []byte("<feedback"))
	}
	if at < 0 {
		in.faults.add(NotReport, 0, "", false)
		return in.tell()
	}
	in.faults.add(JunkBefore, 0, strings.TrimSpace(string(head[:min(at, maxValue)])), false)
	_, _ = r.Discard(at)
	return in.xml(r)
}

// xml reads aggregate reports.
func (in *reader) xml(r *bufio.Reader) error {
	f := &in.memory.f
	head, _ := r.Peek(256)
	f.reset(newScanner(r, in.memory.buf), declaredCharset(head))
	f.give = func(f *feedback, more bool) error {
		d := f.head
		d.ID = bare(d.ID)
		if len(f.rows) > 0 {
			d.Rows = slices.Clone(f.rows)
		}
		return in.report(Report{DMARC: &d, Faults: f.s.faults.list, Part: f.part, More: more})
	}
	err := f.run()
	in.memory.buf = f.s.buf
	if err != nil || in.src.failed() != nil {
		return err
	}
	if !f.reported {
		in.faults.add(NotReport, 0, "XML", false)
	}
	return in.tell()
}

// declaredCharset is the charset of the declaration of XML; "" for UTF-8 and where there is none.
func declaredCharset(head []byte) string {
	_, after, ok := bytes.Cut(head, []byte("<?xml"))
	if !ok {
		return ""
	}
	declaration, _, _ := bytes.Cut(after, []byte("?>"))
	name := attribute(declaration, "encoding")
	switch strings.ToLower(name) {
	case "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be", "utf16", "ucs-2", "unicode":
		return ""
	}
	return name
}
