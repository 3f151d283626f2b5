package mcp

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// The bounds of an answer.
const (
	maxDocuments = 20        // mails of one text, for instance
	maxOctets    = 512 << 10 // of all documents together
	maxGroups    = 20        // of a triage, the biggest first
	maxShown     = 32 << 10  // octets of the text
)

// bounded takes the documents of an answer, a line each, as far as they fit. leftOut counts what does not, by its name.
func bounded(lines []byte, leftOut map[string]int) []json.RawMessage {
	out, size := []json.RawMessage{}, 0
	for line := range bytes.Lines(lines) {
		doc := withGroups(bytes.TrimSpace(line), leftOut)
		if len(doc) == 0 {
			continue
		}
		if len(out) == maxDocuments || size+len(doc) > maxOctets {
			leftOut["documents"]++
			continue
		}
		size += len(doc)
		out = append(out, doc)
	}
	return out
}

// withGroups leaves the small groups of a triage out. Other documents stay as they are.
func withGroups(doc json.RawMessage, leftOut map[string]int) json.RawMessage {
	var whole struct {
		Groups []json.RawMessage `json:"groups"`
	}
	if json.Unmarshal(doc, &whole) != nil || len(whole.Groups) <= maxGroups {
		return doc
	}
	leftOut["groups"] += len(whole.Groups) - maxGroups
	var fields map[string]json.RawMessage
	if json.Unmarshal(doc, &fields) != nil {
		return doc
	}
	fields["groups"] = json.RawMessage(page.Indented(whole.Groups[:maxGroups]))
	return json.RawMessage(page.Indented(fields))
}

// shortened is a text within its bound, cut at the end of a line, and with what was left out.
func (s *session) shortened(text string, re answer) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	lines := 0
	if len(text) > maxShown {
		end := maxShown
		for !utf8.RuneStart(text[end]) {
			end--
		}
		if i := strings.LastIndexByte(text[:end], '\n'); i > 0 {
			end = i
		}
		lines = max(1, strings.Count(strings.TrimRight(text[end:], "\n"), "\n"))
		text = text[:end]
	}
	var more []string
	say := func(t codes.Text, n int) {
		if n > 0 {
			more = append(more, page.Message(codes.Say(t, codes.Num("n", n)), s.a.Lang))
		}
	}
	say(codes.Text{EN: "[{n} more lines of this text are left out; the documents have them]", JA: "[このあとの{n}行は省きました。documents に含まれます]"}, lines)
	say(codes.Text{EN: "[{n} smaller groups are left out of the documents; ask for less with providers, reasons, since]", JA: "[小さいグループ{n}件は documents から省きました。providers、reasons、since で絞り込めます]"}, re.LeftOut["groups"])
	say(codes.Text{EN: "[{n} documents are left out of the answer; give a smaller text]", JA: "[documents {n}件は省きました。内容を減らして呼び出してください]"}, re.LeftOut["documents"])
	if len(re.Documents) > 0 {
		more = append(more, re.Notes...)
	}
	if re.Command != "" {
		more = append(more, page.Message(codes.Say(codes.Text{EN: "Again: {command}", JA: "再確認: {command}"}, codes.Str("command", re.Command)), s.a.Lang))
	}
	return strings.TrimRight(text, "\n") + "\n\n" + strings.Join(more, "\n")
}
