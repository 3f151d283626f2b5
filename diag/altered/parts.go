package altered

import (
	"bytes"
	"slices"
	"strings"

	"todoku/sender/mail"
)

// doc is a body with the two fields of the header that say how to read it. Those of a candidate may be others than those of the
// received mail; they may be empty.
type doc struct {
	kind     mail.RawField // Content-Type
	encoding mail.RawField // Content-Transfer-Encoding
	body     []byte
	ended    func() bool // no more is wanted; nil for never
}

// over reports that no more candidates are wanted.
func (d doc) over() bool { return d.ended != nil && d.ended() }

func docOf(r mail.Raw) doc {
	d := doc{body: r.Body}
	for _, f := range r.Fields {
		switch {
		case f.Is("Content-Type") && d.kind.Bytes == nil:
			d.kind = f
		case f.Is("Content-Transfer-Encoding") && d.encoding.Bytes == nil:
			d.encoding = f
		}
	}
	return d
}

// span is a piece of a body.
type span struct{ from, to int }

// part is a MIME part and its place in the body.
type part struct {
	id       string
	head     span // its header, the empty line not included; empty for the mail itself
	body     span // without the line end that belongs to the delimiter behind it
	kind     string
	charset  string
	encoding string
	boundary string
	name     string // of a file
	parts    []*part
}

// Bounds of the structure.
const (
	maxDepth = 6
	maxParts = 100
)

// structure takes a body apart. over reports that it has more parts than are looked at.
func structure(d doc) (root *part, over bool) {
	root = &part{body: span{0, len(d.body)}}
	root.read(append(bytes.Clone(d.kind.Bytes), "\r\n"...), d.encoding.Value())
	left := maxParts
	root.split(d.body, 0, &left)
	return root, left < 0
}

// read reads what the header of a part says of it.
func (p *part) read(header []byte, encoding string) {
	fields := mail.Cut(slices.Concat(bytes.TrimRight(header, "\r\n"), []byte("\r\n\r\n")))
	var params []param
	p.kind, params = contentType(fields.Get("Content-Type"))
	p.charset = strings.ToLower(valueOf(params, "charset"))
	p.boundary = valueOf(params, "boundary")
	p.name = valueOf(params, "name")
	if encoding == "" {
		encoding = fields.Get("Content-Transfer-Encoding")
	}
	p.encoding = strings.ToLower(strings.TrimSpace(encoding))
	if p.encoding == "" || p.encoding == "binary" {
		p.encoding = "7bit"
	}
}

// param is a parameter of Content-Type.
type param struct{ name, value string }

// contentType reads the value of a field Content-Type (RFC 2045 §5.1).
func contentType(value string) (kind string, params []param) {
	list := splitParams(value)
	kind = strings.ToLower(strings.TrimSpace(list[0]))
	if !strings.Contains(kind, "/") {
		kind = "text/plain"
	}
	for _, one := range list[1:] {
		name, v, _ := strings.Cut(one, "=")
		params = append(params, param{strings.ToLower(strings.TrimSpace(name)), strings.Trim(strings.TrimSpace(v), `"`)})
	}
	return kind, params
}

func valueOf(params []param, name string) string {
	for _, p := range params {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

func (p *part) split(body []byte, depth int, left *int) {
	if !strings.HasPrefix(p.kind, "multipart/") || p.boundary == "" || depth >= maxDepth {
		return
	}
	begun := false
	start := p.body.from
	for at := p.body.from; at < p.body.to; {
		i, next, last, ok := delimiter(body[:p.body.to], at, p.boundary)
		if !ok {
			i = p.body.to
		}
		if begun {
			if *left--; *left < 0 {
				return
			}
			p.add(body, span{start, max(start, beforeEnd(body, i, ok))}, depth, left)
		}
		if !ok || last {
			return
		}
		begun, start, at = true, next, next
	}
}

// add makes a part of what stands between two delimiters.
func (p *part) add(body []byte, s span, depth int, left *int) {
	child := &part{id: itoa(len(p.parts) + 1)}
	if p.id != "" {
		child.id = p.id + "." + child.id
	}
	head, content := s.from, s.to
	for at := s.from; at < s.to; {
		end := bytes.IndexByte(body[at:s.to], '\n')
		if end < 0 {
			break
		}
		if len(bytes.TrimRight(body[at:at+end], "\r")) == 0 {
			head, content = at, at+end+1
			break
		}
		at += end + 1
	}
	child.head, child.body = span{s.from, head}, span{min(content, s.to), s.to}
	if head == s.from && content == s.to { // no empty line
		child.head, child.body = span{s.from, s.from}, s
	}
	child.read(body[child.head.from:child.head.to], "")
	p.parts = append(p.parts, child)
	child.split(body, depth+1, left)
}

// beforeEnd is the end of what stands before a delimiter: the line end there belongs to it (RFC 2046 §5.1.1).
func beforeEnd(body []byte, at int, delimited bool) int {
	if delimited && at > 0 && body[at-1] == '\n' {
		at--
		if at > 0 && body[at-1] == '\r' {
			at--
		}
	}
	return at
}

// delimiter finds the next line "--boundary" from an octet on: where it begins, and the line behind it.
func delimiter(body []byte, from int, boundary string) (at, next int, last, ok bool) {
	mark := []byte("--" + boundary)
	for from < len(body) {
		i := bytes.Index(body[from:], mark)
		if i < 0 {
			break
		}
		i += from
		end := bytes.IndexByte(body[i:], '\n')
		if end < 0 {
			end = len(body)
		} else {
			end += i + 1
		}
		tail := string(bytes.TrimRight(body[i+len(mark):end], " \t\r\n"))
		if (i == 0 || body[i-1] == '\n') && (tail == "" || tail == "--") {
			return i, end, tail == "--", true
		}
		from = i + len(mark)
	}
	return 0, 0, false, false
}

// leaves lists the parts that have none of their own, from the top.
func (p *part) leaves() (list []*part) {
	if len(p.parts) == 0 {
		return []*part{p}
	}
	for _, c := range p.parts {
		list = append(list, c.leaves()...)
	}
	return list
}

// texts are the leaves with text.
func (p *part) texts() (list []*part) {
	for _, l := range p.leaves() {
		if strings.HasPrefix(l.kind, "text/") && l.body.to > l.body.from {
			list = append(list, l)
		}
	}
	return list
}

// at is the innermost part that an octet of the body belongs to.
func (p *part) at(offset int) *part {
	for _, c := range p.parts {
		if c.head.from <= offset && offset <= c.body.to {
			return c.at(offset)
		}
	}
	return p
}

func (p *part) isHTML() bool { return p.kind == "text/html" }

func (s span) of(b []byte) []byte { return b[s.from:s.to] }

// replaced is the body with other octets in place of a piece of it.
func replaced(body []byte, s span, with []byte) []byte {
	out := make([]byte, 0, len(body)-(s.to-s.from)+len(with))
	return append(append(append(out, body[:s.from]...), with...), body[s.to:]...)
}

// lineAt counts the lines up to an octet, from 1.
func lineAt(body []byte, offset int) int {
	return 1 + bytes.Count(body[:min(max(offset, 0), len(body))], []byte("\n"))
}
