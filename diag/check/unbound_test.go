package check_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

// The world that NSD serves; long.firm.test, larger than UDP carries, is added to it.
const authoritative = `$ORIGIN firm.test.
$TTL 300
@        SOA   ns hostmaster 1 7200 3600 1209600 300
@        NS    ns
ns       A     127.0.0.1
@        MX    10 mx1
@        MX    20 mx2
mx1      A     192.0.2.25
mx2      CNAME mx1
@        TXT   "v=spf1 mx -all"
_dmarc   TXT   "v=DMARC1; p=reject; rua=mailto:dmarc@firm.test"
alias    CNAME target
target   TXT   "reached"
*.wild   TXT   "any"
`

// TestUnbound runs the checks through a real recursive resolver in front of a
// real authoritative server.
func TestUnbound(t *testing.T) {
	t.Parallel()
	server := startUnbound(t, startNSD(t))
	client, err := resolve.New(resolve.Options{Servers: []string{server}, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)

	for _, q := range []struct {
		name   string
		t      resolve.Type
		status resolve.Status
		text   string
	}{
		{"firm.test", resolve.TypeMX, resolve.Found, ""},
		{"alias.firm.test", resolve.TypeTXT, resolve.Found, "reached"},
		{"x.wild.firm.test", resolve.TypeTXT, resolve.Found, "any"},
		{"firm.test", resolve.TypeAAAA, resolve.NoData, ""},
		{"none.firm.test", resolve.TypeTXT, resolve.NoName, ""},
		{"long.firm.test", resolve.TypeTXT, resolve.Found, strings.Repeat("0123456789", 300)},
	} {
		a, err := client.Ask(t.Context(), q.name, q.t)
		if err != nil || a.Status != q.status {
			t.Errorf("%s %s: status %d, %v; want %d", q.name, q.t, a.Status, err, q.status)
		} else if q.text != "" && a.Records[0].Text != q.text {
			t.Errorf("%s: %.60q", q.name, a.Records[0].Text)
		}
	}
	var fail *resolve.Error
	if _, err := client.Ask(t.Context(), "lame.test", resolve.TypeTXT); !errors.As(err, &fail) || fail.Kind != resolve.KindServFail {
		t.Errorf("a zone whose server does not know it: %v", err)
	}

	target, err := diag.DomainTarget("firm.test")
	if err != nil {
		t.Fatal(err)
	}
	report := diag.Run(context.Background(), diag.Env{DNS: client, Now: time.Now}, target, check.Domain(check.DomainOptions{}))
	found := map[string]bool{}
	for _, res := range report.Results {
		if res.Err != nil {
			t.Errorf("%s: %v", res.Check.Name, res.Err)
		}
		for _, f := range res.Findings {
			found[f.Rule.ID] = true
		}
	}
	if !found["mx-cname"] || found["spf-none"] || found["dmarc-none"] || report.Status() != diag.Fail {
		t.Errorf("status %s, findings %v", report.Status(), found)
	}
}

// startNSD serves the authoritative world and returns its port.
func startNSD(t *testing.T) int {
	dir := t.TempDir()
	long := "long TXT"
	for i := 0; i < 3000; i += 250 {
		long += ` "` + strings.Repeat("0123456789", 25) + `"`
	}
	write(t, filepath.Join(dir, "firm.zone"), authoritative+long+"\n")
	return serveOnFreePort(t, func(port int) []string {
		conf := filepath.Join(dir, "nsd.conf")
		write(t, conf, fmt.Sprintf(`server:
  ip-address: 127.0.0.1@%d
  port: %d
  username: ""
  zonesdir: "%s"
  database: ""
  pidfile: "%s/nsd.pid"
  xfrdfile: "%s/xfrd.state"
  zonelistfile: "%s/zone.list"
  cookie-secret-file: "%s/cookie"
remote-control:
  control-enable: no
zone:
  name: firm.test
  zonefile: firm.zone
`, port, port, dir, dir, dir, dir, dir))
		return []string{"nsd", "-d", "-c", conf}
	})
}

// startUnbound starts a resolver that asks the given port for firm.test, and
// for lame.test, which the server there refuses.
func startUnbound(t *testing.T, authority int) string {
	dir := t.TempDir()
	port := serveOnFreePort(t, func(port int) []string {
		conf := filepath.Join(dir, "unbound.conf")
		write(t, conf, fmt.Sprintf(`server:
  directory: "%s"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  interface: 127.0.0.1@%d
  port: %d
  do-not-query-localhost: no
  do-ip6: no
  ede: yes
  local-zone: "test." nodefault
  local-zone: "_dmarc.test." static
  module-config: "iterator"
remote-control:
  control-enable: no
stub-zone:
  name: firm.test
  stub-addr: 127.0.0.1@%d
stub-zone:
  name: lame.test
  stub-addr: 127.0.0.1@%d
`, dir, port, port, authority, authority))
		return []string{"unbound", "-d", "-p", "-c", conf}
	})
	return fmt.Sprintf("127.0.0.1:%d", port)
}

// serveOnFreePort starts a server whose command line is made for a port, and
// waits until it knows firm.test there. A port that somebody else took in
// between is tried again with another.
func serveOnFreePort(t *testing.T, command func(port int) []string) int {
	t.Helper()
	for range 5 {
		port := freePort(t)
		ended := run(t, command(port)...)
		if answers(t, port, ended) {
			return port
		}
	}
	t.Fatal("the server does not answer")
	return 0
}

// answers waits until firm.test is known on a port, or the server has ended.
func answers(t *testing.T, port int, ended <-chan struct{}) bool {
	probe, err := resolve.New(resolve.Options{Servers: []string{fmt.Sprintf("127.0.0.1:%d", port)}, Timeout: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer probe.Close()
	for i := range 200 {
		if a, err := probe.Ask(t.Context(), fmt.Sprintf("ready%d.wild.firm.test", i), resolve.TypeTXT); err == nil && a.Status == resolve.Found {
			return true
		}
		select {
		case <-ended:
			return false
		case <-time.After(50 * time.Millisecond):
		}
	}
	return false
}

// run starts a server for the length of the test; it skips where the server is
// not installed, unless TODOKU_SERVERS_REQUIRED says that it must be. ended is
// closed when the server ends.
func run(t *testing.T, command ...string) (ended <-chan struct{}) {
	name := command[0]
	path, err := exec.LookPath(name)
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/" + name); err != nil {
			if os.Getenv("TODOKU_SERVERS_REQUIRED") != "" {
				t.Fatalf("%s is not installed", name)
			}
			t.Skipf("%s is not installed: apt-get install %s", name, name)
		}
	}
	cmd := exec.Command(path, command[1:]...)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		<-done
		if t.Failed() {
			t.Logf("%s said:\n%s", name, out.String())
		}
	})
	return done
}

func write(t *testing.T, file, text string) {
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// freePort is one that neither UDP nor TCP uses right now.
func freePort(t *testing.T) int {
	for range 20 {
		c, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		l, err := net.Listen("tcp", c.LocalAddr().String())
		if err == nil {
			l.Close()
			return c.LocalAddr().(*net.UDPAddr).Port
		}
	}
	t.Fatal("no free port")
	return 0
}
