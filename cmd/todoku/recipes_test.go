package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The zone of a pull request: as it is, with an include that leads nowhere, and mended.
const (
	soundZone = `$ORIGIN kaisha.test.
$TTL 300
@      MX  10 mx1
mx1    A   192.0.2.25
@      TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@kaisha.test"
25.2.0.192.in-addr.arpa. PTR mx1.kaisha.test.
`
	soundSPF  = `"v=spf1 mx -all"`
	brokenSPF = `"v=spf1 mx include:_spf.nowhere.test -all"`
)

// action is what the runner of GitHub reads of action.yml.
type action struct {
	Inputs map[string]struct {
		Default string
	}
	Runs struct{ Steps []actionStep }
}

type actionStep struct {
	Name, Shell, Run string
	Env              map[string]string
}

// runner does what a runner of GitHub does: the steps of the action, with their inputs, in a checkout.
type runner struct {
	dir    string
	inputs map[string]string
}

// check runs the step of this name and gives its exit status, what it printed, and the job summary.
func (r runner) check(t *testing.T) (status int, out, summary string) {
	t.Helper()
	var a action
	decode(t, "../../action.yml", &a)
	i := slices.IndexFunc(a.Runs.Steps, func(s actionStep) bool { return s.Name == "check" })
	if i < 0 || a.Runs.Steps[i].Shell != "bash" {
		t.Fatalf("no step check for bash in %+v", a.Runs.Steps)
	}
	temp := t.TempDir()
	env := []string{"RUNNER_TEMP=" + temp, "GITHUB_OUTPUT=" + temp + "/output", "GITHUB_STEP_SUMMARY=" + temp + "/summary"}
	input := regexp.MustCompile(`^\$\{\{ inputs\.([a-z-]+) \}\}$`)
	for name, value := range a.Runs.Steps[i].Env {
		m := input.FindStringSubmatch(value)
		if m == nil {
			t.Fatalf("%s: %s is no input", name, value)
		}
		given, ok := r.inputs[m[1]]
		if !ok {
			given = a.Inputs[m[1]].Default
		}
		env = append(env, name+"="+given)
	}
	script := filepath.Join(temp, "step.sh")
	write(t, script, a.Runs.Steps[i].Run)
	status, out = r.run(t, env, "bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	read, err := os.ReadFile(temp + "/summary")
	if err == nil {
		summary = string(read)
	}
	return status, out, summary
}

// run runs a command in the checkout.
func (r runner) run(t *testing.T, env []string, name string, args ...string) (status int, out string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir, c.Env = r.dir, append(append(os.Environ(), "LC_ALL=C", "HOME="+r.dir), env...)
	b, err := c.CombinedOutput()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), string(b)
}

func decode(t *testing.T, file string, into any) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err == nil {
		err = yaml.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// checkout has a zone file at the place that the examples name.
func checkout(t *testing.T, spf string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "zones/kaisha.zone"), strings.Replace(soundZone, soundSPF, spf, 1))
	return dir
}

// TestPullRequestThatBreaksSPFFails: the job fails with an annotation at the line of the record, and the one that mends it
// passes.
func TestPullRequestThatBreaksSPFFails(t *testing.T) {
	t.Parallel()
	inputs := map[string]string{"domains": "kaisha.test\n", "zones": "zones/kaisha.zone\n", "offline": "true"}
	status, out, summary := runner{checkout(t, brokenSPF), inputs}.check(t)
	if status != 1 || !strings.Contains(out, "\n::error file=zones/kaisha.zone,line=5,title=spf-include-none") ||
		!strings.Contains(summary, "spf-include-none") {
		t.Errorf("broken: exit %d\n%s\n%s", status, out, summary)
	}
	status, out, summary = runner{checkout(t, soundSPF), inputs}.check(t)
	if status != 0 || strings.Contains(out, "::error") || !strings.Contains(summary, "kaisha.test") {
		t.Errorf("mended: exit %d\n%s\n%s", status, out, summary)
	}
}

// TestConfigFileInTheRepository: with it, neither the action nor the command names a domain or a zone file.
func TestConfigFileInTheRepository(t *testing.T) {
	t.Parallel()
	config, err := os.ReadFile("../../examples/ci/todoku.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for spf, want := range map[string]int{soundSPF: 0, brokenSPF: 1, `"v=spf1 mx ?all"`: 1} {
		r := runner{checkout(t, spf), map[string]string{"offline": "true"}}
		write(t, filepath.Join(r.dir, "todoku.yaml"), string(config))
		if status, out, _ := r.check(t); status != want || strings.Contains(out, "::error file=zones/kaisha.zone,line=5") != (spf == brokenSPF) {
			t.Errorf("the action, %s: exit %d\n%s", spf, status, out)
		}
		if status, out := r.run(t, []string{"TODOKU_OFFLINE=true"}, "todoku", "check", "domain"); status != want {
			t.Errorf("the command, %s: exit %d\n%s", spf, status, out)
		}
	}
}

// TestActionTakesInputsAsArguments: no input comes to be a command or a flag of another meaning.
func TestActionTakesInputsAsArguments(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{"domains": "--help", "zones": `$(touch hit)`, "arguments": "`touch hit`",
		"fail-on": `"; touch hit; "`, "baseline": "; touch hit"} {
		inputs := map[string]string{"domains": "kaisha.test", "offline": "true", "zones": "zones/kaisha.zone", name: value}
		r := runner{checkout(t, soundSPF), inputs}
		status, out, _ := r.check(t)
		if _, err := os.Stat(filepath.Join(r.dir, "hit")); err == nil || status == 0 || strings.Contains(out, "Usage:") {
			t.Errorf("%s %s: exit %d\n%s", name, value, status, out)
		}
	}
}

// TestRecipesRun: the commands of the other recipes do in a checkout what the recipes promise.
func TestRecipesRun(t *testing.T) {
	t.Parallel()
	var gitlab struct {
		Mail struct {
			Variables map[string]string
			Script    []string
		}
	}
	decode(t, "../../examples/ci/gitlab.yml", &gitlab)
	var env []string
	for _, name := range slices.Sorted(maps.Keys(gitlab.Mail.Variables)) {
		env = append(env, name+"="+gitlab.Mail.Variables[name])
	}
	env = append(env, "TODOKU_OFFLINE=true")
	var hooks []struct{ Entry string }
	decode(t, "../../.pre-commit-hooks.yaml", &hooks)
	var config struct {
		Repos []struct{ Hooks []struct{ Args []string } }
	}
	decode(t, "../../examples/ci/pre-commit.yaml", &config)
	hook := append(strings.Fields(hooks[0].Entry), config.Repos[0].Hooks[0].Args...)
	for spf, want := range map[string]int{soundSPF: 0, brokenSPF: 1} {
		r := runner{dir: checkout(t, spf)}
		for _, line := range gitlab.Mail.Script {
			if status, out := r.run(t, env, "sh", "-ec", line); status != want {
				t.Errorf("GitLab, %s: exit %d\n%s", spf, status, out)
			}
		}
		if report, err := os.ReadFile(filepath.Join(r.dir, "report.xml")); err != nil || !strings.Contains(string(report), "<testsuite") {
			t.Errorf("GitLab: no report for the job: %v", err)
		}
		if status, out := r.run(t, nil, hook[0], hook[1:]...); status != want {
			t.Errorf("pre-commit, %s: exit %d\n%s", spf, status, out)
		}
	}
}

// TestCronMailsOnlyWhatIsNew: the line of the crontab prints nothing while all is as it was.
func TestCronMailsOnlyWhatIsNew(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../examples/ci/crontab")
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(b), "\n0 7 * * * ")
	if strings.Contains(line, "%") {
		t.Fatal("cron reads % as the end of the line")
	}
	r := runner{dir: checkout(t, soundSPF)}
	env := []string{"TODOKU_OFFLINE=true", "TODOKU_ZONE=zones/kaisha.zone"}
	status, out := r.run(t, env, "todoku", "check", "domain", "kaisha.test", "--baseline", "kaisha.baseline", "--update-baseline")
	if status != 0 {
		t.Fatalf("exit %d\n%s", status, out)
	}
	if _, out := r.run(t, env, "sh", "-c", line); out != "" {
		t.Errorf("all is as it was, and cron mails\n%s", out)
	}
	write(t, filepath.Join(r.dir, "zones/kaisha.zone"), strings.Replace(soundZone, soundSPF, brokenSPF, 1))
	if _, out := r.run(t, env, "sh", "-c", line); !strings.Contains(out, "spf-include-none") {
		t.Errorf("the broken record is not mailed\n%s", out)
	}
}

// TestRecipesAreTold: the pages show the files as they are.
func TestRecipesAreTold(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"../../docs/ci.md", "../../docs/ci.ja.md"} {
		told, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"github.yml", "gitlab.yml", "pre-commit.yaml", "crontab", "todoku.yaml"} {
			b, err := os.ReadFile("../../examples/ci/" + name)
			if err != nil || !strings.Contains(string(told), "\n"+string(b)+"```\n") {
				t.Errorf("%s does not show %s: %v", page, name, err)
			}
		}
	}
}
