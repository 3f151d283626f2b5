package page

import "strings"

// Body is what stands between the head and the foot of a page that NewHTML made: for a page that embeds it, and has Style and
// Script. It is "" where the text is no such page.
func Body(document string) string {
	_, rest, ok := strings.Cut(document, "<main>\n")
	end := strings.LastIndex(rest, "</main>\n")
	if !ok || end < 0 {
		return ""
	}
	return rest[:end]
}
