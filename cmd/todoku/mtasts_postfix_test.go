package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"todoku/diag/lab"
)

// stsCase is a domain of the world that Postfix and todoku look at.
type stsCase struct {
	mx      string // its mail hosts, in their order
	records string // zone lines in place of the usual record
	page    lab.Answer
	web     lab.Certificate
	noHost  bool
	sent    bool   // Postfix delivers
	rule    string // that todoku tells, where it reads a policy that mta-sts-resolver passes over
}

// stsPolicyOf is a page with a policy.
func stsPolicyOf(mode string, mx ...string) lab.Answer {
	return lab.Answer{Body: "version: STSv1\r\nmode: " + mode + "\r\nmx: " + strings.Join(mx, "\r\nmx: ") + "\r\nmax_age: 604800\r\n"}
}

// stsHosts are the mail hosts, at 192.0.2.25 and on.
var stsHosts = [...]lab.Receiver{{Name: "good1.mail.test"}, {Name: "good2.mail.test"},
	{Name: "expired.mail.test", Certificate: lab.Expired}, {Name: "self.mail.test", Certificate: lab.SelfSigned},
	{Name: "wrong.mail.test", Certificate: lab.WrongName}, {Name: "plain.mail.test", Lacks: []string{"STARTTLS"}},
	{Name: "refuses.mail.test", STARTTLS: lab.Say{Reply: "502 5.5.1 not here"}}}

func stsCases() map[string]stsCase {
	all := stsPolicyOf("enforce", "*.mail.test")
	return map[string]stsCase{
		"healthy":    {mx: "good1 good2", page: all, sent: true},
		"one-named":  {mx: "good2 good1", page: stsPolicyOf("enforce", "good1.mail.test"), sent: true},
		"unnamed":    {mx: "good1 good2", page: stsPolicyOf("enforce", "other.mail.test")},
		"deep":       {mx: "good1", page: stsPolicyOf("enforce", "mail.test")},
		"expired":    {mx: "expired", page: all},
		"one-good":   {mx: "expired good1", page: all, sent: true},
		"self":       {mx: "self", page: all},
		"wrong":      {mx: "wrong", page: all},
		"plain":      {mx: "plain", page: all},
		"refuses":    {mx: "refuses", page: all},
		"none-good":  {mx: "expired self wrong plain", page: all},
		"testing":    {mx: "expired", page: stsPolicyOf("testing", "*.mail.test"), sent: true},
		"off":        {mx: "plain", page: lab.Answer{Body: "version: STSv1\r\nmode: none\r\nmax_age: 60\r\n"}, sent: true},
		"no-record":  {mx: "expired", records: "@ TXT x", page: all, sent: true},
		"two":        {mx: "expired", records: "_mta-sts TXT \"v=STSv1; id=1\"\n_mta-sts TXT \"v=STSv1; id=2\"", page: all, sent: true},
		"no-id":      {mx: "expired", records: "_mta-sts TXT \"v=STSv1; x=y\"", page: all, sent: true},
		"gone":       {mx: "plain", noHost: true, sent: true},
		"missing":    {mx: "expired", page: lab.Answer{Status: 404}, sent: true},
		"moved":      {mx: "expired", page: lab.Answer{Status: 302, Location: "https://www.moved.test/mta-sts.txt"}, sent: true},
		"web-cert":   {mx: "expired", page: all, web: lab.Expired, sent: true},
		"large":      {mx: "expired", page: lab.Answer{Body: all.Body + strings.Repeat("x: y\r\n", 20_000)}, sent: true},
		"bad-mode":   {mx: "expired", page: stsPolicyOf("Enforce", "*.mail.test"), sent: true},
		"no-mx-line": {mx: "expired", page: lab.Answer{Body: "version: STSv1\nmode: enforce\nmax_age: 60\n"}, sent: true},
		"html":       {mx: "expired", page: lab.Answer{Body: all.Body, Type: "text/html"}, sent: true, rule: "mtasts-content-type"},
	}
}

// TestMTASTSAgreesWithPostfix sends a mail to each domain of a world by Postfix with mta-sts-resolver: it is delivered where
// todoku says that a sender that enforces the policy has a host to deliver to, or no policy. The world has the ports and
// addresses of the internet, in a network namespace of its own.
func TestMTASTSAgreesWithPostfix(t *testing.T) {
	if os.Getenv("TODOKU_TEST_NAMESPACE") != "" {
		mtastsInside(t)
		return
	}
	t.Parallel()
	program(t, "postfix")
	program(t, "mta-sts-daemon")
	unshare := program(t, "unshare")
	program(t, "ip")
	if os.Getuid() != 0 {
		t.Skip("Postfix starts as root only")
	}
	if out, err := exec.Command(unshare, "-n", "-m", "true").CombinedOutput(); err != nil {
		t.Skipf("no namespaces here: %s", out)
	}
	c := exec.Command(unshare, "-n", "-m", "--", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	c.Env = append(os.Environ(), "TODOKU_TEST_NAMESPACE=1", "SSL_CERT_FILE="+filepath.Join(t.TempDir(), "ca.pem"), "SSL_CERT_DIR=/nonexistent")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func mtastsInside(t *testing.T) {
	stsInternet(t)
	dir := stsPostfix(t)
	cases := stsCases()
	for name := range cases {
		mail := "Subject: " + name + "\r\n\r\nhello\r\n"
		if err := smtp.SendMail("127.0.0.1:10025", nil, "test@sender.test", []string{"user@" + name + ".test"}, []byte(mail)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	said := map[string]string{} // what Postfix made of each: "sent", "deferred (…)"
	until(t, "the mails", func() bool {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		for line := range strings.Lines(string(log)) {
			_, to, _ := strings.Cut(line, " to=<user@")
			name, _, _ := strings.Cut(to, ".test>")
			if _, status, ok := strings.Cut(line, " status="); ok && name != "" {
				said[name] = strings.TrimSpace(status)
			}
		}
		return len(said) == len(cases)
	})
	for name, c := range cases {
		if sent := strings.HasPrefix(said[name], "sent"); sent != c.sent {
			t.Errorf("%s: Postfix says %s", name, said[name])
		}
		delivers, rules, text := stsVerdict(t, name+".test")
		if delivers != c.sent && c.rule == "" || c.rule != "" && !strings.Contains(rules, c.rule) {
			t.Errorf("%s: todoku says delivers %v, rules %s; Postfix %s\n%s", name, delivers, rules, said[name], text)
		}
	}
	t.Logf("Postfix: %q", said)
}

// stsVerdict is whether todoku says that a sender that applies MTA-STS delivers.
func stsVerdict(t *testing.T, domain string) (delivers bool, rules, text string) {
	t.Helper()
	var out, errs strings.Builder
	play(t.Context(), []string{"check", "domain", domain, "--only", "mtasts", "--resolver", "127.0.0.1", "--format", "json"},
		strings.NewReader(""), &out, &errs, func(string) string { return "" })
	var report struct {
		Results []struct {
			Facts struct {
				Applies     string
				Deliverable *bool
			}
			Findings []struct{ Rule string }
			Error    *struct{ Message string }
		}
	}
	if err := json.Unmarshal([]byte(out.String()), &report); err != nil || len(report.Results) != 1 {
		t.Fatalf("%v: %s%s", err, out.String(), errs.String())
	}
	r := report.Results[0]
	for _, f := range r.Findings {
		rules += f.Rule + " "
	}
	if r.Error != nil {
		return false, rules, out.String()
	}
	return r.Facts.Applies != "enforce" || r.Facts.Deliverable != nil && *r.Facts.Deliverable, rules, out.String()
}

// stsInternet opens the world at its own addresses and ports.
func stsInternet(t *testing.T) {
	var zone strings.Builder
	zone.WriteString("$TTL 60\n")
	addresses := []string{"192.0.2.80", "192.0.2.99"}
	for i, h := range stsHosts {
		at := fmt.Sprintf("192.0.2.%d", 25+i)
		addresses = append(addresses, at)
		fmt.Fprintf(&zone, "%s. A %s\n", h.Name, at)
	}
	for name, c := range stsCases() {
		fmt.Fprintf(&zone, "$ORIGIN %s.test.\n", name)
		for i, h := range strings.Fields(c.mx) {
			fmt.Fprintf(&zone, "@ MX %d %s.mail.test.\n", 10*(i+1), h)
		}
		if c.records == "" {
			c.records = `_mta-sts TXT "v=STSv1; id=1"`
		}
		zone.WriteString(c.records + "\n")
		if !c.noHost {
			zone.WriteString("mta-sts A 192.0.2.80\n")
		}
	}
	w, err := lab.ParseWorld(strings.NewReader(zone.String()), "sts.world")
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range stsHosts {
		w.Put(h, netip.AddrFrom4([4]byte{192, 0, 2, byte(25 + i)}))
	}
	for name, c := range stsCases() {
		w.PutWeb(lab.Web{Host: "mta-sts." + name + ".test", Certificate: c.web,
			Pages: map[string]lab.Answer{"/.well-known/mta-sts.txt": c.page}}, netip.MustParseAddr("192.0.2.80"))
	}
	w.PutWeb(lab.Web{Host: "ca.test", Certificate: lab.WithCA}, netip.MustParseAddr("192.0.2.99"))
	stsAddresses(t, addresses)
	l, err := lab.Start(context.Background(), w, lab.Options{Addr: "127.0.0.1:53"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	for _, at := range addresses {
		for _, port := range []string{"25", "443"} {
			stsForward(t, l, net.JoinHostPort(at, port))
		}
	}
	stsAuthority(t, l)
}

// stsAddresses gives this namespace its addresses and its resolver.
func stsAddresses(t *testing.T, addresses []string) {
	t.Helper()
	conf := filepath.Join(t.TempDir(), "resolv.conf")
	put(t, conf, "nameserver 127.0.0.1\n")
	commands := [][]string{{"ip", "link", "set", "lo", "up"}, {"mount", "--bind", conf, "/etc/resolv.conf"}}
	for _, at := range addresses {
		commands = append(commands, []string{"ip", "address", "add", at + "/32", "dev", "lo"})
	}
	for _, c := range commands {
		if out, err := exec.Command(c[0], c[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", c, err, out)
		}
	}
}

// stsForward leads an address of this namespace to that of the lab; where the lab has nobody, nobody listens.
func stsForward(t *testing.T, l *lab.Lab, addr string) {
	t.Helper()
	probe, err := l.Dial(t.Context(), "tcp", addr)
	if err != nil {
		return
	}
	probe.Close()
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				there, err := l.Dial(context.Background(), "tcp", addr)
				if err != nil {
					return
				}
				defer there.Close()
				go func() { _, _ = io.Copy(there, c); there.Close() }()
				_, _ = io.Copy(c, there)
			}()
		}
	}()
}

// stsAuthority writes the certificate of the lab's authority to where this process, Postfix and Python look for it.
func stsAuthority(t *testing.T, l *lab.Lab) {
	t.Helper()
	raw, err := l.Dial(t.Context(), "tcp", "192.0.2.99:443")
	if err != nil {
		t.Fatal(err)
	}
	c := tls.Client(raw, &tls.Config{ServerName: "ca.test", RootCAs: l.Roots(), MinVersion: tls.VersionTLS12})
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	chain := c.ConnectionState().PeerCertificates
	put(t, os.Getenv("SSL_CERT_FILE"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: chain[len(chain)-1].Raw})))
}

// stsPostfix starts Postfix with mta-sts-resolver; it takes mail at 127.0.0.1:10025 and logs to "log" below the directory.
func stsPostfix(t *testing.T) string {
	dir, err := os.MkdirTemp("/tmp", "ps")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "sts.yml"), "host: 127.0.0.1\nport: 8461\ncache: {type: internal}\ndefault_zone: {timeout: 4}\n")
	daemon := exec.Command(program(t, "mta-sts-daemon"), "-c", filepath.Join(dir, "sts.yml"))
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = daemon.Process.Signal(os.Interrupt); _ = daemon.Wait() })
	until(t, "mta-sts-daemon", listening(8461))
	ca, err := os.ReadFile(os.Getenv("SSL_CERT_FILE"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "ca.pem"), string(ca))
	put(t, filepath.Join(dir, "conf", "main.cf"), fmt.Sprintf(`compatibility_level = 3.6
queue_directory = %[1]s/spool
data_directory = %[1]s/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_bind_address = 127.0.0.1
myhostname = out.sender.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
smtp_tls_security_level = may
smtp_tls_CAfile = %[1]s/ca.pem
smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8461:postfix
maillog_file = %[1]s/log
maillog_file_prefixes = /tmp
`, dir))
	put(t, filepath.Join(dir, "conf", "master.cf"), `10025 inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
scache unix - - n - 1 scache
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`)
	for _, sub := range []string{"spool", "data"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []*exec.Cmd{exec.Command("chown", "-R", "postfix", dir+"/data"),
		exec.Command(program(t, "postfix"), "-c", dir+"/conf", "start")} {
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", c.Args, err, out)
		}
	}
	t.Cleanup(func() { _ = exec.Command(program(t, "postfix"), "-c", dir+"/conf", "stop").Run() })
	until(t, "Postfix", listening(10025))
	return dir
}
