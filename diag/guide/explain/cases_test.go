package explain_test

import (
	"fmt"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/guide/explain"
)

// TestSeveralFailures: each kind of failure is a reading, that of the most mails first.
func TestSeveralFailures(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	x := explain.Explainer{Catalogue: c}
	for _, test := range []struct {
		text, want string
		failures   int
	}{
		{"550 5.1.1 no such user", "user_unknown", 0},
		{"a@d.example: 550 5.1.1 no such user\nb@d.example: 552 5.2.2 mailbox full\nc@d.example: 550 5.1.1 no such user\n",
			"user_unknown a@d.example,c@d.example;mailbox_full b@d.example", 3},
		{"a@d.example: 550 5.1.1 no such user\nb@d.example: 550 5.1.1 no such user\n", "user_unknown a@d.example,b@d.example", 2},
	} {
		e := x.Explain(test.text)
		var got []string
		for _, r := range e.Readings {
			got = append(got, strings.TrimSpace(fmt.Sprint(r.Reason.ID, " ", strings.Join(r.Recipients, ","))))
		}
		if s := strings.Join(got, ";"); s != test.want || e.Failures != test.failures {
			t.Errorf("%q: %d failures, %s", test.text, e.Failures, s)
		}
	}
}
