package altered

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"

	"todoku/sender/mail"
)

// undoConversion writes the texts in the transfer encodings and charsets that they may have had: each alone, and all that have the same.
func undoConversion(d doc, deep bool) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		root, _ := structure(d)
		var groups [][]*part
		leaves := root.leaves()
		if texts := alike(root.texts()); len(texts) > 1 {
			groups = append(groups, texts)
		}
		for _, l := range leaves[:min(len(leaves), 12)] {
			groups = append(groups, []*part{l})
		}
		for _, g := range groups {
			if !convert(d, g, deep, yield) {
				return
			}
		}
	}
}

// alike keeps the parts that have the encoding of the first.
func alike(list []*part) []*part {
	return slices.DeleteFunc(slices.Clone(list), func(p *part) bool { return p.encoding != list[0].encoding })
}

// charset is a charset of Japanese mail.
type charset struct {
	names []string // as programs write them, the usual one first
	table encoding.Encoding
}

func charsets() []charset {
	return []charset{
		{[]string{"utf-8", "UTF-8"}, encoding.Nop},
		{[]string{"iso-2022-jp", "ISO-2022-JP"}, japanese.ISO2022JP},
		{[]string{"shift_jis", "Shift_JIS", "SHIFT_JIS"}, japanese.ShiftJIS},
		{[]string{"euc-jp", "EUC-JP"}, japanese.EUCJP},
	}
}

// convert yields the body with the parts in each other charset and encoding.
func convert(d doc, group []*part, deep bool, yield func(candidate) bool) bool {
	texts := make([][]byte, len(group))
	for i, p := range group {
		var ok bool
		if texts[i], ok = p.decoded(d.body); !ok {
			return true
		}
	}
	if !convertTo(d, group, texts, "", deep, yield) {
		return false
	}
	for _, to := range charsets() {
		other, ok := inCharset(group, texts, to)
		if !ok {
			continue
		}
		for _, name := range to.names {
			if !convertTo(d, group, other, name, deep, yield) {
				return false
			}
			if deep || group[0].id == "" {
				break // the header of the mail does not count in the body
			}
		}
	}
	return true
}

// inCharset gives the texts in another charset; false where they are in it already, or cannot be.
func inCharset(group []*part, texts [][]byte, to charset) ([][]byte, bool) {
	out := make([][]byte, len(texts))
	changed := false
	for i, p := range group {
		if !strings.HasPrefix(p.kind, "text/") || slices.Contains(to.names, p.charset) {
			return nil, false
		}
		var from encoding.Encoding = encoding.Nop
		for _, c := range charsets() {
			if c.names[0] == p.charset {
				from = c.table
			}
		}
		utf, err := from.NewDecoder().Bytes(texts[i])
		if err != nil {
			return nil, false
		}
		text, err := to.table.NewEncoder().Bytes(utf)
		if err != nil {
			return nil, false
		}
		out[i] = text
		changed = changed || !bytes.Equal(out[i], texts[i])
	}
	return out, changed
}

// convertTo yields the texts in each transfer encoding, all in the same manner. charset is the name of a new one, or "".
func convertTo(d doc, group []*part, texts [][]byte, charset string, deep bool, yield func(candidate) bool) bool {
	for _, m := range manners(deep) {
		if charset == "" && m.name == "8bit" && m.name == eightBit(group[0].encoding) {
			continue
		}
		written := make([][]byte, len(group))
		fits := true
		for i, p := range group {
			written[i], fits = m.write(p, texts[i])
			if !fits {
				break
			}
		}
		if !fits {
			continue
		}
		for _, name := range m.names {
			c := candidate{doc: d}
			c.body = rebuild(d, group, written, name, charset)
			if bytes.Equal(c.body, d.body) {
				continue
			}
			c.changes = conversion(group[0], m.name, charset)
			if group[0].id == "" {
				c.kind, c.encoding = asField(d.kind, charset), fieldOf("Content-Transfer-Encoding", m.spelled(written[0]))
			}
			if !yield(c) {
				return false
			}
			if group[0].id == "" {
				break
			}
		}
	}
	return true
}

// asField is a field Content-Type with another charset.
func asField(f mail.RawField, charset string) mail.RawField {
	if charset == "" {
		return f
	}
	return mail.RawField{Name: f.Name, Bytes: charsetValue().ReplaceAll(f.Bytes, []byte("${1}"+charset))}
}

func fieldOf(name, value string) mail.RawField {
	return mail.RawField{Name: name, Bytes: []byte(name + ": " + value)}
}

func eightBit(encoding string) string {
	if encoding == "7bit" {
		return "8bit"
	}
	return encoding
}

// conversion are the changes that a conversion means.
func conversion(p *part, encoding, charset string) (list []Change) {
	was, now := encoding, eightBit(p.encoding)
	if charset != "" {
		list = append(list, Change{Kind: CharsetChanged, Part: p.id, Was: strings.ToLower(charset), Now: p.charset})
	}
	switch {
	case was != now:
		list = append(list, Change{Kind: EncodingChanged, Part: p.id, Was: was, Now: p.encoding})
	case charset == "":
		list = append(list, Change{Kind: Reencoded, Part: p.id, Was: was, Now: now})
	}
	return list
}

var charsetValue = sync.OnceValue(compile(`(?i)(charset\s*=\s*"?)[^";\s]+`))

var encodingLine = sync.OnceValue(compile(`(?i)(content-transfer-encoding\s*:\s*)\S+[ \t]*(\r?\n|$)`))

// rebuild puts the new texts in place of the parts, and changes their headers. An encoding of "" takes the field away.
func rebuild(d doc, group []*part, texts [][]byte, encoding, charset string) []byte {
	out := make([]byte, 0, len(d.body)+len(d.body)/2)
	at := 0
	for i, p := range group {
		head := p.head.of(d.body)
		if charset != "" {
			head = charsetValue().ReplaceAll(head, []byte("${1}"+charset))
		}
		if encoding == "" {
			head = encodingLine().ReplaceAll(head, nil)
		} else {
			head = encodingLine().ReplaceAll(head, []byte("${1}"+encoding+"${2}"))
		}
		out = append(append(out, d.body[at:p.head.from]...), head...)
		out = append(append(out, d.body[p.head.to:p.body.from]...), texts[i]...)
		at = p.body.to
	}
	return append(out, d.body[at:]...)
}
