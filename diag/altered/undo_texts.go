package altered

import (
	"bytes"
	"iter"
	"slices"
	"strings"
)

// cut is a piece of a text that may have been added.
type cut struct {
	span
	kind Kind
}

// Bounds of the pieces that are tried in one text.
const (
	maxCutLines = 60
	maxTags     = 160
	tagOctets   = 4 << 20 // in which pieces of one kind are tried: fewer of a long text
)

// undoHTML takes pieces between tags out of the texts in HTML that are not encoded: before </body>, behind <body>, single images.
func undoHTML(d doc, deep bool) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		root, _ := structure(d)
		for _, p := range root.texts() {
			if !p.isHTML() || p.encoding == "base64" {
				continue
			}
			cuts := cutsOfHTML(p.body.of(d.body), deep)
			for _, c := range cuts {
				if !yield(withoutCuts(d, p, c)) {
					return
				}
			}
			for top, bottom := range bothEnds(cuts) {
				if deep {
					break
				}
				if !yield(withoutCuts(d, p, top, bottom)) {
					return
				}
			}
		}
	}
}

// withoutCuts is the body without pieces of a text that is not encoded, in their order.
func withoutCuts(d doc, p *part, cuts ...cut) candidate {
	c := candidate{doc: d}
	for _, x := range slices.Backward(cuts) {
		at := span{x.from + p.body.from, x.to + p.body.from}
		c.body = replaced(c.body, at, nil)
		change := Change{Kind: x.kind, Part: p.id, Line: lineAt(d.body, at.from), Now: excerpt(at.of(d.body))}
		c.changes = append([]Change{change}, c.changes...)
	}
	return c
}

// bothEnds pairs the shortest pieces at the top with those at the end.
func bothEnds(cuts []cut) iter.Seq2[cut, cut] {
	return func(yield func(cut, cut) bool) {
		var tops, bottoms []cut
		for _, c := range cuts {
			if c.kind == HTMLBannerAdded && len(tops) < 24 {
				tops = append(tops, c)
			} else if c.kind == HTMLFooterAdded && len(bottoms) < 48 {
				bottoms = append(bottoms, c)
			}
		}
		for _, t := range tops {
			for _, b := range bottoms {
				if t.to <= b.from && !yield(t, b) {
					return
				}
			}
		}
	}
}

// undoTrims takes lines and pieces of HTML from the decoded texts: from one, and from two at once.
func undoTrims(d doc, deep bool) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		root, _ := structure(d)
		texts := root.texts()
		texts = texts[:min(len(texts), 3)]
		for _, p := range texts {
			if p.encoding != "7bit" && p.encoding != "8bit" && !trim(d, []*part{p}, deep, yield) {
				return
			}
		}
		for i := range texts {
			for _, other := range texts[i+1:] {
				both := []*part{texts[i], other}
				if !deep && (!trim(d, raw(both), true, yield) || encodedPart(both) && !trim(d, both, true, yield)) {
					return
				}
			}
		}
	}
}

// raw gives the parts as if quoted-printable was no encoding: gateways put pieces into such texts as they are.
func raw(group []*part) (list []*part) {
	for _, p := range group {
		q := *p
		if q.encoding == "quoted-printable" {
			q.encoding = "8bit"
		}
		list = append(list, &q)
	}
	return list
}

func encodedPart(group []*part) bool {
	return slices.ContainsFunc(group, func(p *part) bool { return p.encoding == "quoted-printable" })
}

// trim yields the body with a piece of each part taken away.
func trim(d doc, group []*part, deep bool, yield func(candidate) bool) bool {
	texts, cuts := make([][]byte, len(group)), make([][]cut, len(group))
	quoted := quotings[:1]
	for i, p := range group {
		var ok bool
		if texts[i], ok = p.decoded(d.body); !ok {
			return true
		}
		cuts[i] = cutsOf(texts[i], p, deep)
		if p.encoding == "quoted-printable" {
			quoted = quotings[:8]
		}
	}
	one := func(choice []cut) bool {
		without := make([][]byte, len(group))
		for i, c := range choice {
			without[i] = replaced(texts[i], c.span, nil)
		}
		for _, q := range quoted {
			c := candidate{doc: d}
			c.body = rewrite(d, group, without, q)
			for i, x := range choice {
				c.changes = append(c.changes, cutChange(d, group[i], x, texts[i]))
			}
			if !yield(c) {
				return false
			}
		}
		return true
	}
	for _, a := range cuts[0] {
		if len(group) == 1 {
			if !one([]cut{a}) {
				return false
			}
			continue
		}
		for _, b := range cuts[1] {
			if sameEnd(a.kind, b.kind) && !one([]cut{a, b}) {
				return false
			}
		}
	}
	return true
}

// cutChange is the change that put a piece into the text of a part. The line is that of the piece where the text is not encoded,
// else that of the part.
func cutChange(d doc, p *part, x cut, text []byte) Change {
	at := p.body.from
	if p.encoding == "7bit" || p.encoding == "8bit" {
		at += x.from
	}
	return Change{Kind: x.kind, Part: p.id, Line: lineAt(d.body, at), Now: excerpt(x.of(text))}
}

// sameEnd reports whether two pieces stand both at the beginning or both at the end.
func sameEnd(a, b Kind) bool {
	top := func(k Kind) bool { return k == BannerAdded || k == HTMLBannerAdded }
	return top(a) == top(b)
}

// cutsOf are the pieces of a decoded text that may have been added.
func cutsOf(text []byte, p *part, few bool) []cut {
	if p.isHTML() {
		return cutsOfHTML(text, few)
	}
	var starts []int
	for i := 0; i < len(text); {
		starts = append(starts, i)
		end := bytes.IndexByte(text[i:], '\n')
		if end < 0 {
			break
		}
		i += end + 1
	}
	most := maxCutLines
	if few {
		most = 30
	}
	ended := bytes.HasSuffix(text, []byte("\n"))
	var list []cut
	for k, n := range slices.Backward(starts) {
		if len(starts)-k > most {
			break
		}
		before := len(bytes.TrimSuffix(bytes.TrimSuffix(text[:n], []byte("\n")), []byte("\r")))
		if ended || !few {
			list = append(list, cut{span{n, len(text)}, FooterAdded})
		}
		if n > 0 && (!ended || !few) { // the text had no line end, and got one with the footer
			list = append(list, cut{span{before, len(text)}, FooterAdded})
		}
	}
	for _, n := range starts[:min(len(starts), most)] {
		if n > 0 {
			list = append(list, cut{span{0, n}, BannerAdded})
		}
	}
	return list
}

// cutsOfHTML are pieces of HTML between tags or lines.
func cutsOfHTML(text []byte, few bool) (list []cut) {
	lower := lowerASCII(text)
	most := min(maxTags, max(12, tagOctets/(len(text)+1)))
	if few {
		most = min(most, 40)
	}
	for _, end := range ends(lower, few) {
		n := 0
		for i := end - 1; i >= 0 && n < most; i-- {
			if lower[i] == '<' || i > 0 && lower[i-1] == '\n' || lower[i] == '\r' {
				n++
				list = append(list, cut{span{i, end}, HTMLFooterAdded})
			}
		}
	}
	for _, start := range begins(lower, few) {
		n := 0
		for i := start + 1; i <= len(lower) && n < most; i++ {
			if lower[i-1] == '>' || lower[i-1] == '\n' || i < len(lower) && lower[i] == '\r' {
				n++
				list = append(list, cut{span{start, i}, HTMLBannerAdded})
			}
		}
	}
	list = append(list, images(lower)...)
	for i, c := range list {
		piece := c.of(lower)
		switch {
		case len(bytes.TrimSpace(piece)) == 0:
			list[i].kind = EmptyLineAdded
		case len(wordsOfHTML(piece)) == 0 && bytes.Contains(piece, []byte("<img")):
			list[i].kind = PixelAdded
		}
	}
	return list
}

// images are the tags of images, each alone.
func images(lower []byte) (list []cut) {
	for from := 0; len(list) < maxTags; {
		i := bytes.Index(lower[from:], []byte("<img"))
		if i < 0 {
			break
		}
		i += from
		end := bytes.IndexByte(lower[i:], '>')
		if end < 0 {
			break
		}
		from = i + end + 1
		list = append(list, cut{span{i, from}, PixelAdded})
	}
	return list
}

// lowerASCII keeps the length, which bytes.ToLower does not.
func lowerASCII(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

// ends are the places before which gateways put a footer.
func ends(lower []byte, few bool) []int {
	list := []int{len(lower)}
	if n := len(bytes.TrimRight(lower, "\r\n")); n < len(lower) {
		list = append(list, n)
	}
	if few && bytes.Contains(lower, []byte("</body>")) {
		list = nil
	}
	for _, tag := range []string{"</body>", "</html>"} {
		if few && len(list) > 0 && tag == "</html>" {
			break
		}
		if i := bytes.LastIndex(lower, []byte(tag)); i >= 0 {
			list = append(list, i)
			if trimmed := len(bytes.TrimRight(lower[:i], "\r\n")); trimmed < i {
				list = append(list, trimmed)
			}
		}
	}
	return list
}

// begins are the places behind which gateways put a banner.
func begins(lower []byte, few bool) []int {
	if i := bytes.Index(lower, []byte("<body")); few && i >= 0 {
		if end := bytes.IndexByte(lower[i:], '>'); end >= 0 {
			return []int{i + end + 1}
		}
	}
	list := []int{0}
	for _, tag := range []string{"<body", "<html", "</head"} {
		i := bytes.Index(lower, []byte(tag))
		if i < 0 {
			continue
		}
		if end := bytes.IndexByte(lower[i:], '>'); end >= 0 {
			i += end + 1
			list = append(list, i)
			if rest := string(lower[i:min(i+2, len(lower))]); strings.HasPrefix(rest, "\r\n") {
				list = append(list, i+2)
			}
		}
	}
	return list
}
