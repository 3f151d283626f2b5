package paste

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// isReplyStart reports whether three digits in s begin a reply. A number in a sentence, a port, a size or a year does
// not. before has the replies found so far: after the first one the text is the server's, so the test is stricter.
func (h *codeMatch) isReplyStart(s string, before []codeMatch) bool {
	left := strings.TrimRight(s[:h.start], " ")
	touching := len(left) == h.start
	if isExpected(left, s[h.end:]) {
		return false
	}
	if len(before) > 0 {
		if last := before[len(before)-1]; last.code == h.code && last.moreLines { // "550-" came before: this is its next line
			if h.mark == nil {
				h.mark = last.mark
			}
			if !touching || strings.HasSuffix(left, "\n") {
				return true
			}
		}
	}
	if left == "" || strings.HasSuffix(left, "\n") || afterMarks(left, touching) {
		h.atLine = true
		return h.codesTogether || h.moreLines || !isAmount(s[h.end:])
	}
	if h.codesTogether {
		h.setMark(left)
		end := left[len(left)-1]
		return !touching || strings.IndexByte("<([#:;>.,='\"`", end) >= 0 || end >= utf8.RuneSelf
	}
	return !isAmount(s[h.end:]) && h.isIntroduced(s, left, before)
}

// afterMarks reports whether a line holds nothing but marks of a list, or of words that stand out, before a code: "- 550", "**550".
func afterMarks(left string, touching bool) bool {
	before := strings.TrimRight(left, "*-•·・→←✗✘×❌▶! ")
	if before != "" && !strings.HasSuffix(before, "\n") {
		return false
	}
	end := left[len(left)-1]
	return !touching || end == '*' || end >= utf8.RuneSelf
}

// isIntroduced is what isReplyStart asks of a code in the middle of a line with no enhanced code beside it; left is what
// stands before it, without the spaces.
func (h *codeMatch) isIntroduced(s, left string, before []codeMatch) bool {
	first, touching := len(before) == 0, len(left) == h.start
	if !first {
		if last := before[len(before)-1]; last.code == h.code && repeats(s, last, *h) {
			return !touching
		}
		if h.code < 400 {
			return false
		}
	}
	if h.inBrackets {
		return first || strings.HasPrefix(s[h.end:], ":")
	}
	h.setMark(left)
	if last := len(before) - 1; last >= 0 && h.mark != nil && before[last].code == h.code && before[last].isAlone(s) {
		return true // `code "550", with message "550 …"`
	}
	if h.mark != nil && (first || strings.HasSuffix(left, "<")) {
		return true
	}
	return endsWithIntro(left, touching, first)
}

// setMark notes the quotation mark or bracket that stands right before the code.
func (h *codeMatch) setMark(left string) {
	if h.mark == nil && !h.inBrackets {
		h.mark = markBefore(left)
	}
}

// repeats reports whether the reply h has the same words as the reply before it.
func repeats(s string, before, h codeMatch) bool {
	const enough = 8
	was, is := strings.TrimLeft(s[before.end:h.start], " "), strings.TrimLeft(s[h.end:], " ")
	return len(was) >= enough && len(is) >= enough && was[:enough] == is[:enough]
}

// endsWithIntro reports whether what stands before a code announces one.
func endsWithIntro(before string, touching, first bool) bool {
	last := before[len(before)-1]
	switch last {
	case ';':
		return true
	case ':':
		if !touching {
			return !namesNumber(before[:len(before)-1])
		}
		before = before[:len(before)-1] // "said:550", but a port in "mx.example:587"
	case '=':
		before = before[:len(before)-1] // "code=550", but not "delay=550"
	}
	before = strings.TrimRight(before, " ")
	if strings.HasSuffix(before, "...") || strings.HasSuffix(before, "：") {
		return true
	}
	if !first && last != ':' {
		return false
	}
	return hasIntroWord(before)
}

// namesNumber reports whether the word before a colon names a number that is no reply code: "port: 465".
func namesNumber(before string) bool {
	low := lower(before[max(0, len(before)-12):])
	for _, w := range [...]string{"port", "timeout", "line", "size", "pid", "count", "limit", "length", "ポート", "порт"} {
		if strings.HasSuffix(low, w) {
			return true
		}
	}
	return false
}

// introWords are words after which a reply code may follow: "error 550".
var introWords = []string{
	"error", "code", "errorcode", "responsecode", "below", "smtp", "reply", "response", "returned", "said", "status", "to",
	"esmtp", "server", "led",
	"エラー", "コード", "応答", "エラーは", "コードは", "エラーコードは", "ステータス", "理由",
}

func hasIntroWord(before string) bool {
	start := len(before)
	for start > 0 && start > len(before)-32 && (isWordByte(before[start-1]) && before[start-1] != '_' || before[start-1] >= utf8.RuneSelf) {
		start--
	}
	word := lower(before[start:])
	if word == "" {
		return false
	}
	if word[len(word)-1] < utf8.RuneSelf {
		return slices.Contains(introWords, word) && (word != "to" || strings.HasSuffix(before, "TO"))
	}
	return slices.ContainsFunc(introWords, func(w string) bool { return w[0] >= utf8.RuneSelf && strings.HasSuffix(word, w) })
}

// units follow a number that is an amount. A reply may begin with "message" or
// "mail": what is counted stands in the plural.
var units = []string{
	"byte", "bytes", "octets", "kb", "mb", "kib", "mib", "ms", "sec", "second", "seconds", "min", "minute", "minutes",
	"hour", "hours", "day", "days",
	"messages", "mails", "emails", "recipients", "connections", "addresses", "attempts", "times", "per",
	"件", "通", "秒", "分", "日", "バイト", "回", "時間", "人",
}

// notBefore are words after which a number is no reply code.
var notBefore = []string{
	"port", "size", "line", "of", "than", "over", "about", "at", "limit", "id", "in", "for", "is", "was", "room",
	"no", "to", "and", "or", "from", "by", "user", "the",
}

// codeInSentence finds a reply code in the middle of a sentence. It is asked where no
// other place has one: "permanent failure 550 'x' is no user".
func codeInSentence(s string) (codeMatch, bool) {
	for i := 1; i+4 < len(s); i++ {
		if s[i] != '4' && s[i] != '5' || s[i-1] != ' ' || s[i+3] != ' ' || s[i+4] == ' ' || s[i+4] >= '0' && s[i+4] <= '9' {
			continue
		}
		h, ok := codeAt(s, i)
		if !ok || s[i+1] > '5' || isAmount(s[i+3:]) {
			continue
		}
		before := strings.TrimRight(s[:i], " ")
		word := before[strings.LastIndexByte(before[max(0, len(before)-16):], ' ')+1+max(0, len(before)-16):]
		if !slices.Contains(notBefore, lower(word)) && !strings.HasSuffix(word, "=") {
			return h, true
		}
	}
	return codeMatch{}, false
}

// isAmount reports whether a unit follows.
func isAmount(after string) bool {
	if after == "" || after[0] != ' ' && after[0] < utf8.RuneSelf {
		return false
	}
	word := strings.TrimPrefix(after, " ")
	end := 0
	for end < len(word) && end < 12 && isWordByte(word[end]) {
		end++
	}
	if end == 0 {
		return slices.ContainsFunc(units, func(u string) bool { return strings.HasPrefix(word, u) })
	}
	return slices.Contains(units, word[:end])
}

// marks open and close what is quoted.
var marks = [...][2]string{
	{"<", ">"}, {"'", "'"}, {`"`, `"`}, {"`", "`"}, {"(", ")"}, {"[", "]"}, {"「", "」"}, {"『", "』"}, {"“", "”"},
	{"‘", "’"}, {"（", "）"},
}

var parentheses = [2]string{"(", ")"}

// pythonQuote reads what Python puts between a code and its text: "(550, b'5.1.1 …')".
func pythonQuote(s string) (mark *[2]string, length int) {
	rest, ok := strings.CutPrefix(s, ", ")
	if !ok {
		return nil, 0
	}
	rest = strings.TrimPrefix(rest, "b")
	if rest != "" && (rest[0] == '\'' || rest[0] == '"') {
		return &[2]string{rest[:1], rest[:1]}, len(s) - len(rest) + 1
	}
	return nil, 0
}

// markBefore is the mark that a text ends with; none is nil.
func markBefore(s string) *[2]string {
	s = strings.TrimSuffix(s, "#")
	for i := range marks {
		if strings.HasSuffix(s, marks[i][0]) {
			return &marks[i]
		}
	}
	return nil
}

// text is what the server said after the codes, up to end: to a blank line, or
// to the mark that closes what a mark opened.
func (h codeMatch) text(s string, end int) string {
	t := s[h.end:end]
	if i := blankLine(t); i >= 0 {
		t = t[:i]
	}
	if h.mark != nil && !h.moreLines {
		t = t[:closingMark(t, h.mark)]
	} else if i := closingMark(t, &parentheses); i+1 == len(t) || i < len(t) && t[i+1] == '\n' {
		t = t[:i] // "(reason: 550 …)"
	}
	if h.codesTogether && strings.Contains(t, "\n") { // Python repeats the enhanced code in each line
		t = strings.ReplaceAll(t, "\n"+h.enhanced.String()+" ", "\n")
	}
	t = strings.TrimRight(t, " \n<([#")
	if !strings.HasPrefix(t, " : ") { // a colon by itself is the server's own: au leaves out the address before it
		t = strings.TrimPrefix(strings.TrimLeft(t, " \n:;,"), "- ")
	}
	return oneLine(strings.ReplaceAll(strings.ReplaceAll(t, `\"`, `"`), `\'`, "'"))
}

// blankLine finds an empty line.
func blankLine(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] != '\n' {
			continue
		}
		if rest := strings.TrimLeft(s[i+1:], " "); rest != "" && rest[0] == '\n' {
			return i
		}
	}
	return -1
}

// closingMark is where the closing mark stands, or the end: a bracket by its depth, a
// quotation mark where no word can follow it, since an apostrophe looks the same.
func closingMark(s string, mark *[2]string) int {
	opener, closer := mark[0], mark[1]
	if opener == closer {
		last := len(s)
		for i := range len(s) {
			if s[i] != closer[0] || i > 0 && s[i-1] == '\\' {
				continue
			}
			if i+1 == len(s) || strings.IndexByte(",)]};\n", s[i+1]) >= 0 {
				return i
			}
			if !isWordByte(s[i+1]) {
				last = i
			}
		}
		return last
	}
	if !strings.Contains(s, closer) {
		return len(s)
	}
	depth := 1
	for i := range len(s) {
		switch {
		case strings.HasPrefix(s[i:], opener):
			depth++
		case strings.HasPrefix(s[i:], closer):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}
