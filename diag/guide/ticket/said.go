package ticket

import (
	"strings"
	"sync"
)

var (
	// quotation is what stands in quotation marks.
	quotation = sync.OnceValue(compile(`「([^「」]{4,400})」|『([^『』]{4,400})』|"([^"\n]{4,400})"`))
	// english is a run of English words among Japanese ones, with the codes before it.
	english = sync.OnceValue(compile(`(?:[245][0-9]{2}[ -])?(?:[245]\.[0-9]{1,3}\.[0-9]{1,3} )?[A-Za-z][ -~]{7,400}`))
)

// said are the words in a text that may be those of a server.
func said(text string) []string {
	var out []string
	for _, m := range quotation().FindAllStringSubmatch(text, 8) {
		out = append(out, m[1]+m[2]+m[3])
	}
	for _, s := range english().FindAllString(text, 8) {
		if strings.Count(strings.TrimSpace(s), " ") > 0 {
			out = append(out, strings.TrimSpace(s))
		}
	}
	return out
}
