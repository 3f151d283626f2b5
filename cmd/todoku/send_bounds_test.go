package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/send"
)

// TestRecipientsBeyondTheBound: a list of more than 16 MiB is refused, from a file
// as from standard input, with what to do; a list of just as much is read.
func TestRecipientsBeyondTheBound(t *testing.T) {
	t.Parallel()
	line := "# " + strings.Repeat("x", 61) + "\n"
	whole := "user@healthy.test\n" + strings.Repeat(line, send.MaxRecipientOctets/64)
	whole = whole[:send.MaxRecipientOctets]
	dir, _ := place(t, map[string]string{"whole": whole, "more": whole + "\n"})
	for lang, want := range map[string]string{
		"en": "the list cannot be read: it is larger than the 16 MiB that are read\n        split the list into several\n",
		"ja": "リストを読めません: 読み取れる上限(16 MiB)を超えています\n        リストを分割してください\n",
	} {
		for name, refused := range map[string]bool{"whole": false, "more": true} {
			for _, from := range []string{filepath.Join(dir, name), "-"} {
				stdin := strings.NewReader(whole + map[bool]string{true: "\n"}[refused])
				var out, errs bytes.Buffer
				status := play(t.Context(), []string{"--lang", lang, "--lab", "send", "--no-history", "--dry-run", "--from",
					"news@healthy.test", "--recipients", from}, stdin, &out, &errs, noEnv)
				if refused != (status == app.ExitUsage) || refused != strings.HasSuffix(errs.String(), want) {
					t.Errorf("%s from %s: exit %d: %s", name, from, status, errs.String())
				}
			}
		}
	}
}
