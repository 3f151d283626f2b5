package dane_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"todoku/diag/dane"
)

// program finds a program, or skips the test; where servers are required, that is a failure.
func program(t *testing.T, name, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
	case os.Getenv("TODOKU_SERVERS_REQUIRED") != "":
		t.Fatalf("%s is not installed", name)
	default:
		t.Skipf("%s is not installed: apt-get install %s", name, pkg)
	}
	return path
}

// TestOpenSSL: OpenSSL, with which Postfix verifies, says of each chain what we say.
func TestOpenSSL(t *testing.T) {
	t.Parallel()
	openssl := program(t, "openssl", "openssl")
	for _, c := range chainCases(build(t)) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			args := []string{"s_client", "-connect", serve(t, c.chain), "-dane_tlsa_domain", host, "-dane_ee_no_namechecks",
				"-verify_return_error", "-brief"}
			for _, r := range c.records {
				args = append(args, "-dane_tlsa_rrdata", r)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			out, _ := exec.CommandContext(ctx, openssl, args...).CombinedOutput() // what it prints tells
			theirs := strings.Contains(string(out), "Verification: OK")
			if !theirs && !strings.Contains(strings.ToLower(string(out)), "verif") {
				t.Fatalf("no verdict: %s", out)
			}
			if ours := dane.Accepts(dane.Match(parsed(c.records), shown(c.chain))); ours != theirs {
				t.Errorf("%v: ours %t, OpenSSL's %t: %s", c.records, ours, theirs, out)
			}
		})
	}
}

// serve shows a chain in TLS on loopback.
func serve(t *testing.T, chain []pair) string {
	t.Helper()
	c := tls.Certificate{PrivateKey: chain[0].key}
	for _, p := range chain {
		c.Certificate = append(c.Certificate, p.Raw)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{c}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func(conn net.Conn) {
				_ = conn.(*tls.Conn).Handshake() // the client says what it thinks of it
				_, _ = conn.Read(make([]byte, 1))
				conn.Close()
			}(conn)
		}
	}()
	return l.Addr().String()
}

// pemFile writes a certificate where programs can read it.
func pemFile(t *testing.T, c pair) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cert.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestDanetool: the records that GnuTLS's danetool makes of a certificate match it and no other.
func TestDanetool(t *testing.T) {
	t.Parallel()
	danetool := program(t, "danetool", "gnutls-bin")
	h := build(t)
	file := pemFile(t, h.leaf)
	for _, form := range [][]string{{"--hash=sha256"}, {"--hash=sha512"}, {"--hash=sha256", "--x509"}, {"--hash=sha512", "--x509"}} {
		args := append([]string{"--tlsa-rr", "--host", host, "--port", "25", "--load-certificate", file, "--domain"}, form...)
		out, err := exec.Command(danetool, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		agrees(t, h, rdataOf(t, string(out)))
	}
}

// TestHashSlinger: so do those of hash-slinger.
func TestHashSlinger(t *testing.T) {
	t.Parallel()
	slinger := program(t, "tlsa", "hash-slinger")
	h := build(t)
	file := pemFile(t, h.leaf)
	for selector := range 2 {
		for matching := range 3 {
			out, err := exec.Command(slinger, "--create", "--output", "rfc", "--usage", "3", "--selector", fmt.Sprint(selector),
				"--mtype", fmt.Sprint(matching), "--port", "25", "--certificate", file, host).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			agrees(t, h, rdataOf(t, string(out)))
		}
	}
}

// rdataOf is the data of the TLSA record that a program prints, in a form that is ours: "_25._tcp.mx. IN TLSA ( 03 01 01 … )".
func rdataOf(t *testing.T, out string) string {
	t.Helper()
	_, rest, found := strings.Cut(out, "TLSA")
	if !found {
		t.Fatalf("no record: %s", out)
	}
	line, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	return strings.Trim(line, " ()")
}

func agrees(t *testing.T, h *house, record string) {
	t.Helper()
	for want, chain := range map[bool][]pair{true: {h.leaf, h.middle}, false: {h.other, h.middle}} {
		if got := dane.Accepts(dane.Match(parsed([]string{record}), shown(chain))); got != want {
			t.Errorf("%q: %t, want %t", record, got, want)
		}
	}
}
