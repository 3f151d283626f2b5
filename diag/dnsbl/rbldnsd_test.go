package dnsbl_test

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"todoku/diag/dnsbl"
	"todoku/diag/resolve"
)

// rbldnsd runs the DNS server of that name, with which most lists are served, on files of its own.
func rbldnsd(t *testing.T, files map[string]string, zones ...string) *resolve.Client {
	t.Helper()
	program, err := exec.LookPath("rbldnsd")
	if err != nil {
		t.Skip("rbldnsd is not installed")
	}
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // it reads the files as somebody else
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	free, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	port := free.LocalAddr().(*net.UDPAddr).Port
	free.Close()
	args := []string{"-n", "-b", fmt.Sprintf("127.0.0.1/%d", port), "-w", dir}
	if os.Getuid() == 0 {
		args = append(args, "-u", "nobody") // it does not run as root
	}
	cmd := exec.Command(program, append(args, zones...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for range 50 {
		r, err := resolve.New(resolve.Options{Servers: []string{fmt.Sprintf("127.0.0.1:%d", port)}, Timeout: 500 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = r.Ask(t.Context(), "2.0.0.127.zen.spamhaus.org", resolve.TypeA); err == nil {
			t.Cleanup(r.Close)
			return r
		}
		r.Close()
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("rbldnsd does not answer")
	return nil
}

// TestRBLDNSD: lists that the real program serves, with IPv4, IPv6, domains and words.
func TestRBLDNSD(t *testing.T) {
	t.Parallel()
	const head = "$SOA 300 ns.test hostmaster.test 1 600 300 86400 300\n"
	r := rbldnsd(t, map[string]string{
		"ip4":  head + "127.0.0.2\n:127.0.0.3:CSS of the test, $\n192.0.2.66\n:127.0.0.10:PBL of the test\n192.0.2.64/28\n",
		"ip6":  head + ":127.0.0.2:six\n::ffff:7f00:2/128\n:127.0.0.3:CSS of the test, $\n2001:db8:66::/48\n",
		"name": head + ":127.0.1.2:spam\ntest\n:127.0.1.4:phishing with $\n.bad.test\n",
		"all":  head + ":127.0.0.2:all\n127.0.0.0/8\n192.0.2.0/24\n",
	}, "zen.spamhaus.org:ip4set:ip4", "zen.spamhaus.org:ip6trie:ip6", "dbl.spamhaus.org:dnset:name", "psbl.surriel.com:ip4set:all")
	for _, c := range []struct{ zone, subject, want, reason string }{
		{"zen.spamhaus.org", "192.0.2.66", "listed CSS, PBL", "CSS of the test, 192.0.2.66 PBL of the test"},
		{"zen.spamhaus.org", "192.0.2.70", "policy PBL", "PBL of the test"}, {"zen.spamhaus.org", "192.0.2.7", "clean", ""},
		{"zen.spamhaus.org", "2001:db8:66::1", "listed CSS", ""}, {"zen.spamhaus.org", "2001:db8::1", "clean", ""},
		{"dbl.spamhaus.org", "www.bad.test", "listed phish", "phishing with bad.test"}, {"dbl.spamhaus.org", "good.test", "clean", ""},
		{"psbl.surriel.com", "192.0.2.66", "dead wildcard", ""}, {"unserved.test", "192.0.2.66", "unknown", ""},
	} {
		s := dnsbl.Find(c.zone)
		l := dnsbl.Listing{}
		if ip, err := netip.ParseAddr(c.subject); err == nil {
			l = s.Address(t.Context(), r, ip).Strict()
		} else {
			l = s.Domain(t.Context(), r, c.subject).Strict()
		}
		if got := meaning(l); got != c.want || c.reason != "" && l.Reason != c.reason {
			t.Errorf("%s %s: %q (%s), want %q", c.zone, c.subject, got, l.Reason, c.want)
		}
	}
}
