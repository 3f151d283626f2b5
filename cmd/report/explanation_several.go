package report

import (
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/diag/guide/explain"
)

// several is the line above several readings. Those of one reply are its possible causes; then it names whose mail it was, and
// which server spoke.
func (w wording) several(e explain.Explanation) string {
	n := codes.Num("n", len(e.Readings))
	if e.Failures > 1 {
		return w.say(lFailures, codes.Num("failures", e.Failures), n)
	}
	if e.Told {
		return w.say(lTold, n, codes.Str("input", brief(e.Input)))
	}
	first := e.Readings[0]
	for _, r := range e.Readings {
		if r.Kind != explain.KindReply {
			return w.say(lSeveral, n, codes.Str("input", brief(e.Input)))
		}
	}
	said := w.say(lCauses, n)
	var about []string
	for _, s := range []string{first.Pasted.Recipient, first.Pasted.Server} {
		if s != "" {
			about = append(about, shown(s))
		}
	}
	if len(about) > 0 {
		said = strings.Join(about, " · ") + ": " + said
	}
	return said
}

// recipientsOf names whose mails a reading is about.
func recipientsOf(r explain.Reading) string {
	if len(r.Recipients) < 2 {
		return r.Pasted.Recipient
	}
	said := strings.Join(r.Recipients[:min(len(r.Recipients), maxAddresses)], ", ")
	if more := len(r.Recipients) - maxAddresses; more > 0 {
		said += ", +" + strconv.Itoa(more)
	}
	return said
}

// maxAddresses is how many recipients a line names.
const maxAddresses = 5
