package paste

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxNested bounds how deep the objects of a JSON text are looked through.
const maxNested = 6

// readJSON reads an object that holds the code of a reply and its words apart: {"smtp_code":"552","message":"5.3.4 Too big"}.
func (p *pasted) readJSON() bool {
	var v any
	if json.Unmarshal([]byte(p.text), &v) != nil {
		return false
	}
	reply := replyInJSON(v, 0)
	if reply != "" {
		p.words = reply
	}
	return reply != ""
}

// replyInJSON is the first reply whose code and words stand side by side in an object; "" without one.
func replyInJSON(v any, depth int) string {
	if depth > maxNested {
		return ""
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if s := replyInJSON(e, depth+1); s != "" {
				return s
			}
		}
	case map[string]any:
		if s := replyOfObject(v); s != "" {
			return s
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if s := replyInJSON(v[key], depth+1); s != "" {
				return s
			}
		}
	}
	return ""
}

// replyOfObject joins the code, the enhanced code and the words of an object. Words that hold a whole reply are left to others.
func replyOfObject(object map[string]any) string {
	code, enhanced, words := "", "", ""
	for _, key := range slices.Sorted(maps.Keys(object)) {
		value, low := jsonText(object[key]), lower(key)
		_, isCode := replyCode(value)
		e, end, isEnhanced := enhancedAt(value, 0)
		switch {
		case isCode && len(value) == 3 && containsAny(low, []string{"code", "status", "reply", "smtp"}):
			code = value
		case isEnhanced && end == len(value):
			enhanced = e.String()
		case containsAny(low, []string{"message", "text", "response", "reason", "desc", "error", "detail", "diag", "msg"}) &&
			hasLetter(value) && strings.Contains(value, " ") && len(value) > len(words):
			words = value
		}
	}
	if code == "" || words == "" || isWholeReply(words) {
		return ""
	}
	if _, _, given := enhancedAt(words, 0); given || enhanced == "" {
		return code + " " + words
	}
	return code + " " + enhanced + " " + words
}

// isWholeReply reports whether words hold a reply with its code.
func isWholeReply(words string) bool {
	_, said := findReplies(words)
	return said != nil
}

// jsonText is a string or a number of JSON as text, "" for anything else.
func jsonText(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
