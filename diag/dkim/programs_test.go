package dkim_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"todoku/diag/dkim"
	"todoku/diag/lab"
	"todoku/sender/mail"
)

// program is a real signer and verifier.
type program interface {
	// verify reports whether the first signature passes.
	verify(t *testing.T, m string) bool
	// sign gives a mail with a signature on top. The key is the one of "s1" in example.test.
	sign(t *testing.T, m, alg, header, body string) string
}

// need gives the path of a program, or skips the test, unless TODOKU_SERVERS_REQUIRED says that it must be there.
func need(t *testing.T, name, in string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path = filepath.Join("/usr/sbin", name)
	}
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("TODOKU_SERVERS_REQUIRED") == "1" {
			t.Fatalf("%s is not installed", in)
		}
		t.Skipf("%s is not installed", in)
	}
	return path
}

func put(t *testing.T, file, text string) string {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// run gives what a program writes to both outputs.
func run(t *testing.T, in string, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Stdin = strings.NewReader(in)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func keyFor(alg string) crypto.Signer {
	if alg == "ed25519-sha256" {
		return keys().ed
	}
	return keys().rsa
}

func pemOf(k crypto.Signer) string {
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// programZone has the keys of both algorithms: s1 (RSA) and e1.
func programZone() zone {
	return zone{"s1._domainkey.example.test": {record(keys().rsa)}, "e1._domainkey.example.test": {record(keys().ed)}}
}

func selectorFor(alg string) string {
	if alg == "ed25519-sha256" {
		return "e1"
	}
	return "s1"
}

// try lets a program verify what we sign and the other way round, in all canonicalizations.
func try(t *testing.T, p program, algs ...string) {
	z := programZone()
	judged := 0
	for _, alg := range algs {
		for _, header := range []string{"simple", "relaxed"} {
			for _, body := range []string{"simple", "relaxed"} {
				name := alg + " " + header + "/" + body
				r := healthy()
				r.set("c", header+"/"+body).set("a", alg).set("s", selectorFor(alg)).set("t", fmt.Sprint(time.Now().Unix()-60))
				r.key, r.eol = keyFor(alg), "\n"
				ours := r.mail(t)
				if !p.verify(t, ours) {
					t.Errorf("%s: our signature is refused", name)
				}
				if p.verify(t, strings.Replace(ours, "at five", "at six", 1)) {
					t.Errorf("%s: our signature passes over another body", name)
				}
				theirs := p.sign(t, strings.Join(r.fields, "\n")+"\n\n"+r.body, alg, header, body)
				if theirs == "" {
					continue
				}
				judged++
				now := time.Now().Unix()
				if got := told(verify(z, []byte(theirs), now)); got != "pass" {
					t.Errorf("%s: their signature: %s\n%s", name, got, theirs)
				}
				if got := told(verify(z, []byte(strings.Replace(theirs, "at five", "at six", 1)), now)); got != "fail[body_hash_mismatch]" {
					t.Errorf("%s: their signature over another body: %s", name, got)
				}
			}
		}
		if !p.verify(t, composed(t, alg)) {
			t.Errorf("%s: a mail that todoku sends is refused", alg)
		}
	}
	if t.Logf("%d signatures of theirs", judged); judged == 0 {
		t.Error("it signed nothing")
	}
}

// composed is a mail as todoku sends it, signed by sender/mail.
func composed(t *testing.T, alg string) string {
	t.Helper()
	signer, err := mail.NewSigner("example.test", selectorFor(alg), []byte(pemOf(keyFor(alg))))
	if err != nil {
		t.Fatal(err)
	}
	from, err := mail.ParseAddress("From", "ニュース <news@example.test>")
	if err != nil {
		t.Fatal(err)
	}
	to, err := mail.ParseAddress("To", "you@example.net")
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.Compose(mail.Draft{From: from, To: []mail.Address{to}, Subject: "茶会のお知らせ",
		Text: "お茶です。\n\n  五時に。\n"})
	if err != nil {
		t.Fatal(err)
	}
	if m, err = signer.Sign(m); err != nil {
		t.Fatal(err)
	}
	data := bytes.Join(m.Pieces(), nil)
	report := dkim.Verify(t.Context(), programZone(), mail.Cut(data), dkim.Options{})
	if s := report.Signatures; told(report) != "pass" || !s[0].Oversigned("From") {
		t.Errorf("our own: %s", told(report))
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

type opendkim struct{ path, dir string }

func (o *opendkim) verify(t *testing.T, m string) bool {
	t.Helper()
	var zone strings.Builder
	for name, texts := range programZone() {
		fmt.Fprintf(&zone, "%s %s\n", name, texts[0])
	}
	conf := put(t, filepath.Join(o.dir, "verify.conf"), "Mode v\nTestDNSData "+put(t, filepath.Join(o.dir, "keys"), zone.String())+"\n")
	out := run(t, "", o.path, "-x", conf, "-vv", "-t", put(t, filepath.Join(o.dir, "mail"), m))
	return strings.Contains(out, "dkim=pass")
}

func (o *opendkim) sign(t *testing.T, m, alg, header, body string) string {
	t.Helper()
	if alg == "ed25519-sha256" && header == "simple" {
		return "" // version 2.11 makes signatures that neither it nor dkimpy takes
	}
	conf := fmt.Sprintf("Mode s\nDomain example.test\nSelector %s\nKeyFile %s\nSignatureAlgorithm %s\nCanonicalization %s/%s\n"+
		"OversignHeaders From\nRequireSafeKeys no\n", selectorFor(alg),
		put(t, filepath.Join(o.dir, "key.pem"), pemOf(keyFor(alg))), alg, header, body)
	out := run(t, "", o.path, "-x", put(t, filepath.Join(o.dir, "sign.conf"), conf), "-v", "-t", put(t, filepath.Join(o.dir, "mail"), m))
	_, field, ok := strings.Cut(out, "\nDKIM-Signature: ")
	if !ok {
		t.Fatalf("no signature: %s", out)
	}
	field = regexp.MustCompile(`^[^\n]*(\n[ \t][^\n]*)*`).FindString(field)
	return "DKIM-Signature: " + field + "\n" + m
}

func TestOpenDKIM(t *testing.T) {
	t.Parallel()
	try(t, &opendkim{need(t, "opendkim", "opendkim"), t.TempDir()}, "rsa-sha256", "ed25519-sha256")
}

// dkimpy is the module of Debian's own Python.
type dkimpy struct{}

const pythonScript = `
import dkim, json, sys
q = json.load(sys.stdin)
m = q["mail"].encode("utf-8").replace(b"\n", b"\r\n")
if q["key"]:
    f = dkim.sign(m, q["selector"].encode(), b"example.test", q["key"].encode(), canonicalize=(q["header"].encode(), q["body"].encode()),
        signature_algorithm=q["alg"].encode())
    sys.stdout.write((f + m).decode("utf-8").replace("\r\n", "\n"))
else:
    zone = {(k + ".").encode(): v[0].encode() for k, v in q["zone"].items()}
    print(dkim.verify(m, dnsfunc=lambda name, timeout=5: zone.get(name)))
`

type pythonQuestion struct {
	Mail, Key, Selector, Header, Body, Alg string
	Zone                                   zone
}

func (dkimpy) ask(t *testing.T, q pythonQuestion) string {
	t.Helper()
	data, err := json.Marshal(map[string]any{"mail": q.Mail, "key": q.Key, "selector": q.Selector, "header": q.Header, "body": q.Body,
		"alg": q.Alg, "zone": q.Zone})
	if err != nil {
		t.Fatal(err)
	}
	return run(t, string(data), "/usr/bin/python3", "-c", pythonScript)
}

func (d dkimpy) verify(t *testing.T, m string) bool {
	t.Helper()
	return d.ask(t, pythonQuestion{Mail: m, Zone: programZone()}) == "True\n"
}

func (d dkimpy) sign(t *testing.T, m, alg, header, body string) string {
	t.Helper()
	key := pemOf(keyFor(alg))
	if k, ok := keyFor(alg).(ed25519.PrivateKey); ok {
		key = b64(k.Seed())
	}
	return d.ask(t, pythonQuestion{Mail: m, Key: key, Selector: selectorFor(alg), Header: header, Body: body, Alg: alg})
}

func TestWithDKIMPy(t *testing.T) {
	t.Parallel()
	need(t, "dkimverify", "python3-dkim")
	try(t, dkimpy{}, "rsa-sha256", "ed25519-sha256")
}

// rspamd is a worker on a free port, with the lab as its DNS. It signs in relaxed/relaxed only.
type rspamd struct{ url string }

func startRspamd(t *testing.T) *rspamd {
	t.Helper()
	path := need(t, "rspamd", "rspamd")
	dir := t.TempDir()
	var text strings.Builder
	for name, texts := range programZone() {
		text.WriteString(zoneLine(name, texts[0]))
	}
	w, err := lab.ParseWorld(strings.NewReader(text.String()), "zone")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := free.Addr().String()
	_ = free.Close()
	put(t, filepath.Join(dir, "key.pem"), pemOf(keys().rsa))
	put(t, filepath.Join(dir, "tld"), "test\nnet\n")
	conf := put(t, filepath.Join(dir, "rspamd.conf"), fmt.Sprintf(`options {
  url_tld = "%[1]s/tld"; tempdir = "%[1]s"; hs_cache_dir = "%[1]s"; control_socket = "%[1]s/ctl"; pidfile = "%[1]s/pid";
  dns { nameserver = ["%[2]s"]; timeout = 5s; }
  filters = "dkim"; local_addrs = "127.0.0.0/8"; disable_hyperscan = true;
}
logging { type = "console"; level = "warning"; }
worker "normal" { bind_socket = "%[3]s"; count = 1; }
dkim { trusted_only = false; skip_multi = false; }
dkim_signing { sign_local = true; use_esld = false; selector = "s1"; path = "%[1]s/key.pem"; check_pubkey = false; }
actions { reject = 15; }
modules { path = "/usr/share/rspamd/plugins/dkim_signing.lua"; }
`, dir, l.DNSAddr(), at))
	args := []string{"-f", "-c", conf}
	if os.Getuid() == 0 {
		args = append(args, "-i", "-u", "root", "-g", "root")
	}
	c := exec.Command(path, args...)
	var log bytes.Buffer
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	for range 600 {
		if conn, err := net.Dial("tcp", at); err == nil {
			_ = conn.Close()
			return &rspamd{url: "http://" + at + "/checkv2"}
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("rspamd does not listen")
	return nil
}

// ask gives the answer to a mail that came from an address.
func (r *rspamd) ask(t *testing.T, m, ip string) (answer struct {
	Symbols   map[string]struct{}
	Signature string `json:"dkim-signature"`
}) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, "POST", r.url, strings.NewReader(m))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Ip", ip)
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return answer
}

func (r *rspamd) verify(t *testing.T, m string) bool {
	t.Helper()
	_, ok := r.ask(t, m, "192.0.2.25").Symbols["R_DKIM_ALLOW"]
	return ok
}

func (r *rspamd) sign(t *testing.T, m, alg, header, body string) string {
	t.Helper()
	if alg != "rsa-sha256" || header != "relaxed" || body != "relaxed" {
		return ""
	}
	return "DKIM-Signature: " + strings.ReplaceAll(r.ask(t, m, "127.0.0.1").Signature, "\r\n", "\n") + "\n" + m
}

func TestRspamd(t *testing.T) {
	t.Parallel()
	try(t, startRspamd(t), "rsa-sha256", "ed25519-sha256")
}
