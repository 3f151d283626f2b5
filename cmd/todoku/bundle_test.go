package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"todoku/cmd"
	"todoku/cmd/app"
	"todoku/diag/lab"
)

// recorded runs a command line with --bundle, and gives its output in JSON and the file.
func recorded(t *testing.T, stdin string, args ...string) (status app.ExitStatus, out, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "run.zip")
	var stdout, stderr bytes.Buffer
	args = append([]string{"--bundle", file, "--format", "json"}, args...)
	status = cmd.Run(context.Background(), args, strings.NewReader(stdin), &stdout, &stderr, func(string) string { return "" })
	if stdout.Len() == 0 {
		t.Fatalf("%q: exit %d, %s", args, status, &stderr)
	}
	return status, stdout.String(), file
}

// replayed runs a bundle again. The labs of the recorded run are closed by then: whoever dialled would reach nobody.
func replayed(t *testing.T, file string, more ...string) (status app.ExitStatus, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args := append([]string{"replay", file}, more...)
	status = cmd.Run(context.Background(), args, strings.NewReader(""), &stdout, &stderr, func(string) string { return "" })
	return status, stdout.String(), stderr.String()
}

// withoutTimes is a report without what a clock says.
func withoutTimes(report string) string {
	report = regexp.MustCompile(`"(elapsed_ms|elapsed|took_ms|rtt_ms)": [0-9.]+`).ReplaceAllString(report, `"$1": 0`)
	report = regexp.MustCompile(`"(started|ended|at)": "[^"]*"`).ReplaceAllString(report, `"$1": ""`)
	report = regexp.MustCompile(`id=[0-9]{8}T[0-9]{6}Z`).ReplaceAllString(report, "id=now") // of a policy that is offered
	return regexp.MustCompile(` *[0-9]+ questions, [0-9]+ ms`).ReplaceAllString(report, "") // in text that guide keeps
}

// contents are the files of a bundle.
func contents(t *testing.T, file string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(data)
	}
	return out
}

// everyNth thins the worlds out that are replayed: all of them with TODOKU_TEST_ALL.
func everyNth[T any](list []T, n int) []T {
	if os.Getenv("TODOKU_TEST_ALL") != "" {
		return list
	}
	var out []T
	for i := 0; i < len(list); i += n {
		out = append(out, list[i])
	}
	return out
}

// TestReplayGivesTheSameReport: domains, recipients and diagnoses of the lab, healthy, broken and silent ones.
func TestReplayGivesTheSameReport(t *testing.T) {
	t.Parallel()
	var lines [][]string
	for _, s := range everyNth(lab.Scenarios(), 6) {
		lines = append(lines, s.Command.Argv()[1:])
	}
	for _, s := range everyNth(lab.SendScenarios(), 6) {
		if strings.Contains(s.Address, "@") {
			lines = append(lines, []string{"--lab", "check", "recipient", s.Address, "--rcpt", "--timeout", "2s"})
		}
	}
	for _, s := range everyNth(lab.DiagnoseScenarios(), 8) {
		lines = append(lines, s.Command.Argv()[1:])
	}
	lines = append(lines, []string{"--lab", "check", "domain", "silent.test", "--timeout", "300ms"},
		[]string{"--lab", "check", "domain", "bimi-expired.test", "--only", "bimi"},
		[]string{"--lab", "check", "domain", "sts-cert.test", "--only", "mtasts"},
		[]string{"--lab", "check", "domain", "ns-lame.test", "--authoritative"},
		[]string{"--lab", "fix", "no-spf.test"}, []string{"--lab", "check", "domain", "healthy.test", "--profile", "gmail"},
		[]string{"--lab", "guide", "42550", "--from", "news@no-spf.test", "--to", "user@takes.test", "--run"})
	for _, args := range lines {
		if slices.Contains(args, "send") {
			continue
		}
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			status, want, file := recorded(t, "", args...)
			again, got, errs := replayed(t, file)
			if again != status || withoutTimes(got) != withoutTimes(want) {
				t.Errorf("exit %d, then %d: %s\n%s", status, again, errs, firstDifference(withoutTimes(want), withoutTimes(got)))
			}
		})
	}
}

// firstDifference shows where two texts part.
func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "- " + x[i] + "\n+ " + y[i]
		}
	}
	return "one is longer"
}

// TestReplayReadsTheFilesOfTheBundle: lists, logs, standard input and the config file are those of the recorded run; the files
// themselves may be gone.
func TestReplayReadsTheFilesOfTheBundle(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	log := write("mail.log", "Nov 20 10:00:00 mx postfix/smtp[1]: A1: to=<user@takes.test>, relay=mx.takes.test[192.0.2.100]:25, delay=1, "+
		"dsn=5.1.1, status=bounced (host mx.takes.test[192.0.2.100] said: 550 5.1.1 <user@takes.test>: user unknown)\n")
	config := write("todoku.yaml", "selector: s9\nlang: ja\ntimeout: 2s\n")
	zone := write("a.zone", "$ORIGIN a.test.\n@ 60 IN TXT \"v=spf1 -all\"\n@ 60 IN MX 0 .\n")
	for _, c := range []struct {
		stdin string
		args  []string
	}{
		{"no-spf.test\n", []string{"--lab", "check", "domain", "-"}},
		{"", []string{"--lab", "check", "domain", "@" + write("list.txt", "no-spf.test # one\n")}},
		{"", []string{"--lab", "triage", log}},
		{"", []string{"--lab", "diagnose", log}},
		{"550 5.1.1 user unknown", []string{"--lab", "diagnose", "-", "--to", "user@takes.test"}},
		{"", []string{"--lab", "--config", config, "check", "domain", "healthy.test"}},
		{"", []string{"--offline", "--zone", zone, "check", "domain", "a.test"}},
	} {
		status, want, file := recorded(t, c.stdin, c.args...)
		for _, name := range []string{log, config, zone} {
			if err := os.Rename(name, name+".gone"); err != nil {
				t.Fatal(err)
			}
		}
		again, got, errs := replayed(t, file)
		if again != status || withoutTimes(got) != withoutTimes(want) {
			t.Errorf("%q: exit %d, then %d: %s\n%s", c.args, status, again, errs, firstDifference(withoutTimes(want), withoutTimes(got)))
		}
		for _, name := range []string{log, config, zone} {
			if err := os.Rename(name+".gone", name); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestReplayInAnotherForm: language, format and files are the replay's own; without them they are those of the run.
func TestReplayInAnotherForm(t *testing.T) {
	t.Parallel()
	_, _, file := recorded(t, "", "--lab", "--lang", "ja", "check", "domain", "no-spf.test", "--deadline", "20s")
	if _, out, _ := replayed(t, file, "--format", "text"); !strings.Contains(out, "問題あり") {
		t.Errorf("not in the language of the run: %s", out)
	}
	page := filepath.Join(t.TempDir(), "r.html")
	status, out, errs := replayed(t, file, "--lang", "en", "-o", page, "--fail-on", "never")
	data, err := os.ReadFile(page)
	if err != nil || status != app.ExitOK || out != "" || !bytes.Contains(data, []byte("no-spf.test has no SPF record")) {
		t.Errorf("%d %q %s %v", status, out, errs, err)
	}
}

// TestReplayOfANewerQuestion: what the run did not ask is unknown with its reason. It is no finding, and no server is said to be
// away.
func TestReplayOfANewerQuestion(t *testing.T) {
	t.Parallel()
	_, _, file := recorded(t, "", "--lab", "check", "recipient", "user@takes.test")
	other := rewritten(t, file, func(name, text string) (string, bool) {
		switch name {
		case "smtp.ndjson":
			return "", true
		case "dns.ndjson":
			return withoutLine(text, `"question":"_mta-sts.takes.test"`), true
		}
		return text, true
	})
	status, out, errs := replayed(t, other)
	if status != app.ExitUnknown || strings.Count(out, `"kind": "not_in_bundle"`) < 2 || strings.Contains(out, "port 25 cannot be reached") ||
		strings.Contains(out, `"smtp-`) {
		t.Errorf("exit %d: %s\n%s", status, errs, out)
	}
	_, _, file = recorded(t, "", "--lab", "diagnose", "450 4.4.1 connection timed out",
		"--from", "news@healthy.test", "--to", "user@takes.test")
	other = rewritten(t, file, func(name, text string) (string, bool) { return text, name != "smtp.ndjson" })
	if _, _, errs = replayed(t, other); !strings.Contains(errs, "no bundle") {
		t.Errorf("a file is missing: %s", errs)
	}
	other = rewritten(t, file, func(name, text string) (string, bool) {
		if name == "smtp.ndjson" {
			return "", true
		}
		return text, true
	})
	if _, out, _ = replayed(t, other); strings.Contains(out, `"status": "confirmed"`) {
		t.Errorf("something is confirmed that nobody saw: %s", out)
	}
}

func withoutLine(text, part string) string {
	out := ""
	for line := range strings.Lines(text) {
		if !strings.Contains(line, part) {
			out += line
		}
	}
	return out
}

// TestBundleIsPrivateAndWhole: mode 0600 in place of another file, also of a run that was interrupted or failed; nothing else is
// left behind.
func TestBundleIsPrivateAndWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "run.zip")
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	server := silence(t, func() { cancel(app.ErrInterrupted) })
	var stdout, stderr bytes.Buffer
	args := []string{"check", "domain", "one.test", "--resolver", server, "--timeout", "60s", "--bundle", file}
	if got := cmd.Run(ctx, args, strings.NewReader(""), &stdout, &stderr, noEnv); got != app.ExitInterrupted {
		t.Errorf("exit %d: %s", got, &stderr)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 || !strings.Contains(stderr.String(), "incomplete") {
		t.Errorf("%v %v: %s", info, err, &stderr)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("left behind: %v %v", files, err)
	}
	if status, out, errs := replayed(t, file, "--format", "json"); status != app.ExitUnknown || !strings.Contains(errs, "incomplete") ||
		!strings.Contains(out, `"status": "unknown"`) {
		t.Errorf("%d %s %s", status, out, errs)
	}
	stderr.Reset()
	args = []string{"--lab", "check", "domain", "a.test", "--bundle", filepath.Join(dir, "no", "x.zip")}
	got := cmd.Run(t.Context(), args, strings.NewReader(""), &stdout, &stderr, noEnv)
	if got != app.ExitUsage && got != app.ExitUnknown || !strings.Contains(stderr.String(), "bundle") {
		t.Errorf("exit %d: %s", got, &stderr)
	}
}

// TestBundleRefusesWhatItDoesNotKeep: each is told before anything is asked.
func TestBundleRefusesWhatItDoesNotKeep(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mail := filepath.Join(dir, "a.eml")
	if err := os.WriteFile(mail, []byte("From: a@healthy.test\nSubject: x\n\nx\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"diagnose", "--last"}, {"diagnose", "--sending", "abc"}, {"diagnose", dir}, {"triage", dir}, {"triage", "imap://u@imap.lab.test/"},
		{"check", "message", mail, "--spamd", "127.0.0.1:1"}, {"guide", "42550", "--plain"}, {"check", "domain", "a.test", "--bundle", "-"},
	} {
		var stdout, stderr bytes.Buffer
		args = append([]string{"--lab", "--bundle", filepath.Join(dir, "x.zip")}, args...)
		got := cmd.Run(t.Context(), args, strings.NewReader(""), &stdout, &stderr, func(string) string { return "" })
		if got == app.ExitOK || !strings.Contains(stderr.String(), "bundle") {
			t.Errorf("%q: exit %d: %s", args, got, &stderr)
		}
	}
}

// TestBundleKeepsNoSecret: not the query of a resolver's URL, wherever it stands.
func TestBundleKeepsNoSecret(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // nobody answers
	url := "https://" + l.Addr().String() + "/dns-query?token=verysecretword"
	dir := t.TempDir()
	config := filepath.Join(dir, "c.yaml")
	if err := os.WriteFile(config, []byte("resolver: "+url+"\ntimeout: 100ms\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--resolver", url, "--timeout", "100ms"}, {"--resolver=" + url, "--timeout=100ms"},
		{"--config", config}} {
		_, _, file := recorded(t, "", append(args, "check", "domain", "a.test", "--only", "spf")...)
		for name, text := range contents(t, file) {
			if strings.Contains(text, "verysecretword") {
				t.Errorf("%q: %s: %s", args, name, text)
			}
		}
	}
}

// TestRedactedBundleHasNoNames: what is masked stands in no file of the bundle, and the replay finds the same.
func TestRedactedBundleHasNoNames(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "home-of-tanaka")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "mail.log")
	bounced := "Nov 20 10:00:00 mx postfix/smtp[1]: A1: to=<Suzuki.Jiro@takes.test>, relay=mx.takes.test[192.0.2.100]:25, delay=1, " +
		"dsn=5.1.1, status=bounced (host mx.takes.test[192.0.2.100] said: 550 5.1.1 suzuki.jiro from 192.168.77.9: unknown)\n"
	if err := os.WriteFile(log, []byte(bounced), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"--lab", "check", "recipient", "suzuki.jiro@takes.test", "--rcpt"},
		{"--lab", "diagnose", "550 5.1.1 <suzuki.jiro@takes.test>: no such user", "--from", "suzuki.jiro@healthy.test",
			"--to", "suzuki.jiro@takes.test"},
		{"--lab", "check", "recipient", "rcpt@healthy.test", "--rcpt"}, // a word of our own fields
		{"--lab", "triage", log},
		{"--lab", "diagnose", log},
		{"--lab", "check", "spf", "spf-macro.test", "--mail-from", "suzuki.jiro@spf-macro.test", "--ip", "192.0.2.7"},
	} {
		status, plain, file := recorded(t, "", append([]string{"--redact"}, args...)...)
		files := contents(t, file)
		for name, text := range files {
			for _, secret := range []string{"suzuki", "Suzuki", "jiro", "home-of-tanaka", "192.168.77.9"} {
				if strings.Contains(text, secret) {
					t.Errorf("%q: %s has %q", args, name, secret)
				}
			}
		}
		again, out, errs := replayed(t, file)
		if again != status || withoutTimes(out) != withoutTimes(files["report.json"]) || !strings.Contains(errs, "masked") {
			t.Errorf("%q: exit %d, then %d: %s\n%s", args, status, again, errs,
				firstDifference(withoutTimes(files["report.json"]), withoutTimes(out)))
		}
		if strings.Count(plain, `"rule": `) != strings.Count(out, `"rule": `) {
			t.Errorf("%q: other findings", args)
		}
	}
}

// TestRedactedBundleLeavesMailsOut: neither subject nor body, however they are encoded; the report alone is shown again.
func TestRedactedBundleLeavesMailsOut(t *testing.T) {
	t.Parallel()
	mail := "From: =?UTF-8?B?55Sw5Lit?= <tanaka.h@healthy.test>\nTo: someone.else@takes.test\n" +
		"Subject: =?UTF-8?B?5pil44Gu56eY5a+G44Gu6KiI55S7?=\n" +
		"Date: Sat, 28 Nov 2026 01:00:00 +0000\nMessage-ID: <a@healthy.test>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" +
		"Content-Transfer-Encoding: base64\n\n44GT44KM44Gv44Gg44KM44Gr44KC6KaL44Gb44Gq44GE5paH56ug44Gn44GZ44CC\nCg==\n"
	status, _, file := recorded(t, mail, "--redact", "--lab", "check", "message", "-", "--ip", "192.0.2.7",
		"--mail-from", "tanaka.h@healthy.test")
	for name, text := range contents(t, file) {
		for _, secret := range []string{"tanaka.h", "someone.else", "春の秘密の計画", "5pil44Gu", "見せない文章", "44GT44KM"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s has %q: %s", name, secret, text)
			}
		}
	}
	again, out, errs := replayed(t, file, "--format", "json")
	if again != status || !strings.Contains(out, `"results"`) || !strings.Contains(errs, "not in this bundle") {
		t.Errorf("exit %d, then %d: %s\n%s", status, again, errs, out)
	}
	if status, _, errs := replayed(t, file, "--format", "text"); status != app.ExitUsage {
		t.Errorf("exit %d: %s", status, errs)
	}
}

// TestOldBundleReplays: a bundle of the first version of the format can be read by all versions that follow. What newer checks ask
// may be unknown; what was seen is judged.
func TestOldBundleReplays(t *testing.T) {
	t.Parallel()
	status, out, errs := replayed(t, filepath.Join("testdata", "bundle", "recipient.zip"), "--lang", "ja")
	if status == app.ExitUsage || !strings.Contains(out, `"smtp-postmaster"`) || !strings.Contains(out, `"masked-1@no-postmaster.test"`) ||
		!strings.Contains(errs, "マスクされたバンドル") {
		t.Errorf("exit %d: %s\n%s", status, errs, out)
	}
}

// TestHostileBundleDoesNoHarm: the command line of a bundle runs no other command, reads and writes no file, and asks nobody.
func TestHostileBundleDoesNoHarm(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.txt")
	if err := os.WriteFile(secret, []byte("hidden.test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, file := recorded(t, "", "--lab", "check", "domain", "healthy.test")
	target := filepath.Join(dir, "written")
	for _, args := range [][]string{
		{"check", "domain", "@" + secret}, {"check", "domain", "a.test", "-o", target}, {"check", "domain", "a.test", "--output=" + target},
		{"check", "domain", "a.test", "--baseline", target, "--update-baseline"}, {"check", "domain", "a.test", "--bundle", target},
		{"guide", "42550", "--run", "--export", target}, {"check", "message", secret}, {"triage", dir}, {"triage", "imap://u@127.0.0.1/"},
		{"triage", "--follow", secret}, {"diagnose", secret}, {"diagnose", dir}, {"check", "domain", "a.test", "--config", secret},
		{"check", "domain", "a.test", "--resolver", "127.0.0.1"}, {"check", "message", "-", "--spamd", "127.0.0.1:1"},
		{"send", "--to", "a@takes.test", "--from", "b@healthy.test", "--lab"}, {"history", "list"}, {"man", target}, {"replay", file},
		{"serve"}, {"mcp"},
		{"lab", "serve"}, {"completion", "bash"}, {"collect", secret}, {"--version"}, {"explain", secret}, {},
	} {
		list, err := json.Marshal(args)
		if err != nil {
			t.Fatal(err)
		}
		other := rewritten(t, file, func(name, text string) (string, bool) {
			if name == "bundle.json" {
				text = regexp.MustCompile(`(?s)"args": \[.*?\]`).ReplaceAllLiteralString(text, `"args": `+string(list))
			}
			return text, true
		})
		_, out, errs := replayed(t, other)
		if strings.Contains(out+strings.ReplaceAll(errs, secret, ""), "hidden.test") {
			t.Errorf("%q: %s %s", args, out, errs)
		}
		if files, _ := os.ReadDir(dir); len(files) != 1 {
			t.Errorf("%q: left behind: %v", args, files)
		}
	}
}
