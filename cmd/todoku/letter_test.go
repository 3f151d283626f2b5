package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report"
)

// TestLetterIsOneLineAField: nothing that a user gives can add a line.
func TestLetterIsOneLineAField(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"--from", "--to", "--message-id", "--company", "--name", "--contact", "--checked",
		"--host", "--address", "--code", "--ip"} {
		args := []string{"letter", "--from", "a@kaisha.test", "--to", "b@example.jp", "--time", "1h", flag, "x@y.test\r\nBcc: c@z.test"}
		var out, errs bytes.Buffer
		if status := play(context.Background(), args, strings.NewReader(""), &out, &errs, noEnv); status != app.ExitUsage || out.Len() > 0 {
			t.Errorf("%s: exit %d: %s", flag, status, out.String())
		}
	}
}

// TestLetterKeepsItsSchema: in both languages, with and without --redact.
func TestLetterKeepsItsSchema(t *testing.T) {
	t.Parallel()
	schema := schemaNamed(t, report.LetterSchemaName)
	for _, more := range []string{"--lang=en", "--lang=ja", "--letter-lang=ja", "--redact"} {
		args := []string{"letter", "--from", "a@kaisha.test", "--to", "b@例え.test", "--time", "1h", "--format", "json", more}
		var out, errs bytes.Buffer
		if status := play(t.Context(), args, strings.NewReader(""), &out, &errs, noEnv); status != app.ExitOK {
			t.Fatalf("%s: exit %d: %s", more, status, &errs)
		}
		if err := schema.check(out.Bytes()); err != nil {
			t.Errorf("%s: %v", more, err)
		}
	}
}
