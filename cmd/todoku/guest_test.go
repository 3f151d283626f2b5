package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd"
	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/diag/world"
)

// guestOf runs a command line of a guest whose host was started with flags in dir.
func guestOf(t *testing.T, env map[string]string, prepare func(*app.App), stdin string, args ...string) (int, string, string, *app.App) {
	t.Helper()
	var out, errs bytes.Buffer
	host := app.New(strings.NewReader(""), &out, &errs, func(name string) string { return env[name] })
	_, done := host.Start(t.Context(), nil)
	defer done()
	prepare(host)
	if err := app.ReadZones(t.Context(), host); err != nil {
		t.Fatal(err)
	}
	g := host.Guest(strings.NewReader(stdin), page.To(&out), page.To(&errs))
	status := cmd.Execute(t.Context(), g, args)
	return int(status), out.String(), errs.String(), g
}

// TestAGuestOpensNoFile: whatever names a file, of any command, is refused, and nothing is written or remembered.
func TestAGuestOpensNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.txt")
	if err := os.WriteFile(secret, []byte("kaisha.test\n550 5.7.1 hidden words\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"HOME": dir, "XDG_STATE_HOME": dir, "XDG_DATA_HOME": dir, "TODOKU_HISTORY": secret}
	lab := func(a *app.App) { a.Global.Lab = true }
	for _, args := range [][]string{
		{"check", "domain", "@" + secret}, {"check", "domain", "healthy.test", "--zone", secret}, {"check", "message", secret},
		{"check", "domain", "healthy.test", "--config", secret, "--baseline", secret},
		{"explain", secret}, {"explain", "--validate-rules", secret}, {"explain", "550", "--rules", secret},
		{"diagnose", secret}, {"diagnose", dir}, {"diagnose", "--last"},
		{"diagnose", "550 5.7.1 x", "--message", secret},
		{"triage", secret}, {"triage", dir}, {"triage", "--follow", secret}, {"collect", secret}, {"check", "campaign", secret},
		{"history", "list", "--history", secret}, {"letter", "0abc", "--history", secret},
	} {
		status, out, errs, _ := guestOf(t, env, lab, "", args...)
		told := strings.ReplaceAll(out+errs, secret, "")
		if status == 0 || strings.Contains(told, "hidden words") || strings.Contains(told, "secret.txt") ||
			strings.Contains(told, "kaisha.test") {
			t.Errorf("%q: status %d\n%s%s", args, status, out, errs)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("left behind: %v %v", files, err)
	}
}

// TestAGuestWritesToMemory: each output in its format, none of it on the disk, and standard output stays free.
func TestAGuestWritesToMemory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "r.json")
	status, out, errs, g := guestOf(t, nil, func(a *app.App) { a.Global.Lab = true }, "", "explain", "42553", "-o", name, "-o", "r.txt")
	if status != 0 || out != "" || errs != "" || !json.Valid(g.Written(name)) || !bytes.Contains(g.Written("r.txt"), []byte("42553")) {
		t.Errorf("%d %q %q %q %q", status, out, errs, g.Written(name), g.Written("r.txt"))
	}
	if files, _ := os.ReadDir(dir); len(files) > 0 || g.Written("else.txt") != nil {
		t.Errorf("left behind: %v", files)
	}
}

// TestAGuestIsToldWhatIsTooLarge: beyond the bound of an output there is an error, and whoever takes the outputs knows.
func TestAGuestIsToldWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	for size, large := range map[int]bool{1 << 20: false, 33 << 20: true} {
		g := app.New(strings.NewReader(""), io.Discard, io.Discard, noEnv).Guest(strings.NewReader(""), page.To(io.Discard), page.To(io.Discard))
		err := g.WriteFile(t.Context(), "a.json", func(w *page.Out) error { return w.Again(make([]byte, size)) })
		if g.TooLarge() != large || (err != nil) != large {
			t.Errorf("%d octets: %v, %v", size, g.TooLarge(), err)
		}
	}
}

// TestAGuestSeesTheWorldOfItsHost: the zone files, the language and the checks of the host; no variable of the environment.
func TestAGuestSeesTheWorldOfItsHost(t *testing.T) {
	t.Parallel()
	zone := filepath.Join(t.TempDir(), "a.zone")
	if err := os.WriteFile(zone, []byte("$ORIGIN a.test.\n@ 60 IN SOA ns h 1 2 3 4 5\n@ 60 IN TXT \"v=spf1 -all\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"TODOKU_LANG": "ja", "TODOKU_SELECTOR": "fromenv"}
	prepare := func(a *app.App) { a.Global.Zones, a.Global.Only = []string{zone}, []string{"spf", "dkim"} }
	status, out, errs, _ := guestOf(t, env, prepare, "", "check", "domain", "a.test", "--format", "json")
	if status == 2 || !strings.Contains(out, "v=spf1 -all") || strings.Contains(out, "fromenv") || strings.Contains(out, `"check": "dmarc"`) {
		t.Errorf("%d %s %s", status, out, errs)
	}
	if _, _, errs, _ = guestOf(t, env, prepare, "", "check", "domain", "a b"); !strings.Contains(errs, "ドメイン名") {
		t.Errorf("not in the language of the host: %q", errs)
	}
}

// TestAGuestConnectsToPublicAddressesOnly: where its host says so, no name of a guest leads into the network of this machine.
func TestAGuestConnectsToPublicAddressesOnly(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, public := range []bool{true, false} {
		host := app.New(strings.NewReader(""), io.Discard, io.Discard, noEnv)
		host.Shared.Public = public
		g := host.Guest(strings.NewReader(""), page.To(io.Discard), page.To(io.Discard))
		g.Global.Resolvers = []string{"127.0.0.1:9"}
		w, err := g.OpenWorld(t.Context(), world.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		c, err := w.Dial(t.Context(), "tcp", l.Addr().String())
		if errors.Is(err, world.ErrNotPublic) != public || (err == nil) == public {
			t.Errorf("public only %v: %v", public, err)
		}
		if err == nil {
			_ = c.Close()
		}
	}
}
