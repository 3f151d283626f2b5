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
	"todoku/diag/resolve"
)

// realZone is what the two name servers of firm.test serve, in two versions; its sisters are signed in different ways.
func realZone(origin, serial, spf string) string {
	return "$ORIGIN " + origin + ".\n$TTL 300\n@ SOA ns1 hostmaster " + serial + ` 7200 3600 1209600 300
@        NS    ns1
@        NS    ns2
ns1      A     192.0.2.53
ns2      A     198.51.100.53
@        MX    10 mx
mx       A     192.0.2.25
@        TXT   "` + spf + `"
_dmarc   TXT   "v=DMARC1; p=reject"
`
}

// TestNSRealServers asks NSD, three times (the zone above and two servers of the zones), with unbound in front, which
// validates: what differs, what is lame, what is signed well, with another key, and with signatures that have expired.
func TestNSRealServers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const spf = "v=spf1 mx -all"
	firm := map[string]string{"firm.test": realZone("firm.test", "2", spf), "same.test": realZone("same.test", "7", spf),
		"lame.test": realZone("lame.test", "1", spf)}
	older := map[string]string{"firm.test": realZone("firm.test", "1", "v=spf1 +all"), "same.test": firm["same.test"]}
	above := "$ORIGIN test.\n$TTL 300\n@ SOA reg hostmaster 1 7200 3600 1209600 300\n@ NS reg\nreg A 192.0.2.4\n"
	anchors := ""
	for _, origin := range []string{"firm.test", "same.test", "lame.test", "signed.test", "expired.test", "rolled.test"} {
		above += fmt.Sprintf("%[1]s. NS ns1.%[1]s.\n%[1]s. NS ns2.%[1]s.\nns1.%[1]s. A 192.0.2.53\nns2.%[1]s. A 198.51.100.53\n", origin)
		label, _, _ := strings.Cut(origin, ".")
		if label != "signed" && label != "expired" && label != "rolled" {
			continue
		}
		zone, ds := signZone(t, dir, origin, realZone(origin, "3", spf), label == "expired", label == "rolled")
		firm[origin], older[origin] = zone, zone
		above += ds + "\n"
		anchors += fmt.Sprintf("  trust-anchor: %q\n", ds)
	}
	ports := map[string]int{"192.0.2.4": startZones(t, map[string]string{"test": above}), "192.0.2.53": startZones(t, firm),
		"198.51.100.53": startZones(t, older)}
	direct := resolve.NewDirect(resolve.Options{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(addr)
		if err != nil || ports[host] == 0 {
			return nil, errors.Join(err, os.ErrInvalid)
		}
		return new(net.Dialer).DialContext(ctx, network, fmt.Sprintf("127.0.0.1:%d", ports[host]))
	}})
	for _, tells := range []string{"yes", "no"} { // why it refuses what is bogus
		client, err := resolve.New(resolve.Options{Servers: []string{startValidator(t, ports, anchors, tells)}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.Close)
		judgeReal(t, diag.Env{DNS: client, Now: time.Now, Direct: direct})
	}
}

// judgeReal holds what is found with real servers against what is wrong with their zones.
func judgeReal(t *testing.T, env diag.Env) {
	t.Helper()
	for domain, want := range map[string]string{"firm.test": "ns-differs firm.test", "same.test": "", "lame.test": "ns-lame 198.51.100.53",
		"signed.test": "", "expired.test": "ns-bogus expired.test", "rolled.test": "ns-bogus rolled.test", "none.test": ""} {
		r, res, f := lookAtServers(t, env, domain)
		label, _, _ := strings.Cut(domain, ".")
		signed := label == "signed" || label == "expired" || label == "rolled"
		if told(r) != want || res.Err != nil || f.Signed != signed || f.Bogus != (label == "expired" || label == "rolled") {
			t.Errorf("%s: %q, want %q; %v %+v", domain, told(r), want, res.Err, f)
		}
	}
}

// signZone signs a zone with a key of its own and gives the DS record of that key: of another key where the zone was rolled
// over too early.
func signZone(t *testing.T, dir, origin, zone string, expired, rolled bool) (signed, ds string) {
	t.Helper()
	tool := func(args ...string) string {
		path, err := exec.LookPath(args[0])
		if err != nil {
			if os.Getenv("TODOKU_SERVERS_REQUIRED") != "" {
				t.Fatalf("%s is not installed", args[0])
			}
			t.Skipf("%s is not installed: apt-get install ldnsutils", args[0])
		}
		cmd := exec.Command(path, args[1:]...)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		return strings.TrimSpace(string(out))
	}
	file := filepath.Join(dir, origin)
	write(t, file, zone)
	key := tool("ldns-keygen", "-a", "ECDSAP256SHA256", "-k", origin)
	args := []string{"ldns-signzone"}
	if expired {
		args = append(args, "-i", "20200101000000", "-e", "20200201000000")
	}
	tool(append(args, file, key)...)
	if rolled {
		key = tool("ldns-keygen", "-a", "ECDSAP256SHA256", "-k", origin)
	}
	return read(t, file+".signed"), strings.Join(strings.Fields(read(t, filepath.Join(dir, key+".ds"))), " ")
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// startZones serves zones by NSD and returns its port.
func startZones(t *testing.T, zones map[string]string) int {
	t.Helper()
	dir := t.TempDir()
	list := ""
	for origin, text := range zones {
		write(t, filepath.Join(dir, origin), text)
		list += fmt.Sprintf("zone:\n  name: %s\n  zonefile: %s\n", origin, origin)
	}
	for range 5 {
		port := freePort(t)
		conf := filepath.Join(dir, "nsd.conf")
		write(t, conf, fmt.Sprintf(`server:
  ip-address: 127.0.0.1@%[1]d
  port: %[1]d
  username: ""
  zonesdir: "%[2]s"
  database: ""
  pidfile: "%[2]s/nsd.pid"
  xfrdfile: "%[2]s/xfrd.state"
  zonelistfile: "%[2]s/zone.list"
  cookie-secret-file: "%[2]s/cookie"
remote-control:
  control-enable: no
%[3]s`, port, dir, list))
		if listens(port, run(t, "nsd", "-d", "-c", conf)) {
			return port
		}
	}
	t.Fatal("nsd does not answer")
	return 0
}

// startValidator starts unbound, which asks the servers at their ports and validates what hangs on the anchors.
func startValidator(t *testing.T, ports map[string]int, anchors, ede string) string {
	t.Helper()
	dir := t.TempDir()
	stubs := fmt.Sprintf("stub-zone:\n  name: test\n  stub-addr: 127.0.0.1@%d\n", ports["192.0.2.4"])
	for _, origin := range []string{"firm", "same", "lame", "signed", "expired", "rolled"} {
		stubs += fmt.Sprintf("stub-zone:\n  name: %s.test\n  stub-addr: 127.0.0.1@%d\n", origin, ports["192.0.2.53"])
	}
	for range 5 {
		port := freePort(t)
		conf := filepath.Join(dir, "unbound.conf")
		write(t, conf, fmt.Sprintf(`server:
  directory: "%[1]s"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  interface: 127.0.0.1@%[2]d
  port: %[2]d
  do-not-query-localhost: no
  do-ip6: no
  ede: %[5]s
  local-zone: "test." nodefault
  module-config: "validator iterator"
%[3]sremote-control:
  control-enable: no
%[4]s`, dir, port, anchors, stubs, ede))
		if listens(port, run(t, "unbound", "-d", "-p", "-c", conf)) {
			return fmt.Sprintf("127.0.0.1:%d", port)
		}
	}
	t.Fatal("unbound does not answer")
	return ""
}

// listens waits until somebody takes connections at a port of loopback; false where the server has ended.
func listens(port int, ended <-chan struct{}) bool {
	for range 200 {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			c.Close()
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
