package check_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

// rulesAndRecords are the offered records of a result on one line, and the rules before them.
func rulesAndRecords(r diag.Result) string {
	var rules, records []string
	for _, f := range r.Findings {
		rules = append(rules, f.Rule.ID)
		for _, rec := range f.Records {
			records = append(records, rec.Name+" "+rec.Type+" "+rec.Value)
		}
	}
	return strings.Join(rules, " ") + ": " + strings.Join(records, ", ")
}

// TestMXKinds has one zone per kind of fault, in several forms, each with its healthy twin: rules and what is offered.
func TestMXKinds(t *testing.T) {
	t.Parallel()
	const world = "$TTL 300\n$ORIGIN test.\nmail.d A 192.0.2.1\nmx.d A 192.0.2.2\nmx.d AAAA 2001:db8::2\nmx.esp A " +
		"198.51.100.1\nmx.six AAAA 2001:db8::6\n" +
		"mail.w A 192.0.2.3\n*.w A 203.0.113.80\nmx.p A 10.0.0.1\nlocalhost. A 127.0.0.1\n" +
		"a.b.e A 192.0.2.4\n192.0.2.5.e A 192.0.2.5\nlost.e CNAME gone\nround.e CNAME round2.e\nround2.e CNAME round.e\n" +
		"5.2.0.192.in-addr.arpa. PTR mx.esp\n1.100.51.198.in-addr.arpa. PTR mx.esp\n"
	for zone, want := range map[string]string{
		"d MX 10 mail.d":                           ": ",
		"d MX 0 .":                                 "mx-null: ",
		"d MX 10 .":                                "mx-null-form mx-null: d.test MX 0 .",
		"d MX 65535 .":                             "mx-null-form mx-null: d.test MX 0 .",
		"d MX 0 .\nd MX 1 .":                       "mx-null-form mx-null: d.test MX 0 .",
		"d MX 5 .\nd MX 1 .":                       "mx-null-form mx-null: d.test MX 0 .",
		"d MX 0 .\nd MX 10 mail.d":                 "mx-conflicting-null: d.test MX 10 mail.d.test.",
		"d MX 10 mail.d.test.d":                    "mx-dot-missing mx-no-address: d.test MX 10 mail.d.test.",
		"d MX 10 mail.d.test.d\nd MX 20 mx.d":      "mx-dot-missing mx-no-address: d.test MX 10 mail.d.test., d.test MX 20 mx.d.test.",
		"d MX 10 gone.d.test.d":                    "mx-dot-missing mx-no-address: ",
		"d MX 10 mx.esp.test.d":                    "mx-dot-missing mx-no-address: d.test MX 10 mx.esp.test.",
		"sub.d MX 10 mail.d.test.d":                "mx-dot-missing mx-no-address: sub.d.test MX 10 mail.d.test.",
		"w MX 10 mail.w.test.w":                    "mx-dot-missing: w.test MX 10 mail.w.test.",
		"w MX 10 mx.esp.test.w":                    "mx-dot-missing: w.test MX 10 mx.esp.test.",
		"w MX 10 mail.w":                           ": ",
		"w MX 10 other.w":                          ": ",
		"e MX 10 a.b.e":                            ": ",
		"d MX 10 192.0.2.1.":                       "mx-ip-literal: d.test MX 10 mail.d.test.",
		"d MX 10 192.0.2.1.d":                      "mx-ip-literal: d.test MX 10 mail.d.test.",
		"d MX 10 [192.0.2.2].d":                    "mx-ip-literal: d.test MX 10 mx.d.test.",
		`d MX 10 2001\:db8\:\:2.`:                  "mx-ip-literal: d.test MX 10 mx.d.test.",
		"d MX 10 198.51.100.1.d":                   "mx-ip-literal: d.test MX 10 mx.esp.test.",
		"d MX 10 10.1.2.3.d":                       "mx-ip-literal: ",
		"f MX 10 192.0.2.9.f":                      "mx-ip-literal: f.test MX 10 mail.f.test., mail.f.test A 192.0.2.9",
		`f MX 10 2001\:db8\:\:9.f`:                 "mx-ip-literal: f.test MX 10 mail.f.test., mail.f.test AAAA 2001:db8::9",
		"e MX 10 192.0.2.5.e":                      ": ",
		"w MX 10 192.0.2.3.w":                      "mx-ip-literal: w.test MX 10 mail.w.test.",
		"d MX 10 192.0.2.1":                        "mx-ip-literal: d.test MX 10 mail.d.test.",
		"d MX 10 localhost":                        "mx-local-name: d.test MX 10 mail.d.test.",
		"g MX 0 null.invalid.":                     "mx-local-name: g.test MX 0 .",
		"d MX 0 none.invalid.\nd MX 20 mx.d":       "mx-local-name: d.test MX 20 mx.d.test.",
		"d MX 10 aspmx.l.google.com.d":             "mx-dot-missing mx-no-address: d.test MX 10 aspmx.l.google.com.",
		"w MX 10 aspmx.l.google.com.w":             "mx-dot-missing: w.test MX 10 aspmx.l.google.com.",
		"d MX 10 mx.esp.jp.d":                      "mx-dot-missing mx-no-address: ",
		"w MX 10 mx.esp.jp.w":                      ": ",
		"d MX 10 mx.jp.d":                          "mx-no-address: ",
		"d MX 10 mx.rack.keller.d":                 "mx-no-address: ",
		"d MX 10 mx.six":                           "mx-ipv6-only: ",
		"d MX 10 mx.six\nd MX 20 mail.d":           ": ",
		"d MX 10 mx.six\nd MX 20 mx.p":             "mx-private-address mx-ipv6-only: ",
		"d AAAA 2001:db8::7":                       "mx-implicit mx-ipv6-only: d.test MX 10 mail.d.test.",
		"d A 192.0.2.7":                            "mx-implicit: d.test MX 10 mail.d.test.",
		"g A 192.0.2.7":                            "mx-implicit: ",
		"d TXT x":                                  "mx-none: d.test MX 10 mail.d.test.",
		"g TXT x":                                  "mx-none: ",
		"d MX 10 mail_gw.d\nmail_gw.d A 192.0.2.9": "mx-host-name: d.test MX 10 mail-gw.d.test., mail-gw.d.test A 192.0.2.9",
		"d MX 10 _mail.d":                          "mx-host-name mx-no-address: d.test MX 10 mail.d.test.",
		"d MX 10 mail-.d":                          "mx-host-name mx-no-address: ",
		`d MX 10 http\:\/\/mail.d.test.`:           "mx-host-name mx-no-address: d.test MX 10 mail.d.test.",
		`d MX 10 mail.d.test\:25.d`:                "mx-dot-missing mx-no-address: d.test MX 10 mail.d.test.",
		"d MX 10 mail.":                            "mx-host-name mx-no-address: d.test MX 10 mail.d.test.",
		"d MX 10 10mail.d":                         "mx-no-address: d.test MX 10 mail.d.test.",
		"d MX 10 1mail.d\n1mail.d A 192.0.2.9":     ": ",
		"d MX 10 xn--eckwd4c7c.d\nxn--eckwd4c7c.d A 192.0.2.9": ": ",
		"d MX 10 localhost.":                                   "mx-local-name: d.test MX 10 mail.d.test.",
		"g MX 10 localhost.":                                   "mx-local-name: g.test MX 0 .",
		"g MX 10 localhost.g\nlocalhost.g A 127.0.0.1":         "mx-local-name: g.test MX 0 .",
		"g MX 10 localhost.localdomain.":                       "mx-local-name: g.test MX 0 .",
		"d MX 10 mail.local.":                                  "mx-local-name: d.test MX 10 mail.d.test.",
		"g MX 10 mail.internal.":                               "mx-local-name: ",
		"g MX 10 localhost.\ng MX 20 mx1.corp.":                "mx-local-name mx-local-name: ",
		"d MX 10 localhost.\nd MX 20 mx.d":                     "mx-local-name: d.test MX 20 mx.d.test.",
		"d MX 10 mail.d\nd MX 32767 ms9.msv1.invalid.":         "mx-verification: d.test MX 10 mail.d.test.",
		"d MX 10 MS9.MSV1.invalid.":                            "mx-local-name: d.test MX 10 mail.d.test.",
		"d MX 10 gone.d\nd MX 20 ms9.msv1.invalid.":            "mx-no-address mx-local-name: ",
		"d MX 10 mail.d\nd MX 20 msv1.invalid.":                "mx-local-name: d.test MX 10 mail.d.test.",
		"d MX 10 localhosts.d\nlocalhosts.d A 192.0.2.9":       ": ",
		"d MX 10 x.d\nx.d AAAA ::ffff:192.0.2.25":              "mx-private-address: ",
		"d MX 10 x.d\nx.d AAAA fec0::25":                       "mx-private-address: ",
		"d MX 10 x.d\nx.d AAAA ::192.0.2.25\nx.d A 192.0.2.9":  "mx-private-address: ",
		"d MX 10 x.d\nx.d A 192.0.2.25\nx.d AAAA 2001:db8::25": ": ",
		"d MX 10 x.d\nx.d CNAME mail.d":                        "mx-cname: d.test MX 10 mail.d.test.",
		"e MX 10 lost.e":                                       "mx-cname mx-no-address: ",
		"e MX 10 round.e":                                      "mx-cname mx-no-address: ",
		"e CNAME e2\ne2 CNAME e":                               "mx-none: ",
		"d MX 10 mail.d\nd MX 20 mail.d":                       "mx-duplicate: d.test MX 10 mail.d.test.",
		"d MX 10 mail.d\nd MX 10 MAIL.D.test.":                 ": ",
		"d MX 10 mail.d\nd MX 20 gone.d":                       "mx-no-address: ",
	} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			name, _, _ := strings.Cut(zone, " ")
			r := runCheck(t, world+zone+"\n", name+".test", false, check.MX()).Results[0]
			if got := rulesAndRecords(r); got != want || r.Err != nil {
				t.Errorf("%s, %v; want %s", got, r.Err, want)
			}
		})
	}
}

// TestMXOfRecipients: somebody who writes to a domain cannot mend its records: nothing is offered, and the advice is theirs.
func TestMXOfRecipients(t *testing.T) {
	t.Parallel()
	z, err := resolve.ParseZone(strings.NewReader("$TTL 60\n$ORIGIN test.\nmail.d A 192.0.2.1\nd A 192.0.2.80\ne MX 10 "+
		"http\\:mail.d\nf MX 0 .\ng TXT x\n"), "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	dns, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	for domain, owner := range map[string]diag.Owner{"d.test": diag.OwnerSender, "e.test": diag.OwnerRecipient, "f.test": diag.OwnerSender,
		"g.test": diag.OwnerSender, "none.test": diag.OwnerSender} {
		target, err := diag.AddressTarget("taro@" + domain)
		if err != nil {
			t.Fatal(err)
		}
		r := diag.Run(t.Context(), diag.Env{DNS: dns, Now: time.Now}, target, []*diag.Check{check.MX()}).Results[0]
		for _, f := range r.Findings {
			if f.Advice().Owner != owner || len(f.Records) > 0 {
				t.Errorf("%s: %s of %s, %v", domain, f.Rule.ID, f.Advice().Owner, f.Records)
			}
		}
		if len(r.Findings) == 0 {
			t.Errorf("%s: nothing found", domain)
		}
	}
}

// ptrOf9 looks at the address 192.0.2.9.
func ptrOf9() *diag.Check {
	return check.PTR(check.PTROptions{IPs: []netip.Addr{netip.MustParseAddr("192.0.2.9")}})
}

// TestPTROfOthersMailHost: the address of another organisation's mail host gets the name of that host, and nobody is asked
// for names of the domain.
func TestPTROfOthersMailHost(t *testing.T) {
	t.Parallel()
	const world = "$TTL 300\n$ORIGIN test.\nd MX 10 mx.esp\nu MX 10 mx_1.esp\nown MX 10 mx.own\nmx.esp A 192.0.2.9\nmx_1.esp A 192.0.2.9\n" +
		"mx.own A 192.0.2.9\nx.hoster A 198.51.100.7\n"
	const arpa9 = "9.2.0.192.in-addr.arpa PTR "
	for _, c := range []struct{ domain, ptr, inbound, sending string }{
		{"d.test", "", "ptr-mx-none: " + arpa9 + "mx.esp.test.", "ptr-none: " + arpa9 + "mx.esp.test."},
		{"d.test", "x.hoster.test.", "ptr-mx-mismatch: " + arpa9 + "mx.esp.test.", "ptr-mismatch: " + arpa9 + "mx.esp.test."},
		{"u.test", "", "ptr-mx-none: ", "ptr-none: "},
		{"own.test", "", "ptr-mx-none: " + arpa9 + "mx.own.test.", "ptr-none: " + arpa9 + "mx.own.test."},
		{"d.test", "mx.esp.test.", ": ", ": "},
	} {
		zone := world
		if c.ptr != "" {
			zone += "9.2.0.192.in-addr.arpa. PTR " + c.ptr + "\n"
		}
		r := runCheck(t, zone, c.domain, false, check.PTR(check.PTROptions{}))
		if got := rulesAndRecords(r.Results[0]); got != c.inbound {
			t.Errorf("%s %s: %s, want %s", c.domain, c.ptr, got, c.inbound)
		}
		if r.Queries.Unique > 6 {
			t.Errorf("%s %s: %d questions", c.domain, c.ptr, r.Queries.Unique)
		}
		if got := rulesAndRecords(runCheck(t, zone, c.domain, false, ptrOf9()).Results[0]); got != c.sending {
			t.Errorf("%s %s, sending: %s, want %s", c.domain, c.ptr, got, c.sending)
		}
	}
}

// TestPTRKinds has one zone per kind of fault of reverse DNS, with healthy twins: rules and what is offered.
func TestPTRKinds(t *testing.T) {
	t.Parallel()
	const world = "$TTL 300\n$ORIGIN test.\nmail.d A 192.0.2.1\nmx.d A 192.0.2.2\nd MX 10 mx.d\nreal.d A 192.0.2.9\nalias.d CNAME real.d\n" +
		"vps.hoster A 198.51.100.7\nweb.d A 203.0.113.80\nlocalhost. A 127.0.0.1\n$ORIGIN 192.in-addr.arpa.\n2.2.0 PTR mx.d.test.\n"
	many := func(n int, last string) string {
		return strings.Repeat("9.2.0 PTR x\n", 1) + func() (out string) {
			for i := range n - 2 {
				out += "9.2.0 PTR h" + string(rune('a'+i)) + ".d.test.\n"
			}
			return out + "9.2.0 PTR " + last + ".\n"
		}()
	}
	const arpa9 = "9.2.0.192.in-addr.arpa PTR "
	for zone, want := range map[string]string{
		"9.2.0 PTR real.d.test.":                                       ": ",
		"9.2.0 PTR localhost.":                                         "ptr-name: " + arpa9 + "out",
		"9.2.0 PTR localhost.localdomain.":                             "ptr-name: " + arpa9 + "out",
		"9.2.0 PTR mail.":                                              "ptr-name: " + arpa9 + "out",
		"9.2.0 PTR 192.0.2.9.":                                         "ptr-name: " + arpa9 + "out",
		"9.2.0 PTR .":                                                  "ptr-name: " + arpa9 + "out",
		"9.2.0 PTR host_9.d.test.":                                     "ptr-name: " + arpa9 + "host-9.d.test., host-9.d.test A 192.0.2.9",
		"9.2.0 PTR server.local.":                                      "ptr-name: " + arpa9 + "server.d.test., server.d.test A 192.0.2.9",
		"9.2.0 PTR real.d.test":                                        "ptr-name: " + arpa9 + "real.d.test.",
		"9.2.0 PTR real.d.test.9.2.0":                                  "ptr-name: " + arpa9 + "real.d.test.",
		"9.2.0 PTR real.d.test.d.test.":                                "ptr-mismatch: " + arpa9 + "real.d.test.",
		"9.2.0 PTR real.":                                              "ptr-name: " + arpa9 + "real.d.test.",
		"9.2.0 PTR new.d.test.":                                        "ptr-mismatch: new.d.test A 192.0.2.9",
		"9.2.0 PTR web.d.test.":                                        "ptr-mismatch: web.d.test A 192.0.2.9",
		"9.2.0 PTR vps.hoster.test.":                                   "ptr-mismatch: " + arpa9 + "out",
		"9.2.0 PTR none.hoster.test.":                                  "ptr-mismatch: " + arpa9 + "out",
		"9.2.0 PTR alias.d.test.":                                      "ptr-alias: " + arpa9 + "real.d.test.",
		"9.2.0 PTR alias.d.test.\n9.2.0 PTR real.d.test.":              ": ",
		"9.2.0 CNAME 9.sub.192.in-addr.arpa.\n9.sub PTR real.d.test.":  ": ",
		"9.2.0 CNAME 9.sub.192.in-addr.arpa.\n9.sub PTR alias.d.test.": "ptr-alias: 9.sub.192.in-addr.arpa PTR real.d.test.",
		"9.2.0 CNAME 9.sub.192.in-addr.arpa.\n9.sub PTR real.":         "ptr-name: 9.sub.192.in-addr.arpa PTR real.d.test.",
		"9.2.0 PTR 9.2.0.192.in-addr.arpa.":                            "ptr-name: " + arpa9 + "out",
		"9.2.0 TXT x":                                                  "ptr-none: " + arpa9 + "out",
		many(10, "real.d.test"):                                        ": ",
		many(10, "other.d.test"):                                       "ptr-mismatch: ha.d.test A 192.0.2.9",
	} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			r := runCheck(t, world+zone+"\n", "d.test", false,
				ptrOf9()).Results[0]
			want := strings.Replace(want, arpa9+"out", arpa9+"mail2.d.test., mail2.d.test A 192.0.2.9", 1)
			if got := rulesAndRecords(r); got != want || r.Err != nil {
				t.Errorf("%s, %v; want %s", got, r.Err, want)
			}
			after := world
			if first, _, _ := strings.Cut(zone, "\n"); strings.Contains(first, " CNAME ") { // that of the network stays
				after += first + "\n"
			}
			after += "$ORIGIN .\n"
			for _, f := range r.Findings {
				for _, rec := range f.Records {
					if after += rec.Name + " " + rec.Type + " " + rec.Value + "\n"; rec.Type != "PTR" && len(f.Records) == 1 {
						after += "$ORIGIN 192.in-addr.arpa.\n" + zone + "\n"
					}
				}
			}
			again := runCheck(t, after, "d.test", false, ptrOf9()).Results[0]
			if want != ": " && len(again.Findings) > 0 {
				t.Errorf("what is offered does not mend it: %s", rulesAndRecords(again))
			}
		})
	}
	r := runCheck(t, world+many(12, "real.d.test")+many(13, "other.d.test"), "d.test", false,
		ptrOf9()).Results[0]
	if len(r.Findings) > 0 || r.Status() != diag.Unknown {
		t.Errorf("more names than are looked at: %s, %s", rulesAndRecords(r), r.Status())
	}
}

// TestNothingLookedAt: where there is no address and no server, nothing passes.
func TestNothingLookedAt(t *testing.T) {
	t.Parallel()
	r := runCheck(t, "a.test. 60 MX 0 .\n", "a.test", false, check.PTR(check.PTROptions{})).Results[0]
	if r.Status() != diag.Info || r.Looked() {
		t.Errorf("PTR: %s", r.Status())
	}
	if r := (diag.Result{Facts: &check.SMTPFacts{}}); r.Status() != diag.Info {
		t.Errorf("SMTP: %s", r.Status())
	}
	r = runCheck(t, "a.test. 60 MX 0 mx.a.test.\nmx.a.test. 60 A 192.0.2.1\n1.2.0.192.in-addr.arpa. 60 PTR mx.a.test.\n", "a.test", false,
		check.PTR(check.PTROptions{})).Results[0]
	if r.Status() != diag.OK || !r.Looked() {
		t.Errorf("a host to look at: %s", r.Status())
	}
}

// TestRecipientNotAsked: the lines of the SMTP check say whether the recipient was asked about.
func TestRecipientNotAsked(t *testing.T) {
	t.Parallel()
	for asked, want := range map[bool]bool{true: false, false: true} {
		f := check.SMTPFacts{Hosts: []check.SMTPHost{{Host: "mx.a.test"}}, Asked: asked}
		said := slices.ContainsFunc(f.Lines(), func(l diag.Line) bool { return strings.Contains(l.Says.JA, "--rcpt") })
		if said != want {
			t.Errorf("asked %v: %v", asked, said)
		}
	}
}

// TestNamesOfOthers: below a suffix of a hosting service each name has its own owner; nothing is offered for another's name.
func TestNamesOfOthers(t *testing.T) {
	t.Parallel()
	for ptr, want := range map[string]string{
		"mx.foo.github.io.":    "ptr-mismatch: mx.foo.github.io A 192.0.2.9",
		"mx.github.io.":        "ptr-mismatch: 9.2.0.192.in-addr.arpa PTR mail.foo.github.io., mail.foo.github.io A 192.0.2.9",
		"mx.bar.github.io.":    "ptr-mismatch: 9.2.0.192.in-addr.arpa PTR mail.foo.github.io., mail.foo.github.io A 192.0.2.9",
		"vps9.hoster.example.": "ptr-mismatch: 9.2.0.192.in-addr.arpa PTR mail.foo.github.io., mail.foo.github.io A 192.0.2.9",
	} {
		zone := "$TTL 60\nfoo.github.io. TXT x\n9.2.0.192.in-addr.arpa. PTR " + ptr + "\n"
		r := runCheck(t, zone, "foo.github.io", false,
			ptrOf9()).Results[0]
		if got := rulesAndRecords(r); got != want {
			t.Errorf("%s: %s, want %s", ptr, got, want)
		}
	}
}
