package event

import (
	"iter"
	"net/netip"
	"strings"

	"todoku/codes"
	"todoku/codes/paste"
)

// noticeText is what a notice says to people, without what it returns.
type noticeText struct {
	words string
	low   string // the same in lower case
	lines []string
	long  map[string]paste.Found // what long texts tell: many recipients may share one

	first, last int // the lines of the recipients that rest is shared by
	rest        string
}

// Bounds of what is remembered of long texts: what is shorter is read as fast as found.
const (
	minRemembered = 1 << 10
	maxRemembered = 16
)

// parse is paste.Parse, but reads a long text once.
func (t *noticeText) parse(text string) paste.Found {
	if len(text) < minRemembered {
		return paste.Parse(text)
	}
	found, ok := t.long[text]
	if !ok {
		found = paste.Parse(text)
		if t.long == nil || len(t.long) >= maxRemembered {
			t.long = map[string]paste.Found{}
		}
		t.long[text] = found
	}
	return found
}

func (t *noticeText) textLines() []string {
	if t.lines == nil {
		t.lines = strings.Split(t.words, "\n")
	}
	return t.lines
}

// linesWith are the lines in which an address stands, in whatever case.
func (t *noticeText) linesWith(address string) iter.Seq[int] {
	address = strings.ToLower(address)
	return func(yield func(int) bool) {
		for line, rest := 0, t.low; ; line++ {
			i := strings.Index(rest, address)
			if i < 0 {
				return
			}
			if line += strings.Count(rest[:i], "\n"); !yield(line) {
				return
			}
			_, after, more := strings.Cut(rest[i:], "\n")
			if !more {
				return
			}
			rest = after
		}
	}
}

// lineOf is the first line in which an address stands; -1 for none.
func (t *noticeText) lineOf(address string) int {
	for i := range t.linesWith(address) {
		return i
	}
	return -1
}

// evidence is what a notice says of one of its recipients.
func (t *noticeText) evidence(c candidate, all []candidate) (paste.Found, string) {
	if len(all) == 1 {
		return t.evidenceOfAll(c)
	}
	if c.rank == inReply {
		if near := t.transcript(c.address); near != "" {
			if found := t.parse(near); hasReason(found) {
				return found, near
			}
		}
	}
	block := t.block(c, all)
	if found := t.parse(block); hasReason(found) {
		return found, block
	}
	if near := t.transcript(c.address); near != "" {
		if found := t.parse(near); hasReason(found) {
			return found, near
		}
	}
	if c.line >= 0 && !isBare(block, c.address) {
		return t.parse(block), block
	}
	rest := t.shared(all)
	return t.parse(rest), rest
}

// hasReason reports whether a text tells a reply, or how the attempt ended.
func hasReason(f paste.Found) bool {
	return f.Reply.Code >= 400 || f.Reply.Enhanced.Class >= 4 || f.Context.Event != codes.EventReply
}

// isBare reports whether a text has hardly more than an address.
func isBare(block, address string) bool {
	return len(strings.TrimSpace(strings.ReplaceAll(block, address, ""))) < 12
}

// block is what stands from the line of a recipient to that of the next.
func (t *noticeText) block(c candidate, all []candidate) string {
	if c.line < 0 {
		return ""
	}
	lines := t.textLines()
	end := len(lines)
	for _, o := range all {
		if o.line > c.line && o.line < end {
			end = o.line
		}
	}
	for i := c.line + 1; i < end; i++ {
		if isRule(lines[i]) {
			end = i
		}
	}
	return strings.TrimSpace(strings.Join(lines[c.line:end], "\n"))
}

// isRule reports whether a line parts the sections of a notice: "----- Transcript of session follows -----".
func isRule(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) > 6 && (strings.HasPrefix(line, "---") || strings.HasPrefix(line, "===") || strings.HasPrefix(line, "***") ||
		strings.HasPrefix(line, "___"))
}

// shared is what stands behind the last recipient, or else before the first.
func (t *noticeText) shared(all []candidate) string {
	first, last := -1, -1
	for _, c := range all {
		if c.line >= 0 && (first < 0 || c.line < first) {
			first = c.line
		}
		last = max(last, c.line)
	}
	if last < 0 {
		return t.words
	}
	if t.rest != "" && t.first == first && t.last == last {
		return t.rest
	}
	lines := t.textLines()
	rest := strings.TrimSpace(strings.Join(withoutFooter(lines[last+1:]), "\n"))
	if !hasReason(t.parse(rest)) && first > 0 {
		rest = strings.TrimSpace(strings.Join(lines[:first], "\n") + "\n" + rest)
	}
	t.first, t.last, t.rest = first, last, rest
	return rest
}

// transcript is what a session says of a recipient: the replies that name it, and those to its RCPT.
func (t *noticeText) transcript(address string) string {
	lines := t.textLines()
	var out, said []string // what the program says, and what the server said
	next := 0
	for i := range t.linesWith(address) {
		if i < next {
			continue
		}
		if i >= maxLines {
			break
		}
		bare := strings.TrimSpace(lines[i])
		switch {
		case isReplyLine(strings.TrimLeft(bare, "< ")):
			out = append(out, strings.TrimLeft(bare, "< "))
		case containsFold(bare, "rcpt to"):
			for next = i + 1; next < len(lines) && isServerLine(strings.TrimSpace(lines[next])); next++ {
				said = append(said, strings.TrimLeft(strings.TrimSpace(lines[next]), "<->SR: "))
			}
		}
	}
	if len(said) > 0 {
		out = said
	}
	return strings.Join(out, "\n")
}

// evidenceOfAll is what a notice about one recipient says.
func (t *noticeText) evidenceOfAll(c candidate) (paste.Found, string) {
	all := strings.Join(withoutFooter(t.textLines()), "\n")
	found := t.parse(all)
	if hasReason(found) && found.Reply.Code != 0 {
		words := found.Reply.String()
		return found, words
	}
	if c.line >= 0 {
		block := strings.TrimSpace(strings.Join(withoutFooter(t.textLines()[c.line:]), "\n"))
		if before := t.reasonBefore(c); before != "" {
			return withEnd(t.parse(before), found), before
		}
		if p := t.parse(block); !isBare(block, c.address) && (hasReason(p) || !hasReason(found)) {
			return withEnd(p, found), block
		}
	}
	return found, all
}

// withoutFooter drops what stands below a line of underscores: what scanners and firms add to every mail.
func withoutFooter(lines []string) []string {
	for i, line := range lines {
		if i > 0 && strings.HasPrefix(strings.TrimSpace(line), "________") {
			return lines[:i]
		}
	}
	return lines
}

// withEnd adds to what a part says how it ended by all the words.
func withEnd(part, all paste.Found) paste.Found {
	fill(&part.Context.Event, all.Context.Event)
	if part.Reply.Enhanced.IsZero() {
		part.Reply.Enhanced = all.Reply.Enhanced
	}
	return part
}

// exchangeWords stand in notices of Exchange that name the servers of the recipients, in lower case.
var exchangeWords = []string{"generating server", "remote server", " #5"}

// hostFor is the server that Exchange names between a recipient and the reply: a line of its own, "host", "host #550 …", or "Remote
// Server at host (address)".
func (t *noticeText) hostFor(c candidate) (string, netip.Addr) {
	if c.line < 0 {
		return "", netip.Addr{}
	}
	lines := t.textLines()
	for i := c.line + 1; i < min(len(lines), c.line+61); i++ {
		if !containsFold(lines[i-1], c.address) {
			continue
		}
		line := lines[i]
		if name := firstWord(line); isHost(name) {
			return hostOf(name), netip.Addr{}
		}
		if _, rest, ok := strings.Cut(strings.ToLower(line), "remote server at "); ok {
			return remoteOf(rest[:min(len(rest), 80)])
		}
	}
	return "", netip.Addr{}
}

// isHost reports whether a word is the name of a host.
func isHost(s string) bool {
	dots := 0
	for i := range len(s) {
		switch c := s[i] | 0x20; {
		case s[i] == '.':
			dots++
		case c >= 'a' && c <= 'z' || s[i] >= '0' && s[i] <= '9' || s[i] == '-':
		default:
			return false
		}
	}
	return dots > 0 && len(s) > 3 && s[len(s)-1] != '.'
}

// isServerLine reports whether a line of a session is a reply: "<<< 550 …", "<-- 550 …", "S: 550 …".
func isServerLine(line string) bool {
	rest := strings.TrimLeft(line, "<->SR: ")
	return len(rest) < len(line) && isReplyLine(rest)
}

// reasonBefore is the reason that stands above a recipient: "undeliverable due to the following reason:".
func (t *noticeText) reasonBefore(c candidate) string {
	lines := t.textLines()
	for i := 0; i < c.line; i++ {
		if containsFold(lines[i], "following reason") && strings.HasSuffix(strings.TrimSpace(lines[i]), ":") {
			return strings.TrimSpace(strings.Join(lines[i+1:c.line], "\n"))
		}
	}
	return ""
}
