package picture

import (
	"html/template"
	"time"

	"todoku/codes"
)

// Hop is a server on the way of a mail.
type Hop struct {
	From string        // who gave the mail to it; only drawn of the first
	By   string        // who took it
	Wait time.Duration // since the server before
	Told string        // the wait in words; "" where it is not known
	Long bool          // longer than is usual
	Skew bool          // the clocks differ, so that the wait says nothing
}

const maxHops = 30

// Way draws the servers through which a mail went, the first at the top, and how long it stayed between them.
func Way(hops []Hop, lang codes.Lang) template.HTML {
	s := begin(codes.Text{EN: "Way of the mail, with its delays", JA: "メールの経路と遅延"}, lang)
	longest := time.Second
	for _, h := range hops {
		if !h.Skew {
			longest = max(longest, h.Wait)
		}
	}
	y := 0
	if len(hops) > 0 && hops[0].From != "" {
		s.dot(6, rowHeight/2, 4, "")
		s.name(20, baseline, 0, "", hops[0].From)
		s.tell(shown(hops[0].From))
		y = rowHeight
	}
	for i, h := range hops {
		if i == maxHops {
			s.write(20, y+baseline, 0, "soft", s.more(len(hops)-i))
			s.tell(s.more(len(hops) - i))
			y += rowHeight
			break
		}
		if y > 0 {
			y = s.wait(y, h, longest)
		}
		s.dot(6, y+rowHeight/2, 4, "")
		by := h.By
		if by == "" {
			by = "-"
		}
		s.name(20, y+baseline, 0, "", by)
		s.tell("→ " + shown(by))
		y += rowHeight
	}
	s.Height = y
	return s.end()
}

// wait draws the time between two servers.
func (s *sketch) wait(y int, h Hop, longest time.Duration) int {
	const height = 18
	s.line("6", y-rowHeight/2+4, "6", y+height+rowHeight/2-4, "link")
	if h.Told == "" {
		return y + height/2
	}
	class, words := "soft", h.Told
	if h.Long {
		class, words = "warn", words+s.say(" (long)", "(遅延)")
	}
	if !h.Skew {
		share := float64(h.Wait) / float64(longest) * .5
		s.bar("20", y+4, part(max(share, .005)), 8, "bar "+class, "")
	}
	s.right(y+baseline-1, class, words)
	s.tell(words)
	return y + height
}
