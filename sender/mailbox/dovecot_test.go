package mailbox_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/sender/mailbox"
)

// dovecot is a real server of the test's own, with the user "news" and the password "geheim".
type dovecot struct {
	dir   string
	roots *x509.CertPool
	ports map[string]int // by the scheme of a URL
}

func startDovecot(t *testing.T) *dovecot {
	t.Helper()
	path, err := exec.LookPath("dovecot")
	if err != nil {
		path = "/usr/sbin/dovecot"
	}
	for _, file := range []string{path, "/usr/lib/dovecot/imap", "/usr/lib/dovecot/pop3"} {
		if _, err := os.Stat(file); err != nil {
			if os.Getenv("TODOKU_SERVERS_REQUIRED") == "1" {
				t.Fatal("dovecot-imapd and dovecot-pop3d are not installed")
			}
			t.Skip("dovecot-imapd and dovecot-pop3d are not installed")
		}
	}
	if os.Getuid() != 0 {
		t.Skip("Dovecot starts as root only")
	}
	d := &dovecot{ports: map[string]int{}, roots: x509.NewCertPool()}
	if d.dir, err = os.MkdirTemp("/tmp", "dc"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(d.dir) })
	if err := os.Chmod(d.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"imap", "imaps", "pop3", "pop3s"} {
		d.ports[scheme] = freePort(t)
	}
	d.certificate(t)
	put(t, filepath.Join(d.dir, "dovecot.conf"), fmt.Sprintf(`base_dir = %[1]s/run
state_dir = %[1]s/run
log_path = %[1]s/log
protocols = imap pop3
listen = 127.0.0.1
ssl = yes
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:%[1]s/mail/%%u
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = nobody
default_login_user = nobody
default_internal_group = nogroup
passdb {
  driver = static
  args = password=geheim
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=%[1]s/mail/%%u
}
namespace inbox {
  inbox = yes
  mailbox Spam {
    special_use = \Junk
    auto = create
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = %[2]d
  }
  inet_listener imaps {
    port = %[3]d
  }
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = %[4]d
  }
  inet_listener pop3s {
    port = %[5]d
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
`, d.dir, d.ports["imap"], d.ports["imaps"], d.ports["pop3"], d.ports["pop3s"]))
	c := exec.Command(path, "-F", "-c", filepath.Join(d.dir, "dovecot.conf"))
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait()
	})
	for range 200 {
		if d.listens() {
			return d
		}
		time.Sleep(50 * time.Millisecond)
	}
	raw, _ := os.ReadFile(filepath.Join(d.dir, "log"))
	t.Fatalf("Dovecot does not start:\n%s", raw)
	return nil
}

// listens reports whether all ports are open.
func (d *dovecot) listens() bool {
	for _, port := range d.ports {
		c, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port))
		if err != nil {
			return false
		}
		_ = c.Close()
	}
	return true
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// certificate writes a certificate for mail.test, and its key.
func (d *dovecot) certificate(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.test"}, DNSNames: []string{"mail.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	put(t, filepath.Join(d.dir, "cert.pem"), cert)
	put(t, filepath.Join(d.dir, "key.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret})))
	d.roots.AppendCertsFromPEM([]byte(cert))
}

// options reach the server under its name, whatever the port.
func (d *dovecot) options(scheme string) mailbox.Options {
	return mailbox.Options{Secret: known, Roots: d.roots, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, fmt.Sprint("127.0.0.1:", d.ports[scheme]))
	}}
}

// deliver puts a mail into the INBOX of a user.
func (d *dovecot) deliver(t *testing.T, user string, n int, text string) {
	t.Helper()
	dir := filepath.Join(d.dir, "mail", user)
	for _, sub := range []string{"", "cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, sub), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	_ = os.Chmod(filepath.Join(d.dir, "mail"), 0o777)
	file := put(t, filepath.Join(dir, "tmp", fmt.Sprintf("%d.M%dP1.test", 1_700_000_000+n, n)), text)
	if err := os.Chmod(file, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file, filepath.Join(dir, "new", filepath.Base(file))); err != nil {
		t.Fatal(err)
	}
}

// TestDovecot looks into mailboxes of a real server.
func TestDovecot(t *testing.T) {
	t.Parallel()
	d := startDovecot(t)
	t.Run("read", d.testRead)
	t.Run("change", d.testChange)
	t.Run("wait", d.testWait)
}

// testRead: all mails over each protocol, with each way to TLS, and again from where it stopped.
func (d *dovecot) testRead(t *testing.T) {
	dots := head + ".\r\n..two dots\r\n.one dot\r\nend\r\n"
	large := head + strings.Repeat("a line of a large mail\r\n", 100_000)
	want := []string{head + "one\r\n", dots, large, head + "four\r\n"}
	for i, m := range want {
		d.deliver(t, "news", i, m)
	}
	for _, scheme := range []string{"imap", "imaps", "pop3", "pop3s"} { // POP3 has no way to read a mail unseen
		if scheme == "pop3" {
			if seen, err := filepath.Glob(filepath.Join(d.dir, "mail", "news", "cur", "*:2,*S*")); len(seen) > 0 || err != nil {
				t.Errorf("marked as seen: %q, %v", seen, err)
			}
		}
		b := open(t, scheme+"://news@mail.test", d.options(scheme))
		got, items := texts(t, b)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d mails of %d octets", scheme, len(got), len(strings.Join(got, "")))
			continue
		}
		if err := b.Wait(t.Context(), time.Millisecond); err != nil {
			t.Error(err)
		}
		if again, _ := texts(t, b); len(again) != len(want) {
			t.Errorf("%s: %d mails at the second look", scheme, len(again))
		}
		o := d.options(scheme)
		o.Mark, o.Passed = at(items[1].Mark), func(id string) bool { return id == items[0].ID || id == items[1].ID }
		if rest, _ := texts(t, open(t, scheme+"://news@mail.test", o)); !slices.Equal(rest, want[2:]) {
			t.Errorf("%s: resumed: %d mails", scheme, len(rest))
		}
		wrong := d.options(scheme)
		wrong.Roots = x509.NewCertPool()
		if _, err := mailbox.Open(t.Context(), scheme+"://news@mail.test", wrong); err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("%s: a certificate of nobody: %v", scheme, err)
		}
		refused := d.options(scheme)
		refused.Secret = func(context.Context, string, string) (string, error) { return "falsch", nil }
		if _, err := mailbox.Open(t.Context(), scheme+"://news@mail.test", refused); !errors.Is(err, mailbox.ErrLogin) ||
			strings.Contains(err.Error(), "falsch") {
			t.Errorf("%s: %v", scheme, err)
		}
	}
}

// testChange: a mail that is named goes, and no other.
func (d *dovecot) testChange(t *testing.T) {
	for i := range 6 {
		d.deliver(t, "change", i, fmt.Sprintf("%smail %d\r\n", head, i))
	}
	b := open(t, "imap://change@mail.test/INBOX", d.options("imap"))
	_, items := texts(t, b)
	all := ids(items)
	if err := errors.Join(b.Move(t.Context(), all[:2], "処理済み"), b.Move(t.Context(), all[:1], "処理済み"),
		b.Delete(t.Context(), all[2:3])); err != nil {
		t.Fatal(err)
	}
	left, _ := texts(t, b)
	moved, _ := texts(t, open(t, "imap://change@mail.test/処理済み", d.options("imap")))
	if len(left) != 3 || len(moved) != 2 {
		t.Errorf("%d left, %d moved", len(left), len(moved))
	}
	p := open(t, "pop3://change@mail.test", d.options("pop3"))
	got, items := texts(t, p)
	if err := p.Move(t.Context(), ids(items), "x"); !errors.Is(err, mailbox.ErrCannot) {
		t.Errorf("%v", err)
	}
	if err := p.Delete(t.Context(), ids(items[1:2])); err != nil {
		t.Fatal(err)
	}
	if after, _ := texts(t, p); len(got) != 3 || len(after) != 2 || after[0] != got[0] || after[1] != got[2] {
		t.Errorf("%q, then %q", got, after)
	}
}

// testWait: IDLE tells of a mail as it comes.
func (d *dovecot) testWait(t *testing.T) {
	d.deliver(t, "wait", 0, head+"one\r\n")
	b := open(t, "imaps://wait@mail.test", d.options("imaps"))
	texts(t, b)
	go func() {
		time.Sleep(100 * time.Millisecond)
		d.deliver(t, "wait", 1, head+"two\r\n")
	}()
	if err := b.Wait(t.Context(), 10*time.Second); err != nil {
		t.Fatal(err)
	}
	if got, _ := texts(t, b); len(got) != 2 {
		t.Errorf("%d mails", len(got))
	}
}
