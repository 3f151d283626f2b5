package picture

import (
	"html/template"
	"strconv"

	"todoku/codes"
)

// Group is a number of events that have something in common.
type Group struct {
	Name   string
	Count  string  // how many there are, as text
	Counts []int64 // in each part of the time, in order
}

const (
	maxGroups   = 6
	maxParts    = 96
	chartHeight = 90
)

// Times draws how many events of each group there were, from one time to another: one column for each part of the time. The
// first groups have rows of their own, those behind them one together. from and to are times in words.
func Times(from, to string, groups []Group, lang codes.Lang) template.HTML {
	s := begin(codes.Text{EN: "When mails failed or were delayed", JA: "失敗・遅延したメールの時間推移"}, lang)
	list := s.groups(groups)
	sums := make([]int64, maxParts)
	parts := 0
	for _, g := range list {
		parts = max(parts, min(len(g.Counts), maxParts))
		for i, n := range g.Counts[:min(len(g.Counts), maxParts)] {
			sums[i] += max(n, 0)
		}
	}
	highest := int64(1)
	for _, n := range sums {
		highest = max(highest, n)
	}
	y := rowHeight
	most := s.say("highest column: "+strconv.FormatInt(highest, 10), "最大の列: "+strconv.FormatInt(highest, 10)+"件")
	s.right(baseline, "soft", most)
	s.columns(y, list, parts, highest)
	y += chartHeight
	s.line("0", y, "100%", y, "link")
	s.Shapes = append(s.Shapes, shape{Kind: "text", X: "0", Y: px(y + baseline + 2), Class: "soft", Text: fit(shown(from), 140)})
	s.right(y+baseline+2, "soft", fit(shown(to), 140))
	s.tell(shown(from), "–", shown(to))
	s.tell(most)
	y += rowHeight + 6
	for i, g := range list {
		y = s.series(y, i, g)
	}
	s.Height = y
	return s.end()
}

// groups are those that are drawn; the smaller ones are put together as the last.
func (s *sketch) groups(groups []Group) []Group {
	if len(groups) <= maxGroups {
		return groups
	}
	rest := Group{Name: s.more(len(groups) - maxGroups), Counts: make([]int64, maxParts)}
	parts := 0
	for _, g := range groups[maxGroups:] {
		parts = max(parts, min(len(g.Counts), maxParts))
		for i, n := range g.Counts[:min(len(g.Counts), maxParts)] {
			rest.Counts[i] += n
		}
	}
	rest.Counts = rest.Counts[:parts]
	return append(groups[:maxGroups:maxGroups], rest)
}

// columns draws the columns of all groups on top of each other.
func (s *sketch) columns(y int, list []Group, parts int, highest int64) {
	for i := range parts {
		top := y + chartHeight
		for k, g := range list {
			if i >= len(g.Counts) || g.Counts[i] <= 0 {
				continue
			}
			height := max(int(g.Counts[i]*chartHeight/highest), 1)
			top -= height
			s.bar(part(float64(i)/float64(parts)), top, part(.86/float64(parts)), height, "bar s"+strconv.Itoa(k+1), "")
		}
	}
}

// series names a group beside its colour, and draws its own columns.
func (s *sketch) series(y, k int, g Group) int {
	const height = 24
	s.bar("0", y+4, "10", 10, "bar s"+strconv.Itoa(k+1), "")
	s.name(16, y+baseline, s.right(y+baseline, "", shown(g.Count)), "", g.Name)
	s.tell(shown(g.Name)+":", shown(g.Count))
	y += rowHeight
	highest := int64(1)
	for _, n := range g.Counts {
		highest = max(highest, n)
	}
	parts := min(len(g.Counts), maxParts)
	for i, n := range g.Counts[:parts] {
		if n <= 0 {
			continue
		}
		h := max(int(n*height/highest), 2)
		s.bar(part(float64(i)/float64(parts)), y+height-h, part(.86/float64(parts)), h, "bar s"+strconv.Itoa(k+1), "")
	}
	s.line("0", y+height, "100%", y+height, "rule")
	return y + height + 8
}
