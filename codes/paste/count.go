package paste

import (
	"strings"

	"todoku/codes"
)

// maxCounted bounds how many recipients are told apart.
const maxCounted = 1000

// resultSigns are in the lines of logs that tell how an attempt ended, in lower case.
var resultSigns = [...]string{"status=", "stat=", " ** ", " == ", "result=\""}

// CountRecipients counts the recipients who got an error by a log, each of them on a line of its own. Parse answers for one.
func CountRecipients(text string) int {
	seen := map[string]bool{}
	for line := range strings.Lines(clean(text)) {
		if len(seen) == maxCounted || !startsRecord(line) || !containsAny(lower(line), resultSigns[:]) {
			continue
		}
		f := Parse(line)
		if f.Recipient != "" && (f.Reply.Code >= 400 || f.Context.Event != codes.EventReply && f.Context.Event != codes.EventDelivered) {
			seen[lower(f.Recipient)] = true
		}
	}
	return len(seen)
}
