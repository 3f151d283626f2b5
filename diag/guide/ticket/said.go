package ticket

import (
	"strings"
	"sync"
)

var (
	// quotation is what stands in quotation marks.
	quotation = sync.OnceValue(compile(`「([^「」]{4,})」|『([^『』]{4,})』|"([^"\n]{4,})"`))
	// english is a run of English words among Japanese ones, with the codes before it.
	english = sync.OnceValue(compile(`(?:[245][0-9]{2}[ -])?(?:[245]\.[0-9]{1,3}\.[0-9]{1,3} )?[A-Za-z][ -~]{7,}`))
)

// maxSaid bounds what a server says, in octets.
const maxSaid = 1200

// said are the words in a text that may be those of a server.
func said(text string) []string {
	var out []string
	for _, m := range quotation().FindAllStringSubmatch(text, 8) {
		if words := m[1] + m[2] + m[3]; len(words) <= maxSaid {
			out = append(out, words)
		}
	}
	for _, s := range english().FindAllString(text, 8) {
		if s = strings.TrimSpace(s[:min(len(s), maxSaid)]); strings.Contains(s, " ") {
			out = append(out, s)
		}
	}
	return out
}
