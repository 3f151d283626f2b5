package altered

import (
	"bytes"
	"strings"
)

// manner is a way in which a program writes a text into a part.
type manner struct {
	name  string                                    // the encoding: "8bit", which stands for 7bit too, "quoted-printable", "base64"
	names []string                                  // how the field spells it; "": there is none
	write func(p *part, text []byte) ([]byte, bool) // false where it cannot, or where nothing would change
}

// spelled is the encoding of a text that was written so.
func (m manner) spelled(text []byte) string {
	if m.name == "8bit" && isASCII(string(text)) {
		return "7bit"
	}
	return m.name
}

// lineEndings are the ways in which a text may have ended before it was encoded: as it does, without its last line end, with one more.
func lineEndings() []func([]byte) ([]byte, bool) {
	return []func([]byte) ([]byte, bool){
		func(t []byte) ([]byte, bool) { return t, true },
		func(t []byte) ([]byte, bool) {
			cut := bytes.TrimSuffix(bytes.TrimSuffix(t, []byte("\n")), []byte("\r"))
			return cut, len(cut) < len(t)
		},
		func(t []byte) ([]byte, bool) { return append(bytes.Clone(t), "\r\n"...), true },
	}
}

// base64Lines are the lengths of lines that programs write.
var base64Lines = []int{76, 72, 60, 64, 70, 68, 56, 1 << 30}

// manners lists what is tried; deep only what is most usual.
func manners(deep bool) (list []manner) {
	quoted, lengths := quotings, base64Lines
	if deep {
		quoted, lengths = quotings[:6], base64Lines[:2]
	}
	for _, end := range lineEndings() {
		list = append(list, manner{"8bit", []string{"8bit", "7bit", "8BIT", "7BIT", "", "binary"}, func(p *part, t []byte) ([]byte, bool) {
			return end(t)
		}})
		for _, q := range quoted {
			list = append(list, manner{"quoted-printable", []string{"quoted-printable", "QUOTED-PRINTABLE"}, func(p *part, t []byte) ([]byte, bool) {
				t, ok := end(t)
				return q.encode(t), ok && bytes.IndexByte(t, 0) < 0
			}})
		}
		for _, n := range lengths {
			for _, lf := range []bool{false, true} {
				list = append(list, manner{"base64", []string{"base64", "BASE64"}, func(p *part, t []byte) ([]byte, bool) {
					return base64Of(p, t, end, n, lf)
				}})
			}
		}
	}
	return list
}

// base64Of writes a text in lines of n characters; lf: its own lines end in LF.
func base64Of(p *part, t []byte, end func([]byte) ([]byte, bool), n int, lf bool) ([]byte, bool) {
	if !strings.HasPrefix(p.kind, "text/") {
		return toBase64(t, n), !lf
	}
	t, ok := end(t)
	if !ok {
		return nil, false
	}
	if !lf && p.encoding != "base64" || !lf && !bytes.Contains(t, []byte("\r\n")) {
		t = bytes.ReplaceAll(bytes.ReplaceAll(t, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
	}
	if lf {
		if !bytes.Contains(t, []byte("\r\n")) {
			return nil, false
		}
		t = bytes.ReplaceAll(t, []byte("\r\n"), []byte("\n"))
	}
	return toBase64(t, n), true
}
