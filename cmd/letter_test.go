package cmd

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// TestLetterIsOneLineAField: nothing that a user gives can add a line.
func TestLetterIsOneLineAField(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"--from", "--to", "--message-id", "--company", "--name", "--contact", "--checked"} {
		args := []string{"letter", "--from", "a@kaisha.test", "--to", "b@example.jp", "--time", "1h", flag, "x@y.test\r\nBcc: c@z.test"}
		var out, errs bytes.Buffer
		if status := run(context.Background(), args, strings.NewReader(""), &out, &errs, func(string) string { return "" }); status != exitUsage || out.Len() > 0 {
			t.Errorf("%s: exit %d: %s", flag, status, out.String())
		}
	}
}
