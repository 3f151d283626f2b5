//go:build !linux

package testserver

import (
	"os"
	"os/exec"
)

// quit ends a process.
var quit = os.Kill

func own(string) error { return ErrMissing }

func asUser(*exec.Cmd) {}
