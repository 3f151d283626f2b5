package cmd

import (
	"strings"
	"testing"
)

// TestVerifyTellsWhatNobodyRead: --verify gives no verdict over an input that
// was passed over, as diagnose without it.
func TestVerifyTellsWhatNobodyRead(t *testing.T) {
	t.Parallel()
	good, _ := place(t, map[string]string{"a.txt": "550 5.1.1 <user@takes.test>: User unknown"})
	mixed, _ := place(t, map[string]string{"a.txt": "550 5.1.1 <user@takes.test>: User unknown", "b.bin": strings.Repeat("\x00", 1000)})
	for _, how := range []string{"", "--verify", "--verify --wait", "--verify --fail-on never"} {
		want := exitBlind
		if strings.Contains(how, "never") {
			want = exitOK
		}
		if status, out, errs := typed(t, nil, "--lab diagnose "+mixed+" "+how); status != want || !strings.Contains(errs, "passed over: 1; read: 1") {
			t.Errorf("one unread, %s: exit %d, want %d: %s%s", how, status, want, out, errs)
		}
		if status, out, errs := typed(t, nil, "--lab diagnose "+good+" "+how); status != exitOK || errs != "" {
			t.Errorf("all read, %s: exit %d: %s%s", how, status, out, errs)
		}
	}
}
