package picture

import (
	"html/template"

	"todoku/codes"
)

// Identity is a domain for which SPF or DKIM spoke.
type Identity struct {
	Method  string // "SPF" or "DKIM"
	Domain  string
	Result  string // pass, fail, none … in the words of its RFC
	Same    bool   // it is the author's own domain
	Aligned bool   // it fits the author's domain as the record asks (RFC 9989 §4.4)
	Unknown bool   // whether it fits could not be looked up
}

const (
	maxIdentities = 12
	cellHeight    = 22
)

// Alignment draws what SPF and DKIM say, for which domains, how these fit the author's domain, and whether DMARC passes by it.
func Alignment(author string, list []Identity, result string, lang codes.Lang) template.HTML {
	s := begin(codes.Text{EN: "SPF and DKIM, held against the From domain", JA: "SPF・DKIMとFromのアライメント"}, lang)
	s.name(0, baseline, s.right(baseline, resultClass(result), "DMARC "+shown(result)), "strong", "From: "+author)
	s.tell("From: "+shown(author), "DMARC "+shown(result))
	y := rowHeight + 6
	for i, head := range []string{s.say("result", "認証結果"), s.say("aligned", "アライメント"), s.say("counts", "DMARC")} {
		s.middle(i, y+baseline, "soft", head)
	}
	y += rowHeight
	for i, d := range list {
		if i == maxIdentities {
			s.write(0, y+baseline, 0, "soft", s.more(len(list)-i))
			s.tell(s.more(len(list) - i))
			y += rowHeight
			break
		}
		y = s.identity(y, d)
	}
	if len(list) == 0 {
		none := s.say("neither SPF nor DKIM has a result", "SPF・DKIMとも結果なし")
		s.write(0, y+baseline, 0, "", none)
		s.tell(none)
		y += rowHeight
	}
	s.Height = y
	return s.end()
}

// identity draws a domain and, below it, three cells.
func (s *sketch) identity(y int, d Identity) int {
	s.name(0, y+baseline, 0, "", d.Method+"  "+d.Domain)
	y += rowHeight
	fits, fitsClass := s.fits(d)
	counts, countsClass := s.say("no", "無効"), "fail"
	switch {
	case d.Aligned && d.Result == "pass":
		counts, countsClass = s.say("yes", "有効"), "pass"
	case d.Result == "temperror" && (d.Aligned || d.Unknown), d.Result == "pass" && d.Unknown:
		counts, countsClass = s.say("not known", "不明"), "unknown"
	}
	result := fit(shown(d.Result), 92)
	s.cell(0, y, resultClass(d.Result), result)
	s.cell(1, y, fitsClass, fits)
	s.cell(2, y, countsClass, counts)
	s.tell(d.Method, shown(d.Domain), result+",", s.say("aligned", "アライメント"), fits+",", s.say("counts", "DMARC"), counts)
	return y + cellHeight + 8
}

// fits says how a domain fits the author's.
func (s *sketch) fits(d Identity) (words, class string) {
	switch {
	case d.Aligned && d.Same:
		return s.say("same", "同一"), "pass"
	case d.Aligned:
		return "relaxed", "pass" // the word of the tags aspf and adkim
	case d.Unknown:
		return s.say("not known", "不明"), "unknown"
	}
	return s.say("no", "不一致"), "fail"
}

// resultClass is the colour of a result of SPF, DKIM or DMARC.
func resultClass(result string) string {
	switch result {
	case "pass":
		return "pass"
	case "fail", "permerror":
		return "fail"
	case "temperror":
		return "unknown"
	}
	return "warn"
}

// cell draws one of three cells of a row.
func (s *sketch) cell(n, y int, class, words string) {
	s.bar(part(float64(n)*.34+.002), y, part(.316), cellHeight, "cell "+class, "")
	s.middle(n, y+baseline+2, class, words)
}

// middle writes in the middle of one of three cells.
func (s *sketch) middle(n, y int, class, words string) {
	s.Shapes = append(s.Shapes, shape{Kind: "text", X: part(float64(n)*.34 + .16), Y: px(y), Class: class, Text: words, Anchor: "middle"})
}
