package bimi_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"todoku/diag/bimi"
)

const (
	head = `<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 100 100">`
	body = `<title>Kaisha</title><rect width="100" height="100" fill="#fff"/><circle cx="50" cy="50" r="40" fill="#c00"/>`
	logo = head + body + `</svg>`
)

// faults writes the faults of a logo in one line.
func faults(s *bimi.SVG) string {
	var out []string
	for _, f := range s.Faults {
		text := fmt.Sprintf("%s@%d", f.Kind, f.Line)
		if f.Name != "" {
			text += " " + f.Name
		}
		if f.Count > 1 {
			text += fmt.Sprintf(" ×%d", f.Count)
		}
		out = append(out, text)
	}
	if s.Bound != "" {
		out = append(out, "bound "+string(s.Bound))
	}
	return strings.Join(out, "; ")
}

func root(attributes string) string {
	return `<svg xmlns="http://www.w3.org/2000/svg" ` + attributes + `>` + body + `</svg>`
}

func with(more string) string { return head + "\n" + body + "\n" + more + "</svg>" }

type svgCase struct{ name, in, want string }

// svgCases are logos with what is wrong in each, the healthy ones first.
func svgCases() []svgCase {
	square := ` viewBox="0 0 100 100"`
	return []svgCase{
		{"healthy", logo, ""},
		{"declaration and comment", `<?xml version="1.0" encoding="UTF-8"?>` + "\n<!-- a logo -->\n" + logo + "\n", ""},
		{"byte order mark", "\ufeff" + logo, ""},
		{"gradient and use", with(`<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>` +
			`<g id="a" transform="scale(2)"><path d="M0 0" fill="url(#g)"/></g><use xmlns:l="http://www.w3.org/1999/xlink" l:href="#a"/>`), ""},
		{"description and metadata", with(`<desc>a mark</desc><metadata>words</metadata>`), ""},
		{"text", with(`<text x="1" y="2" font-size="3">K</text>`), ""},
		{"not xml", "<svg", "not-xml@1"},
		{"empty", "", "not-xml@1"},
		{"cut off", head + body, "not-xml@1"},
		{"crossed elements", head + "\n<g><title>x</g></title></svg>", "nested@2 <title>; not-xml@2"},
		{"attribute twice", with(`<path d="M0" d="M1"/>`), "not-xml@3 d"},
		{"two roots", logo + "\n" + logo, "not-xml@2"},
		{"text behind", logo + "\nx", "not-xml@2"},
		{"web page", "<!DOCTYPE html><html><body><p>404</p></body></html>", "doctype@1 <!DOCTYPE>; not-svg@1 <html>"},
		{"no name space", strings.Replace(logo, ` xmlns="http://www.w3.org/2000/svg"`, "", 1), "namespace@1 xmlns"},
		{"other name space", strings.Replace(logo, "2000/svg", "1999/svg", 1), "namespace@1 xmlns"},
		{"document type", "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x.dtd\">\n" + logo, "doctype@1 <!DOCTYPE>"},
		{"entities", "<!DOCTYPE svg [<!ENTITY a \"aa\">]>\n" + logo, "doctype@1 <!DOCTYPE>"},
		{"entity used", head + "\n<title>&a;</title></svg>", "not-xml@2"},
		{"style sheet", "<?xml-stylesheet href=\"a.css\"?>\n" + logo, "external@1 <?xml-stylesheet?>"},
		{"version 1.1", root(`version="1.1" baseProfile="tiny-ps"` + square), "version@1 version"},
		{"no version", root(`baseProfile="tiny-ps"` + square), "version@1 version"},
		{"profile tiny", root(`version="1.2" baseProfile="tiny"` + square), "base-profile@1 baseProfile"},
		{"profile in capitals", root(`version="1.2" baseProfile="Tiny-PS"` + square), "base-profile@1 baseProfile"},
		{"no profile", root(`version="1.2"` + square), "base-profile@1 baseProfile"},
		{"position", root(`version="1.2" baseProfile="tiny-ps" x="0px" y="0px"` + square), "root-position@1 x; root-position@1 y"},
		{"no title", head + "\n<path d=\"M0\"/></svg>", "title-missing@2 title"},
		{"empty title", head + "\n<title> </title></svg>", "title-empty@2 title"},
		{"two titles", with("<title>again</title>"), "title-several@3 title"},
		{"title in a group", head + "<g><title>x</title></g></svg>", "nested@1 <title>; title-missing@1 title"},
		{"long title", head + "<title>" + strings.Repeat("あ", 65) + "</title></svg>", "title-long@1 title"},
		{"attribute of metadata", with(`<metadata id="m"/>`), "attribute@3 id"},
		{"empty description", with("<desc/>"), "desc-empty@3 desc"},
		{"script", with("<script>alert(1)</script>"), "script@3 <script>"},
		{"event", with(`<path d="M0" onclick="x()"/>`), "script@3 onclick"},
		{"animation", with(`<rect><animate attributeName="x"/></rect><set/>`), "animation@3 <animate>; animation@3 <set>"},
		{"raster image", with(`<image href="data:image/png;base64,AA=="/>`), "raster@3 <image>; external@3 href"},
		{"video", with(`<video/>`), "media@3 <video>"},
		{"link", with(`<a href="https://kaisha.test/"><path d="M0"/></a>`), "link@3 <a>; external@3 href"},
		{"style element", with("<style>.a{fill:red}</style>"), "style@3 <style>"},
		{"style attributes", with(`<path style="fill:red"/><path style="fill:blue"/>`), "style@3 style ×2"},
		{"foreign object", with("<foreignObject/>"), "foreign@3 <foreignObject>"},
		{"editor's own", with(`<s:view xmlns:s="http://www.inkscape.org/namespaces/inkscape" s:a="b"/><path xmlns:s="urn:x:y" s:b="1"/>`),
			"foreign@3 <inkscape:view>; foreign@3 y:b"},
		{"clip path", with(`<clipPath id="c"/><path clip-path="url(#c)"/>`), "element@3 <clipPath>; attribute@3 clip-path"},
		{"filter", with(`<filter id="c"/>`), "element@3 <filter>"},
		{"symbol", with(`<symbol/>`), "element@3 <symbol>"},
		{"opacity", with(`<path opacity=".5"/>`), "attribute@3 opacity"},
		{"turned gradient", with(`<linearGradient gradientTransform="rotate(1)"/>`), "attribute@3 gradientTransform"},
		{"interactive", root(`version="1.2" baseProfile="tiny-ps" zoomAndPan="magnify" focusable="true"` + square),
			"value@1 zoomAndPan; value@1 focusable"},
		{"external resources", root(`version="1.2" baseProfile="tiny-ps" externalResourcesRequired="true"` + square),
			"value@1 externalResourcesRequired"},
		{"use of another file", with(`<use href="https://cdn.test/a.svg#x"/>`), "external@3 href"},
		{"use of a path", with(`<use href="a.svg"/>`), "external@3 href"},
		{"paint from elsewhere", with(`<path fill="url( 'https://cdn.test/a.svg#x')"/>`), "external@3 fill"},
		{"base elsewhere", with(`<use xml:base="https://cdn.test/a.svg" href="#x"/>`), "external@3 xml:base"},
		{"text in a group", with(`<g>words</g>`), "text@3 <g>"},
		{"shape in a shape", with(`<rect><path/></rect>`), "nested@3 <path>"},
		{"root in the root", with(`<svg/>`), "nested@3 <svg>"},
		{"not square", root(`version="1.2" baseProfile="tiny-ps" viewBox="0,0,200,100"`), "not-square@1 viewBox"},
		{"no size", root(`version="1.2" baseProfile="tiny-ps"`), "no-size@1 viewBox"},
		{"size without view box", root(`version="1.2" baseProfile="tiny-ps" width="128px" height="128"`), ""},
		{"size in percent", root(`version="1.2" baseProfile="tiny-ps" width="100%" height="100%"` + square),
			"relative@1 width; relative@1 height"},
		{"small", root(`version="1.2" baseProfile="tiny-ps" width="32" height="32"` + square), "small@1 width; small@1 height"},
		{"broken view box", root(`version="1.2" baseProfile="tiny-ps" viewBox="0 0 a"`), "value@1 viewBox; no-size@1 viewBox"},
		{"view box without area", root(`version="1.2" baseProfile="tiny-ps" viewBox="0 0 0 NaN"`), "no-size@1 viewBox"},
		{"other encoding", `<?xml version="1.0" encoding="Shift_JIS"?>` + logo, "bound encoding"},
		{"deep", with(strings.Repeat("<g>", 70) + strings.Repeat("</g>", 70)), "bound depth"},
		{"many elements", with(strings.Repeat("<g/>", 20_001)), "bound elements"},
		{"many faults", with(manyFaults()), "bound faults"},
		{"long", with(strings.Repeat(" ", bimi.MaxSVG)), "bound bytes"},
	}
}

func TestSVGFaultsAreToldWithTheirLines(t *testing.T) {
	t.Parallel()
	for _, c := range svgCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := faults(bimi.ReadSVG([]byte(c.in)))
			if c.want == "bound faults" {
				got = got[strings.LastIndex(got, "; ")+2:]
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func manyFaults() string {
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "<e%d/>", i)
	}
	return b.String()
}

func pack(t testing.TB, data string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(data)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSVGIsUnpacked(t *testing.T) {
	t.Parallel()
	s := bimi.ReadSVG(pack(t, logo))
	if !s.Compressed || string(s.Data) != logo || faults(s) != "" || s.Title != "Kaisha" || s.Width != 100 || s.Height != 100 {
		t.Errorf("%+v", s)
	}
	if plain := bimi.ReadSVG([]byte(logo)); plain.SHA256 != s.SHA256 || plain.Compressed {
		t.Errorf("%s, packed %s", plain.SHA256, s.SHA256)
	}
	if s := bimi.ReadSVG(pack(t, logo)[:40]); faults(s) != "unpack@1" {
		t.Errorf("cut: %s", faults(s))
	}
	if s := bimi.ReadSVG(pack(t, strings.Repeat("a", 200<<20))); s.Bound != bimi.BoundBytes || len(s.Data) > bimi.MaxSVG {
		t.Errorf("a bomb: %q, %d octets", s.Bound, len(s.Data))
	}
}

func TestSVGInUTF16IsRead(t *testing.T) {
	t.Parallel()
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		data := order.AppendUint16(nil, 0xfeff)
		for _, u := range utf16.Encode([]rune(`<?xml version="1.0" encoding="utf-16"?>` + strings.Replace(logo, "Kaisha", "会社", 1))) {
			data = order.AppendUint16(data, u)
		}
		if s := bimi.ReadSVG(data); faults(s) != "" || s.Title != "会社" {
			t.Errorf("%v: %q, %s", order, s.Title, faults(s))
		}
	}
}

func TestLargeIsMoreThan32KiB(t *testing.T) {
	t.Parallel()
	fill := with("")
	for more, want := range map[int]bool{0: false, 1: true} {
		s := bimi.ReadSVG([]byte(with(strings.Repeat(" ", bimi.LargeSVG-len(fill)+more))))
		if s.Large() != want || s.Breaks() {
			t.Errorf("%d octets: large %v, %s", len(s.Data), s.Large(), faults(s))
		}
	}
}

func TestLogosThatDifferInEndsOfLinesAreOne(t *testing.T) {
	t.Parallel()
	if !bimi.Same([]byte("a\r\nb\n"), []byte("a\nb")) || bimi.Same([]byte("a"), []byte("b")) {
		t.Error("compared wrongly")
	}
}

func FuzzReadSVG(f *testing.F) {
	for _, s := range []string{logo, with(`<a:b xmlns:a="urn:a"/>`), "<!DOCTYPE svg [<!ENTITY a \"&a;\">]>" + head,
		"\xff\xfe<\x00", "\x1f\x8b\x08"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := bimi.ReadSVG(data)
		if len(s.Data) > bimi.MaxSVG || len(s.Faults) > 100 {
			t.Errorf("%d octets, %d faults", len(s.Data), len(s.Faults))
		}
		for _, x := range s.Faults {
			if x.Line < 1 || x.Count < 1 {
				t.Errorf("%+v", x)
			}
		}
		if s.Bound == "" && !s.Breaks() && s.Title == "" {
			t.Errorf("in order without a title: %q", data)
		}
	})
}
