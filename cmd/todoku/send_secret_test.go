package main

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestNoSecretIsKept logs in by every way and looks for the password, also as
// the wire has it, in what is printed and in every file that was written.
func TestNoSecretIsKept(t *testing.T) {
	t.Parallel()
	const secret = "kR9-secret-x7Q"
	forms := []string{secret}
	for _, wire := range []string{secret, "\x00guest\x00" + secret, "user=guest\x01auth=Bearer " + secret + "\x01\x01"} {
		forms = append(forms, base64.StdEncoding.EncodeToString([]byte(wire)))
	}
	for name, more := range map[string][]string{
		"file":     {"--password-file", "pw", "--via", "smtp://relay.test", "--user", "guest"},
		"variable": {"--via", "smtps://guest@relay-tls.test"},
		"token":    {"--password-file", "pw", "--via", "smtp://guest@relay.test", "--xoauth2"},
		"wrong":    {"--password-file", "pw", "--via", "smtp://lab@relay.test"},
		"netrc":    {"--via", "smtp://guest@relay.test"},
		"bare":     {"--password-file", "pw", "--via", "smtp://guest@relay-bare.test"},
		"refused":  {"--password-file", "pw", "--via", "smtp://guest@relay-refuses.test"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"pw": secret + "\n"}
			if name == "netrc" {
				files[".netrc"] = "machine relay.test login guest password " + secret + "\n"
			}
			dir, env := place(t, files)
			if name == "variable" {
				env["TODOKU_PASSWORD"] = secret
			}
			for i, a := range more {
				if a == "pw" {
					more[i] = filepath.Join(dir, "pw")
				}
			}
			var said strings.Builder
			for _, format := range []string{"text", "json"} {
				_, out, errs := typed(t, env, "send --lab --to user@healthy.test --from news@healthy.test", append(more, "--format", format)...)
				said.WriteString(out + errs)
			}
			_, out, errs := typed(t, env, "history show --last")
			said.WriteString(out + errs)
			_, out, errs = typed(t, env, "history export --transcripts --format json")
			said.WriteString(out + errs)
			if name != "bare" && name != "refused" && !strings.Contains(said.String(), "AUTH") {
				t.Errorf("nobody logged in: %s", &said)
			}
			for _, form := range forms {
				if strings.Contains(said.String(), form) {
					t.Errorf("%q is printed", form)
				}
				searchFiles(t, dir, form, "pw", ".netrc")
			}
		})
	}
}

// searchFiles looks for a text in all files except those that hold it by design.
func searchFiles(t *testing.T, dir, text string, except ...string) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || slices.Contains(except, d.Name()) {
			return err
		}
		seen++
		raw, err := os.ReadFile(p)
		if bytes.Contains(raw, []byte(text)) {
			t.Errorf("%s holds %q", d.Name(), text)
		}
		return err
	})
	if err != nil || seen == 0 {
		t.Errorf("%d files searched: %v", seen, err)
	}
}
