package mail

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

const fromLine = "From a@b.example Mon Feb  2 10:00:05 2026\n"

// mailsIn are the mails of a mailbox file, read octet by octet as well.
func mailsIn(t *testing.T, box string) []string {
	t.Helper()
	var out []string
	for _, r := range []io.Reader{strings.NewReader(box), iotest.OneByteReader(strings.NewReader(box))} {
		m := NewMbox(r)
		out = nil
		for {
			data, cut, err := m.Next(nil)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || len(data) > MaxKept || cut != (len(data) > MaxKept-128<<10) {
				t.Fatal(len(data), cut, err)
			}
			out = append(out, string(data))
		}
	}
	return out
}

func TestMbox(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 200<<10) + "\n"
	for name, c := range map[string]struct {
		box  string
		want []string
	}{
		"two":            {fromLine + "A: 1\n\nx\n\n" + fromLine + "B: 2\n\ny\n", []string{"A: 1\n\nx\n", "B: 2\n\ny\n"}},
		"quoted":         {fromLine + "A: 1\n\n>From me\nFrom you all\n", []string{"A: 1\n\n>From me\nFrom you all\n"}},
		"no empty line":  {fromLine + "A: 1\n\nx\n" + fromLine + "Return-Path: <>\n\ny\n", []string{"A: 1\n\nx\n", "Return-Path: <>\n\ny\n"}},
		"length":         {fromLine + "Content-Length: 46\n\nx\n\n" + fromLine + "\n" + fromLine + "B: 2\n\ny\n", nil},
		"long line":      {fromLine + "A: 1\n\n" + long + "\n" + fromLine + "B: 2\n\ny\n", []string{"A: 1\n\n" + long, "B: 2\n\ny\n"}},
		"empty at start": {"\n\n" + fromLine + "A: 1\n\nx\n", []string{"A: 1\n\nx\n"}},
		"too long":       {fromLine + "A: 1\n\n" + strings.Repeat(long, 30) + "\n" + fromLine + "B: 2\n\ny\n", nil},
	} {
		got := mailsIn(t, c.box)
		if c.want == nil && len(got) != 2 || c.want != nil && strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: %d mails, %.200q", name, len(got), got)
		}
	}
	full := fromLine + strings.Repeat("A: 1\n", MaxKept/len("A: 1\n")) + "A: 1234567\nB:\n"
	if data, cut, err := NewMbox(strings.NewReader(full)).Next(nil); !cut || err != nil || !strings.HasSuffix(string(data), "\nA: 1\n") {
		t.Errorf("what follows a line that is left out is left out too: %v, %v, %q", cut, err, data[len(data)-20:])
	}
	if !IsMbox([]byte(fromLine+"Return-Path: <>\n")) || IsMbox([]byte("From: a@b\n")) ||
		IsMbox([]byte("From me to you at 10:00:05 in 2026, hello\nworld\n")) {
		t.Error("a mailbox is told by its first line")
	}
}

func FuzzMbox(f *testing.F) {
	f.Add(fromLine + "Content-Length: 2\n\nx\n\n" + fromLine + "B: 2\n\ny\n")
	f.Fuzz(func(t *testing.T, box string) {
		m := NewMbox(strings.NewReader(box))
		for n := 0; ; n++ {
			if _, _, err := m.Next(nil); err != nil {
				break
			}
			if n > len(box) {
				t.Fatal("no end")
			}
		}
	})
}
