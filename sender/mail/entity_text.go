package mail

import (
	"bytes"
	"strings"

	"todoku/codes"
)

// Text is the body as people read it: decoded, of HTML the words alone, each line ended by "\n". At most the first 256 KiB
// are looked at.
func (e *Entity) Text() string {
	data := e.decoded(maxText)
	if len(e.raw) > maxText {
		e.notes.add(oddText)
	}
	text, odd := decodeText(data, e.charset(data))
	if odd.EN != "" {
		e.notes.add(odd)
	}
	if e.Type == "text/html" && strings.IndexByte(text, '<') >= 0 ||
		looksHTML(text) && (e.Type != "text/plain" || !e.Has("Content-Type")) {
		text = textOfHTML(text)
	}
	return lineEnds.Replace(text)
}

var lineEnds = strings.NewReplacer("\r\r\n", "\n", "\r\n", "\n", "\r", "\n")

// charset is the declared charset of a text; of HTML also what it says itself.
func (e *Entity) charset(data []byte) string {
	if name := e.Param("charset"); name != "" {
		return name
	}
	if e.Type != "text/html" {
		return ""
	}
	head := bytes.ToLower(data[:min(len(data), 2<<10)])
	_, after, ok := bytes.Cut(head, []byte("charset="))
	if !ok {
		return ""
	}
	after = bytes.TrimLeft(after, "\"' ")
	end := bytes.IndexAny(after, "\"' ;/>")
	if end < 0 || end > 40 {
		return ""
	}
	return string(after[:end])
}

func looksHTML(text string) bool {
	start := strings.ToLower(strings.TrimSpace(text[:min(len(text), 400)]))
	return strings.HasPrefix(start, "<html") || strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<head") ||
		strings.HasPrefix(start, "<body")
}

var oddText = codes.Text{EN: "its text is very long: only the beginning was read", JA: "本文が長いため、先頭だけを読みました"}
