package main

import (
	"regexp"
	"testing"
)

// ownSequences are what our dialogues send to a terminal: colours, the cursor, the erasing of what was shown.
var ownSequences = regexp.MustCompile("\x1b\\[([0-9;]*m|\\?(25|2004)[lh]|K|J|[0-9]+A)|\r")

// TestNothingHiddenOnATerminal has dialogues about hostile values: what a terminal gets holds our own sequences alone.
func TestNothingHiddenOnATerminal(t *testing.T) {
	t.Parallel()
	const evil = "\x1b]8;;http://evil.test\x07\x1b[2J\u009b2J\u202e\u200b\u00ad\x9b\x7f"
	const foot = "q end"
	for _, tt := range []struct {
		name string
		args []string
		keys [][2]string
		ends string
	}{
		{"menu", []string{"guide", "550 5.1.1 no " + evil + " here"}, [][2]string{{"Find out now", ""}, {foot, "\x1b[B"},
			{foot, "1"}, {"Sender", "\r"}, {"Recipient", "\r"}, {"IP", "\r"}, {foot, "q"}}, "Steps left"},
		{"plain", []string{"guide", "--plain", "550 5.1.1 no " + evil + " here"}, [][2]string{{"Find out now", ""},
			{"Number 1 to", "9\r"}, {"none of 1 to", "q\r"}}, "Steps left"},
		{"password", []string{"send", "--to", "a@b.test", "--from", "c@d.test", "--via", "smtp://127.0.0.1:1", "--user",
			"u\u202e\u200b\u009b2J", "--no-history"}, [][2]string{{"password of", "x\r"}}, "result"},
		{"explain", []string{"explain", "550 5.7.1 no " + evil}, nil, "todoku diagnose"},
		{"wrong", []string{"guide", evil}, nil, "no symptom"},
		{"send", []string{"send", "--lab", "--to", "user@healthy.test", "--from", "c@healthy.test", "--subject",
			"x\u202e\u200b\u009b2J"}, nil, "result"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			keyboard, tty := openPTY(t, 80, 40)
			c, screen := onTerminal(t, keyboard, tty, tt.args...)
			at := screen.types(t, keyboard, tt.keys)
			screen.await(t, at, tt.ends)
			_ = c.Wait()
			tty.Close()
			if bad := firstHidden(ownSequences.ReplaceAllString(screen.String(), ""), "\n"); bad != "" {
				t.Errorf("%s in\n%q", bad, screen.String())
			}
		})
	}
}
