package event_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"todoku/codes"
	"todoku/sender/event"
)

// delivery is a line about the mail number i.
func delivery(i int) string {
	return fmt.Sprintf("Mar  4 %02d:%02d:%02d mx9 postfix/smtp[9]: A%09dB: to=<u%d@x%d.test>, "+
		"relay=mx.x.test[192.0.2.1]:25, delay=9, dsn=4.2.%d,"+
		" status=deferred (host mx.x.test[192.0.2.1] said: 45%d 4.2.%d u%d is busy)", i/3600%24, i/60%60, i%60, i, i, i%50, i%3, i%3, i%3, i)
}

func deliveries(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(delivery(i) + "\n")
		if i%3 == 0 {
			fmt.Fprintf(&b, "Mar  4 05:06:07 mx9 postfix/qmgr[9]: A%09dB: from=<n@s.test>, status=expired, returned to sender\n", i/2)
		}
	}
	return b.String()
}

func read(t *testing.T, r io.Reader, workers int) (list []event.Event, in event.Input, err error) {
	t.Helper()
	err = event.Each(t.Context(), event.Source{Name: "log", Reader: r, Workers: workers, Input: &in}, func(e *event.Event) error {
		list = append(list, *e)
		return nil
	})
	return list, in, err
}

func TestSameWithAnyNumberOfWorkers(t *testing.T) {
	t.Parallel()
	log := deliveries(9000)
	want, in, err := read(t, strings.NewReader(log), 1)
	if err != nil || in.Lines != 12000 || len(want) != 12000 {
		t.Fatalf("%d events of %d lines, %v", len(want), in.Lines, err)
	}
	for _, workers := range []int{0, 2, 3, 7} {
		got, other, err := read(t, strings.NewReader(log), workers)
		if err != nil || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(in, other) {
			t.Errorf("with %d workers: %d events, %v, %+v", workers, len(got), err, other)
		}
	}
	got, _, err := read(t, &piecemeal{r: strings.NewReader(log)}, 3)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("in small pieces: %d events, %v", len(got), err)
	}
}

// piecemeal gives little at a time.
type piecemeal struct {
	r io.Reader
	n int
}

func (p *piecemeal) Read(b []byte) (int, error) {
	p.n = p.n%4099 + 37
	return p.r.Read(b[:min(len(b), p.n)])
}

func packed(parts ...string) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(p))
		_ = z.Close()
	}
	return b.Bytes()
}

func TestPackedLogs(t *testing.T) {
	t.Parallel()
	log := deliveries(3000)
	half := len(log) / 2
	whole := packed(log[:half], log[half:])
	got, _, err := read(t, bytes.NewReader(whole), 2)
	if len(got) != 4000 || err != nil {
		t.Errorf("two members: %d events, %v", len(got), err)
	}
	cut := whole[:len(whole)*9/10]
	got, _, err = read(t, bytes.NewReader(cut), 2)
	var told *codes.UserError
	if len(got) < 3000 || len(got) >= 4000 || !errors.As(err, &told) || !told.Unable {
		t.Errorf("cut off: %d events, %v", len(got), err)
	}
	broken := bytes.Clone(whole)
	broken[len(broken)-6] ^= 1
	if got, _, err = read(t, bytes.NewReader(broken), 2); len(got) != 4000 || err == nil {
		t.Errorf("a wrong sum: %d events, %v", len(got), err)
	}
}

func TestPackedBomb(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, delivery(1)+"\n")
	zeros := make([]byte, 1<<20)
	for range 100 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	if got, _, err := read(t, &b, 2); len(got) != 1 || err == nil {
		t.Errorf("%d events, %v", len(got), err)
	}
}

func TestFormsOfLines(t *testing.T) {
	t.Parallel()
	line := delivery(1)
	wide := utf16.Encode([]rune(line + "\r\n" + line + "\r\n"))
	little, big := []byte{0xff, 0xfe}, []byte{0xfe, 0xff}
	for _, c := range wide {
		little = append(little, byte(c), byte(c>>8))
		big = append(big, byte(c>>8), byte(c))
	}
	for name, log := range map[string]string{
		"no end":             line + "\n" + line,
		"CR LF":              line + "\r\n" + line + "\r\n",
		"UTF-8 with a mark":  "\ufeff" + line + "\n" + line + "\n",
		"UTF-16":             string(little),
		"UTF-16, big end":    string(big),
		"zeros before":       strings.Repeat("\x00", 400_000) + line + "\n" + "\x00\x00" + line + "\n",
		"blank lines":        "\n\n" + line + "\n\r\n" + line + "\n\n",
		"a long line before": line + "\n" + strings.Repeat("x", 900_000) + "\n" + line + "\n",
	} {
		if got, _, err := read(t, strings.NewReader(log), 2); len(got) != 2 || err != nil || got[1].Recipient != "u1@x1.test" {
			t.Errorf("%s: %d events, %v", name, len(got), err)
		}
	}
}

// endless is a line that does not end for long.
type endless struct{ left int }

func (e *endless) Read(b []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := min(len(b), e.left)
	for i := range n {
		b[i] = 'x'
	}
	e.left -= n
	return n, nil
}

func TestLineOf100MB(t *testing.T) {
	t.Parallel()
	log := io.MultiReader(strings.NewReader(delivery(1)+"\n"+delivery(2)), &endless{100 << 20}, strings.NewReader("\n"+delivery(3)+"\n"))
	got, in, err := read(t, log, 2)
	if len(got) != 3 || err != nil || in.Lines != 3 || len(in.Notes) != 2 || got[2].Source.Line != 3 {
		t.Errorf("%d events of %d lines, %v, notes %v", len(got), in.Lines, err, in.Notes)
	}
}

func TestReadingEndsWhenNobodyWantsMore(t *testing.T) {
	before := runtime.NumGoroutine()
	log := deliveries(20_000)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err := range event.Read(ctx, event.Source{Reader: strings.NewReader(log), Workers: 4}) {
		if n++; n == 5 || err != nil {
			break
		}
	}
	for _, err := range event.Read(ctx, event.Source{Reader: strings.NewReader(log), Workers: 4}) {
		cancel()
		if n++; err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
	}
	if n > 10_000 {
		t.Errorf("%d events after the end", n)
	}
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}

func TestYearOfALogWithoutYears(t *testing.T) {
	t.Parallel()
	const tail = " mx9 postfix/smtp[9]: 7F3A5B91C2: to=<a@x.test>, relay=none, delay=9, dsn=2.0.0, status=sent (250 ok)\n"
	log := "Feb 29 05:06:07" + tail + "Nov 30 05:06:07" + tail + "Dec 31 23:59:59" + tail + "Jan  1 00:00:01" + tail + "Jan  2 05:06:07" + tail
	var in event.Input
	var years []int
	source := event.Source{Reader: strings.NewReader(log), Modified: time.Date(2031, 1, 2, 5, 6, 8, 0, time.UTC), Input: &in}
	for e, err := range event.Read(t.Context(), source) {
		if err != nil {
			t.Fatal(err)
		}
		years = append(years, e.Time.Year())
	}
	if got := fmt.Sprint(years); got != "[2028 2030 2030 2031 2031]" || in.Clock != event.NoYear || len(in.Notes) != 1 ||
		!strings.Contains(in.Notes[0].JA, "2031") {
		t.Errorf("%s, notes %v", got, in.Notes)
	}
}

// TestYearIsThatOfALineWithATime has an arrival at the end: it tells no time to the year.
func TestYearIsThatOfALineWithATime(t *testing.T) {
	t.Parallel()
	log := "Mar  4 05:06:07 mx9 exim[77]: 1tRx2A-0004Bq-2Z => a@x.test R=r T=t H=mx.x.test [192.0.2.1]\n" +
		"Mar  4 05:06:08 mx9 exim[77]: 1tRx2B-0004Bq-2Z <= n@s.test H=web.test [192.0.2.8] P=esmtp S=812\n"
	var in event.Input
	src := event.Source{Name: "log", Reader: strings.NewReader(log), Input: &in, Modified: time.Date(2031, 4, 1, 0, 0, 0, 0, time.UTC)}
	if err := event.Each(t.Context(), src, func(*event.Event) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if len(in.Notes) != 1 || !strings.Contains(in.Notes[0].EN, " 2031") {
		t.Error(in.Notes)
	}
}

// TestLinesThatTellNothingCostNothing counts what lines cost beyond a log that has one of them.
func TestLinesThatTellNothingCostNothing(t *testing.T) {
	noise := "Mar  4 05:06:07 mx9 postfix/smtpd[9]: connect from web.x.test[192.0.2.1]\n" +
		"Mar  4 05:06:07 mx9 opendkim[9]: A1B2C3D4E5: DKIM-Signature field added (s=s1, d=x.test)\n" +
		"Mar  4 05:06:07 mx9 sm-mta[9]: 0123456789abcd: to=<a@x.test>, mailer=esmtp, stat=queued\n" +
		"Mar  4 05:06:07 mx9 qmail: status: local 0/10 remote 3/20\n" +
		"2031-03-04 05:06:07 1tRx2A-0004Bq-2Z H=mx.x.test [192.0.2.1]: Connection timed out\n"
	events := delivery(1) + "\n" +
		"2031-03-04 05:06:07 1tRx2A-0004Bq-2Z => a@x.test R=r T=t H=mx.x.test [192.0.2.1]\n" +
		"Mar  4 05:06:07 mx9 smtpd[9]: 12a mta delivery evpid=1 from=<n@s.test> to=<a@x.test> rcpt=<-> result=\"Ok\" stat=\"250 ok\"\n" +
		"Mar  4 05:06:07 mx9 qmail: 1098765432.123456 delivery 7: success: did_0+1+2/\n"
	cost := func(n int) float64 {
		log := events + strings.Repeat(noise, n)
		return testing.AllocsPerRun(3, func() {
			src := event.Source{Reader: strings.NewReader(log), Workers: 1}
			if err := event.Each(t.Context(), src, func(*event.Event) error { return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	if few, many := cost(4000), cost(24000); many-few > 1000 {
		t.Errorf("100,000 lines that tell nothing: %.0f allocations", many-few)
	}
}

// grown is a log whose end is told once before more is written to it.
type grown struct{ parts []string }

func (g *grown) Read(b []byte) (int, error) {
	if len(g.parts) == 0 || g.parts[0] == "" {
		g.parts = g.parts[min(1, len(g.parts)):]
		return 0, io.EOF
	}
	n := copy(b, g.parts[0])
	g.parts[0] = g.parts[0][n:]
	return n, nil
}

// TestLongLineBehindAShortLog: a line that is longer than all before it is read whole.
func TestLongLineBehindAShortLog(t *testing.T) {
	t.Parallel()
	line := func(user, reply string) string {
		return "2026-11-24T08:00:00+00:00 out postfix/smtp[1]: 4D10A" + user + ": to=<" + user + "@b.test>, relay=mx.b.test[192.0.2.9]:25, " +
			"delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.b.test[192.0.2.9] said: " + reply + " (in reply to RCPT TO command))\n"
	}
	long := "550 5.1.1 " + strings.Repeat("no such user here, ", 20) + "as far as I know"
	log := &grown{[]string{line("A1", "550 5.1.1 no"), line("A2", long)}}
	var in event.Input
	var replies []string
	for e, err := range event.Read(context.Background(), event.Source{Reader: log, Input: &in}) {
		if err != nil {
			t.Fatal(err)
		}
		replies = append(replies, e.Diagnostic)
	}
	if len(replies) != 2 || !strings.Contains(replies[1], long) || in.Lines != 2 || len(in.Notes) > 0 {
		t.Errorf("%d lines, %q, %.100q", in.Lines, in.Notes, replies)
	}
}
