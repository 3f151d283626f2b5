package mail

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// maxDetected is how much of a text its charset is guessed from, in octets.
const maxDetected = 8 << 10

// detect guesses the charset of octets that are not ASCII; nil for UTF-8.
func detect(data []byte) (encoding.Encoding, string) {
	data = data[:min(len(data), maxDetected)]
	switch {
	case bytes.Contains(data, escKana) || bytes.Contains(data, []byte("\x1b(I")):
		return japanese.ISO2022JP, "ISO-2022-JP"
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16"
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "UTF-16"
	case bytes.Count(data, []byte{0})*3 > len(data):
		if data[0] == 0 {
			return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "UTF-16"
		}
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16"
	case mostlyUTF8(data):
		return nil, "UTF-8"
	}
	return detectLegacy(data)
}

// mostlyUTF8 reports whether octets are UTF-8 but for a cut character here or there.
func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for len(data) > 0 {
		if data[0] < utf8.RuneSelf {
			data = data[1:]
			continue
		}
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		data = data[n:]
	}
	return good > bad*8
}

// pairs count what the octets are if they stand two and two.
type pairs struct {
	sjis, euc             int // pairs that are possible
	sjisBad, eucBad       int
	sjisKana, eucKana     int // of them kana
	hangul, big5, big5Bad int
	single, runs          int // high octets by themselves, and in runs of three and more
	below                 int // 80–BF
	upper, lower          int // C0–DF and E0–FF
}

// legacyCharsets in the order in which they are looked for.
var legacyCharsets = [...]struct {
	name    string
	charset encoding.Encoding
	fits    func(p *pairs) bool
}{
	{"windows-1252", charmap.Windows1252, func(p *pairs) bool { return p.single > p.runs*2 && p.sjisKana*4 < p.single }},
	{"Shift_JIS", japanese.ShiftJIS, func(p *pairs) bool {
		return p.sjisBad == 0 && p.sjisKana > 1 && p.sjisKana*4 >= p.sjis && (p.eucBad > 0 || p.sjisKana > p.eucKana)
	}},
	{"EUC-JP", japanese.EUCJP, func(p *pairs) bool { return p.eucBad == 0 && p.eucKana > 1 && p.eucKana*5 >= p.euc }},
	{"Shift_JIS", japanese.ShiftJIS, func(p *pairs) bool { return p.sjisBad == 0 && p.sjisKana > 0 && p.eucBad > 0 }},
	{"KOI8-R", charmap.KOI8R, func(p *pairs) bool { return p.isCyrillic() && p.upper > p.lower }},
	{"windows-1251", charmap.Windows1251, func(p *pairs) bool { return p.isCyrillic() }},
	{"EUC-KR", korean.EUCKR, func(p *pairs) bool { return p.eucBad == 0 && p.euc > 0 && p.hangul*10 >= p.euc*9 }},
	{"GB18030", simplifiedchinese.GB18030, func(p *pairs) bool { return p.eucBad == 0 && p.euc > 0 }},
	{"Big5", traditionalchinese.Big5, func(p *pairs) bool { return p.big5Bad == 0 && p.big5 > 1 }},
}

// detectLegacy tells the charsets of East Asia, of Russian and of Western Europe apart, by which octets follow each other.
func detectLegacy(data []byte) (encoding.Encoding, string) {
	var p pairs
	p.countEUC(data)
	p.countSJIS(data)
	p.countBig5(data)
	p.countSingle(data)
	for _, l := range legacyCharsets {
		if l.fits(&p) {
			return l.charset, l.name
		}
	}
	if _, bad := decodeAs(data, simplifiedchinese.GB18030); bad == 0 && p.runs > p.single {
		return simplifiedchinese.GB18030, "GB18030"
	}
	return charmap.Windows1252, "windows-1252"
}

// isCyrillic reports whether the high octets are letters of a Russian text: nearly all from C0 on, in words of one case.
func (p *pairs) isCyrillic() bool {
	all := p.upper + p.lower
	return all > 4 && p.below*20 < all && p.runs > 0 && (p.upper > p.lower*3 || p.lower > p.upper*3)
}

// countEUC reads the octets as pairs from A1 to FE: EUC-JP, EUC-KR and GB 2312.
func (p *pairs) countEUC(data []byte) {
	for i := 0; i < len(data); i++ {
		c := data[i]
		if c < 0x80 {
			continue
		}
		if i+1 == len(data) {
			return
		}
		d := data[i+1]
		switch {
		case c == 0x8e && d >= 0xa1 && d <= 0xdf: // half-width kana
			p.euc++
			p.eucKana++
		case c == 0x8f && i+2 < len(data) && d >= 0xa1:
			p.euc++
			i++
		case c >= 0xa1 && c <= 0xfe && d >= 0xa1 && d <= 0xfe:
			p.euc++
			if c == 0xa4 || c == 0xa5 {
				p.eucKana++
			}
			if c >= 0xb0 && c <= 0xc8 {
				p.hangul++
			}
		default:
			p.eucBad++
			continue
		}
		i++
	}
}

// countSJIS reads the octets as Shift_JIS.
func (p *pairs) countSJIS(data []byte) {
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case c < 0x80:
			continue
		case c >= 0xa1 && c <= 0xdf: // half-width kana
			p.sjis++
			continue
		case i+1 == len(data):
			return
		}
		d := data[i+1]
		if !(c >= 0x81 && c <= 0x9f || c >= 0xe0 && c <= 0xfc) || d < 0x40 || d == 0x7f || d > 0xfc {
			p.sjisBad++
			continue
		}
		p.sjis++
		if c == 0x82 && d >= 0x9f && d <= 0xf1 || c == 0x83 && d >= 0x40 && d <= 0x96 {
			p.sjisKana++
		}
		i++
	}
}

// countBig5 reads the octets as Big5.
func (p *pairs) countBig5(data []byte) {
	for i := 0; i+1 < len(data); i++ {
		c, d := data[i], data[i+1]
		if c < 0x80 {
			continue
		}
		if c < 0xa1 || c > 0xf9 || !(d >= 0x40 && d <= 0x7e || d >= 0xa1 && d <= 0xfe) {
			p.big5Bad++
			continue
		}
		p.big5++
		i++
	}
}

// countSingle counts letters with accents, which stand among others.
func (p *pairs) countSingle(data []byte) {
	for i := 0; i < len(data); {
		if data[i] < 0x80 {
			i++
			continue
		}
		start := i
		for i < len(data) && data[i] >= 0x80 {
			if data[i] >= 0xe0 {
				p.lower++
			} else if data[i] >= 0xc0 {
				p.upper++
			} else {
				p.below++
			}
			i++
		}
		switch n := i - start; {
		case n == 1:
			p.single++
		case n > 2:
			p.runs++
		}
	}
}
