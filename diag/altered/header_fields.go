package altered

import (
	"bytes"
	"slices"
	"strings"

	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// hints are what the search of the body found out about the header.
type hints struct {
	kind, encoding mail.RawField // of the body that was signed; empty where it is not known
	body           []Change
}

// groups lists what may have happened to each field of the header, the likeliest first: one group a field.
func (s *headerSearch) groups(h hints) (list [][]variant) {
	add := func(g []variant) {
		if len(g) > 0 {
			list = append(list, g)
		}
	}
	add(s.copies())
	add(s.whole())
	signed := map[string]int{}
	for _, name := range s.sig.Signed {
		signed[strings.ToLower(name)]++
	}
	for i, f := range s.fields {
		if signed[strings.ToLower(f.Name)] > 0 && i != s.sig.Index && !s.expired() {
			add(s.field(i, h))
		}
	}
	add(s.signatureLayouts())
	add(s.missing(signed, h))
	add(s.reorderings(signed))
	slices.SortStableFunc(list, func(a, b []variant) int { return rank(a) - rank(b) })
	return list
}

// longField is the size of a field of which only its removal is tried.
const longField = 4 << 10

// rank puts the fields first that are changed most often.
func rank(g []variant) int {
	e := g[0].edits[0]
	switch strings.ToLower(e.field.Name) {
	case "subject":
		return 0
	case "content-type", "content-transfer-encoding", "mime-version":
		return 1
	case "from", "reply-to":
		return 2
	}
	return 3
}

// field lists what may have happened to one field.
func (s *headerSearch) field(i int, h hints) (list []variant) {
	f := s.fields[i]
	seen := map[string]bool{string(dkim.AppendField(nil, s.sig.Header, f)): true}
	put := func(was mail.RawField, kind Kind) {
		remove := kind != ""
		key := string(dkim.AppendField(nil, s.sig.Header, was))
		if remove {
			key = ""
		}
		if seen[key] || len(list) > 4000 {
			return
		}
		seen[key] = true
		c := fieldChange(f, was)
		if remove {
			c.Kind, c.Was = kind, ""
		}
		list = append(list, variant{[]hedit{{at: i, field: was, remove: remove}}, []Change{c}})
	}
	removal := FieldAdded
	if f.Is("Reply-To") {
		removal = ReplyToAdded
	}
	put(mail.RawField{Name: f.Name}, removal)
	if len(f.Bytes) > longField {
		return list
	}
	for v := range s.rewritings(f, h) {
		for _, spelled := range s.spellings(f, v) {
			put(spelled, "")
		}
	}
	for _, l := range s.layouts(f) {
		put(l, "")
	}
	return list
}

// spellings are a field with another value: as it was folded, and, where the signature sees that, folded in the usual ways.
func (s *headerSearch) spellings(f mail.RawField, value string) []mail.RawField {
	name, rest, _ := bytes.Cut(f.Bytes, []byte(":"))
	blank := rest[:len(rest)-len(bytes.TrimLeft(rest, " \t\r\n"))]
	head := string(name) + ":" + string(blank)
	list := []mail.RawField{{Name: f.Name, Bytes: []byte(head + value)}}
	if s.sig.Header == dkim.Simple {
		if plain := string(name) + ": "; plain != head {
			list = append(list, mail.RawField{Name: f.Name, Bytes: []byte(plain + value)})
		}
		for _, with := range []string{" ", "\t"} {
			for _, width := range []int{78, 76, 72, 75, 77} {
				list = append(list, mail.RawField{Name: f.Name, Bytes: fold(string(name)+": "+value, width, with)})
			}
		}
	}
	return list
}

// fold breaks a field at blanks so that its lines have at most so many characters, where that can be.
func fold(s string, width int, with string) []byte {
	var out []byte
	for len(s) > width {
		at := strings.LastIndexByte(s[:width+1], ' ')
		if at <= strings.IndexByte(s, ':')+1 && len(out) == 0 || at <= 0 {
			next := strings.IndexByte(s[width:], ' ')
			if next < 0 {
				break
			}
			at = width + next
		}
		out = append(append(out, s[:at]...), "\r\n"+with...)
		s = s[at+1:]
	}
	return append(out, s...)
}

// layouts undoes what programs do to a field without a change of its meaning.
func (s *headerSearch) layouts(f mail.RawField) (list []mail.RawField) {
	put := func(b []byte) { list = append(list, mail.RawField{Name: f.Name, Bytes: b}) }
	if len(f.Bytes) > longField {
		return nil
	}
	name, rest, _ := bytes.Cut(f.Bytes, []byte(":"))
	value := string(rest)
	flat := strings.ReplaceAll(strings.ReplaceAll(value, "\r\n", ""), "\n", "")
	with := func(v string) []byte { return append(append(bytes.Clone(name), ':'), v...) }
	put(with(flat))
	put(with(" " + f.Value()))
	put(with(strings.ReplaceAll(strings.ReplaceAll(value, "\r\n\t", "\r\n "), "\n\t", "\n ")))
	put(with(strings.ReplaceAll(strings.ReplaceAll(value, "\r\n ", "\r\n\t"), "\n ", "\n\t")))
	put(with(strings.ReplaceAll(strings.ReplaceAll(f.Value(), ", ", ","), "; ", ";")))
	put(with(" " + strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(f.Value(), ", ", ","), ",", ", "), "  ", " ")))
	if s.sig.Header == dkim.Relaxed {
		return list
	}
	for _, sep := range []string{" ", "\t", "        "} {
		for _, width := range []int{78, 76, 72, 75, 77, 74, 70, 998} {
			put(fold(string(name)+": "+f.Value(), width, sep))
		}
		for _, mark := range []string{", ", "; ", "> <", " "} {
			folded := strings.ReplaceAll(f.Value(), mark, strings.TrimRight(mark, " ")+"\r\n"+sep)
			if mark == "> <" {
				folded = strings.ReplaceAll(f.Value(), mark, ">\r\n"+sep+"<")
			}
			put(with(" " + folded))
		}
		put(with("\r\n" + sep + f.Value()))
	}
	trimmed := strings.TrimLeft(value, " \t")
	for _, blank := range []string{" ", "", "  ", "\t"} {
		put(with(blank + trimmed))
		put(with(blank + strings.TrimRight(trimmed, " \t")))
		put(with(blank + strings.TrimRight(trimmed, " \t") + " "))
	}
	put(with(strings.ReplaceAll(value, "  ", " ")))
	put(with(strings.ReplaceAll(value, "\t", " ")))
	for _, other := range cases(string(name)) { // as many of each field up to here, for whole
		put(append([]byte(other+":"), rest...))
	}
	for i := range flat {
		if flat[i] == ' ' && i > 0 && i < 200 {
			put(with(flat[:i] + " " + flat[i:]))
		}
	}
	return list
}

// cases are the ways in which programs write the name of a field.
func cases(name string) []string {
	title := titled(name)
	list := []string{title, strings.ToLower(name), strings.ToUpper(name), name[:1] + strings.ToLower(name[1:])}
	switch strings.ToLower(name) {
	case "message-id":
		list = append(list, "Message-Id", "Message-ID")
	case "mime-version":
		list = append(list, "Mime-Version", "MIME-version")
	case "content-type", "content-transfer-encoding":
		list = append(list, strings.NewReplacer("-Type", "-type", "-Transfer", "-transfer", "-Encoding", "-encoding").Replace(title))
	}
	return list
}

// whole undoes what happened to all fields alike.
func (s *headerSearch) whole() (list []variant) {
	if len(s.order) == 0 {
		return nil
	}
	number := len(s.layouts(s.fields[s.order[0]]))
	for k := range number {
		var v variant
		for _, i := range s.order {
			l := s.layouts(s.fields[i])
			if k >= len(l) || bytes.Equal(l[k].Bytes, s.fields[i].Bytes) {
				continue
			}
			if len(v.changes) == 0 {
				v.changes = []Change{fieldChange(s.fields[i], l[k])}
			}
			v.edits = append(v.edits, hedit{at: i, field: l[k]})
		}
		if len(v.edits) > 1 {
			list = append(list, v)
		}
	}
	return list
}

// copies puts the fields back that the signature itself has copies of (z=).
func (s *headerSearch) copies() (list []variant) {
	var all variant
	for i, f := range s.fields {
		var found []string
		for _, c := range s.sig.Copied {
			if f.Is(c.Name) {
				found = append(found, c.Value)
			}
		}
		if len(found) != 1 || !slices.Contains(s.order, i) {
			continue
		}
		was := mail.RawField{Name: f.Name, Bytes: []byte(f.Name + ":" + found[0])}
		if bytes.Equal(dkim.AppendField(nil, dkim.Relaxed, was), dkim.AppendField(nil, dkim.Relaxed, f)) {
			continue
		}
		all.edits = append(all.edits, hedit{at: i, field: was})
		all.changes = append(all.changes, fieldChange(f, was))
	}
	if len(all.edits) == 0 {
		return nil
	}
	return []variant{all}
}
