package check_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/smtp"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/lab"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// sentCase is a mail domain with one host, as Postfix meets it with smtp_tls_security_level=dane.
type sentCase struct {
	name  string // of the domain and of its host, below its zone
	tlsa  []string
	mail  lab.Receiver
	plain bool // the domain is in a zone that is not signed
	host  bool // its host is in the zone that is signed all the same
	bogus bool // the signature of the TLSA records does not hold
	alias bool // the MX record names an alias of the host
	sent  bool // Postfix delivers
	would check.Would
}

// sentCases are the worlds. A record "leaf 3 1 1" or "ca 2 1 1" is of what the host shows.
func sentCases() []sentCase {
	const other = "3 1 1 " + strange
	return []sentCase{
		{name: "match", tlsa: []string{"leaf 3 1 1"}, sent: true, would: check.WouldDeliver},
		{name: "mismatch", tlsa: []string{other}, would: check.WouldWait},
		{name: "digests", tlsa: []string{"leaf 3 1 1", "3 1 2 " + strange + strange}, would: check.WouldWait},
		{name: "selectors", tlsa: []string{"leaf 3 0 1", "3 1 2 " + strange + strange}, sent: true, would: check.WouldDeliver},
		{name: "expired", tlsa: []string{"leaf 3 1 1"}, mail: lab.Receiver{Certificate: lab.Expired}, sent: true, would: check.WouldDeliver},
		{name: "authority", tlsa: []string{"ca 2 0 1"}, mail: lab.Receiver{Certificate: lab.WithCA}, sent: true, would: check.WouldDeliver},
		{name: "hidden", tlsa: []string{"ca 2 0 1"}, would: check.WouldWait},
		{name: "outdated", tlsa: []string{"ca 2 0 1", other}, mail: lab.Receiver{Certificate: lab.SelfSigned}, would: check.WouldWait},
		{name: "unusable", tlsa: []string{"1 1 1 " + strange}, sent: true, would: check.WouldEncrypt},
		{name: "unusable-bare", tlsa: []string{"1 1 1 " + strange}, mail: lab.Receiver{Lacks: []string{"STARTTLS"}}, would: check.WouldWait},
		{name: "bare", tlsa: []string{other}, mail: lab.Receiver{Lacks: []string{"STARTTLS"}}, would: check.WouldWait},
		{name: "none", mail: lab.Receiver{Lacks: []string{"STARTTLS"}}, sent: true, would: check.WouldWithout},
		{name: "unsigned", tlsa: []string{other}, plain: true, sent: true, would: check.WouldWithout},
		{name: "hosted", tlsa: []string{other}, plain: true, host: true, would: check.WouldWait},
		{name: "hosted-well", tlsa: []string{"leaf 3 1 1"}, plain: true, host: true, sent: true, would: check.WouldDeliver},
		{name: "bogus", tlsa: []string{"3 1 1 " + strings.Repeat("ab", 32)}, bogus: true, would: check.WouldUnknown},
		{name: "alias", tlsa: []string{other}, alias: true, would: check.WouldWait},
		{name: "alias-well", tlsa: []string{"leaf 3 1 1"}, alias: true, sent: true, would: check.WouldDeliver},
	}
}

func (c *sentCase) domain() string {
	if c.plain {
		return c.name + ".plain.test"
	}
	return c.name + ".signed.test"
}

func (c *sentCase) mx() string {
	if c.plain && !c.host {
		return "mx." + c.name + ".plain.test"
	}
	return "mx." + c.name + ".signed.test"
}

// TestPostfixWithDANE: Postfix, with an unbound that validates in front of an NSD with zones that ldns signed, delivers where we
// say that a sender with DANE does, and puts off where we say that mail waits. It runs in network and mount namespaces of
// its own, where the ports 25 and 53 of documentation addresses are free.
func TestPostfixWithDANE(t *testing.T) {
	t.Parallel()
	const inside = "TODOKU_TEST_IN_NAMESPACE"
	if os.Getenv(inside) != "" {
		postfixWithDANE(t)
		return
	}
	for _, p := range [][2]string{{"postfix", "postfix"}, {"unbound", "unbound"}, {"nsd", "nsd"}, {"ldns-signzone",
		"ldnsutils"}, {"ip", "iproute2"}} {
		sbin(t, p[0], p[1])
	}
	if os.Getuid() != 0 {
		t.Skip("Postfix and namespaces need root")
	}
	c := exec.Command("/proc/self/exe", "-test.run=^TestPostfixWithDANE$", "-test.timeout=3m")
	c.Env = append(os.Environ(), inside+"=1")
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS}
	out, err := c.CombinedOutput()
	switch {
	case c.ProcessState == nil && os.Getenv("TODOKU_SERVERS_REQUIRED") == "":
		t.Skipf("no namespaces here: %v", err)
	case err != nil:
		t.Errorf("%v: %s", err, out)
	}
}

// sbin finds a program of an administrator; where servers are required, a missing one is a failure.
func sbin(t *testing.T, name, pkg string) string {
	t.Helper()
	for _, dir := range []string{"", "/usr/sbin", "/sbin"} {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path
		}
	}
	if os.Getenv("TODOKU_SERVERS_REQUIRED") != "" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed: apt-get install %s", name, pkg)
	return ""
}

func must(t *testing.T, err error, what ...any) {
	t.Helper()
	if err != nil {
		t.Fatal(append(what, err)...)
	}
}

func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.Command(sbin(t, name, name), args...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	must(t, err, name, args, string(out))
	return strings.TrimSpace(string(out))
}

func postfixWithDANE(t *testing.T) {
	cases := sentCases()
	dir, err := os.MkdirTemp("/tmp", "pd") // Postfix wants a short path that its own user may enter
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o755))
	must(t, syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""))
	write(t, dir+"/resolv.conf", "nameserver 127.0.0.1\noptions edns0 trust-ad\n")
	must(t, syscall.Mount(dir+"/resolv.conf", "/etc/resolv.conf", "", syscall.MS_BIND, ""))
	command(t, dir, "ip", "link", "set", "lo", "up")
	command(t, dir, "ip", "addr", "add", "192.0.2.53/32", "dev", "lo")
	l := hostsOf(t, cases, dir)
	signedZones(t, cases, l, dir)
	resolverInside(t, dir)
	dns, err := resolve.New(resolve.Options{Servers: []string{"127.0.0.1"}, Timeout: 5 * time.Second})
	must(t, err)
	t.Cleanup(dns.Close)
	sender := startDANEPostfix(t, dir)
	for i := range cases {
		queue(t, "user@"+cases[i].domain())
	}
	for i := range cases {
		judgeAsPostfix(t, &cases[i], l, dns, sender)
	}
}

// queue gives Postfix a mail.
func queue(t *testing.T, to string) {
	t.Helper()
	conn, err := net.Dial("tcp", "127.0.0.1:2525")
	must(t, err)
	must(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	c, err := smtp.NewClient(conn, "out.sender.test")
	must(t, err)
	must(t, errors.Join(c.Mail("a@sender.test"), c.Rcpt(to)))
	w, err := c.Data()
	must(t, err)
	_, err = w.Write([]byte("Subject: x\r\n\r\nx\r\n"))
	must(t, errors.Join(err, w.Close(), c.Quit()))
}

// judgeAsPostfix compares what Postfix did with what we say.
func judgeAsPostfix(t *testing.T, c *sentCase, l *lab.Lab, dns *resolve.Client, sender string) {
	t.Helper()
	line := ""
	for range 600 {
		text, _ := os.ReadFile(filepath.Join(sender, "log"))
		for l := range strings.Lines(string(text)) {
			if strings.Contains(l, "to=<user@"+c.domain()+">") && strings.Contains(l, "status=") {
				line = l
			}
		}
		if line != "" {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if sent := strings.Contains(line, "status=sent"); sent != c.sent || line == "" {
		t.Errorf("%s: Postfix: %s", c.name, line)
	}
	target, err := diag.DomainTarget(c.domain())
	must(t, err)
	replies, err := codes.Load(codes.Files)
	must(t, err)
	env := diag.Env{DNS: dns, Now: time.Now, SMTP: (&probe.Prober{Roots: l.Roots(), Codes: replies, Timeout: 5 * time.Second}).NewRun()}
	r := diag.Run(t.Context(), env, target, []*diag.Check{check.DANE(check.DANEOptions{Visit: true})}).Results[0]
	h := r.Facts.(*check.DANEFacts).Hosts
	if len(h) != 1 || h[0].Would != c.would || (h[0].Would == check.WouldUnknown) != (r.Err != nil) ||
		c.bogus && h[0].Result != "dnssec-invalid" {
		t.Errorf("%s: ours: %+v, %v; want %s", c.name, h, r.Err, c.would)
	}
}

// hostsOf starts the hosts of all cases in a lab, each at an address of its own that leads there.
func hostsOf(t *testing.T, cases []sentCase, dir string) *lab.Lab {
	t.Helper()
	var world strings.Builder
	for i := range cases {
		for _, r := range cases[i].tlsa {
			if which, numbers, _ := strings.Cut(r, " "); which == "leaf" || which == "ca" {
				mx := cases[i].mx()
				fmt.Fprintf(&world, "$TLSA %s.%s %s %s %s\n", strings.ReplaceAll(r, " ", "-"), mx, numbers, which, mx)
			}
		}
	}
	w, err := lab.ParseWorld(strings.NewReader(world.String()), "hosts.world")
	must(t, err)
	for i := range cases {
		cases[i].mail.Name = cases[i].mx()
		w.Put(cases[i].mail, hostAddress(i))
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	must(t, err)
	t.Cleanup(l.Close)
	for i := range cases {
		at := hostAddress(i)
		command(t, dir, "ip", "addr", "add", at.String()+"/32", "dev", "lo")
		ln, err := net.Listen("tcp", netip.AddrPortFrom(at, 25).String())
		must(t, err)
		t.Cleanup(func() { ln.Close() })
		go func() {
			for {
				c, err := ln.Accept()
				if err != nil {
					return
				}
				go joinTo(t.Context(), l, c, netip.AddrPortFrom(at, 25).String())
			}
		}()
	}
	return l
}

func hostAddress(i int) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, 2, byte(100 + i)}) }

// joinTo passes a connection on to a host of the lab.
func joinTo(ctx context.Context, l *lab.Lab, c net.Conn, addr string) {
	defer c.Close()
	to, err := l.Dial(ctx, "tcp", addr)
	if err != nil {
		return
	}
	go func() { _, _ = io.Copy(to, c); to.Close() }()
	_, _ = io.Copy(c, to)
}

// signedZones serves test. and signed.test., which ldns signs, and plain.test., which nobody does.
func signedZones(t *testing.T, cases []sentCase, l *lab.Lab, dir string) {
	t.Helper()
	values, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}})
	must(t, err)
	defer values.Close()
	head := "$ORIGIN %s.\n$TTL 300\n@ SOA ns.test. hostmaster.test. 1 7200 3600 1209600 60\n@ NS ns.test.\n"
	zones := map[string]string{"signed.test": fmt.Sprintf(head, "signed.test"), "plain.test": fmt.Sprintf(head, "plain.test")}
	bogus := map[string]string{}
	for i := range cases {
		c := &cases[i]
		put := func(owner, rdata string) {
			zone := owner[strings.LastIndex(strings.TrimSuffix(owner, ".test"), ".")+1:]
			zones[zone] += owner + ". " + rdata + "\n"
		}
		mx := c.mx()
		if c.alias {
			mx = "alias." + c.domain()
			put(mx, "CNAME "+c.mx()+".")
		}
		put(c.domain(), "MX 10 "+mx+".")
		put(c.mx(), "A "+hostAddress(i).String())
		for _, r := range c.tlsa {
			if strings.HasPrefix(r, "leaf") || strings.HasPrefix(r, "ca") {
				a, err := values.Ask(t.Context(), strings.ReplaceAll(r, " ", "-")+"."+c.mx(), resolve.TypeTLSA)
				must(t, err, c.name)
				r = a.Records[0].Text
			}
			put("_25._tcp."+c.mx(), "TLSA "+r)
			if c.bogus {
				bogus[strings.ToLower(r)] = r[:len(r)-8] + "00000000"
			}
		}
	}
	ds := sign(t, dir, "signed.test", zones["signed.test"], bogus)
	zones["test"] = fmt.Sprintf(head, "test") + "ns A 192.0.2.53\nsigned NS ns.test.\nplain NS ns.test.\n" + ds + "\n"
	write(t, dir+"/anchor", sign(t, dir, "test", zones["test"], nil))
	write(t, dir+"/plain.test.signed", zones["plain.test"])
	conf := "server:\n  ip-address: 192.0.2.53\n  username: \"\"\n  database: \"\"\n  zonesdir: \"" + dir + "\"\n"
	for key, file := range map[string]string{"pidfile": "nsd.pid", "xfrdfile": "xfrd", "zonelistfile": "zones",
		"cookie-secret-file": "cookie"} {
		conf += "  " + key + ": \"" + dir + "/" + file + "\"\n"
	}
	conf += "remote-control:\n  control-enable: no\n"
	for _, zone := range []string{"test", "signed.test", "plain.test"} {
		conf += "zone:\n  name: " + zone + "\n  zonefile: " + zone + ".signed\n"
	}
	write(t, dir+"/nsd.conf", conf)
	run(t, "nsd", "-d", "-c", dir+"/nsd.conf")
}

// sign signs a zone and gives its DS record. change is what stands in the zone after that in place of what was signed.
func sign(t *testing.T, dir, zone, text string, change map[string]string) (ds string) {
	t.Helper()
	write(t, filepath.Join(dir, zone), text)
	key := command(t, dir, "ldns-keygen", "-a", "ECDSAP256SHA256", "-k", zone)
	command(t, dir, "ldns-signzone", "-f", zone+".signed", zone, key)
	signed, err := os.ReadFile(filepath.Join(dir, zone+".signed"))
	must(t, err)
	for from, to := range change {
		if !strings.Contains(string(signed), from) {
			t.Fatalf("%s does not hold %s", zone, from)
		}
		signed = []byte(strings.ReplaceAll(string(signed), from, to))
	}
	write(t, filepath.Join(dir, zone+".signed"), string(signed))
	record, err := os.ReadFile(filepath.Join(dir, key+".ds"))
	must(t, err)
	return string(record)
}

// resolverInside starts an unbound that validates on 127.0.0.1.
func resolverInside(t *testing.T, dir string) {
	t.Helper()
	write(t, dir+"/unbound.conf", fmt.Sprintf(`server:
  directory: "%[1]s"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  interface: 127.0.0.1
  do-ip6: no
  ede: yes
  do-not-query-localhost: no
  local-zone: "test." nodefault
  trust-anchor-file: "%[1]s/anchor"
  module-config: "validator iterator"
remote-control:
  control-enable: no
stub-zone:
  name: test
  stub-addr: 192.0.2.53
`, dir))
	ended := run(t, "unbound", "-d", "-p", "-c", dir+"/unbound.conf")
	probe, err := resolve.New(resolve.Options{Servers: []string{"127.0.0.1"}, Timeout: 500 * time.Millisecond})
	must(t, err)
	defer probe.Close()
	for i := range 200 {
		a, err := probe.Ask(t.Context(), fmt.Sprintf("ready%d.signed.test", i), resolve.TypeTXT)
		if err == nil && a.Authentic {
			return
		}
		select {
		case <-ended:
			t.Fatal("unbound has ended")
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("unbound does not validate")
}

// startDANEPostfix starts a Postfix that takes mail on port 2525 and delivers it with DANE.
func startDANEPostfix(t *testing.T, dir string) string {
	t.Helper()
	postfix, err := user.Lookup("postfix")
	must(t, err)
	write2 := func(name, text string) {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		write(t, filepath.Join(dir, name), text)
	}
	write2("conf/main.cf", fmt.Sprintf(`compatibility_level = 3.6
queue_directory = %[1]s/spool
data_directory = %[1]s/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = out.sender.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_bind_address = 0.0.0.0
smtp_dns_support_level = dnssec
smtp_host_lookup = dns
smtp_tls_security_level = dane
maillog_file = %[1]s/log
maillog_file_prefixes = /tmp
`, dir))
	write2("conf/master.cf", `2525 inet n - n - - smtpd
smtp unix - - n - - smtp
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
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`)
	for _, sub := range []string{"spool", "data"} {
		must(t, os.MkdirAll(filepath.Join(dir, sub), 0o755))
	}
	command(t, dir, "chown", "-R", postfix.Uid, dir+"/data")
	command(t, dir, "postfix", "-c", dir+"/conf", "start")
	t.Cleanup(func() { _ = exec.Command(sbin(t, "postfix", "postfix"), "-c", dir+"/conf", "stop").Run() })
	for range 200 {
		if c, err := net.Dial("tcp", "127.0.0.1:2525"); err == nil {
			c.Close()
			return dir
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("Postfix does not answer")
	return ""
}
