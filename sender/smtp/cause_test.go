package smtp_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"todoku/codes"
	"todoku/sender/smtp"
)

// TestCausesAreKept: what a step failed for is known again when a transcript is read, also one that was written when
// only the text was kept.
func TestCausesAreKept(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH, smtp.ErrInjected,
		smtp.ErrUnasked, smtp.ErrNoAuth, smtp.ErrPlain} {
		step := smtp.Step{Stage: codes.StageConnect, Err: &smtp.Error{Stage: codes.StageConnect, Kind: smtp.KindConnect,
			Err: fmt.Errorf("dial: %w", cause)}}
		raw, err := json.Marshal(step)
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(raw, &fields); err != nil || fields["error_cause"] == nil {
			t.Fatalf("%s, %v", raw, err)
		}
		delete(fields, "error_cause")
		old, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		for _, raw := range [][]byte{raw, old} {
			var back smtp.Step
			if err := json.Unmarshal(raw, &back); err != nil || !errors.Is(back.Err, cause) || back.Err.Error() != step.Err.Error() {
				t.Errorf("%s: %v, %v", raw, back.Err, err)
			}
		}
	}
	var back smtp.Step
	if err := json.Unmarshal([]byte(`{"stage":"connect","error":"connect: something else","error_kind":"connect"}`),
		&back); err != nil || back.Err.Error() != "connect: something else" {
		t.Errorf("%v, %v", back.Err, err)
	}
}

func TestReplyLines(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]codes.Reply{
		"":                            {},
		"250":                         {Code: 250},
		"250 2.0.0":                   {Code: 250, Enhanced: codes.Enhanced{Class: 2}},
		"550-5.1.1 no\n550 5.1.1 box": {Code: 550, Enhanced: codes.Enhanced{Class: 5, Subject: 1, Detail: 1}, Lines: []string{"no", "box"}},
	} {
		if got := strings.Join(smtp.ReplyLines(r), "\n"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
