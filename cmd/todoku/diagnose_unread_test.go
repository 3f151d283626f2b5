package main

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/sender/history"
)

// TestVerifyTellsWhatNobodyRead: --verify gives no verdict over an input that
// was passed over, as diagnose without it.
func TestVerifyTellsWhatNobodyRead(t *testing.T) {
	t.Parallel()
	good, _ := place(t, map[string]string{"a.txt": "550 5.1.1 <user@takes.test>: User unknown"})
	mixed, _ := place(t, map[string]string{"a.txt": "550 5.1.1 <user@takes.test>: User unknown", "b.bin": strings.Repeat("\x00", 1000)})
	for _, how := range []string{"", "--verify", "--verify --wait", "--verify --fail-on never"} {
		want := app.ExitUnknown
		if strings.Contains(how, "never") {
			want = app.ExitOK
		}
		if status, out, errs := typed(t, nil, "--lab diagnose "+mixed+" "+how); status != want ||
			!strings.Contains(errs, "passed over: 1; read: 1") {
			t.Errorf("one unread, %s: exit %d, want %d: %s%s", how, status, want, out, errs)
		}
		if status, out, errs := typed(t, nil, "--lab diagnose "+good+" "+how); status != app.ExitOK || errs != "" {
			t.Errorf("all read, %s: exit %d: %s%s", how, status, out, errs)
		}
	}
}

// TestDiagnosePassesOverADamagedRow: one row of the history that cannot be read
// ends neither a list nor a diagnosis of the others, and both tell of it.
func TestDiagnosePassesOverADamagedRow(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "history.db")
	s, err := history.OpenWith(t.Context(), file, history.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"one", "two", "three"} {
		err = errors.Join(err, s.Begin(t.Context(), history.Sending{ID: id, Sender: "news@healthy.test", Recipient: "nobody@takes.test"}),
			s.Finish(t.Context(), id, history.Outcome{Result: history.Failed, Code: "42550", Reply: "550 5.1.1 User unknown"}))
	}
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if status, out, errs := typed(t, nil, "--lab diagnose --result error --history-file "+file); status != app.ExitOK || errs != "" {
		t.Errorf("the whole history: exit %d: %s%s", status, out, errs)
	}
	damage(t, file, `UPDATE sendings SET cc = 'no JSON' WHERE id = 'two'`)
	for lang, want := range map[string]string{"en": `the row "two" of the history cannot be read and is passed over`,
		"ja": `送信履歴の "two" を読めないため、飛ばします`} {
		for _, line := range []string{"history list --history " + file, "--lab diagnose --result error --history-file " + file} {
			status, out, errs := typed(t, nil, line+" --lang "+lang)
			if status != app.ExitUnknown || !strings.Contains(errs, want) || strings.Count(out, "nobody@takes.test") < 2 {
				t.Errorf("%s: exit %d: %s%s", line, status, out, errs)
			}
		}
	}
}

// damage changes the file of a history behind its back.
func damage(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(statement)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestDiagnoseRefusesNamesOfNoFile: names of files that are not there are told,
// not looked at as the text of an error. What reads as a text stays one.
func TestDiagnoseRefusesNamesOfNoFile(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"a.eml":                          "a.eml: there is no such file",
		"a.eml b.eml":                    "a.eml, b.eml: there is no such file",
		"bounces/1 bounces/2":            "bounces/1, bounces/2: there is no such file",
		"550.eml 42550.eml":              "550.eml, 42550.eml: there is no such file",
		strings.Repeat("a.eml ", 25):     "a.eml: there is no such file, and none of the other 5",
		"550 5.1.1 User unknown":         "",
		"550 see support.test/why a.log": "",
		"User unknown":                   "",
		"550-5.7.1[https://why.test/1]":  "",
	} {
		status, out, errs := typed(t, nil, "--lab diagnose --no-smtp "+line)
		if want == "" && (status == app.ExitUsage || errs != "" || out == "") || want != "" && (status != app.ExitUsage ||
			!strings.Contains(errs, want) || out != "") {
			t.Errorf("%s: exit %d: %s%s", line, status, out, errs)
		}
	}
	for lang, want := range map[string]string{"en": "a.eml, b.eml: there is no such file",
		"ja": "a.eml, b.eml: ファイルがありません"} {
		if status, _, errs := typed(t, nil, "--lang "+lang+" diagnose a.eml b.eml"); status != app.ExitUsage || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d: %s", lang, status, errs)
		}
	}
}
