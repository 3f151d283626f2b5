package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"todoku/cmd/app"
)

// program finds a server's program, or skips the test; where servers are
// required, that is a failure.
func program(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range []string{"", "/usr/sbin", "/usr/lib/postfix/sbin", os.Getenv("TODOKU_SERVERS")} {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path
		}
	}
	if os.Getenv("TODOKU_SERVERS_REQUIRED") == "1" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

// freePort is one that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// until waits for a condition of another process.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("%s: not within 20 s", what)
}

func listening(port int) func() bool {
	return func() bool {
		c, err := net.DialTimeout("tcp", "127.0.0.1:"+strconv.Itoa(port), time.Second)
		if err == nil {
			c.Close()
		}
		return err == nil
	}
}

// selfSigned writes a certificate for a name and its key.
func selfSigned(t *testing.T, dir, name string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	put(t, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	put(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})))
	return cert, key
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// postfix is a Postfix of the test's own: mailboxes below dir/mail, a log, SASL
// with a user.
type postfix struct {
	dir                string
	smtp, smtps, relay int // ports
}

const (
	relayUser   = "hanako"
	relaySecret = "s3cret-w0rd"
)

func startPostfix(t *testing.T) *postfix {
	t.Helper()
	program(t, "postfix")
	if os.Getuid() != 0 {
		t.Skip("Postfix starts as root only")
	}
	// Postfix wants a path that its own user may enter, and a short one.
	dir, err := os.MkdirTemp("/tmp", "pf")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	p := &postfix{dir: dir, smtp: freePort(t), smtps: freePort(t), relay: freePort(t)}
	cert, key := selfSigned(t, dir, "mx.real.test")
	put(t, filepath.Join(dir, "conf", "main.cf"), fmt.Sprintf(`compatibility_level = 3.6
queue_directory = %[1]s/spool
data_directory = %[1]s/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.real.test
mydestination =
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = real.test
virtual_mailbox_base = %[1]s/mail
virtual_mailbox_maps = inline:{user@real.test=user/, grey@real.test=grey/, 利用者@real.test=utf8/}
virtual_uid_maps = static:%[2]s
virtual_gid_maps = static:%[3]s
message_size_limit = 20000
smtputf8_enable = yes
smtpd_recipient_restrictions = check_recipient_access inline:{{grey@real.test = 450 4.2.0 greylisted try again in 5 minutes}},
  permit_sasl_authenticated, reject_unauth_destination
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_cert_file = %[4]s
smtpd_tls_key_file = %[5]s
smtpd_tls_security_level = may
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = %[1]s/auth/login
default_transport = discard:
relay_transport = discard:
maillog_file = %[1]s/log
maillog_file_prefixes = /tmp
`, dir, idOf(t, "postfix", false), idOf(t, "postfix", true), cert, key))
	put(t, filepath.Join(dir, "conf", "master.cf"), fmt.Sprintf(`%d inet n - n - - smtpd
%d inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
%d inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`, p.smtp, p.smtps, p.relay))
	for _, sub := range []string{"spool", "data", "mail"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	startDovecot(t, dir)
	for _, c := range []*exec.Cmd{exec.Command("chown", "-R", "postfix", dir+"/data", dir+"/mail"),
		exec.Command(program(t, "postfix"), "-c", dir+"/conf", "start")} {
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", c.Args, err, out)
		}
	}
	t.Cleanup(func() { _ = exec.Command(program(t, "postfix"), "-c", dir+"/conf", "stop").Run() })
	until(t, "Postfix", listening(p.smtp))
	return p
}

// startDovecot checks passwords for Postfix, on a socket below dir.
func startDovecot(t *testing.T, dir string) {
	t.Helper()
	put(t, filepath.Join(dir, "users"), relayUser+":{PLAIN}"+relaySecret+"\n")
	put(t, filepath.Join(dir, "dovecot.conf"), fmt.Sprintf(`base_dir = %[1]s/dovecot
log_path = %[1]s/dovecot.log
ssl = no
protocols =
auth_mechanisms = plain login cram-md5
passdb {
  driver = passwd-file
  args = %[1]s/users
}
userdb {
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}
service auth {
  unix_listener %[1]s/auth/login {
    mode = 0666
  }
}
service stats {
  chroot =
}
`, dir))
	if err := os.MkdirAll(filepath.Join(dir, "auth"), 0o755); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program(t, "dovecot"), "-F", "-c", filepath.Join(dir, "dovecot.conf"))
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Signal(os.Interrupt); _ = c.Wait() })
	until(t, "Dovecot", func() bool {
		s, err := net.Dial("unix", filepath.Join(dir, "auth", "login"))
		if err == nil {
			s.Close()
		}
		return err == nil
	})
}

func idOf(t *testing.T, name string, group bool) string {
	t.Helper()
	u, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	if group {
		return u.Gid
	}
	return u.Uid
}

func (p *postfix) log() string {
	text, _ := os.ReadFile(filepath.Join(p.dir, "log"))
	return string(text)
}

// mailbox reads the mails of a Maildir once there is one.
func (p *postfix) mailbox(t *testing.T, name string) string {
	t.Helper()
	var files []string
	until(t, "mail for "+name, func() bool {
		files, _ = filepath.Glob(filepath.Join(p.dir, "mail", name, "new", "*"))
		return len(files) > 0
	})
	text, err := os.ReadFile(files[len(files)-1])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sentJSON is what the tests look at in a sending.
type sentJSON struct {
	Result       string
	DeliveryCode string `json:"delivery_code"`
	ReasonClass  string `json:"reason_class"`
	Reply        string
	Transcript   []struct {
		Steps []struct {
			Sent  string
			Reply struct {
				Code  int
				Lines []string
			}
		}
	}
}

// sendReal sends with the environment of a user, and gives all that came out.
func sendReal(t *testing.T, env map[string]string, args ...string) (sentJSON, app.ExitStatus, string) {
	t.Helper()
	// A process of its own: which certificates the system trusts is its environment's.
	c := ownCommand(t, append([]string{"send", "--format", "json", "--subject", "hello", "--body", "hello world\n.\n..dots\n"}, args...)...)
	for k, v := range env {
		c.Env = append(c.Env, k+"="+v)
	}
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	_ = c.Run() // the status says it
	status := app.ExitStatus(c.ProcessState.ExitCode())
	var s sentJSON
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatalf("%q: %v: %s", args, err, errs.String())
	}
	return s, status, out.String() + errs.String()
}

// TestPostfix sends to a real Postfix, which delivers, refuses and relays.
func TestPostfix(t *testing.T) {
	t.Parallel()
	p := startPostfix(t)
	dir := t.TempDir()
	env := map[string]string{"TODOKU_HISTORY": filepath.Join(dir, "history.db"), "TODOKU_PASSWORD": relaySecret,
		"SSL_CERT_FILE": filepath.Join(p.dir, "cert.pem")}
	via := fmt.Sprintf("smtp://127.0.0.1:%d", p.smtp)
	base := func(to, via string, more ...string) []string {
		return append([]string{"--from", "news@kaisha.test", "--to", to, "--via", via}, more...)
	}

	s, status, _ := sendReal(t, env, base("user@real.test", via, "--dsn", "success,failure", "--envid", "id-1")...)
	if status != app.ExitOK || s.DeliveryCode != "40000" {
		t.Fatalf("exit %d: %+v\n%s", status, s, p.log())
	}
	if got := p.mailbox(t, "user"); !strings.Contains(got, "\nSubject: hello\n") || !strings.HasSuffix(got, "hello world\n.\n..dots\n") {
		t.Errorf("the mailbox has %q", got)
	}
	if id := queued(s.Reply); !strings.Contains(p.log(), id) || id == "" {
		t.Errorf("the log does not know %q", s.Reply)
	}

	for _, test := range []struct {
		name, code, class string
		args              []string
	}{
		{"unknown user", "42550", "user_unknown", base("nobody@real.test", via)},
		{"no relay", "42554", "relay_denied", base("user@elsewhere.test", via)},
		{"greylisted", "42450", "rate_limited", base("grey@real.test", via, "--retry-for", "0s")},
		{"starttls", "40000", "unspecified", base("user@real.test", via, "--tls", "require")},
		{"smtputf8", "40000", "unspecified", base("利用者@real.test", via)},
		{"login", "40000", "unspecified", base("user@elsewhere.test", fmt.Sprintf("smtp://127.0.0.1:%d", p.relay), "--user", relayUser)},
		{"login over TLS from the start", "40000", "unspecified", base("user@elsewhere.test",
			fmt.Sprintf("smtps://127.0.0.1:%d", p.smtps), "--user", relayUser)},
	} {
		s, status, all := sendReal(t, env, test.args...)
		if s.DeliveryCode != test.code || s.ReasonClass != test.class || (status == app.ExitOK) != (test.code == "40000") {
			t.Errorf("%s: exit %d, %s %s: %s\n%s\n%s", test.name, status, s.DeliveryCode, s.ReasonClass, s.Reply, all, p.log())
		}
		if strings.Contains(all, relaySecret) {
			t.Errorf("%s: the password is shown", test.name)
		}
	}

	wrong := map[string]string{"TODOKU_HISTORY": env["TODOKU_HISTORY"], "TODOKU_PASSWORD": "not-it", "SSL_CERT_FILE": env["SSL_CERT_FILE"]}
	if s, _, _ := sendReal(t, wrong, base("user@real.test", fmt.Sprintf("smtp://127.0.0.1:%d", p.relay), "--user",
		relayUser)...); s.DeliveryCode != "42535" {
		t.Errorf("wrong password: %s %s", s.DeliveryCode, s.Reply)
	}
	large := filepath.Join(dir, "large.txt")
	put(t, large, strings.Repeat("0123456789abcdef\n", 4000))
	if s, _, _ := sendReal(t, env, base("user@real.test", via, "--attach", large)...); s.DeliveryCode != "42552" ||
		s.ReasonClass != "too_large" {
		t.Errorf("too large: %s %s: %s", s.DeliveryCode, s.ReasonClass, s.Reply)
	}
	for _, file := range []string{env["TODOKU_HISTORY"], env["TODOKU_HISTORY"] + "-wal", filepath.Join(p.dir, "log")} {
		if text, err := os.ReadFile(file); err == nil && bytes.Contains(text, []byte(relaySecret)) {
			t.Errorf("the password is in %s", filepath.Base(file))
		}
	}
}

// queued is the id that Postfix gives a mail: "queued as 4F2A31".
func queued(reply string) string {
	_, id, _ := strings.Cut(reply, "queued as ")
	id, _, _ = strings.Cut(id, " ")
	return strings.TrimSpace(id)
}
