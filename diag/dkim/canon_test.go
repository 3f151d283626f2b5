package dkim_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"todoku/diag/dkim"
	"todoku/sender/mail"
)

func body(t testing.TB, c dkim.Canon, parts ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := dkim.NewBody(&out, c)
	for _, p := range parts {
		if n, err := w.Write([]byte(p)); n != len(p) || err != nil {
			t.Fatal(n, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w.Len() != int64(out.Len()) {
		t.Errorf("%q: length %d of %d", parts, w.Len(), out.Len())
	}
	return out.String()
}

// slowBody is a body by the letter of RFC 6376 §3.4.3 and §3.4.4.
func slowBody(c dkim.Canon, s string) string {
	s = regexp.MustCompile(`\r?\n`).ReplaceAllString(s, "\r\n")
	if c == dkim.Relaxed {
		s = regexp.MustCompile(`[ \t]+\r\n`).ReplaceAllString(s, "\r\n")
		s = regexp.MustCompile(`[ \t]+$`).ReplaceAllString(s, "")
		s = regexp.MustCompile(`[ \t]+`).ReplaceAllString(s, " ")
	}
	for strings.HasSuffix(s, "\r\n") {
		s = strings.TrimSuffix(s, "\r\n")
	}
	if s == "" && c == dkim.Relaxed {
		return ""
	}
	return s + "\r\n"
}

func TestBody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, simple, relaxed string }{
		{" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n"}, // RFC 6376 §3.4.5
		{"", "\r\n", ""},
		{"\r\n\r\n", "\r\n", ""},
		{" \t\r\n", " \t\r\n", ""},
		{"a", "a\r\n", "a\r\n"},
		{"a\r", "a\r\r\n", "a\r\r\n"},
		{"a\rb\n", "a\rb\r\n", "a\rb\r\n"},
		{"a\n\n b\r\n\nc  ", "a\r\n\r\n b\r\n\r\nc  \r\n", "a\r\n\r\n b\r\n\r\nc\r\n"},
		{"12345678  9\tABCDEFGH \r\n", "12345678  9\tABCDEFGH \r\n", "12345678 9 ABCDEFGH\r\n"},
		{"日本 語\t \n", "日本 語\t \r\n", "日本 語\r\n"},
	} {
		if got := body(t, dkim.Simple, c.in); got != c.simple {
			t.Errorf("%q, simple: %q, want %q", c.in, got, c.simple)
		}
		if got := body(t, dkim.Relaxed, c.in); got != c.relaxed {
			t.Errorf("%q, relaxed: %q, want %q", c.in, got, c.relaxed)
		}
	}
}

// FuzzBody holds the writer against the slow one, cut in two at any place, and against its own output.
func FuzzBody(f *testing.F) {
	for _, s := range []string{"", "a b  c\t\r\n\r\n", "\r\r\n \n\n", "12345678 2345678  \t", "a\r", " \r\n a"} {
		f.Add(s, uint16(len(s)/2))
	}
	f.Fuzz(func(t *testing.T, s string, at uint16) {
		cut := min(int(at), len(s))
		for _, c := range []dkim.Canon{dkim.Simple, dkim.Relaxed} {
			want := slowBody(c, s)
			if got := body(t, c, s); got != want {
				t.Errorf("%q, %s: %q, want %q", s, c, got, want)
			}
			if got := body(t, c, s[:cut], s[cut:]); got != want {
				t.Errorf("%q, %s, cut at %d: %q, want %q", s, c, cut, got, want)
			}
			if again := body(t, c, want); again != want {
				t.Errorf("%q, %s, twice: %q, want %q", s, c, again, want)
			}
		}
	})
}

func TestBodyOctetByOctet(t *testing.T) {
	t.Parallel()
	s := strings.Repeat("a b  c\td \r\n\r\n\n \t\r\nx\r\r\n0123456789abcdef  0123456 89 \n", 300)
	for _, c := range []dkim.Canon{dkim.Simple, dkim.Relaxed} {
		if got := body(t, c, strings.Split(s, "")...); got != slowBody(c, s) {
			t.Errorf("%s: an octet at a time gives another body", c)
		}
		if got := body(t, c, s); got != slowBody(c, s) {
			t.Errorf("%s: all at once gives another body", c)
		}
	}
}

func TestAppendField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, simple, relaxed string }{
		{"A: X", "A: X\r\n", "a:X\r\n"}, // RFC 6376 §3.4.5
		{"B : Y\t\r\n\tZ  ", "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n"},
		{"B : Y\t\n\tZ  ", "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n"},
		{"Subject:\r\n \r\n a\r\n ", "Subject:\r\n \r\n a\r\n \r\n", "subject:a\r\n"},
		{"X:", "X:\r\n", "x:\r\n"},
		{"X: a\rb\r", "X: a\rb\r\r\n", "x:a\rb\r\r\n"},
		{"X: a:  b: 12345678901234  5", "X: a:  b: 12345678901234  5\r\n", "x:a: b: 12345678901234 5\r\n"},
		{"no field", "no field\r\n", "no field\r\n"},
	} {
		f := mail.RawField{Bytes: []byte(c.in)}
		if got := string(dkim.AppendField(nil, dkim.Simple, f)); got != c.simple {
			t.Errorf("%q, simple: %q, want %q", c.in, got, c.simple)
		}
		if got := string(dkim.AppendField(nil, dkim.Relaxed, f)); got != c.relaxed {
			t.Errorf("%q, relaxed: %q, want %q", c.in, got, c.relaxed)
		}
	}
}

func FuzzAppendField(f *testing.F) {
	for _, s := range []string{"A: X", "B : Y\t\r\n\tZ  ", "x", "", "A:\r\n \r\r\n b"} {
		f.Add(s)
	}
	blank := regexp.MustCompile(`(?:\r?\n|[ \t])+`)
	f.Fuzz(func(t *testing.T, s string) {
		name, value, ok := strings.Cut(s, ":")
		if !ok || strings.Trim(name, " \t\r\n") != name || strings.ContainsFunc(name, func(r rune) bool { return r > '~' || r < '!' }) {
			return
		}
		value = regexp.MustCompile(`\r?\n`).ReplaceAllString(value, "")
		want := strings.ToLower(name) + ":" + strings.Trim(blank.ReplaceAllString(value, " "), " ") + "\r\n"
		got := string(dkim.AppendField(nil, dkim.Relaxed, mail.RawField{Bytes: []byte(s)}))
		if got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	})
}

func TestSelectFields(t *testing.T) {
	t.Parallel()
	raw := mail.Cut([]byte("A: 1\nB: 2\na: 3\nC: 4\nA: 5\n\n"))
	for names, want := range map[string]string{
		"a": "A: 5", "A:a:a:a": "A: 5|a: 3|A: 1", "c:none:b": "C: 4|B: 2", "": "",
	} {
		var got []string
		for _, f := range dkim.SelectFields(raw, strings.Split(names, ":")) {
			got = append(got, string(f.Bytes))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: %q, want %s", names, got, want)
		}
	}
}

// TestSelectManyFields: a mail with many fields, or many names, is looked through in another way, with the same result.
func TestSelectManyFields(t *testing.T) {
	t.Parallel()
	text := "A: 1\nB: 2\na: 3\n" + strings.Repeat("X: y\n", 9000) + "C: 4\nA: 5\n\n"
	names := "A:c:none:a:b:A:a" + strings.Repeat(":Z", 500)
	var got []string
	for _, f := range dkim.SelectFields(mail.Cut([]byte(text)), strings.Split(names, ":")) {
		got = append(got, string(f.Bytes))
	}
	if strings.Join(got, "|") != "A: 5|C: 4|a: 3|B: 2|A: 1" {
		t.Errorf("%q", got)
	}
}

func TestWithoutSignature(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"S: a=1; b=x y; c=2":            "S: a=1; b=; c=2",
		"S: bh=b=1; b = \r\n\tx\r\n\ty": "S: bh=b=1; b =",
		"S: a=1; b=x ; ":                "S: a=1; b=; ",
		"S: b=x":                        "S: b=",
		"S: a=b; bb=b":                  "S: a=b; bb=b",
		"b=1: a=1;\r\n b=2":             "b=1: a=1;\r\n b=",
		"S: b=;":                        "S: b=;",
	} {
		f := mail.RawField{Name: "S", Bytes: []byte(in)}
		if got := dkim.WithoutSignature(f); string(got.Bytes) != want || string(f.Bytes) != in {
			t.Errorf("%q: %q, want %q", in, got.Bytes, want)
		}
	}
	got := dkim.AppendSignatureField([]byte("> "), dkim.Relaxed, mail.RawField{Bytes: []byte("S : a=1;  b=x;\r\n  c=2 ")})
	if string(got) != "> s:a=1; b=; c=2" {
		t.Errorf("%q", got)
	}
}

func TestParseTags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, tags, faults string }{
		{" v=1; a = rsa-sha256 ;\r\n\tb= x\r\n y;", `v="1" a="rsa-sha256" b="x\r\n y"`, ""},
		{"v=1", `v="1"`, ""},
		{"b=a=b==;c=", `b="a=b==" c=""`, ""},
		{"i=例@え.test", `i="例@え.test"`, ""},
		{"v=1; v=2", `v="1" v="2"`, "duplicate-tag@5"},
		{"v=1;; a=2", `v="1" a="2"`, "empty-tag@4"},
		{"v=1; a", `v="1"`, "no-equals@5"},
		{"v=1; 1=a; =b; a-b=c", `v="1"`, "tag-name@5 tag-name@10 tag-name@14"},
		{"v=\x00; a=b\xffc", `v="\x00" a="b\xffc"`, "character@2 character@8"},
		{"", "", "empty-tag@0"},
		{" ; ", "", "empty-tag@0"},
		{"a=1;A=2", `a="1" A="2"`, ""},
	} {
		tags, faults := dkim.ParseTags(c.in)
		var got, bad []string
		for _, tag := range tags {
			got = append(got, fmt.Sprintf("%s=%q", tag.Name, tag.Value))
			if !strings.HasPrefix(c.in[tag.At:], tag.Name) || strings.Trim(c.in[tag.ValueAt:tag.End], " \t\r\n") != tag.Value {
				t.Errorf("%q: %+v", c.in, tag)
			}
		}
		for _, f := range faults {
			bad = append(bad, fmt.Sprintf("%s@%d", f.Kind, f.Offset))
		}
		if strings.Join(got, " ") != c.tags || strings.Join(bad, " ") != c.faults {
			t.Errorf("%q: %s (%s), want %s (%s)", c.in, got, bad, c.tags, c.faults)
		}
	}
}

func FuzzParseTags(f *testing.F) {
	for _, s := range []string{"", ";;", "v=1; a=b;\r\n c = d", "v=1;v=1", "=;a=\xff;\x00", strings.Repeat("a=1;", 70)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tags, faults := dkim.ParseTags(s)
		at := 0
		for _, f := range faults {
			if f.Kind == "" || f.Offset < at || f.Offset > len(s) {
				t.Errorf("%q: %+v", s, f)
			}
			at = f.Offset
		}
		for _, tag := range tags {
			if tag.At > tag.ValueAt || tag.ValueAt > tag.End || tag.End > len(s) || !strings.Contains(s[tag.ValueAt:tag.End], tag.Value) {
				t.Errorf("%q: %+v", s, tag)
			}
		}
	})
}

func BenchmarkBody(b *testing.B) {
	text := []byte(strings.Repeat("The quick brown fox jumps over the lazy dog, and then it goes home again.\r\n", 14000))
	for _, c := range []dkim.Canon{dkim.Simple, dkim.Relaxed} {
		b.Run(c.String(), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				w := dkim.NewBody(discard{}, c)
				w.Write(text)
				w.Close()
			}
		})
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
