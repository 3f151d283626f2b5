package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// echoRelay takes a login over TLS, by the one mechanism that it offers, and
// repeats what it was told in its reply at one stage, in every form.
type echoRelay struct {
	mechanism, stage, user, secret string

	mu    sync.Mutex
	mails strings.Builder // what it got as DATA
}

func (r *echoRelay) blob() string {
	plain := "\x00" + r.user + "\x00" + r.secret
	if r.mechanism == "XOAUTH2" {
		plain = "user=" + r.user + "\x01auth=Bearer " + r.secret + "\x01\x01"
	}
	return base64.StdEncoding.EncodeToString([]byte(plain))
}

// echo is a reply with a code; all lines repeat something.
func (r *echoRelay) echo(code string) string {
	half := len(r.secret) / 2
	spaced := strings.Join(strings.Split(r.secret, ""), " ")
	var percent, quoted strings.Builder
	for _, c := range []byte(r.secret) {
		fmt.Fprintf(&percent, "%%%02X", c)
		fmt.Fprintf(&quoted, "=%02X", c)
	}
	lines := []string{
		"AUTH " + r.mechanism + " " + r.blob(), "said " + r.secret, "said " + r.secret[:half], r.secret[half:], r.blob()[:11],
		r.blob()[11:], spaced, strings.ToUpper(r.secret), percent.String(), quoted.String(),
		base64.StdEncoding.EncodeToString([]byte(r.secret)), base64.RawURLEncoding.EncodeToString([]byte("?" + r.secret)),
		hex.EncodeToString([]byte(r.secret)), "user " + r.user,
	}
	return code + "-5.7.1 " + strings.Join(lines, "\r\n"+code+"-5.7.1 ") + "\r\n" + code + " 5.7.1 over"
}

func (r *echoRelay) serve(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	in := bufio.NewReader(c)
	say := func(stage, usual string) {
		if stage == r.stage {
			usual = r.echo(map[bool]string{true: "354", false: "550"}[stage == "go"])
		}
		_, _ = io.WriteString(c, usual+"\r\n")
	}
	hear := func() string {
		line, _ := in.ReadString('\n')
		return strings.TrimRight(line, "\r\n")
	}
	say("greeting", "220 relay.test")
	for command := hear(); command != ""; command = hear() {
		switch verb, rest, _ := strings.Cut(command, " "); verb {
		case "EHLO":
			say("ehlo", "250-relay.test\r\n250 AUTH "+r.mechanism)
		case "AUTH":
			switch {
			case r.mechanism == "LOGIN":
				say("", "334 VXNlcm5hbWU6")
				hear()
				say("", "334 UGFzc3dvcmQ6")
				hear()
			case r.mechanism == "CRAM-MD5":
				say("", "334 PDEyM0ByZWxheS50ZXN0Pg==")
				hear()
			case !strings.Contains(rest, " "):
				hear()
			}
			say("auth", "235 2.7.0 ok")
		case "DATA":
			if r.stage == "data" {
				say("data", "")
				continue
			}
			say("go", "354 go")
			r.mu.Lock()
			for line := hear(); line != "."; line = hear() {
				r.mails.WriteString(line + "\n")
			}
			r.mu.Unlock()
			say("dot", "250 2.0.0 taken")
		case "QUIT":
			say("quit", "221 bye")
			return
		default:
			say(strings.ToLower(verb), "250 2.0.0 ok")
		}
	}
}

// open gives the relay's URL and a file with the authority that signed for it.
func (r *echoRelay) open(t *testing.T, dir string) (relay, authority string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"},
		DNSNames: []string{"localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	authority = filepath.Join(dir, "authority.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	if err != nil {
		t.Fatal(err)
	}
	accept(t, l, r.serve)
	return fmt.Sprintf("smtps://localhost:%d", l.Addr().(*net.TCPAddr).Port), authority
}

// TestRepeatedSecretIsToldNowhere: a relay repeats the login at any stage, also in
// its next session; it is in no stream, notice, history, export or letter.
// TODOKU_FULL=1 takes every mechanism at every stage.
func TestRepeatedSecretIsToldNowhere(t *testing.T) {
	t.Parallel()
	mechanisms := []string{"PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"}
	for i, stage := range []string{"greeting", "ehlo", "auth", "mail", "rcpt", "data", "go", "dot", "quit"} {
		for k, mechanism := range mechanisms {
			if os.Getenv("TODOKU_FULL") == "" && i%len(mechanisms) != k {
				continue
			}
			t.Run(stage+" "+mechanism, func(t *testing.T) {
				t.Parallel()
				echoed(t, &echoRelay{mechanism: mechanism, stage: stage, user: "hanako", secret: "kR9-secret-x7Q/+z"})
			})
		}
	}
}

func echoed(t *testing.T, r *echoRelay) {
	dir, env := place(t, map[string]string{"pw": r.secret + "\n"})
	relay, authority := r.open(t, dir)
	var said bytes.Buffer
	for _, format := range []string{"text", "json"} {
		c := ownCommand(t, "send", "--to", "user@a.test", "--from", "news@b.test", "--subject", "x", "--body", "x", "--via",
			relay, "--user", r.user, "--password-file", filepath.Join(dir, "pw"),
			"--notify-errors", "--history", env["TODOKU_HISTORY"], "--format", format, "--timeout", "20s")
		if r.mechanism == "XOAUTH2" {
			c.Args = append(c.Args, "--xoauth2")
		}
		c.Env = append(c.Env, "SSL_CERT_FILE="+authority)
		var out, errs bytes.Buffer
		c.Stdout, c.Stderr = &out, &errs
		_ = c.Run()
		said.WriteString(out.String() + errs.String())
		if format == "text" {
			continue
		}
		var s sent
		if err := json.Unmarshal(out.Bytes(), &s); err != nil {
			t.Fatalf("%v: %s", err, &said)
		}
		for _, line := range []string{"history show " + s.ID, "history show --format json " + s.ID, "letter " + s.ID,
			"letter --format json " + s.ID} {
			_, out, errs := typed(t, env, line)
			said.WriteString(out + errs)
		}
	}
	for _, format := range []string{"csv", "json", "ndjson"} {
		_, out, errs := typed(t, env, "history export --transcripts --format "+format)
		said.WriteString(out + errs)
	}
	r.mu.Lock()
	said.WriteString(r.mails.String())
	r.mu.Unlock()
	half, blob := len(r.secret)/2, r.blob()
	beginning := blob[11:] // what is before it is the user, and no secret where it was not said
	if r.mechanism == "PLAIN" && r.stage != "greeting" && r.stage != "ehlo" {
		beginning = blob[:11]
	}
	for _, form := range []string{
		r.secret, r.secret[:half], r.secret[half:], blob, beginning, blob[11:], blob[len(blob)-12:],
		hex.EncodeToString([]byte(r.secret)), hex.EncodeToString([]byte(r.secret))[:12],
		base64.StdEncoding.EncodeToString([]byte(r.secret)), base64.RawStdEncoding.EncodeToString([]byte(r.secret))[:12],
		"k R 9 -", "%6B%52", "=6B=52",
	} {
		if bytes.Contains(said.Bytes(), []byte(form)) || strings.Contains(strings.ToLower(said.String()), strings.ToLower(form)) {
			t.Errorf("%q is told", form)
		}
		searchFiles(t, dir, form, "pw", "authority.pem")
	}
	if r.stage != "quit" && !strings.Contains(said.String(), "user hanako") { // the goodbye is kept nowhere
		t.Errorf("the rest of the reply is gone, too: %s", &said)
	}
}
