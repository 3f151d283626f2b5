package mail

import (
	"bytes"
	"strings"

	"todoku/codes"
)

// split takes a multipart apart (RFC 2046 §5.1). Where the boundary is missing or wrong, it is guessed.
func (e *Entity) split(depth int) {
	if depth >= maxDepth {
		e.notes.add(oddDeep)
		return
	}
	boundary := e.Param("boundary")
	if boundary == "" || !hasDelimiter(e.raw, boundary) {
		guess := guessBoundary(e.raw)
		if guess == "" {
			e.notes.add(oddBoundary)
			e.Type = "text/plain"
			return
		}
		e.notes.add(oddBoundary)
		boundary = guess
	}
	rest, begun := e.raw, false
	for {
		before, after, last, ok := cutDelimiter(rest, boundary)
		if begun {
			if e.notes.parts--; e.notes.parts < 0 {
				e.notes.add(oddMany)
				return
			}
			e.Parts = append(e.Parts, openPart(before, e.notes, depth+1))
		}
		if !ok {
			e.notes.add(oddEnd)
			return
		}
		if last {
			e.addAfter(after, depth)
			return
		}
		rest, begun = after, true
	}
}

// addAfter takes what some systems put behind the closing delimiter: the mail that they return, without a structure.
func (e *Entity) addAfter(after []byte, depth int) {
	if len(after) < 40 || !startsField(bytes.TrimLeft(after, "\r\n")) || e.notes.parts < 1 {
		return
	}
	e.notes.parts--
	e.Parts = append(e.Parts, &Entity{Type: "text/rfc822-headers", raw: bytes.TrimLeft(after, "\r\n"), notes: e.notes})
}

// cutDelimiter finds the next line "--boundary". last is the closing one, "--boundary--".
func cutDelimiter(data []byte, boundary string) (before, after []byte, last, ok bool) {
	mark := "--" + boundary
	for from := 0; from < len(data); {
		i := bytes.Index(data[from:], []byte(mark))
		if i < 0 {
			break
		}
		i += from
		line, next := cutLine(data[i:])
		if len(line) < len(mark) { // a boundary that ends as a line does
			return data, nil, false, false
		}
		tail := bytes.TrimRight(line[len(mark):], " \t")
		if (i == 0 || data[i-1] == '\n') && (len(tail) == 0 || string(tail) == "--") {
			return bytes.TrimRight(data[:i], "\r\n"), next, len(tail) == 2, true
		}
		from = i + len(mark)
	}
	return data, nil, false, false
}

func hasDelimiter(data []byte, boundary string) bool {
	_, _, _, ok := cutDelimiter(data, boundary)
	return ok
}

// guessBoundary is the boundary of a multipart whose header names none, or another: a line "--…" with a field in the next.
func guessBoundary(data []byte) string {
	for i := 0; i < 400 && len(data) > 0; i++ {
		var line []byte
		line, data = cutLine(data)
		if bytes.HasPrefix(line, []byte("--")) && len(line) > 3 {
			if next, _ := cutLine(data); len(next) > 8 && strings.EqualFold(string(next[:8]), "Content-") {
				return strings.TrimRight(string(line[2:]), " \t")
			}
		}
	}
	return ""
}

var (
	oddDeep     = codes.Text{EN: "its parts are nested too deep: the inner ones were passed over", JA: "入れ子が深すぎるため、内側のパートは読んでいません"}
	oddMany     = codes.Text{EN: "it has too many parts: the rest was passed over", JA: "パートが多すぎるため、残りは読んでいません"}
	oddBoundary = codes.Text{EN: "the boundary between its parts is missing or wrong", JA: "パートの境界(boundary)がないか、誤っています"}
	oddEnd      = codes.Text{EN: "the end of its last part is missing: it may be cut off", JA: "最後のパートの終わりがありません。途中で切れている可能性があります"}
)
