package altered

import (
	"bytes"
	"iter"
	"strings"

	"todoku/sender/mail"
)

// undoParts takes parts away that were added, and a multipart that was put around the mail (Mailman does so to mails that are
// no plain text).
func undoParts(d doc, _ bool) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		root, _ := structure(d)
		if len(root.parts) == 0 || withoutParts(d, root, yield) {
			return
		}
		for _, p := range root.parts[:min(len(root.parts), 4)] {
			c := candidate{doc: doc{body: p.body.of(d.body), ended: d.ended}}
			head := mail.Cut(append(bytes.Clone(p.head.of(d.body)), "\r\n\r\n"...))
			for _, f := range head.Fields {
				switch {
				case f.Is("Content-Type"):
					c.kind = f
				case f.Is("Content-Transfer-Encoding"):
					c.encoding = f
				}
			}
			other := root.parts[0]
			if other == p && len(root.parts) > 1 {
				other = root.parts[len(root.parts)-1]
			}
			change := Change{Kind: FooterPartAdded, Part: other.id, Line: lineAt(d.body, other.body.from), Now: d.text(other)}
			c.changes = []Change{change}
			if !yield(c) {
				return
			}
		}
	}
}

// withoutParts takes one part of a multipart away; true where the reader wants no more.
func withoutParts(d doc, p *part, yield func(candidate) bool) bool {
	for i, child := range p.parts {
		if withoutParts(d, child, yield) {
			return true
		}
		if len(p.parts) < 2 || !strings.HasPrefix(p.kind, "multipart/") {
			continue
		}
		from := bytes.LastIndex(d.body[:child.head.from], []byte("--"+p.boundary))
		to := p.body.to
		if i+1 < len(p.parts) {
			to = bytes.LastIndex(d.body[:p.parts[i+1].head.from], []byte("--"+p.boundary))
		} else if at, _, _, ok := delimiter(d.body, child.body.to, p.boundary); ok {
			to = at
		}
		if from < 0 || to < from {
			continue
		}
		c := candidate{doc: d}
		c.body = replaced(d.body, span{from, to}, nil)
		c.changes = []Change{{Kind: FooterPartAdded, Part: child.id, Line: lineAt(d.body, from), Now: d.text(child)}}
		if !yield(c) {
			return true
		}
	}
	return false
}

// text is the beginning of what a part says.
func (d doc) text(p *part) string {
	text, ok := p.decoded(d.body)
	if !ok {
		text = p.body.of(d.body)
	}
	return excerpt(text)
}

// preambles are what programs put before the first part.
var preambles = []string{
	"This is a multi-part message in MIME format.\r\n",
	"This is a multi-part message in MIME format.\r\n\r\n",
	"This is a multi-part message in MIME format\r\n\r\n",
	"This is a MIME-encapsulated message.\r\n\r\n",
	"\r\n", "\r\n\r\n",
	"This is a cryptographically signed message in MIME format.\r\n\r\n",
	"This is an OpenPGP/MIME signed message (RFC 4880 and 3156)\r\n",
	"This message is in MIME format. Since your mail reader does not understand\r\n" +
		"this format, some or all of this message may not be legible.\r\n\r\n",
	"This is a message with multiple parts in MIME format.\r\n",
}

// undoPreamble puts another text before the first part, or none, and takes away what follows the last one.
func undoPreamble(d doc, deep bool) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		root, _ := structure(d)
		if deep || len(root.parts) == 0 {
			return
		}
		first := bytes.LastIndex(d.body[:root.parts[0].head.from], []byte("--"+root.boundary))
		for _, text := range append([]string{""}, preambles...) {
			if first < 0 || string(d.body[:first]) == text {
				continue
			}
			c := candidate{doc: d}
			c.body = append([]byte(text), d.body[first:]...)
			kind := PreambleChanged
			if text == "" {
				kind = kindOfBlock(d.body, root, span{0, first})
			}
			c.changes = []Change{{Kind: kind, Line: 1, Was: excerpt([]byte(text)), Now: excerpt(d.body[:first])}}
			if !yield(c) {
				return
			}
		}
	}
}
