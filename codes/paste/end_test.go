package paste

import "testing"

// TestEndOfAttempts: where a notice lists the attempts, the newest first, the end of them decides; elsewhere the last reply.
func TestEndOfAttempts(t *testing.T) {
	t.Parallel()
	const at = "11/25/2026 1:22:03 AM - Server at mx.kaisha.test (192.0.2.9) returned "
	for text, want := range map[string]int{
		at + "'550 5.4.316 Message expired, connection refused'\n" + at + "'450 4.4.316 Connection refused'": 550,
		at + "'550 5.4.300 Message expired'\n" + at + "'451 4.7.500 Server busy'":                            550,
		at + "'450 4.4.316 Connection refused'\n" + at + "'550 5.4.316 Message expired'":                     550,
		"<- 550 5.1.1 no such user\n<- 452 4.2.2 mailbox full":                                               452,
		at + "'450 4.4.316 Connection refused'":                                                              450,
	} {
		if got := Parse(text).Reply.Code; got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
