package report

import (
	"bytes"
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
)

// TestReportWithinTheScreen: what goes on below the first line begins farther on, and ends within the screen all the same.
func TestReportWithinTheScreen(t *testing.T) {
	t.Parallel()
	r := page.NewRuler()
	for _, width := range []int{50, 66, 80} {
		text := printed(t, "text", Options{Lang: codes.English, Width: width}, look(t, zone(t), "kaisha.test"))
		for line := range strings.Lines(text) {
			if got := r.StringWidth(strings.TrimRight(line, "\n")); got > width && !strings.Contains(line, " IN TXT ") {
				t.Errorf("at %d: %d columns: %s", width, got, line)
			}
		}
	}
}

// TestDiagnosisOnANarrowScreen: nothing but a record to paste is wider than the
// screen, and what a verdict rests on is there.
func TestDiagnosisOnANarrowScreen(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	d := &guide.Diagnosis{Case: guide.Read(c, "550 5.7.23 SPF check failed"), Outcomes: []guide.Outcome{
		{Cause: guide.FindCause("spf-ip"), Suspected: true, Status: guide.Confirmed, Proofs: []guide.Proof{{Kind: "dns",
			Says: codes.Text{EN: "fail for {ip} by -all", JA: "{ip} は -all により fail です"}, Data: codes.Data{codes.Str("ip", "192.0.2.7")}}}},
		{Cause: guide.FindCause("recipient-domain"), Suspected: true, Status: guide.Open},
	}}
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for _, width := range []int{40, 60, 66, 80, 200} {
			var b bytes.Buffer
			p, err := Diagnoses.Open("text", page.To(&b), Options{Lang: lang, Width: width, Catalogue: c})
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Put(d); err != nil {
				t.Fatal(err)
			}
			r := page.NewRuler()
			for line := range bytes.Lines(b.Bytes()) {
				if got := r.StringWidth(string(bytes.TrimRight(line, "\n"))); got > width {
					t.Errorf("%s at %d: %d columns: %s", lang, width, got, line)
				}
			}
			if !bytes.Contains(b.Bytes(), []byte("192.0.2.7")) {
				t.Errorf("%s at %d: no evidence:\n%s", lang, width, b.String())
			}
		}
	}
}
