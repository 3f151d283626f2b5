package aggregate_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"todoku/sender/aggregate"
	"todoku/sender/aggregate/aggregatetest"
)

func gz(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

// file is an entry of an archive.
type file struct {
	name string
	data []byte
}

func zipped(files ...file) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		e, _ := w.Create(f.name)
		_, _ = e.Write(f.data)
	}
	_ = w.Close()
	return b.Bytes()
}

func tarred(files ...file) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		_ = w.WriteHeader(&tar.Header{Name: f.name, Mode: 0o600, Size: int64(len(f.data)), Typeflag: tar.TypeReg})
		_, _ = w.Write(f.data)
	}
	_ = w.Close()
	return b.Bytes()
}

func based(data []byte) []byte {
	var b bytes.Buffer
	for s := base64.StdEncoding.EncodeToString(data); s != ""; {
		n := min(len(s), 76)
		b.WriteString(s[:n] + "\r\n")
		s = s[n:]
	}
	return b.Bytes()
}

func quoted(data []byte) []byte {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

// part is an attachment: its body is encoded already.
type part struct{ kind, encoding, name, body string }

func mailOf(parts ...part) []byte {
	var b strings.Builder
	b.WriteString("From: dmarc@kyoto.example\r\nTo: rua@shop.example\r\nSubject: Report Domain: shop.example\r\n" +
		"Date: Tue, 3 Nov 2026 09:00:00 +0900\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n" +
		"--b1\r\nContent-Type: text/plain\r\n\r\nThis is a report of Kyoto.\r\n")
	for _, p := range parts {
		fmt.Fprintf(&b, "--b1\r\nContent-Type: %s\r\nContent-Transfer-Encoding: %s\r\n", p.kind, p.encoding)
		if p.name != "" {
			fmt.Fprintf(&b, "Content-Disposition: attachment; filename=%q\r\n", p.name)
		}
		b.WriteString("\r\n" + p.body + "\r\n")
	}
	return []byte(b.String() + "--b1--\r\n")
}

func utf16(data []byte, order unicode.Endianness, mark unicode.BOMPolicy) []byte {
	out, _ := unicode.UTF16(order, mark).NewEncoder().Bytes(data)
	return out
}

func kinds(reports []aggregate.Report) []string {
	var out []string
	for _, r := range reports {
		for _, f := range r.Faults {
			out = append(out, string(f.Kind))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// want is how often a report is expected, and the faults beside it.
type want struct {
	name   string
	data   []byte
	n      int
	faults string
	lost   bool
}

func check(t *testing.T, cases map[string]want, one func(aggregate.Report) bool) {
	t.Helper()
	for name, c := range cases {
		got, n, lost := read(t, c.data, c.name), 0, false
		for _, r := range got {
			lost = lost || r.Lost()
			if r.DMARC == nil && r.TLS == nil {
				continue
			}
			if n++; !one(r) {
				t.Errorf("%s: got %+v", name, r)
			}
		}
		if n != c.n || strings.Join(kinds(got), " ") != c.faults || lost != c.lost {
			t.Errorf("%s: %d reports with %q, lost %v; want %d with %q, lost %v", name, n, kinds(got), lost, c.n, c.faults, c.lost)
		}
	}
}

func TestReportsAreReadInEveryCover(t *testing.T) {
	t.Parallel()
	x := aggregatetest.XML(weekly(), aggregatetest.RFC7489)
	packed := gz(x)
	half := len(packed) / 2
	check(t, map[string]want{
		"plain":             {"r.xml", x, 1, "", false},
		"no name":           {"-", x, 1, "", false},
		"gzip":              {"r.xml.gz", packed, 1, "", false},
		"gzip, two members": {"r.xml.gz", append(gz(x[:100]), gz(x[100:])...), 1, "", false},
		"gzip, zeros":       {"r.xml.gz", append(slices.Clone(packed), make([]byte, 40)...), 1, "", false},
		"gzip, junk behind": {"r.xml.gz", append(slices.Clone(packed), "-- \nKyoto"...), 1, "trailing", false},
		"gzip twice":        {"r.xml.gz", gz(packed), 1, "repacked", false},
		"gzip named zip":    {"r.zip", packed, 1, "other_name", false},
		"zip named gz":      {"r.xml.gz", zipped(file{"r.xml", x}), 1, "other_name", false},
		"zip":               {"r.zip", zipped(file{"r.xml", x}), 1, "", false},
		"zip of gzip":       {"r.zip", zipped(file{"r.xml.gz", packed}), 1, "", false},
		"zip of three":      {"r.zip", zipped(file{"a.xml", x}, file{"d/", nil}, file{"__MACOSX/._a.xml", x}, file{"d/b.xml", x}), 2, "", false},
		"zip of a mail": {"r.zip", zipped(file{"a.eml",
			mailOf(part{"application/gzip", "base64", "r.xml.gz", string(based(packed))})}), 1, "", false},
		"zip, end missing": {"r.zip", cut(zipped(file{"a.xml", x}, file{"b.xml", x}), "PK\x01\x02"), 2, "damaged", true},
		"tar":              {"r.tar", tarred(file{"a.xml", x}, file{"b.xml.gz", packed}), 2, "", false},
		"tar.gz":           {"r.tgz", gz(tarred(file{"a.xml", x})), 1, "", false},
		"zlib":             {"", zlibbed(x), 1, "", false},
		"base64":           {"", based(packed), 1, "", false},
		"mail":             {"r.eml", mailOf(part{"application/gzip", "base64", "r.xml.gz", string(based(packed))}), 1, "", false},
		"mail, wrong types": {"r.eml", mailOf(part{"text/html", "base64", "r", string(based(packed))},
			part{"image/png", "quoted-printable", "r.xml", string(quoted(x))}), 2, "", false},
		"mail, others": {"r.eml", mailOf(part{"text/html", "8bit", "a.html", "<p>feedback</p>"}, part{"image/png", "8bit", "a.png", "\x89PNG"},
			part{"application/json", "8bit", "a.json", `{"a": 1}`}, part{"text/xml", "8bit", "r.xml", string(x)}), 1, "", false},
		"mail, text": {"r.eml", mailOf(part{"text/plain", "8bit", "", string(x)}), 1, "", false},
		"mail, base64 twice": {"r.eml", mailOf(part{"application/zip", "base64", "r.zip",
			string(based(based(zipped(file{"r.xml", x}))))}), 1, "repacked", false},
		"mail in a mail": {"r.eml", mailOf(part{"message/rfc822", "7bit", "",
			string(mailOf(part{"text/xml", "8bit", "r.xml", string(x)}))}), 1, "", false},
		"mbox": {"all", slices.Concat(fromLine, mailOf(part{"text/xml", "8bit", "r.xml", string(x)}), newline, fromLine,
			mailOf(part{"application/gzip", "base64", "r.xml.gz", string(based(packed))})), 2, "", false},
		"a mail without a report": {"r.eml", mailOf(part{"text/html", "7bit", "", "<p>Good morning</p>"}), 0, "not_report", false},
		"zip in a zip":            {"r.zip", zipped(file{"z.zip", zipped(file{"r.xml", x})}), 0, "nested_archive", true},
		"gzip five times":         {"r.gz", gz(gz(gz(gz(gz(x))))), 0, "nested_archive repacked", true},
		"an empty zip":            {"r.zip", zipped(), 0, "not_report", false},
		"7z":                      {"r.7z", []byte("7z\xbc\xaf\x27\x1c\x00\x04"), 0, "other_archive", true},
		"no gzip after the magic": {"r.gz", []byte("\x1f\x8bnothing of this is gzip"), 0, "damaged", true},
		"gzip, checksum":          {"r.gz", spoil(packed, len(packed)-6), 1, "damaged", true},
		"gzip, cut at its end":    {"r.gz", packed[:len(packed)-3], 1, "truncated", true},
		"zip, locked":             {"r.zip", locked(zipped(file{"r.xml", x})), 0, "encrypted", true},
		"nothing":                 {"r.xml", nil, 0, "not_report", false},
		"a picture":               {"r.png", []byte("\x89PNG\r\n\x1a\n\x00\x00"), 0, "not_report", false},
		"a web page":              {"r.html", []byte("<!DOCTYPE html><html><body>feedback</body></html>"), 0, "not_report", false},
		"other JSON":              {"r.json", []byte(`{"event":"bounce","list":[1,{"a":2}]}`), 0, "not_report", false},
	}, func(r aggregate.Report) bool { return reflect.DeepEqual(r.DMARC, weekly()) })
	for _, r := range read(t, packed[:half], "r.gz") {
		if !r.Lost() || r.DMARC == nil && len(r.Faults) == 0 {
			t.Errorf("half a gzip: %+v", r)
		}
	}
}

func TestAMailOfAReportAboutOneMailIsForTriage(t *testing.T) {
	t.Parallel()
	arf := strings.Replace(string(mailOf(part{"message/feedback-report", "7bit", "", "Feedback-Type: auth-failure\r\nVersion: 1\r\n"},
		part{"message/rfc822", "7bit", "", "From: a@shop.example\r\nSubject: <feedback> sale\r\n\r\nHello\r\n"})), "mixed", "report", 1)
	got := read(t, []byte(arf), "a.eml")
	if len(got) != 1 || strings.Join(kinds(got), " ") != "failure_report" || got[0].Lost() {
		t.Errorf("got %+v", got)
	}
}

var (
	fromLine = []byte("From dmarc@kyoto.example Tue Nov  3 09:00:00 2026\r\n")
	newline  = []byte("\r\n")
)

func zlibbed(data []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

// cut ends data before a mark.
func cut(data []byte, mark string) []byte {
	before, _, _ := bytes.Cut(data, []byte(mark))
	return before
}

func spoil(data []byte, at int) []byte {
	out := slices.Clone(data)
	out[at] ^= 0x55
	return out
}

// locked sets the flag of encryption in the directory of a zip of one entry.
func locked(data []byte) []byte {
	return spoilFlag(data, bytes.Index(data, []byte("PK\x01\x02"))+8)
}

func spoilFlag(data []byte, at int) []byte {
	out := slices.Clone(data)
	out[at] |= 1
	return out
}

func TestThePlaceNamesWhatWasOpened(t *testing.T) {
	t.Parallel()
	x := aggregatetest.XML(weekly(), aggregatetest.RFC9990)
	box := slices.Concat(fromLine, mailOf(), newline, fromLine,
		mailOf(part{"application/zip", "base64", "kyoto.zip", string(based(zipped(file{"d/r.xml", x})))}))
	got := read(t, box, "all.mbox")
	if len(got) != 2 || got[0].Place.String() != "all.mbox#1" || got[1].Place.String() != "all.mbox#2/kyoto.zip/d/r.xml" {
		t.Errorf("got %+v", got)
	}
}
