package event

import (
	"strings"

	"todoku/codes"
)

// holdsReply reports whether words hold the code of a reply.
func holdsReply(words string) bool {
	for word := range strings.FieldsFuncSeq(words, func(c rune) bool { return c == ' ' || c == '\n' || c == ';' || c == ':' || c == '<' }) {
		if code, _ := codeIn(word); code != 0 {
			return true
		}
	}
	return false
}

// statusIn is the enhanced code that stands in words behind the code of a reply, or at their beginning.
func statusIn(words string) codes.Enhanced {
	if kind, rest, ok := strings.Cut(words[:min(len(words), 20)], ";"); ok && !strings.ContainsAny(kind, " <:@") {
		words = words[len(words[:min(len(words), 20)])-len(rest):] // RFC 3464 §2.3.6: "smtp; "
	}
	words = strings.TrimLeft(words, " \n'\"")
	if code, rest := codeIn(words); code != 0 {
		words = rest
	}
	return enhancedIn(words)
}

// codeIn reads the code of a reply at the beginning of words.
func codeIn(words string) (code int, rest string) {
	if len(words) < 3 || words[0] < '2' || words[0] > '5' || words[1] < '0' || words[1] > '7' || !isDigit(words[2]) {
		return 0, words
	}
	code = int(words[0]-'0')*100 + int(words[1]-'0')*10 + int(words[2]-'0')
	switch {
	case len(words) == 3:
		return code, ""
	case words[3] == '-', words[3] == ' ', words[3] == '\n', words[3] == '\r':
		return code, words[4:]
	}
	return 0, words
}

// enhancedIn reads the enhanced code at the beginning of words (RFC 2034 §4), with the sign that Exchange puts before it.
func enhancedIn(words string) codes.Enhanced {
	words = strings.TrimLeft(words, " #")
	end := 0
	for end < len(words) && end < len("5.123.123") && (isDigit(words[end]) || words[end] == '.') {
		end++
	}
	e, _ := codes.ParseEnhanced(strings.TrimRight(words[:end], "."))
	return e
}
