package paste

import (
	"cmp"
	"strings"

	"todoku/codes"
)

// block is a part of a text that may tell of one recipient.
type block struct {
	before []string // the lines before it, which tell nothing
	text   string
	record bool // of a log
	found  Found
	more   []string // parts that tell of the same, and are read with text
	size   int      // of text and more, in octets
	told   int      // how much of it found is from, in octets
}

// partsOf splits a text where it tells of something else: another line of a log, another recipient, another reply.
func partsOf(text string) []Found {
	s := splitter{}
	for line := range strings.Lines(text) {
		s.add(strings.TrimRight(line, "\n"))
	}
	s.close()
	var list []Found
	for _, b := range joined(ofMails(s.blocks)) {
		list = append(list, b.found)
	}
	return list
}

// splitter collects the lines of a block.
type splitter struct {
	blocks []*block
	before []string // lines since the last block that tell nothing
	lines  []string
	record bool
	tells  bool // one of lines has a reply
	code   int  // of the last of them
	to     string
}

func (s *splitter) add(line string) {
	if len(s.blocks) >= maxFound {
		return
	}
	blank := strings.TrimSpace(line) == ""
	record := !blank && startsRecord(line)
	if blank || record {
		s.close()
	}
	if s.record = s.record || record; !s.record && !blank {
		codeAtLine, hasReply := lineReply(line)
		to := leadingAddress(line)
		if s.tells && (to != "" && !strings.EqualFold(to, s.to) || codeAtLine != 0 && s.code != 0 && codeAtLine != s.code) {
			s.close()
		}
		s.tells = s.tells || hasReply
		s.code = cmp.Or(codeAtLine, s.code)
		s.to = cmp.Or(to, s.to)
	}
	if !blank {
		s.lines = append(s.lines, line)
	}
}

// close ends a block. What tells nothing stands before the next one.
func (s *splitter) close() {
	if len(s.lines) == 0 {
		return
	}
	b := &block{text: strings.Join(s.lines, "\n"), record: s.record}
	if !s.record {
		b.before = s.before
	}
	if b.read(); b.found.Tells() {
		s.blocks, s.before = append(s.blocks, b), nil
	} else if !s.record {
		s.before = append(s.before, s.lines...)
	}
	s.lines, s.record, s.tells, s.code, s.to = nil, false, false, 0, ""
}

// read reads a block alone; what stands before it may tell whose it is.
func (b *block) read() {
	b.found = read(b.text).result(codes.Enhanced{})
	if len(b.before) > 0 && b.found.Tells() && b.found.Recipient == "" {
		before := strings.Join(b.before, "\n")
		whole := read(before + "\n\n" + b.text).result(codes.Enhanced{})
		if whole.Tells() && whole.Reply.Code == b.found.Reply.Code {
			b.found = whole
		}
		if b.found.Recipient == "" {
			b.found.Recipient = onlyAddress(before)
		}
	}
}

// lineReply reports whether a line has a reply that refuses, and its code where the line begins with it.
func lineReply(line string) (codeAtLine int, has bool) {
	rest := strings.TrimLeft(line, " -*•·・\t")
	if code, ok := replyCode(rest); ok && code >= 400 {
		codeAtLine = code
	}
	_, said := findReplies(line)
	for _, q := range said {
		has = has || q.code >= 400
	}
	return codeAtLine, has || codeAtLine != 0
}

// leadingAddress is the address that a line is about: it begins with it, alone, in brackets, behind a mark of a list, or behind a
// word such as "To:".
func leadingAddress(line string) string {
	if strings.IndexByte(line, '@') < 0 {
		return ""
	}
	rest := strings.TrimLeft(line, " -*•·・\t")
	if i := 0; len(rest) > 2 && isDigit(rune(rest[0])) {
		for i < len(rest) && isDigit(rune(rest[i])) {
			i++
		}
		if i < 3 && i < len(rest) && (rest[i] == '.' || rest[i] == ')') {
			rest = strings.TrimLeft(rest[i+1:], " ")
		}
	}
	low := lower(rest)
	for _, word := range [...]string{"to:", "rcpt:", "recipient:", "address:", "宛先:", "宛先：", "受信者:", "for "} {
		if strings.HasPrefix(low, word) {
			rest = strings.TrimLeft(rest[len(word):], " ")
			break
		}
	}
	end := strings.IndexAny(rest, " :;,|=（(\t")
	if end < 0 {
		end = len(rest)
	}
	return address(rest[:end])
}

// ofMails fills in what other lines of a log tell of the same mail, and drops a line that quotes a reply before the outcome.
func ofMails(list []*block) []*block {
	outcome := map[string]bool{}
	for _, b := range list {
		if b.record && b.hasOutcome() {
			outcome[queueID(b.text)] = true
		}
	}
	out := list[:0]
	for _, b := range list {
		if id := queueID(b.text); b.record && id != "" && outcome[id] && !b.hasOutcome() {
			continue
		}
		out = append(out, b)
	}
	return out
}

// hasOutcome reports whether a line of a log says how an attempt ended.
func (b *block) hasOutcome() bool {
	return containsAny(lower(b.text), []string{"status=", "stat=", " ** ", " == ", " => ", " -> ", "result=\"", "\"", ": success: ",
		": failure: ", ": deferral: "})
}

// queueID is the id of a mail in a line of syslog: the word with a colon behind that of the program.
func queueID(line string) string {
	_, rest, _ := strings.Cut(line, "]: ")
	id, _, ok := strings.Cut(rest, ": ")
	if !ok || strings.ContainsAny(id, " =<") {
		return ""
	}
	return id
}

// joined puts blocks together that tell of the same failure: words for people, and the same for administrators. Each line of a
// log stands for itself.
func joined(list []*block) []*block {
	var out []*block
next:
	for _, b := range list {
		if !b.record {
			for _, a := range out {
				if !a.record && sameFailure(&a.found, &b.found) {
					a.join(b)
					continue next
				}
			}
		}
		b.size, b.told = len(b.text), len(b.text)
		out = append(out, b)
	}
	for _, b := range out {
		b.readTogether()
	}
	return out
}

// sameFailure reports whether two parts of a text tell of the same failure.
func sameFailure(a, b *Found) bool {
	if a.Recipient != "" && b.Recipient != "" {
		return strings.EqualFold(a.Recipient, b.Recipient)
	}
	if a.Reply.Code != 0 && b.Reply.Code != 0 && a.Reply.Code != b.Reply.Code {
		return !isBare(a) || !isBare(b)
	}
	return true
}

// isBare reports whether a reply stands by itself, not in the notice of a program that may tell of several attempts.
func isBare(f *Found) bool { return f.Format == "reply" || f.Format == "text" }

// maxTogether bounds how much is read as one, in octets; of more than shortTogether, not each part leads to another reading.
const (
	maxTogether   = 8 << 10
	shortTogether = 1 << 10
)

// join takes a part that tells of the same.
func (b *block) join(part *block) {
	if b.size > maxTogether {
		return
	}
	b.more = append(b.more, part.text)
	b.size += len("\n\n") + len(part.text)
	fill(&b.found.Recipient, part.found.Recipient)
	if b.size <= shortTogether || b.size > b.told*3/2 {
		b.readTogether()
	}
}

// readTogether reads all parts as one.
func (b *block) readTogether() {
	if b.told == b.size {
		return
	}
	b.told = b.size
	to := b.found.Recipient
	b.found = read(strings.Join(append([]string{b.text}, b.more...), "\n\n")).result(codes.Enhanced{})
	fill(&b.found.Recipient, to)
}
