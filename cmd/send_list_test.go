package cmd

import (
	"path/filepath"
	"strings"
	"testing"
)

// sendList sends the list of a folder to a sink, and gives the id of the list as it was told.
func sendList(t *testing.T, env map[string]string, addr string, more ...string) (status exitStatus, id, stderr string) {
	t.Helper()
	line := "send --from news@sink.test --subject hello --body hello --yes --timeout 1s --via smtp://" + addr + " --recipients " + filepath.Join(env["HOME"], "list.txt")
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
	if first != exitWrong || second != exitOK || older == newer {
		t.Fatalf("exit %d and %d, lists %q and %q", first, second, older, newer)
	}
	for id, want := range map[string]string{older: "sent already 1, left 1", newer: "sent already 2, left 0"} {
		if status, went, errs := sendList(t, env, s.addr, "--continue="+id); status != exitOK || went != id || !strings.Contains(errs, want) {
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
		if status, went, errs := sendList(t, env, s.addr); status != exitOK || went != last {
			t.Errorf("TODOKU_CONTINUE=%s: exit %d, %s", value, status, errs)
		}
	}
	for _, value := range []string{"0", "false", "F"} {
		env["TODOKU_CONTINUE"] = value
		status, begun, errs := sendList(t, env, s.addr)
		if status != exitOK || begun == last {
			t.Errorf("TODOKU_CONTINUE=%s: exit %d, %s", value, status, errs)
		}
		last = begun
	}
}
