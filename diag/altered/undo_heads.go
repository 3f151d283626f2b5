package altered

import (
	"bytes"
	"iter"
	"regexp"
	"sync"

	"todoku/diag/dkim"
	"todoku/sender/mail"
)

var (
	quotedParam = sync.OnceValue(compile(`(=)"([^"\s;()<>@,:\\/\[\]?=]+)"`))
	bareParam   = sync.OnceValue(compile(`(;\s*[A-Za-z0-9*-]+=)([^";\s]+)`))
	foldedParam = sync.OnceValue(compile(`;[ \t]*\r?\n[ \t]+`))
	spacedParam = sync.OnceValue(compile(`; *`))
)

// undoHeads undoes what programs do to the headers of parts when they write a mail anew: quotes, folds, case.
func undoHeads(d doc, deep bool) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		root, _ := structure(d)
		if deep || len(root.parts) == 0 {
			return
		}
		all := inner(root)
		groups := [][]*part{all}
		if len(all) > 1 {
			for _, p := range all[:min(len(all), 10)] {
				groups = append(groups, []*part{p})
			}
		}
		for _, g := range groups {
			for _, f := range headRewritings() {
				c := candidate{doc: d}
				c.body = withHeads(d.body, g, f)
				if bytes.Equal(c.body, d.body) {
					continue
				}
				c.changes = []Change{firstDifference(PartHeader, d.body, c.body, root)}
				if !yield(c) {
					return
				}
			}
		}
	}
}

// inner lists all parts below a part, from the top.
func inner(p *part) (list []*part) {
	for _, c := range p.parts {
		list = append(append(list, c), inner(c)...)
	}
	return list
}

func withHeads(body []byte, group []*part, f func([]byte) []byte) []byte {
	out := make([]byte, 0, len(body)+100)
	at := 0
	for _, p := range group {
		out = append(append(out, body[at:p.head.from]...), f(p.head.of(body))...)
		at = p.head.to
	}
	return append(out, body[at:]...)
}

func headRewritings() []func([]byte) []byte {
	replace := func(re *regexp.Regexp, with string) func([]byte) []byte {
		return func(b []byte) []byte { return re.ReplaceAll(b, []byte(with)) }
	}
	unquote, quote := replace(quotedParam(), "${1}${2}"), replace(bareParam(), `${1}"${2}"`)
	unfold, fold, foldTab := replace(foldedParam(), "; "), replace(spacedParam(), ";\r\n "), replace(spacedParam(), ";\r\n\t")
	list := []func([]byte) []byte{unquote, quote, unfold, fold, foldTab, relaxedHead, reversedHead,
		withoutField("Content-Disposition"), withoutField("Content-ID"), withoutField("MIME-Version"), withoutField("Content-Transfer-Encoding"),
		func(b []byte) []byte { return append([]byte("Content-Transfer-Encoding: 7bit\r\n"), b...) },
		func(b []byte) []byte { return append(bytes.Clone(b), "Content-Transfer-Encoding: 7bit\r\n"...) },
		func(b []byte) []byte { return append(bytes.Clone(b), "Content-Disposition: inline\r\n"...) }}
	for _, a := range []func([]byte) []byte{unquote, quote} {
		for _, b := range []func([]byte) []byte{unfold, fold, foldTab, reversedHead} {
			list = append(list, func(head []byte) []byte { return b(a(head)) })
		}
	}
	return list
}

// relaxedHead writes each field with its name in the usual case and one blank behind the colon.
func relaxedHead(head []byte) []byte {
	var out []byte
	for _, f := range mail.Cut(append(bytes.Clone(head), "\r\n"...)).Fields {
		line := dkim.AppendField(nil, dkim.Relaxed, f)
		name, value, _ := bytes.Cut(line, []byte(":"))
		out = append(append(append(out, titled(string(name))...), ": "...), value...)
	}
	return out
}

// reversedHead puts the fields in the other order.
func reversedHead(head []byte) []byte {
	var out []byte
	for _, f := range mail.Cut(append(bytes.Clone(head), "\r\n"...)).Fields {
		out = append(append(bytes.Clone(f.Bytes), "\r\n"...), out...)
	}
	return out
}

func withoutField(name string) func([]byte) []byte {
	return func(head []byte) []byte {
		var out []byte
		for _, f := range mail.Cut(append(bytes.Clone(head), "\r\n"...)).Fields {
			if !f.Is(name) {
				out = append(append(out, f.Bytes...), "\r\n"...)
			}
		}
		return out
	}
}

// titled is a name as most programs write it: "Content-Type", "Message-ID".
func titled(name string) string {
	switch lower := string(bytes.ToLower([]byte(name))); lower {
	case "message-id", "content-id":
		return map[string]string{"message-id": "Message-ID", "content-id": "Content-ID"}[lower]
	case "mime-version":
		return "MIME-Version"
	default:
		b := []byte(lower)
		up := true
		for i, c := range b {
			if up && 'a' <= c && c <= 'z' {
				b[i] = c - 'a' + 'A'
			}
			up = c == '-'
		}
		return string(b)
	}
}
