package bundle_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"todoku/diag/bundle"
	"todoku/diag/resolve"
)

// redacted is a bundle that was masked, as its files.
func redacted(t *testing.T, args []string, input, report string) (map[string]string, bundle.Head) {
	t.Helper()
	r := bundle.NewRecorder()
	if input != "" {
		k := r.Input("-", time.Time{})
		_, _ = k.Write([]byte(input))
		k.Whole()
	}
	h := head()
	h.Args, h.Redacted = args, true
	raw, b := written(t, r, h, report)
	return files(t, raw), b.Head
}

// TestMask: the same stands for the same everywhere, and the form of an address stays where it is what is wrong with it.
func TestMask(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, input, want string }{
		{"an address", "to=<taro.y@a.test> taro.y unknown", "to=<masked-1@a.test> masked-1 unknown"},
		{"in capitals", "<Taro.Y@a.test> <taro.y@a.test>", "<masked-1@a.test> <masked-1@a.test>"},
		{"two", "a1@a.test b2@a.test", "masked-1@a.test masked-2@a.test"},
		{"of links and VERP", "bounce+taro.y=a.test@b.test taro.y%40a.test taro.y@a.test", "masked-1@b.test masked-2%40a.test masked-2@a.test"},
		{"two dots", "taro..y@a.test", "r1..r1@a.test"},
		{"a dot at the end", "taro.@a.test", "r1.@a.test"},
		{"Japanese", "山田@a.test", "名1@a.test"},
		{"a wide sign", "taro.y＠a.test", "masked-1＠a.test"},
		{"a role", "postmaster@a.test abuse@a.test", "postmaster@a.test abuse@a.test"},
		{"a word of replies", "user@a.test: user unknown", "masked-1@a.test: user unknown"},
		{"a part of the domain", "kaisha@kaisha.test kaisha", "masked-1@kaisha.test kaisha"},
		{"a private address", "from 192.168.3.4:25 and 192.168.3.40", "from 10.255.0.1:25 and 10.255.0.2"},
		{"a private address of IPv6", "mx AAAA fd00::25", "mx AAAA fdff::1"},
		{"a network", "ip4:192.168.3.0/24", "ip4:192.168.3.0/24"},
		{"a public address", "from 192.0.2.1 and [2001:db8::1]", "from 192.0.2.1 and [2001:db8::1]"},
		{"no address", "@ and a@ and @a.test", "@ and a@ and @a.test"},
	} {
		f, h := redacted(t, []string{"diagnose", "-"}, c.input, `{"said": "x"}`)
		if got := f["input/1"]; got != c.want || h.ReportOnly {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	f, _ := redacted(t, []string{"check", "recipient", "taro.y@a.test", "--ip", "10.1.2.3"}, "10.1.2.3 10.9.9.9",
		`{"local": "taro.y", "said": "\u003ctaro.y@a.test\u003e", "n": 1.50}`)
	if got := f["report.json"]; got != `{"local": "masked-1", "said": "\u003cmasked-1@a.test\u003e", "n": 1.50}` {
		t.Error(got)
	}
	if got := f["input/1"]; got != "10.1.2.3 10.255.0.1" {
		t.Errorf("what was asked about stays: %q", got)
	}
	if !strings.Contains(f["bundle.json"], "masked-1@a.test") || strings.Contains(f["bundle.json"], "taro") {
		t.Error(f["bundle.json"])
	}
}

// TestFailuresAreMasked: the server of a question that failed, and its name, stand in the error too.
func TestFailuresAreMasked(t *testing.T) {
	t.Parallel()
	r := bundle.NewRecorder()
	q := resolve.Question{Name: "taro.yamada.a.test", Type: resolve.TypeTXT}
	r.Exchange(resolve.Exchange{Question: q, Err: &resolve.Error{Kind: resolve.KindTimeout, Name: q.Name, Type: "TXT",
		Server: "192.168.77.1:53", Message: "from 192.168.77.1:53"}})
	h := head()
	h.Args, h.Redacted = []string{"check", "recipient", "taro.yamada@b.test"}, true
	raw, b := written(t, r, h, `{}`)
	for name, text := range files(t, raw) {
		if strings.Contains(text, "192.168.77.1") || strings.Contains(text, "taro") {
			t.Errorf("%s: %s", name, text)
		}
	}
	q.Name = "masked-1.a.test"
	var failed *resolve.Error
	if x, known := b.Exchange(q); !known || !errors.As(x.Err, &failed) || failed.Kind != resolve.KindTimeout {
		t.Errorf("%v %v", known, x.Err)
	}
}

// FuzzRedact: a masked bundle can be read, its report has the form that it had, and the address of the command line is gone.
func FuzzRedact(f *testing.F) {
	f.Add("taro.y", "to=<taro.y@a.test>\nSubject: x", "said \"taro.y@a.test\" \\ \u202e")
	f.Add("a\"b", "\"a\\\"b\"@a.test From: x\nSubject: y\n\n=?utf-8?b?44GC?=", "10.0.0.1 ::ffff:10.0.0.1 fe80::1%eth0")
	f.Add("1", "1@1=1@1%401＠1", "1.1.1.1:1:1")
	f.Fuzz(func(t *testing.T, local, input, said string) {
		report, err := json.Marshal(map[string]any{"said": said, "list": []any{1.5, nil, local + "@a.test"}})
		if err != nil {
			t.Skip()
		}
		r := bundle.NewRecorder()
		k := r.Input("in", time.Time{})
		_, _ = k.Write([]byte(input))
		h := head()
		h.Args, h.Redacted = []string{"check", "recipient", local + "@a.test"}, true
		var out bytes.Buffer
		if _, err := r.Write(&out, h, report); err != nil {
			t.Fatal(err)
		}
		b, err := bundle.Read(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			List []any `json:"list"`
			Said *string
		}
		if json.Unmarshal(b.Report, &got) != nil || len(got.List) != 3 || got.List[0] != 1.5 || got.Said == nil {
			t.Errorf("%s", b.Report)
		}
		plain := len(local) > 8 && !strings.ContainsFunc(local, func(r rune) bool { return r < 'a' || r > 'z' })
		if plain && local != "postmaster" && strings.Contains(string(b.Report)+strings.Join(b.Head.Args, " "), local+"@") {
			t.Errorf("%s %q", b.Report, b.Head.Args)
		}
	})
}
