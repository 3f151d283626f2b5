package altered

import (
	"bytes"
	"slices"
	"strings"

	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// maxCompared bounds the changes that Compare tells.
const maxCompared = 50

// Compare tells in what the signed content of a mail differs from the mail as it was sent. A side of the signature that holds is not
// compared: it is as it was signed, whatever the original says. A change is certain where the original is what was signed: its body has
// the signed hash, or its fields fit b=. An empty list means that the original does not tell why the signature fails: then the key or
// the signature is at fault. sig is a signature of the received mail; that of the original, which may not be signed yet, is not
// looked at.
func Compare(original, received mail.Raw, sig *dkim.Signature) (list []Change) {
	s, ok := signedBy(sig)
	if !ok || sig.Index < 0 || sig.Index >= len(received.Fields) {
		return nil
	}
	if newHeaderSearch(nil, received, s).state() != Holds {
		list = certainIf(headerFits(original.Fields, s), compareFields(original, received, s))
	}
	if !bodyFits(received.Body, s) {
		list = append(list, certainIf(bodyFits(original.Body, s), compareBodies(original, received, s))...)
	}
	list = list[:min(len(list), maxCompared)]
	w := witness{raw: received, sig: s}
	for i := range list {
		list[i].By = w.author(list[i])
	}
	return list
}

func certainIf(certain bool, list []Change) []Change {
	for i := range list {
		list[i].Certain = certain
	}
	return list
}

// headerFits reports whether b= is the signature of the fields of another mail. The field that is tested is put behind them.
func headerFits(fields []mail.RawField, s signed) bool {
	own := *s.Signature
	own.Index = len(fields)
	s.Signature = &own
	head := newHeaderSearch(nil, mail.Raw{Fields: append(slices.Clip(fields), s.Field)}, s)
	return head.state() == Holds
}

// compareFields compares the fields that h= names, of each name from the bottom up, as they were signed (RFC 6376 §5.4.2).
func compareFields(original, received mail.Raw, s signed) (list []Change) {
	done := map[string]bool{}
	for _, name := range s.Signed {
		name = strings.ToLower(name)
		if done[name] || len(list) > maxCompared {
			continue
		}
		done[name] = true
		n := 0
		for _, other := range s.Signed {
			if strings.EqualFold(other, name) {
				n++
			}
		}
		was, now := lastFields(original, name, n, -1), lastFields(received, name, n, s.Index)
		if sameButOrder(was, now, s.Header) {
			list = append(list, Change{Kind: FieldsReordered, Field: now[0].Name})
			continue
		}
		for i := range max(len(was), len(now)) {
			switch {
			case i >= len(was):
				c := Change{Kind: FieldAdded, Field: now[i].Name, Now: excerpt([]byte(decodedWords(now[i].Value())))}
				if now[i].Is("Reply-To") && len(was) == 0 {
					c.Kind = ReplyToAdded
				}
				list = append(list, c)
			case i >= len(now):
				list = append(list, Change{Kind: FieldRemoved, Field: was[i].Name, Was: excerpt([]byte(decodedWords(was[i].Value())))})
			case !bytes.Equal(dkim.AppendField(nil, s.Header, was[i]), dkim.AppendField(nil, s.Header, now[i])):
				list = append(list, fieldChange(now[i], was[i]))
			}
		}
	}
	return list
}

// lastFields are the last n fields with a name, from the bottom; the field at own is left out.
func lastFields(r mail.Raw, name string, n, own int) (list []mail.RawField) {
	for i := len(r.Fields) - 1; i >= 0 && len(list) < n; i-- {
		if i != own && r.Fields[i].Is(name) {
			list = append(list, r.Fields[i])
		}
	}
	return list
}

// sameButOrder reports whether fields are the same ones in another order.
func sameButOrder(was, now []mail.RawField, c dkim.Canon) bool {
	if len(was) != len(now) || len(was) < 2 {
		return false
	}
	count := map[string]int{}
	moved := false
	for i := range was {
		a, b := string(dkim.AppendField(nil, c, was[i])), string(dkim.AppendField(nil, c, now[i]))
		count[a]++
		count[b]--
		moved = moved || a != b
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return moved
}

// compareBodies compares the canonical lines of both bodies: first what stands at both ends alike, then what is between.
func compareBodies(original, received mail.Raw, s signed) []Change {
	was, now := canonicalOf(original.Body, s.Body), canonicalOf(received.Body, s.Body)
	if s.length >= 0 {
		was.text, now.text = was.text[:min(int64(len(was.text)), s.length)], now.text[:min(int64(len(now.text)), s.length)]
	}
	if bytes.Equal(was.text, now.text) {
		return nil
	}
	if c, ok := undone(original, received, s); ok {
		return c
	}
	was, now = canonicalOf(original.Body, s.Body), canonicalOf(received.Body, s.Body)
	root, _ := structure(docOf(received))
	var list []Change
	for _, h := range hunks(was, now) {
		c := Change{Line: h.now.from + 1, Was: excerpt(was.block(h.was)), Now: excerpt(now.block(h.now))}
		at := rawLines(received.Body, h.now.from, h.now.to)
		c.Part = root.at(at.from).id
		switch {
		case h.was.from == h.was.to:
			c.Kind = kindOfBlock(received.Body, root, at)
		case len(bytes.TrimSpace(was.block(h.was))) == 0 && h.now.from == h.now.to:
			c.Kind = EmptyLineRemoved
		case h.now.to == now.lines() && h.was.to == was.lines() && bytes.HasPrefix(was.block(h.was), bytes.TrimRight(now.block(h.now), "\r\n")):
			c.Kind = Truncated
		default:
			c.Kind = kindOfLines(was.block(h.was), now.block(h.now))
		}
		list = append(list, c)
	}
	return list
}

// kindOfLines names what happened to lines of which both forms are known.
func kindOfLines(was, now []byte) Kind {
	trimmed := eachLine(func(l []byte) []byte { return bytes.TrimRight(l, " \t") })
	solid := func(b []byte) []byte { return bytes.Join(bytes.Fields(b), nil) }
	low := func(b []byte) []byte {
		out := bytes.Clone(b)
		for i := range out {
			out[i] &= 0x7f
		}
		return out
	}
	prefixed := func(mark string, long, short []byte) bool {
		return bytes.Equal(eachLine(func(l []byte) []byte { return bytes.TrimPrefix(l, []byte(mark)) })(long), short) && !bytes.Equal(long, short)
	}
	switch {
	case bytes.Equal(trimmed(was), trimmed(now)):
		return BlanksAtLineEnds
	case bytes.Equal(solid(was), solid(now)) && bytes.Count(was, []byte("\n")) != bytes.Count(now, []byte("\n")):
		return LinesRewrapped
	case bytes.Equal(solid(was), solid(now)):
		return BlanksChanged
	case prefixed(".", was, now):
		return DotsLost
	case prefixed(".", now, was):
		return DotsDoubled
	case prefixed(">", now, was):
		return FromEscaped
	case bytes.Equal(low(was), low(now)):
		return BitsStripped
	}
	return BodyChanged
}

// undone looks for one known change that makes the bodies the same.
func undone(original, received mail.Raw, s signed) ([]Change, bool) {
	want, _ := bodySum(original.Body, s.Body, s.length)
	for _, u := range undos() {
		tried := 0
		for c := range u(docOf(received), false) {
			if tried++; tried > 5000 || tried*len(received.Body) > 32<<20 {
				break
			}
			if sum, ok := bodySum(c.body, s.Body, s.length); ok && sum == want {
				return merged(c.changes), true
			}
		}
	}
	return nil, false
}

func (t canonical) block(s span) []byte { return t.text[t.starts[s.from]:t.starts[s.to]] }

// hunk is a run of lines that differs.
type hunk struct{ was, now span }

// hunks finds the runs of lines that differ. Where much differs, it does not look for the smallest runs.
func hunks(was, now canonical) (list []hunk) {
	i, j := 0, 0
	for (i < was.lines() || j < now.lines()) && len(list) < maxCompared {
		if i < was.lines() && j < now.lines() && bytes.Equal(was.line(i), now.line(j)) {
			i, j = i+1, j+1
			continue
		}
		a, b := meet(was, now, i, j)
		list = append(list, hunk{span{i, a}, span{j, b}})
		i, j = a, b
	}
	return list
}

// meet finds the next lines, close by, from which on both are alike again: two lines that are the same, or the ends.
func meet(was, now canonical, i, j int) (int, int) {
	const far = 400
	for sum := 1; sum <= far; sum++ {
		for a := range sum + 1 {
			x, y := i+a, j+sum-a
			if x > was.lines() || y > now.lines() {
				continue
			}
			if same(was, now, x, y) {
				return x, y
			}
		}
	}
	x, y := was.lines(), now.lines()
	for x > i && y > j && bytes.Equal(was.line(x-1), now.line(y-1)) {
		x, y = x-1, y-1
	}
	return x, y
}

func same(was, now canonical, x, y int) bool {
	if x == was.lines() || y == now.lines() {
		return x == was.lines() && y == now.lines()
	}
	if !bytes.Equal(was.line(x), now.line(y)) {
		return false
	}
	if x+1 == was.lines() || y+1 == now.lines() {
		return x+1 == was.lines() && y+1 == now.lines() || len(was.line(x)) > 0
	}
	return bytes.Equal(was.line(x+1), now.line(y+1))
}
