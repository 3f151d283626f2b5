package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd/app"
)

// startExim is an Exim of the test's own, which takes mail for exim.test.
func startExim(t *testing.T) (dir string, port int) {
	t.Helper()
	exim := program(t, "exim4")
	if os.Getuid() != 0 {
		t.Skip("Exim starts as root only")
	}
	if _, err := user.Lookup("Debian-exim"); err != nil && os.Getenv("TODOKU_SERVERS_REQUIRED") != "1" {
		t.Skip("Debian's Exim wants its user, Debian-exim")
	}
	dir, err := os.MkdirTemp("/tmp", "ex")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for _, sub := range []string{"", "spool", "mail", "log"} {
		path := filepath.Join(dir, sub)
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	port = freePort(t)
	cert, key := selfSigned(t, dir, "mx.exim.test")
	put(t, filepath.Join(dir, "exim.conf"), fmt.Sprintf(`primary_hostname = mx.exim.test
exim_path = %[4]s
keep_environment =
spool_directory = %[1]s/spool
log_file_path = %[1]s/log/%%slog
exim_user = nobody
exim_group = nogroup
never_users =
deliver_drop_privilege = true
tls_advertise_hosts = *
tls_certificate = %[2]s
tls_privatekey = %[3]s
dsn_advertise_hosts = *
smtputf8_advertise_hosts = *
message_size_limit = 20000
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  deny message = relay not permitted
    !domains = exim.test
  defer message = greylisted, try again in 5 minutes
    local_parts = grey
  deny message = Unknown user
    !local_parts = user
  accept
begin routers
all:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  file = %[1]s/mail/user
  user = nobody
  group = nogroup
begin retry
* * F,1h,5m
`, dir, cert, key, exim))
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exim, "-C", filepath.Join(dir, "exim.conf"), "-bdf", "-oX", fmt.Sprintf("127.0.0.1.%d", port), "-oP",
		filepath.Join(dir, "pid"))
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	until(t, "Exim", listening(port))
	return dir, port
}

// TestExim sends to a real Exim, whose words and line ends are others.
func TestExim(t *testing.T) {
	t.Parallel()
	dir, port := startExim(t)
	env := map[string]string{"TODOKU_HISTORY": filepath.Join(t.TempDir(), "history.db"), "SSL_CERT_FILE": filepath.Join(dir, "cert.pem")}
	args := func(to string, more ...string) []string {
		return append([]string{"--from", "news@kaisha.test", "--to", to, "--via", fmt.Sprintf("smtp://127.0.0.1:%d", port)}, more...)
	}
	large := filepath.Join(t.TempDir(), "large.txt")
	put(t, large, strings.Repeat("0123456789abcdef\n", 4000))
	for _, test := range []struct {
		code, class string
		args        []string
	}{
		{"40000", "unspecified", args("user@exim.test", "--tls", "require", "--dsn", "failure")},
		{"42550", "user_unknown", args("nobody@exim.test")},
		{"42550", "relay_denied", args("user@elsewhere.test")},
		{"42451", "rate_limited", args("grey@exim.test", "--retry-for", "0s")},
		{"42552", "too_large", args("user@exim.test", "--attach", large)},
	} {
		s, status, all := sendReal(t, env, test.args...)
		if s.DeliveryCode != test.code || s.ReasonClass != test.class || (status == app.ExitOK) != (test.code == "40000") {
			t.Errorf("%q: exit %d, %s %s: %s\n%s", test.args, status, s.DeliveryCode, s.ReasonClass, s.Reply, all)
		}
	}
	until(t, "the mail", func() bool {
		text, _ := os.ReadFile(filepath.Join(dir, "mail", "user"))
		return strings.Contains(string(text), "\nSubject: hello\n") && strings.Contains(string(text), "\nhello world\n.\n..dots\n")
	})
}
