package main

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"todoku/cmd/app"
)

// maxRSS bounds the memory of a run, in MiB.
const maxRSS = 140

// ownCommand is a command line as a process of its own, in English: the test
// binary is the program when it is called by its name.
func ownCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self)
	c.Args = append([]string{"todoku"}, args...)
	c.Env = append(os.Environ(), "LC_ALL=C", "GORACE=atexit_sleep_ms=0")
	return c
}

// process runs a command line as a process of its own.
func process(t *testing.T, args ...string) (status app.ExitStatus, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	c := ownCommand(t, args...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil && c.ProcessState == nil {
		t.Error(err)
	}
	return app.ExitStatus(c.ProcessState.ExitCode()), out.String(), errs.String()
}
