package event

// Span is a part of a text, in octets.
type Span struct{ Start, End int }

// In is the part of the text.
func (s Span) In(text string) string { return text[s.Start:s.End] }

// anchor is a place in words, told by the last cut before it: words of the same shape have it at the same distance.
type anchor struct {
	cut      int // how many cuts end before it
	distance int // from the end of the last one of them, or from the beginning
}

// anchored is a part of words.
type anchored struct{ from, to anchor }

// anchorAt finds the anchor of a place; false where it lies within a cut.
func anchorAt(place int, cuts []Span) (anchor, bool) {
	n, end := 0, 0
	for n < len(cuts) && cuts[n].End <= place {
		end = cuts[n].End
		n++
	}
	return anchor{n, place - end}, n == len(cuts) || cuts[n].Start >= place
}

// anchorSpan finds the anchors of a part.
func anchorSpan(s Span, cuts []Span) (anchored, bool) {
	from, ok1 := anchorAt(s.Start, cuts)
	to, ok2 := anchorAt(s.End, cuts)
	return anchored{from, to}, ok1 && ok2
}

func (a anchor) in(cuts []Span) int {
	if a.cut == 0 {
		return a.distance
	}
	return cuts[a.cut-1].End + a.distance
}

// in is the part in words of the same shape, with their cuts.
func (a anchored) in(cuts []Span) Span { return Span{a.from.in(cuts), a.to.in(cuts)} }
