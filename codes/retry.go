package codes

import (
	"strconv"
	"strings"
	"time"
)

// longestWait is the longest pause that a reply can ask for; a longer one is taken for a mistake.
const longestWait = 7 * 24 * time.Hour

// RetryAfter is the pause that a reply asks for, 0 where it names none.
func (r Reply) RetryAfter() time.Duration { return retryAfter(searchable(r.Lines)) }

// retryAfter is the pause that a text asks for: "try again in 5 minutes",
// "retry after 300 seconds", "wait 00:10:00", 「5分後に」. It is 0 where
// the text names none.
func retryAfter(text string) time.Duration {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' || i > 0 && inWord(text[i-1]) {
			continue
		}
		end := i
		for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == ':') {
			end++
		}
		if d := pause(text[i:end], text[end:]); d > 0 && asksToWait(text[max(0, i-40):i], text[end:min(len(text), end+40)]) {
			return min(d+secondUnit(text[end:], d), longestWait)
		}
		i = end
	}
	return 0
}

// secondUnit is the pause that stands right behind another one of d, in a smaller
// unit: the "25 minutes" of "1 hour(s) and 25 minutes".
func secondUnit(text string, d time.Duration) time.Duration {
	text = strings.TrimLeft(text, " -")
	unitEnd := strings.IndexAny(text, "0123456789")
	if unitEnd < 0 || unitEnd > len("hour(s), and ") {
		return 0
	}
	text = text[unitEnd:]
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		return 0
	}
	if more := pause(text[:end], text[end:]); more < d {
		return more
	}
	return 0
}

func inWord(b byte) bool {
	return b == '.' || b == '-' || b == '/' || b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z'
}

// pause reads a number and the unit behind it, or hh:mm:ss and mm:ss.
func pause(number, rest string) time.Duration {
	var d time.Duration
	if strings.Contains(number, ":") {
		parts := strings.Split(number, ":")
		if len(parts) > 3 {
			return 0
		}
		for _, p := range parts {
			n, err := strconv.ParseUint(p, 10, 8)
			if err != nil || n > 99 {
				return 0
			}
			d = d*60 + time.Duration(n)*time.Second
		}
		return d
	}
	n, err := strconv.ParseUint(number, 10, 24)
	if err != nil {
		return 0
	}
	d = time.Duration(n) * unit(strings.TrimLeft(rest, " -"))
	if d > longestWait {
		return 0
	}
	return d
}

func unit(s string) time.Duration {
	for _, u := range [...]struct {
		word string
		time.Duration
	}{
		{"second", time.Second}, {"sec", time.Second}, {"秒", time.Second},
		{"minute", time.Minute}, {"min", time.Minute}, {"分", time.Minute},
		{"hour", time.Hour}, {"hr", time.Hour}, {"時間", time.Hour},
		{"day", 24 * time.Hour}, {"日", 24 * time.Hour},
	} {
		if strings.HasPrefix(s, u.word) {
			return u.Duration
		}
	}
	if s == "s" || strings.HasPrefix(s, "s ") || strings.HasPrefix(s, "s.") || strings.HasPrefix(s, "s)") || strings.HasPrefix(s, "s,") {
		return time.Second
	}
	return 0
}

// asksToWait tells a pause that is asked for from any other span of time ("sent 50 mails in 10 minutes", "undelivered after
// 4 hours") by the words around it.
func asksToWait(before, after string) bool {
	if past(before) {
		return false
	}
	for _, w := range [...]string{"again", "retry", "wait", "delay", "resend", "later", "greylist", "graylist",
		"come back", "back in", "deferred", "block expire", "ban expire", "expires in", "expire in", "再"} {
		if strings.Contains(before, w) {
			return true
		}
	}
	for _, w := range [...]string{"again", "later", "retry", "before send", "before retry", "before try", "before re", "remaining", "to wait",
		"後", "待", "おいて", "経って"} {
		if strings.Contains(after, w) {
			return true
		}
	}
	return false
}

// pastWords stand before a span of time that is over, or that another server waits by itself.
var pastWords = [...]string{
	"undelivered", "timed out", "timeout", "time out", "expired", "elapsed", "failed", "failing", "delayed", "unable to deliver",
	"not been delivered", "not be delivered", "not delivered", "will retry for", "retry for", "retried for",
	"keep trying for", "continue to try for",
	"retried until", "sent", "trying for", "tried for", "queue for", "queued for", "経過",
}

// past reports whether a span of time behind these words is no pause. "greylisted for", "delayed for" and "deferred for" are pauses
// where a request stands nearer.
func past(before string) bool {
	last := -1
	for _, w := range pastWords {
		last = max(last, strings.LastIndex(before, w))
	}
	if last < 0 {
		return false
	}
	for _, w := range [...]string{"again in", "again after", "retry in", "retry after", "come back", "please wait",
		"wait ", "later", "greylist"} {
		if strings.LastIndex(before, w) > last {
			return false
		}
	}
	return true
}
