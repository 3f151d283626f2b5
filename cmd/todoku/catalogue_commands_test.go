package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"todoku/cmd"
	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/lab"
)

// TestToldCommandsExist: the command line takes every command of the catalogue, of the causes and of the lab, once its
// places are filled.
func TestToldCommandsExist(t *testing.T) {
	t.Parallel()
	catalogue, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	told := map[string][]codes.Command{}
	for _, r := range catalogue.Remedies() {
		told["remedy "+r.ID] = append(r.Guide, r.Check)
	}
	for _, p := range catalogue.Patterns() {
		for i, c := range p.Causes {
			told[fmt.Sprintf("cause %s%d", p.ID, i+1)] = append(c.Guide, c.Check)
		}
	}
	for _, c := range guide.Causes() {
		told["cause "+c.ID] = []codes.Command{c.Check}
	}
	for _, s := range slices.Concat(lab.Scenarios(), lab.SendScenarios()) {
		told["lab "+s.Name] = []codes.Command{s.Command}
	}
	values := codes.Values{codes.PlaceCode: "42550", codes.PlaceReply: "550 5.1.1 no",
		codes.PlaceSender: "news@kaisha.test", codes.PlaceDomain: "kaisha.test", codes.PlaceEnvelope: "kaisha.test",
		codes.PlaceAddr: "user@example.test", codes.PlaceMailbox: "me@kaisha.test", codes.PlaceInbox: "imaps://mail.kaisha.test",
		codes.PlaceRecipientDomain: "example.test", codes.PlaceIP: "192.0.2.7",
		codes.PlaceHost: "smtp://mail.kaisha.test:587", codes.PlaceHELO: "out.kaisha.test", codes.PlaceFile: "bounce.eml", codes.PlaceID: "06h2k",
		codes.PlaceTime: "2026-01-02T03:04:05Z", codes.PlaceResolver: "192.0.2.53", codes.PlaceSelector: "s1", codes.PlaceRule: "A"}
	for where, commands := range told {
		for _, c := range commands {
			if c.IsZero() {
				continue
			}
			if c = c.Fill(values); len(c.Open()) > 0 {
				t.Errorf("%s: %v stay open", where, c.Open())
			}
			takes(t, where, c)
		}
	}
	for _, term := range catalogue.Terms() { // names of commands, without their arguments
		for _, c := range term.Try {
			if found, rest, err := cmd.NewRoot(app.New(strings.NewReader(""), io.Discard, io.Discard, noEnv)).Find(c.Argv()[1:]); err != nil ||
				len(rest) > 0 || !found.Runnable() {
				t.Errorf("term %s: there is no %q", term.ID, c.Argv())
			}
		}
	}
}

// takes reports whether the command line has a command with these flags and this number of arguments.
func takes(t *testing.T, where string, c codes.Command) {
	t.Helper()
	root := cmd.NewRoot(app.New(strings.NewReader(""), io.Discard, io.Discard, noEnv))
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	found, rest, err := root.Find(c.Argv()[1:])
	if err != nil {
		t.Errorf("%s: %q: %v", where, c.Argv(), err)
		return
	}
	if err := found.ParseFlags(rest); err != nil {
		t.Errorf("%s: %q: %v", where, c.Argv(), err)
		return
	}
	if err := found.ValidateArgs(found.Flags().Args()); err != nil {
		t.Errorf("%s: %q: %v", where, c.Argv(), err)
	}
}
