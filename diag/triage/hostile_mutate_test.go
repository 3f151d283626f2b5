package triage_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// seeds are inputs of each format, before anything is broken.
func seeds(t *testing.T) (out [][]byte) {
	t.Helper()
	const dir = "../../sender/event/testdata/"
	mails, err := filepath.Glob(dir + "mails/*/*.eml")
	if err != nil || len(mails) < 50 {
		t.Fatal(len(mails), err)
	}
	for _, path := range append(mails, dir+"services.txt", dir+"tables.txt") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasSuffix(path, ".eml"):
			out = append(out, data)
		case strings.HasSuffix(path, "services.txt"):
			for block := range bytes.SplitSeq(data, []byte("\n\n")) {
				_, object, _ := bytes.Cut(block, []byte("\n"))
				out = append(out, object)
			}
		default:
			for block := range bytes.SplitSeq(data, []byte("\n---\n")) {
				_, table, _ := bytes.Cut(block, []byte("\n\n"))
				out = append(out, table)
			}
		}
	}
	for _, build := range growing { // logs and other texts
		out = append(out, []byte(build(20)))
	}
	return out
}

// mutator breaks inputs.
type mutator struct {
	*rand.Rand
	seeds [][]byte
}

func (m *mutator) seed() []byte { return m.seeds[m.IntN(len(m.seeds))] }

// at is a place in data, often one at the beginning of a line.
func (m *mutator) at(data []byte) int {
	i := m.IntN(len(data) + 1)
	if m.IntN(2) == 0 {
		return bytes.LastIndexByte(data[:i], '\n') + 1
	}
	return i
}

// put puts something in the place of data[from:to].
func put(data []byte, from, to int, what []byte) []byte {
	return append(append(append([]byte{}, data[:from]...), what...), data[to:]...)
}

// nasty stands where nobody expects it.
var nasty = []string{"\x00", "\x1b$B", "\x1b(B", "\xff\xfe", "\xef\xbb\xbf", "\u202e", "=?utf-8?b?", "?=",
	"=?iso-2022-jp?B?GyRC", "\r", "\r\n", "\n",
	"\n\n", "\n.\n", "\nFrom x@y Mon Feb  2 10:00:05 2026\n", "--", "\n--\n", "; boundary=\"\"", "; charset=utf-16", "; charset=iso-2022-jp",
	"Content-Type: multipart/mixed; boundary=a\n", "Content-Type: message/rfc822\n", "Content-Transfer-Encoding: base64\n",
	"Content-Transfer-Encoding: quoted-printable\n", "charset=shift_jis", "charset=gb18030", "99999999999999999999", "-1",
	"550", "5.999.999", "<", ">",
	"<>", "@", "\"", "\\", "{", "}", "[", "]", ",", ":", ";", "(", ")", "=", "%", "%00", "\\u0000", "\\ud800", "\t", " ",
	"null", "true", "1e999",
	"&#x110000;", "<!--", "-->", "<style>", "<pre>", "begin 644 a\n", "Mar  4 05:06:07 mx9 postfix/smtp[9]: ", "0000-00-00T99:99:99Z ",
	"#Fields: date-time,event-id\n", "@4000000061234567", "Final-Recipient: rfc822;\n", "\x1f\x8b\x08", "あ"}

// once breaks an input in one way.
func (m *mutator) once(data []byte) []byte {
	from, to := m.at(data), m.at(data)
	from, to = min(from, to), max(from, to)
	switch m.IntN(12) {
	case 0: // octets turned over
		data = bytes.Clone(data)
		for range min(m.IntN(8)+1, len(data)) {
			data[m.IntN(len(data))] ^= byte(1 << m.IntN(8))
		}
	case 1: // cut off, or out
		return put(data, from, to, nil)
	case 2:
		return data[:to:to]
	case 3: // doubled, often
		if n := to - from; n > 0 {
			return put(data, to, to, bytes.Repeat(data[from:to], m.IntN(min(200, 200_000/n+2))))
		}
	case 4: // something of another format
		other := m.seed()
		i, j := m.at(other), m.at(other)
		return put(data, from, from, other[min(i, j):max(i, j)])
	case 5: // goes on as another format
		other := m.seed()
		return append(bytes.Clone(data[:from]), other[m.at(other):]...)
	case 6, 7:
		return put(data, from, from+min(m.IntN(3), to-from), []byte(nasty[m.IntN(len(nasty))]))
	case 8: // lines glued together
		return bytes.Replace(data, []byte("\n"), []byte([]string{"", " ", "\r", "\r\n", "\n\n"}[m.IntN(5)]), m.IntN(30)-1)
	case 9: // a part that moved
		part := bytes.Clone(data[from:to])
		rest := put(data, from, to, nil)
		i := m.at(rest)
		return put(rest, i, i, part)
	case 10: // numbers that are too big
		if i := bytes.IndexAny(data[from:], "0123456789"); i >= 0 {
			return put(data, from+i, from+i+1, bytes.Repeat([]byte{byte('0' + m.IntN(10))}, 1+m.IntN(40)))
		}
	case 11: // a very long word
		return put(data, from, from, bytes.Repeat([]byte(nasty[m.IntN(len(nasty))]), m.IntN(3000)))
	}
	return data
}

// TestBroken holds what is promised of inputs that are broken in any way: none makes a reader panic, hang, or fill the memory.
// TODOKU_FULL=1 reads 20,000 of them, TODOKU_SEED names others.
func TestBroken(t *testing.T) {
	t.Parallel()
	n, seed := 150, uint64(1)
	if os.Getenv("TODOKU_FULL") != "" {
		n = 20_000
	}
	if s := os.Getenv("TODOKU_SEED"); s != "" {
		if _, err := fmt.Sscan(s, &seed); err != nil {
			t.Fatal(err)
		}
	}
	s := newStomach(t)
	m := &mutator{rand.New(rand.NewPCG(seed, 2)), seeds(t)}
	slowest, most := "", uint64(0)
	var longest float64
	for i := range n {
		data := m.seed()
		for range 1 + m.IntN(6) {
			data = m.once(data)
		}
		data = data[:min(len(data), 1<<20)]
		var before, after runtime.MemStats
		if n > 1000 {
			runtime.ReadMemStats(&before)
		}
		name := fmt.Sprintf("input %d", i)
		_, took := s.digest(t, name, data, 1+i%2)
		if n > 1000 {
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > most {
				most = used
			}
		}
		if seconds := took.Seconds(); seconds > longest {
			longest, slowest = seconds, fmt.Sprintf("%s: %d octets, %v", name, len(data), took)
			if dir := os.Getenv("TODOKU_KEEP"); dir != "" && took.Seconds() > 0.3 {
				_ = os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), data, 0o600)
			}
		}
	}
	t.Logf("slowest %s; most allocated %d MB", slowest, most>>20)
	var now runtime.MemStats
	runtime.GC()
	if runtime.ReadMemStats(&now); now.HeapAlloc > 512<<20 {
		t.Errorf("%d MB in use", now.HeapAlloc>>20)
	}
	_ = s.tally.Result()
}
