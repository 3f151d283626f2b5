package paste

import (
	"strings"
	"unicode/utf8"

	"todoku/codes"
)

// serverReply is one reply found in a text.
type serverReply struct {
	code          int
	enhanced      codes.Enhanced
	codesTogether bool // the enhanced code stood beside the code
	moreLines     bool // its last line was "550-": more follow
	alone         bool // a code that a program repeats, "code: 550": no words are its own
	wordsBefore   bool // a code in brackets, "user unknown (550)": words before it belong to it
	lines         []string
	stage         codes.Stage
	to            string // the recipient of the command it answers
}

// codeMatch is a reply code in a text, with the enhanced code beside it.
type codeMatch struct {
	start, end    int // of both codes
	code          int
	enhanced      codes.Enhanced
	codesTogether bool
	moreLines     bool       // "550-"
	inBrackets    bool       // "(550)": the text is behind the bracket, or before it
	atLine        bool       // the line begins with it
	mark          *[2]string // what quotes the reply, nil where nothing does
}

// findReplies finds the replies in a text, in order, and what stands before them.
func findReplies(s string) (before string, list []serverReply) {
	var matches []codeMatch
	for i := 0; i+3 <= len(s); i++ {
		if c := s[i]; c < '2' || c > '5' || i > 0 && isWordByte(s[i-1]) {
			continue
		}
		h, ok := codeAt(s, i)
		if ok && h.isReplyStart(s, matches) {
			matches = append(matches, h)
			i = h.end - 1
		}
	}
	if len(matches) == 0 {
		h, ok := codeInSentence(s)
		if !ok {
			return s, nil
		}
		matches = append(matches, h)
	}
	for i, h := range matches {
		end := len(s)
		if i+1 < len(matches) {
			end = matches[i+1].start
			if next := matches[i+1]; next.isAlone(s) {
				end = introStart(s, h.end, end)
			}
		}
		n := len(list)
		list = addLine(list, h, h.text(s, end))
		if len(list) > n {
			list[n].alone = h.isAlone(s)
			list[n].wordsBefore = h.inBrackets && !h.codesTogether && !strings.HasPrefix(s[h.end:], ":")
		}
	}
	return s[:matches[0].start], list
}

// isAlone reports whether nothing but a mark or the end of the line follows a code: a program repeats it there.
func (h codeMatch) isAlone(s string) bool {
	if h.codesTogether || h.moreLines {
		return false
	}
	rest := strings.TrimLeft(s[h.end:], " ")
	if h.mark != nil {
		return strings.HasPrefix(rest, h.mark[1])
	}
	return rest == "" || strings.IndexByte(",;)]}\n", rest[0]) >= 0
}

// introStart is where the words begin that announce a code at end: "(code: 550", ", Server Error: 550". They are no words of
// the reply before them, which ends at from at the earliest.
func introStart(s string, from, end int) int {
	left := strings.TrimRight(s[from:end], " '\"")
	if !strings.HasSuffix(left, ":") && !strings.HasSuffix(left, "=") {
		return end
	}
	return from + max(strings.LastIndexAny(left, ",;([{\n."), 0)
}

// addLine adds a line to the reply that it belongs to.
func addLine(list []serverReply, h codeMatch, text string) []serverReply {
	if n := len(list); n > 0 && list[n-1].code == h.code {
		last := &list[n-1]
		same := len(last.lines) > 0 && last.lines[len(last.lines)-1] == text
		if last.moreLines || h.atLine && last.enhanced == h.enhanced || same {
			last.moreLines = h.moreLines
			if !last.codesTogether {
				last.enhanced, last.codesTogether = h.enhanced, h.codesTogether
			}
			if text != "" && !same {
				last.lines = append(last.lines, text)
			}
			return list
		}
	}
	q := serverReply{code: h.code, enhanced: h.enhanced, codesTogether: h.codesTogether, moreLines: h.moreLines}
	if text != "" {
		q.lines = []string{text}
	}
	return append(list, q)
}

// codeAt reads a reply code with what follows it.
func codeAt(s string, i int) (codeMatch, bool) {
	code, ok := replyCode(s[i:])
	if !ok {
		return codeMatch{}, false
	}
	h := codeMatch{start: i, end: i + 3, code: code}
	if rest := s[h.end:]; strings.HasPrefix(rest, "-") {
		h.moreLines = true
		h.end++
	}
	if h.end < len(s) && i > 0 && (s[i-1] == '(' && s[h.end] == ')' || s[i-1] == '[' && s[h.end] == ']') {
		h.inBrackets = true
		h.end++
	}
	mark, length := pythonQuote(s[h.end:min(len(s), h.end+8)])
	h.mark = mark
	h.enhanced, h.end, h.codesTogether = enhancedAfter(s, h.end+length)
	return h, true
}

// replyCode reads three digits that may be a reply code and end as one does.
func replyCode(s string) (int, bool) {
	if len(s) < 3 || s[1] < '0' || s[1] > '7' || s[2] < '0' || s[2] > '9' {
		return 0, false
	}
	code := int(s[0]-'0')*100 + int(s[1]-'0')*10 + int(s[2]-'0')
	return code, isReplyCode(code) && endsReplyCode(s[3:])
}

// isReplyCode reports whether SMTP has such a code: any from 400 to 599, and of the others those that RFC 5321 §4.2.3
// and RFC 4954 know.
func isReplyCode(code int) bool {
	switch code {
	case 211, 214, 220, 221, 235, 250, 251, 252, 253, 334, 354:
		return true
	}
	return code >= 400 && code < 600
}

// endsReplyCode reports whether a reply code may end before rest: a full stop before a digit does not end it.
func endsReplyCode(rest string) bool {
	switch {
	case rest == "" || rest[0] >= utf8.RuneSelf:
		return true
	case rest[0] == '.':
		return len(rest) == 1 || rest[1] < '0' || rest[1] > '9'
	}
	return strings.IndexByte(" -\n:,;)]}'\"`>", rest[0]) >= 0
}

// enhancedAfter reads the enhanced code that follows a reply code at i, bare or
// in marks: "5.1.1", "#5.1.1", "(5.1.1)", "[#5.1.1]".
func enhancedAfter(s string, i int) (codes.Enhanced, int, bool) {
	j := skipAny(s, i, " \n:,-#(['\"")
	if len(s) > j+10 && strings.EqualFold(s[j:j+10], "error_code") { // Zoho writes it before each
		j = skipAny(s, j+10, " :")
	}
	e, end, ok := enhancedAt(s, j)
	if !ok {
		return codes.Enhanced{}, i, false
	}
	if end < len(s) && (s[end] == ')' || s[end] == ']') && strings.ContainsAny(s[i:j], "([") {
		end++
	}
	return e, end, true
}

// skipAny steps over a few of the octets.
func skipAny(s string, i int, octets string) int {
	for n := 0; n < 12 && i < len(s) && strings.IndexByte(octets, s[i]) >= 0; n++ {
		i++
	}
	return i
}

// enhancedAt reads an enhanced code that stands alone.
func enhancedAt(s string, i int) (codes.Enhanced, int, bool) {
	if i+5 > len(s) || s[i+1] != '.' || s[i] != '5' && s[i] != '4' && s[i] != '2' {
		return codes.Enhanced{}, i, false
	}
	end := i + 1
	for end < len(s) && end < i+10 && (s[end] == '.' || s[end] >= '0' && s[end] <= '9') {
		end++
	}
	if end < len(s) && isWordByte(s[end]) {
		return codes.Enhanced{}, i, false
	}
	code := strings.TrimRight(s[i:end], ".")
	e, ok := codes.ParseEnhanced(code)
	return e, i + len(code), ok
}

// enhancedIn finds an enhanced code of the class (0: 4 or 5) that stands alone
// somewhere in a text.
func enhancedIn(s string, class int) (e codes.Enhanced, start, end int, ok bool) {
	for i := 0; i+5 <= len(s); i++ {
		if s[i+1] != '.' || i > 0 && (isWordByte(s[i-1]) || strings.IndexByte(".-/@", s[i-1]) >= 0) {
			continue
		}
		if e, end, ok := enhancedAt(s, i); ok && (e.Class == class || class == 0 && e.Class > 2) && e.Subject <= 7 {
			return e, i, end, true
		}
	}
	return codes.Enhanced{}, 0, 0, false
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}
