package picture

import (
	"html/template"

	"todoku/codes"
)

// Bar is a row of a picture: a name with a number.
type Bar struct {
	Name  string
	Count int64
	Text  string // the number in words
	Class string // the colour: "bar fail"
}

// maxBars is how many rows are drawn.
const maxBars = 15

// Bars draws numbers as bars, one below the other, the longest as wide as the page.
func Bars(caption codes.Text, list []Bar, lang codes.Lang) template.HTML {
	s := begin(caption, lang)
	highest := int64(1)
	for _, b := range list[:min(len(list), maxBars)] {
		highest = max(highest, b.Count)
	}
	y := 0
	for i, b := range list {
		if i == maxBars {
			s.write(0, y+baseline, 0, "soft", s.more(len(list)-i))
			y += rowHeight
			break
		}
		s.name(0, y+baseline, s.right(y+baseline, "", shown(b.Text)), "", b.Name)
		s.tell(shown(b.Name)+":", shown(b.Text))
		s.bar("0", y+rowHeight, part(max(float64(b.Count)/float64(highest), .005)), 8, b.Class, "")
		y += rowHeight + 16
	}
	s.Height = y
	return s.end()
}
