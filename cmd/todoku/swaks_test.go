package main

import (
	"os/exec"
	"strings"
	"testing"

	"todoku/diag/lab"
)

// TestSwaks: a program that many know meets in `lab serve` what `send --lab` does.
func TestSwaks(t *testing.T) {
	t.Parallel()
	swaks := program(t, "swaks")
	l, err := lab.Open(t.Context(), lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	doors, err := l.OpenMail("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]lab.OpenPort{}
	for _, d := range doors {
		at[d.Domain] = d
	}
	for domain, want := range map[string]string{
		"takes.test":        "250 2.0.0",
		"user-unknown.test": "550 5.1.1",
		"mailbox-full.test": "552 5.2.2",
		"r450.test":         "450 4",
		"banner-554.test":   "554 5",
		"spam.test":         "554 5",
		"r521.test":         "521",
	} {
		door, ok := at[domain]
		if !ok {
			t.Errorf("%s has no door", domain)
			continue
		}
		to := "user@" + domain
		if domain == "user-unknown.test" {
			to = "nobody@" + domain
		}
		out, err := exec.Command(swaks, "--server", door.Addr, "--to", to, "--from", "news@healthy.test", "--helo",
			"out.lab.test", "--body", "hello", "--suppress-data").CombinedOutput()
		if !strings.Contains(string(out), " "+want) || (err == nil) != (domain == "takes.test") {
			t.Errorf("%s: %v, want %s:\n%s", domain, err, want, out)
		}
	}
}
