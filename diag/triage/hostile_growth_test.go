package triage_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// numbered repeats a line with a number in it.
func numbered(n int, line string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line, i)
	}
	return b.String()
}

// TestGrowing holds that nothing that is repeated makes a reader hang. TODOKU_FULL=1 repeats it 100,000 times.
func TestGrowing(t *testing.T) {
	t.Parallel()
	n := 300
	if os.Getenv("TODOKU_FULL") != "" {
		n = 100_000
	}
	s := newStomach(t)
	for name, build := range growing {
		if _, took := s.digest(t, name, []byte(build(n)), 1); took.Seconds() > 2 {
			t.Logf("%s: %v", name, took)
		}
	}
}

// TestManyRecipients holds that the words of a notice are not read again for each of its recipients.
func TestManyRecipients(t *testing.T) {
	t.Parallel()
	words := strings.Repeat("failed a b\n", 3000)
	named := "X-Failed-Recipients: " + strings.Repeat("a@b.example, ", 1000) + "\n\n" + words
	report := "Content-Type: multipart/report; boundary=x\n\n--x\n\n" + words + "\n--x\nContent-Type: message/delivery-status\n\n" +
		numbered(1000, "Final-Recipient: rfc822; u%d@k.example\nAction: failed\nStatus: 5.0.0\n\n")
	s := newStomach(t)
	for name, mail := range map[string]string{"named": named, "report": report} {
		if n, _ := s.digest(t, name, []byte(mailHead[:strings.LastIndex(mailHead, "\n")+1]+mail), 1); n != 1000 {
			t.Errorf("%s: %d events", name, n)
		}
	}
}
