package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"todoku/cmd"
	"todoku/cmd/app"
)

// TestResolverSecrets gives --resolver a URL with a secret, on the command line,
// in the environment and in the config file: user info is refused, a query asked
// with, and no stream, format or file repeats either.
func TestResolverSecrets(t *testing.T) {
	t.Parallel()
	commands := [][]string{
		{"check", "domain", "kaisha.test"}, {"check", "domain", "kaisha.test", "saki.test"}, {"check", "spf", "kaisha.test", "--ip", "192.0.2.7"},
		{"check", "dmarc", "--from", "news@kaisha.test"}, {"check", "recipient", "user@saki.test"},
		{"diagnose", "550 5.7.23 SPF check failed", "--from", "news@kaisha.test", "--to", "user@saki.test", "--ip", "192.0.2.7"},
		{"guide", "42550", "--from", "news@kaisha.test", "--to", "user@saki.test", "--run", "--export", "ticket.md"},
		{"send", "--to", "user@saki.test", "--from", "news@kaisha.test", "--body", "x"}, {"letter", "42553", "--to", "user@saki.test"},
	}
	refused := []string{"https://user:hunter2@127.0.0.1:1/q", "tls://hunter2@127.0.0.1:1", "user:hunter2@127.0.0.1",
		"tcp://a:hunter2@127.0.0.1:1", "https://127.0.0.1:1/q,https://x:hunter2@127.0.0.1:1/"}
	asked := []string{"https://127.0.0.1:1/q?token=hunter2", "https://127.0.0.1:1/q?token=a,hunter2"}
	for i, server := range append(slices.Clone(refused), asked...) {
		for j, args := range commands {
			for k, format := range []string{"text", "json", "ndjson", "markdown"} {
				if (i+j+k)%5 != 0 && os.Getenv("TODOKU_FULL") == "" {
					continue
				}
				args = append(slices.Clone(args), "--format", format)
				said, status := withResolver(t, args, server, i+j+k)
				if strings.Contains(said, "hunter2") {
					t.Errorf("%s with %s: the secret is repeated\n%s", args, server, said)
				}
				if i < len(refused) && status != app.ExitUsage {
					t.Errorf("%s with %s: exit %d\n%s", args, server, status, said)
				}
			}
		}
	}
}

// withResolver runs a command with a resolver from one of the places that can
// name one, and gives all that it wrote, files included.
func withResolver(t *testing.T, args []string, server string, place int) (string, app.ExitStatus) {
	t.Helper()
	dir := t.TempDir()
	env := map[string]string{"HOME": dir, "TODOKU_HISTORY": filepath.Join(dir, "history.db"), "XDG_STATE_HOME": dir, "XDG_CONFIG_HOME": dir}
	for i, arg := range args {
		if arg == "ticket.md" {
			args[i] = filepath.Join(dir, arg)
		}
	}
	switch place % 4 {
	case 0:
		args = append(args, "--resolver", server)
	case 1:
		env["TODOKU_RESOLVER"] = server
	case 2:
		env["TODOKU_CONFIG"] = filepath.Join(dir, "config.yaml")
		if err := os.WriteFile(env["TODOKU_CONFIG"], []byte("resolver: '"+server+"'\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	default:
		args = append(args, "--lab", "--resolver="+server)
	}
	var stdout, stderr bytes.Buffer
	status := cmd.Run(t.Context(), append(args, "--timeout", "1s"), strings.NewReader(""), &stdout, &stderr, writtenFor(env))
	said := stdout.String() + stderr.String()
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path != env["TODOKU_CONFIG"] {
			b, _ := os.ReadFile(path)
			said += string(b)
		}
		return nil
	})
	return said, status
}
