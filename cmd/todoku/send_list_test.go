package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/sender/batch"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// sendList sends the list of a folder to a sink, and gives the id of the list as it was told.
func sendList(t *testing.T, env map[string]string, addr string, more ...string) (status app.ExitStatus, id, stderr string) {
	t.Helper()
	line := "send --from news@sink.test --subject hello --body hello --yes --timeout 1s --via smtp://" + addr +
		" --recipients " + filepath.Join(env["HOME"], "list.txt")
	status, _, stderr = typed(t, env, line, more...)
	_, rest, _ := strings.Cut(stderr, "list ")
	id, _, _ = strings.Cut(rest, ":")
	return status, id, stderr
}

// TestContinueTheNamedList: of two lists with the same mail and the same recipients, the one
// that is named is gone on with.
func TestContinueTheNamedList(t *testing.T) {
	t.Parallel()
	s := openSink(t)
	_, env := place(t, map[string]string{"list.txt": "ok1@sink.test\nlater2@sink.test\n"})
	first, older, _ := sendList(t, env, s.addr) // later2 is put off once
	second, newer, _ := sendList(t, env, s.addr)
	if first != app.ExitWrong || second != app.ExitOK || older == newer {
		t.Fatalf("exit %d and %d, lists %q and %q", first, second, older, newer)
	}
	for id, want := range map[string]string{older: "sent already 1, left 1", newer: "sent already 2, left 0"} {
		if status, went, errs := sendList(t, env, s.addr, "--continue="+id); status != app.ExitOK || went != id || !strings.Contains(errs, want) {
			t.Errorf("--continue=%s: exit %d, want %q\n%s", id, status, want, errs)
		}
	}
}

// TestContinueIsASwitchOrAnID: what reads as a boolean switches --continue on or off, also
// from the environment; anything else is the id of a list.
func TestContinueIsASwitchOrAnID(t *testing.T) {
	t.Parallel()
	s := openSink(t)
	_, env := place(t, map[string]string{"list.txt": "ok1@sink.test\n"})
	_, last, _ := sendList(t, env, s.addr)
	for _, value := range []string{"1", "true", "TRUE", "t", last} {
		env["TODOKU_CONTINUE"] = value
		if status, went, errs := sendList(t, env, s.addr); status != app.ExitOK || went != last {
			t.Errorf("TODOKU_CONTINUE=%s: exit %d, %s", value, status, errs)
		}
	}
	for _, value := range []string{"0", "false", "F"} {
		env["TODOKU_CONTINUE"] = value
		status, begun, errs := sendList(t, env, s.addr)
		if status != app.ExitOK || begun == last {
			t.Errorf("TODOKU_CONTINUE=%s: exit %d, %s", value, status, errs)
		}
		last = begun
	}
}

// TestDryRunOfContinue: a dry run with --continue shows who is left, and refuses what the
// real run refuses, in the same words.
func TestDryRunOfContinue(t *testing.T) {
	t.Parallel()
	s := openSink(t)
	dir, env := place(t, map[string]string{"list.txt": "ok1@sink.test\nalways2@sink.test\nspam3@sink.test\nreset4@sink.test\n"})
	for range 2 {
		if status, _, errs := sendList(t, env, s.addr); status != app.ExitWrong {
			t.Fatalf("exit %d, %s", status, errs)
		}
	}
	_, id, _ := sendList(t, env, s.addr, "--continue")
	line := "send --dry-run --from news@sink.test --subject hello --body hello --format ndjson --via smtp://" + s.addr +
		" --recipients " + filepath.Join(dir, "list.txt") + " --continue"
	for _, flag := range []string{"", "=" + id} {
		status, out, errs := typed(t, env, line+flag)
		if status != app.ExitOK || strings.Count(out, "\n") != 1 || !strings.Contains(out, "always2@sink.test") {
			t.Errorf("--continue%s: exit %d\n%s%s", flag, status, out, errs)
		}
	}
	h := kept(t, dir, history.Options{}) // a list that was cut short
	if _, err := h.Enlist(t.Context(), history.List{ID: "short",
		Recipients: batch.Digest([]mail.Address{mailTo(t, "ok5@sink.test")}), Mail: "another"}, nil, func(yield func(history.Sending) bool) {
		yield(history.Sending{ID: "short5", Recipient: "ok5@sink.test"})
	}); err != nil {
		t.Fatal(err)
	}
	other, nothing := filepath.Join(dir, "other.txt"), map[string]string{"HOME": env["HOME"], "TODOKU_HISTORY": filepath.Join(dir, "none.db")}
	if err := os.WriteFile(other, []byte("ok5@sink.test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		env  map[string]string
		more []string
		want string
	}{
		"no such list":     {env, []string{"--continue=nope"}, `no list "nope"`},
		"no history":       {nothing, []string{"--continue=nope"}, `no list "nope"`},
		"another mail":     {env, []string{"--continue=" + id, "--subject", "other"}, "not the mail of the list " + id},
		"several lists":    {env, []string{"--continue=" + id[:2]}, "several ids begin with"},
		"other recipients": {env, []string{"--continue", "--recipients", other}, "list short has these recipients, another mail"},
	} {
		dry, _, shown := sendList(t, c.env, s.addr, append(c.more, "--dry-run")...)
		status, _, told := sendList(t, c.env, s.addr, c.more...)
		if dry != app.ExitUsage || status != dry || shown != told || !strings.Contains(shown, c.want) {
			t.Errorf("%s: dry exit %d, real exit %d, want %q\n%s%s", name, dry, status, c.want, shown, told)
		}
	}
}

// mailTo is an address.
func mailTo(t *testing.T, addr string) mail.Address {
	t.Helper()
	to, err := mail.ParseAddress("To", addr)
	if err != nil {
		t.Fatal(err)
	}
	return to
}
