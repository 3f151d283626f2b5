package check_test

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/lab"
	"todoku/diag/mtasts"
	"todoku/diag/mx"
	"todoku/diag/probe"
	"todoku/diag/resolve"
	"todoku/diag/tlsrpt"
)

// stsWorld is kaisha.test with two mail hosts and a web server for its policy.
type stsWorld struct {
	record   string // zone lines; "": one good record
	policy   string // "": one good policy
	page     lab.Answer
	web      lab.Web
	mx1, mx2 lab.Receiver
	zone     string // more lines
	noHost   bool   // the policy's host does not exist
	noRoots  bool   // take the authorities of this machine, not those of the lab
}

const (
	goodRecord = `_mta-sts TXT "v=STSv1; id=20260101"`
	goodPolicy = "version: STSv1\r\nmode: enforce\r\nmx: mx1.kaisha.test\r\nmx: *.kaisha.test\r\nmax_age: 604800\r\n"
	stsMail    = "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 192.0.2.25\nmx2 A 192.0.2.26\n"
)

// look runs a check on kaisha.test, or on an address there.
func (w stsWorld) look(t *testing.T, at string, c *diag.Check, wrap func(resolve.Resolver) resolve.Resolver) diag.Result {
	t.Helper()
	if w.record == "" {
		w.record = goodRecord
	}
	host := "mta-sts A 192.0.2.80\n"
	if w.noHost {
		host = ""
	}
	world, err := lab.ParseWorld(strings.NewReader("$TTL 300\n$ORIGIN kaisha.test.\n"+stsMail+w.record+"\n"+host+w.zone+"\n"), "sts.world")
	if err != nil {
		t.Fatal(err)
	}
	if w.policy == "" {
		w.policy = goodPolicy
	}
	if w.page.Body == "" {
		w.page.Body = w.policy
	}
	w.web.Host, w.web.Pages = "mta-sts.kaisha.test", map[string]lab.Answer{"/.well-known/mta-sts.txt": w.page}
	world.PutWeb(w.web, netip.MustParseAddr("192.0.2.80"))
	for i, r := range []lab.Receiver{w.mx1, w.mx2} {
		r.Name = []string{"mx1.kaisha.test", "mx2.kaisha.test"}[i]
		world.Put(r, netip.AddrFrom4([4]byte{192, 0, 2, byte(25 + i)}))
	}
	l, err := lab.Start(t.Context(), world, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	client, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	var dns resolve.Resolver = client
	if wrap != nil {
		dns = wrap(client)
	}
	replies, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	target, err := diag.DomainTarget(at)
	if strings.Contains(at, "@") {
		target, err = diag.AddressTarget(at)
	}
	if err != nil {
		t.Fatal(err)
	}
	roots := l.Roots()
	if w.noRoots {
		roots = nil
	}
	env := diag.Env{DNS: dns, Now: time.Now,
		SMTP: (&probe.Prober{Dial: l.Dial, Roots: roots, Codes: replies, Timeout: 2 * time.Second}).NewRun(),
		Web:  (&probe.Fetcher{Dial: l.Dial, Roots: roots, Timeout: 2 * time.Second}).NewRun(dns)}
	return diag.Run(t.Context(), env, target, []*diag.Check{c}).Results[0]
}

// sts is the check with its visits.
func sts() *diag.Check { return check.MTASTS(check.MTASTSOptions{Visit: true}) }

// brokenRules are the rules of a result, each once, in the order of their ids.
func brokenRules(r diag.Result) string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Rule.ID)
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

// stsLines is a policy of lines.
func stsLines(lines ...string) string { return strings.Join(lines, "\n") + "\n" }

// TestMTASTSWorlds: what is published and shown, the rules that it breaks, what a sender applies, and whether it delivers.
func TestMTASTSWorlds(t *testing.T) {
	t.Parallel()
	const v, e, both, age = "version: STSv1", "mode: enforce", "mx: *.kaisha.test", "max_age: 604800"
	for name, c := range map[string]struct {
		stsWorld
		rules   string
		applies string
		would   string // of mx1 and mx2
		kind    resolve.Kind
	}{
		"healthy":                {applies: "enforce", would: "deliver deliver"},
		"no record":              {stsWorld: stsWorld{record: "_dmarc TXT x", noHost: true}, rules: "mtasts-none"},
		"no record, but policy":  {stsWorld: stsWorld{record: "_dmarc TXT x"}, rules: "mtasts-no-record mtasts-none"},
		"other text, but policy": {stsWorld: stsWorld{record: "_mta-sts TXT hello"}, rules: "mtasts-no-record mtasts-none"},
		"no record, policy none": {stsWorld: stsWorld{record: "_dmarc TXT x", policy: stsLines(v, "mode: none", age)},
			rules: "mtasts-none"},
		"no record, closed": {stsWorld: stsWorld{record: "_dmarc TXT x", web: lab.Web{Reach: lab.Closed}}, rules: "mtasts-none"},
		"other text beside it": {stsWorld: stsWorld{record: goodRecord + "\n_mta-sts TXT hello"},
			applies: "enforce", would: "deliver deliver"},
		"record at the apex": {stsWorld: stsWorld{record: "@ TXT \"v=STSv1; id=1\"", noHost: true}, rules: "mtasts-misplaced"},
		"record broken":      {stsWorld: stsWorld{record: `_mta-sts TXT "v=STSv1; id=a-b"`}, rules: "mtasts-syntax"},
		"record of another version": {stsWorld: stsWorld{record: `_mta-sts TXT "v=stsv1; id=1"`, noHost: true},
			rules: "mtasts-syntax"},
		"record of another version, and a policy": {
			stsWorld: stsWorld{record: `_mta-sts TXT "v=stsv1; id=1"`}, rules: "mtasts-syntax"},
		"record without id": {stsWorld: stsWorld{record: `_mta-sts TXT "v=STSv1;"`}, rules: "mtasts-syntax"},
		"two records":       {stsWorld: stsWorld{record: goodRecord + "\n" + `_mta-sts TXT "v=STSv1; id=2"`}, rules: "mtasts-multiple"},
		"record by an alias": {stsWorld: stsWorld{record: "_mta-sts CNAME x.esp.test.", zone: `x.esp.test. TXT "v=STSv1; id=1"`},
			applies: "enforce", would: "deliver deliver"},
		"dangling alias": {stsWorld: stsWorld{record: "_mta-sts CNAME gone.esp.test.", noHost: true}, rules: "mtasts-none"},
		"unknown field": {stsWorld: stsWorld{record: `_mta-sts TXT "v=STSv1; id=1; x=y"`},
			rules: "mtasts-ignored", applies: "enforce", would: "deliver deliver"},
		"no host":        {stsWorld: stsWorld{noHost: true}, rules: "mtasts-fetch"},
		"host without A": {stsWorld: stsWorld{noHost: true, zone: "mta-sts TXT x"}, rules: "mtasts-fetch"},
		"404":            {stsWorld: stsWorld{page: lab.Answer{Status: 404}}, rules: "mtasts-fetch"},
		"500":            {stsWorld: stsWorld{page: lab.Answer{Status: 500}}, rules: "mtasts-fetch"},
		"204":            {stsWorld: stsWorld{page: lab.Answer{Status: 204}}, rules: "mtasts-fetch"},
		"301": {stsWorld: stsWorld{page: lab.Answer{Status: 301, Location: "https://www.kaisha.test/"}},
			rules: "mtasts-redirect"},
		"308": {stsWorld: stsWorld{page: lab.Answer{Status: 308, Location: "/mta-sts.txt"}}, rules: "mtasts-redirect"},
		"64 KiB and one": {stsWorld: stsWorld{page: lab.Answer{Body: goodPolicy + strings.Repeat("x", 64<<10+1-len(goodPolicy))}},
			rules: "mtasts-fetch"},
		"web page": {stsWorld: stsWorld{page: lab.Answer{Type: "text/html; charset=utf-8"}},
			rules: "mtasts-content-type", applies: "enforce", would: "deliver deliver"},
		"no type": {stsWorld: stsWorld{page: lab.Answer{Type: "-"}},
			rules: "mtasts-content-type", applies: "enforce", would: "deliver deliver"},
		"type with parameter": {stsWorld: stsWorld{page: lab.Answer{Type: "Text/Plain; charset=US-ASCII"}},
			applies: "enforce", would: "deliver deliver"},
		"web expired":         {stsWorld: stsWorld{web: lab.Web{Certificate: lab.Expired}}, rules: "mtasts-certificate"},
		"web of another name": {stsWorld: stsWorld{web: lab.Web{Certificate: lab.WrongName}}, rules: "mtasts-certificate"},
		"web self-signed":     {stsWorld: stsWorld{web: lab.Web{Certificate: lab.SelfSigned}}, rules: "mtasts-certificate"},
		"web incomplete":      {stsWorld: stsWorld{web: lab.Web{Certificate: lab.Incomplete}}, rules: "mtasts-certificate"},
		"policy broken":       {stsWorld: stsWorld{policy: stsLines(v, e, "mx mx1.kaisha.test", age)}, rules: "mtasts-syntax"},
		"policy of a page":    {stsWorld: stsWorld{policy: "<html></html>"}, rules: "mtasts-syntax"},
		"policy key twice": {stsWorld: stsWorld{policy: stsLines(v, e, both, age, "mode: none")},
			rules: "mtasts-ignored", applies: "enforce", would: "deliver deliver"},
		"policy blank line": {stsWorld: stsWorld{policy: stsLines(v, e, both, age, "")}, applies: "enforce", would: "deliver deliver"},
		"mode none": {stsWorld: stsWorld{policy: stsLines(v, "mode: none", "max_age: 60"),
			mx1: lab.Receiver{Certificate: lab.Expired}}, rules: "mtasts-mode-none", applies: "none"},
		"testing": {stsWorld: stsWorld{policy: stsLines(v, "mode: testing", both, age)},
			rules: "mtasts-testing", applies: "testing", would: "deliver deliver"},
		"short": {stsWorld: stsWorld{policy: stsLines(v, e, both, "max_age: 86399")},
			rules: "mtasts-max-age", applies: "enforce", would: "deliver deliver"},
		"a day": {stsWorld: stsWorld{policy: stsLines(v, e, both, "max_age: 86400")},
			applies: "enforce", would: "deliver deliver"},
		"mx2 not named": {stsWorld: stsWorld{policy: stsLines(v, e, "mx: mx1.kaisha.test", age)},
			rules: "mtasts-mx-mismatch", applies: "enforce", would: "deliver wait"},
		"none is named": {stsWorld: stsWorld{policy: stsLines(v, e, "mx: kaisha.test", age)},
			rules: "mtasts-mx-mismatch", applies: "enforce", would: "wait wait"},
		"deeper than *": {stsWorld: stsWorld{policy: stsLines(v, e, "mx: *.test", age)},
			rules: "mtasts-mx-mismatch", applies: "enforce", would: "wait wait"},
		"testing, not named": {stsWorld: stsWorld{policy: stsLines(v, "mode: testing", "mx: mx1.kaisha.test", age)},
			rules: "mtasts-testing mtasts-would-fail", applies: "testing", would: "deliver wait"},
		"a host that never is": {stsWorld: stsWorld{zone: "@ MX 32767 ms1.msv1.invalid."}, applies: "enforce", would: "deliver deliver"},
		"an old host": {stsWorld: stsWorld{policy: stsLines(v, e, both, "mx: mx.old.test", age)},
			rules: "mtasts-mx-unused", applies: "enforce", would: "deliver deliver"},
		"mx expired": {stsWorld: stsWorld{mx1: lab.Receiver{Certificate: lab.Expired}},
			rules: "mtasts-certificate", applies: "enforce", would: "wait deliver"},
		"mx of another name": {stsWorld: stsWorld{mx2: lab.Receiver{Certificate: lab.WrongName}},
			rules: "mtasts-certificate", applies: "enforce", would: "deliver wait"},
		"mx self-signed": {stsWorld: stsWorld{mx1: lab.Receiver{Certificate: lab.SelfSigned},
			mx2: lab.Receiver{Certificate: lab.SelfSigned}}, rules: "mtasts-certificate", applies: "enforce", would: "wait wait"},
		"testing, expired": {stsWorld: stsWorld{policy: stsLines(v, "mode: testing", both, age),
			mx1: lab.Receiver{Certificate: lab.Expired}}, rules: "mtasts-testing mtasts-would-fail", applies: "testing", would: "wait deliver"},
		"no STARTTLS": {stsWorld: stsWorld{mx1: lab.Receiver{Lacks: []string{"STARTTLS"}}},
			rules: "mtasts-starttls-none", applies: "enforce", would: "wait deliver"},
		"mx expired, IPv6 not known": {stsWorld: stsWorld{mx1: lab.Receiver{Certificate: lab.Expired},
			zone: "$FAULT mx1.kaisha.test AAAA SERVFAIL"},
			rules: "mtasts-certificate", applies: "enforce", would: "unknown deliver", kind: resolve.KindServFail},
		"no STARTTLS, breaks off": {stsWorld: stsWorld{mx1: lab.Receiver{Lacks: []string{"STARTTLS"}, Mail: lab.Say{Then: lab.Drop}}},
			rules: "mtasts-starttls-none", applies: "enforce", would: "wait deliver"},
		"an address more, closed": {stsWorld: stsWorld{zone: "mx1 A 192.0.2.99"}, applies: "enforce", would: "deliver deliver"},
		"STARTTLS refused": {stsWorld: stsWorld{mx1: lab.Receiver{STARTTLS: lab.Say{Reply: "502 5.5.1 not here"}}},
			rules: "mtasts-starttls-none", applies: "enforce", would: "wait deliver"},
		"testing, no TLS": {stsWorld: stsWorld{policy: stsLines(v, "mode: testing", both, age),
			mx1: lab.Receiver{Lacks: []string{"STARTTLS"}}}, rules: "mtasts-testing mtasts-would-fail", applies: "testing", would: "wait deliver"},

		"one address closed": {stsWorld: stsWorld{zone: "mx1 A 192.0.2.99"}, applies: "enforce", would: "deliver deliver"},

		"443 refused": {stsWorld: stsWorld{web: lab.Web{Reach: lab.Closed}}, kind: check.KindWebUnreachable},
		"443 at home": {stsWorld: stsWorld{noHost: true, zone: "mta-sts A 127.0.0.1\nmta-sts A 10.0.0.1"}, kind: check.KindWebUnreachable},
		"443 at home and abroad": {stsWorld: stsWorld{zone: "mta-sts A 10.0.0.1"},
			applies: "enforce", would: "deliver deliver"},
		"443 unreachable": {stsWorld: stsWorld{web: lab.Web{Reach: lab.Unreachable}}, kind: check.KindWebUnreachable},
		"443 silent":      {stsWorld: stsWorld{web: lab.Web{Reach: lab.Silent}}, kind: check.KindWebSilent},
		"page stalls":     {stsWorld: stsWorld{page: lab.Answer{Then: lab.Stall}}, kind: check.KindWebSilent},
		"page breaks off": {stsWorld: stsWorld{page: lab.Answer{Then: lab.Drop}}, kind: check.KindWebBrokenOff},
		"STARTTLS put off": {stsWorld: stsWorld{mx1: lab.Receiver{STARTTLS: lab.Say{Reply: "454 4.7.0 not now"}}},
			applies: "enforce", would: "unknown deliver", kind: check.KindTurnedAway},
		"25 refused": {stsWorld: stsWorld{mx1: lab.Receiver{Reach: lab.Closed}, mx2: lab.Receiver{Reach: lab.Closed}},
			applies: "enforce", would: "unknown unknown", kind: check.KindUnreachable},
		"25 silent": {stsWorld: stsWorld{mx1: lab.Receiver{Reach: lab.Silent}},
			applies: "enforce", would: "unknown deliver", kind: check.KindSilent},
		"refuses us": {stsWorld: stsWorld{mx1: lab.Receiver{Greeting: lab.Say{Reply: "554 5.7.1 blocked"}}},
			applies: "enforce", would: "unknown deliver", kind: check.KindTurnedAway},
		"TXT fails":  {stsWorld: stsWorld{zone: "$FAULT _mta-sts.kaisha.test TXT SERVFAIL"}, kind: resolve.KindServFail},
		"host fails": {stsWorld: stsWorld{zone: "$FAULT mta-sts.kaisha.test * REFUSED"}, kind: resolve.KindRefused},
		"MX silent":  {stsWorld: stsWorld{zone: "$FAULT kaisha.test MX SILENCE"}, applies: "enforce", kind: resolve.KindTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := c.look(t, "kaisha.test", sts(), nil)
			f := r.Facts.(*check.MTASTSFacts)
			var would []string
			for _, h := range f.Hosts {
				would = append(would, string(h.Would))
			}
			if brokenRules(r) != c.rules || f.Applies != c.applies || strings.Join(would, " ") != c.would || kindOf(r.Err) != c.kind {
				t.Errorf("rules %q, applies %q, would %q, error %v; want %q, %q, %q, %s", brokenRules(r), f.Applies, would, r.Err,
					c.rules, c.applies, c.would, c.kind)
			}
			if len(f.Lines()) == 0 {
				t.Error("nothing to tell")
			}
			offersHold(t, c.stsWorld, r)
		})
	}
}

// TestMTASTSCertificateProblems: of a certificate is told what is wrong with it, in words that lead to it.
func TestMTASTSCertificateProblems(t *testing.T) {
	t.Parallel()
	for kind, want := range map[lab.Certificate][2]string{lab.CommonName: {"certificate-host-mismatch", "common name only"},
		lab.SHA1: {"certificate-not-trusted", "(ECDSA-SHA1)"}, lab.Incomplete: {"certificate-not-trusted", "a trusted authority"}} {
		r := stsWorld{mx1: lab.Receiver{Certificate: kind}}.look(t, "kaisha.test", sts(), nil)
		if brokenRules(r) != "mtasts-certificate" || datum(r.Findings[0], "result") != want[0] ||
			!strings.Contains(datum(r.Findings[0], "problem"), want[1]) {
			t.Errorf("%s: %s, %+v", kind, brokenRules(r), r.Findings)
		}
	}
}

// TestMTASTSBeyondTheBound: that no host takes the mail is not said where some were not looked at.
func TestMTASTSBeyondTheBound(t *testing.T) {
	t.Parallel()
	w := stsWorld{policy: stsLines("version: STSv1", "mode: enforce", "mx: elsewhere.test", "max_age: 604800")}
	for range 2 {
		r := w.look(t, "kaisha.test", sts(), nil)
		f := r.Facts.(*check.MTASTSFacts)
		if all := r.Err == nil; (f.Deliverable != nil) != all || all != (w.zone == "") {
			t.Errorf("%d hosts: %v, %v", len(f.Hosts), f.Deliverable, r.Err)
		}
		for i := range mx.MaxHosts {
			w.zone += fmt.Sprintf("@ MX 30 more%d\nmore%d A 192.0.2.99\n", i, i)
		}
	}
}

// TestNoRoots: on a machine without certificates of authorities no certificate can be judged. One that is bad without any, as
// it has expired or is of another name, still is. The test runs itself again on such a machine.
func TestNoRoots(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("these systems have their authorities elsewhere")
	}
	if os.Getenv("TODOKU_TEST_NO_ROOTS") == "" {
		again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoRoots$")
		again.Env = append(os.Environ(), "TODOKU_TEST_NO_ROOTS=1", "SSL_CERT_FILE=/nonexistent", "SSL_CERT_DIR=/nonexistent")
		if out, err := again.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	for name, c := range map[string]struct {
		stsWorld
		check *diag.Check
		rules string
		kind  resolve.Kind
	}{
		"policy":             {check: sts(), kind: check.KindNoRoots},
		"policy, other name": {stsWorld: stsWorld{web: lab.Web{Certificate: lab.WrongName}}, check: sts(), rules: "mtasts-certificate"},
		"server":             {check: check.SMTP(check.SMTPOptions{}), kind: check.KindNoRoots},
		"server, self-signed": {stsWorld: stsWorld{mx1: lab.Receiver{Certificate: lab.SelfSigned}},
			check: check.SMTP(check.SMTPOptions{}), kind: check.KindNoRoots},
		"server, expired": {stsWorld: stsWorld{mx1: lab.Receiver{Certificate: lab.Expired}}, check: check.SMTP(check.SMTPOptions{}),
			rules: "smtp-certificate", kind: check.KindNoRoots},
	} {
		c.noRoots = true
		if r := c.look(t, "kaisha.test", c.check, nil); brokenRules(r) != c.rules || kindOf(r.Err) != c.kind {
			t.Errorf("%s: %s, %v", name, brokenRules(r), r.Err)
		}
	}
}

// offersHold publishes the records that a result offers: with them the check finds nothing wrong with the record. The policy
// that it offers covers all hosts.
func offersHold(t *testing.T, w stsWorld, r diag.Result) {
	t.Helper()
	for _, f := range r.Findings {
		for _, rec := range f.Records {
			if rec.Name != "_mta-sts.kaisha.test" {
				continue
			}
			w.record = `_mta-sts TXT "` + rec.Value + `"`
			again := w.look(t, "kaisha.test", check.MTASTS(check.MTASTSOptions{}), nil)
			if again.Status() > diag.Info || again.Has(check.MTASTSNone) {
				t.Errorf("the offer %q: %s", rec.Value, brokenRules(again))
			}
		}
		if f.Rule != check.MTASTSMXMismatch {
			continue
		}
		text, _ := f.Data.Get("policy")
		policy, faults := mtasts.ParsePolicy(strings.ReplaceAll(text, " | ", "\n"))
		for _, h := range []string{"mx1.kaisha.test", "mx2.kaisha.test"} {
			if _, ok := policy.Covers(h); !ok || mtasts.Broken(faults) {
				t.Errorf("the policy %q does not cover %s", text, h)
			}
		}
	}
}

// TestMTASTSIgnoranceIsNoVerdict fails every question of the healthy world, one by one: something is unknown then, and
// nothing is told.
func TestMTASTSIgnoranceIsNoVerdict(t *testing.T) {
	t.Parallel()
	healthy := &blind{asked: map[string]resolve.Type{}}
	r := stsWorld{}.look(t, "kaisha.test", sts(), func(r resolve.Resolver) resolve.Resolver { healthy.Resolver = r; return healthy })
	if len(r.Findings) > 0 || r.Err != nil || len(healthy.asked) < 8 {
		t.Fatalf("%s, %v, %d questions", brokenRules(r), r.Err, len(healthy.asked))
	}
	for q, typ := range healthy.asked {
		_, name, _ := strings.Cut(q, " ")
		if name == "kaisha.test" && typ != resolve.TypeMX { // asked in case that there is no MX
			continue
		}
		for _, kind := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused} {
			r := stsWorld{}.look(t, "kaisha.test", sts(), func(r resolve.Resolver) resolve.Resolver {
				return &blind{Resolver: r, name: name, t: typ, kind: kind, asked: map[string]resolve.Type{}}
			})
			// Of a host that is reached by one family of addresses, the other need not be known.
			half := typ == resolve.TypeAAAA && name == "mta-sts.kaisha.test"
			if len(r.Findings) > 0 || r.Err == nil && !half {
				t.Errorf("%s for %s: %s, %v", kind, q, brokenRules(r), r.Err)
			}
		}
	}
}

// TestMTASTSToAWriter: who writes to the domain is told what may keep the mail back, and nothing else.
func TestMTASTSToAWriter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stsWorld
		rules string
	}{
		"no record": {stsWorld: stsWorld{record: "_dmarc TXT x"}},
		"testing":   {stsWorld: stsWorld{policy: strings.Replace(goodPolicy, "enforce", "testing", 1)}},
		"mismatch": {stsWorld: stsWorld{policy: stsLines("version: STSv1", "mode: enforce", "mx: a.test", "max_age: 60")},
			rules: "mtasts-mx-mismatch"},
	} {
		r := c.look(t, "user@kaisha.test", sts(), nil)
		if brokenRules(r) != c.rules || r.Err != nil {
			t.Errorf("%s: %s, %v", name, brokenRules(r), r.Err)
		}
		for _, f := range r.Findings {
			if f.Advice().Owner != diag.OwnerRecipient {
				t.Errorf("%s: %s is told to %s", name, f.Rule.ID, f.Advice().Owner)
			}
		}
	}
}

// TestMTASTSAdviceToAWriter: a policy that nobody can read keeps no mail back, and one that names other hosts is told whole.
func TestMTASTSAdviceToAWriter(t *testing.T) {
	t.Parallel()
	told := func(r *diag.Rule) diag.Advice { return diag.Finding{Rule: r, Writing: true}.Advice() }
	blocks := told(check.MTASTSMXMismatch)
	if !strings.Contains(blocks.Fix.EN, "{policy}") || !strings.Contains(blocks.Fix.JA, "{policy}") {
		t.Errorf("the policy is not told: %+v", blocks.Fix)
	}
	for _, r := range []*diag.Rule{check.MTASTSSyntax, check.MTASTSMultiple, check.MTASTSFetch, check.MTASTSRedirect,
		check.MTASTSCertificate} {
		if a := told(r); a.Why == blocks.Why || a.Owner != diag.OwnerRecipient {
			t.Errorf("%s is told as if mail waited for it: %+v", r.ID, a)
		}
	}
}

// TestMTASTSWithoutVisits asks one question, and judges no more than its answer.
func TestMTASTSWithoutVisits(t *testing.T) {
	t.Parallel()
	seen := &blind{asked: map[string]resolve.Type{}}
	w := stsWorld{web: lab.Web{Reach: lab.Closed}, mx1: lab.Receiver{Reach: lab.Closed}}
	note := func(r resolve.Resolver) resolve.Resolver { seen.Resolver = r; return seen }
	r := w.look(t, "kaisha.test", check.MTASTS(check.MTASTSOptions{}), note)
	if r.Status() != diag.OK || len(seen.asked) != 1 || r.Facts.(*check.MTASTSFacts).Page != nil {
		t.Errorf("%s, %v, asked %v", brokenRules(r), r.Err, seen.asked)
	}
}

func TestTLSRPTWorlds(t *testing.T) {
	t.Parallel()
	rua := func(s string) string { return `_smtp._tls TXT "v=TLSRPTv1; rua=` + s + `"` }
	for name, c := range map[string]struct {
		zone, rules string
		kind        resolve.Kind
	}{
		"healthy":           {zone: rua("mailto:tls@kaisha.test")},
		"by HTTPS":          {zone: rua("https://mx1.kaisha.test/tls")},
		"at an address":     {zone: rua("https://192.0.2.80/tls")},
		"at an IPv6":        {zone: rua("https://[2001:db8::80]/tls")},
		"no record":         {rules: "tlsrpt-none"},
		"at the apex":       {zone: `@ TXT "v=TLSRPTv1; rua=mailto:a@kaisha.test"`, rules: "tlsrpt-misplaced"},
		"broken":            {zone: rua("tls@kaisha.test"), rules: "tlsrpt-syntax"},
		"another version":   {zone: `_smtp._tls TXT "v=TLSRPT1; rua=mailto:tls@kaisha.test"`, rules: "tlsrpt-syntax"},
		"no rua":            {zone: `_smtp._tls TXT "v=TLSRPTv1;"`, rules: "tlsrpt-syntax"},
		"two":               {zone: rua("mailto:a@kaisha.test") + "\n" + rua("mailto:b@kaisha.test"), rules: "tlsrpt-multiple"},
		"other text":        {zone: rua("mailto:a@kaisha.test") + "\n_smtp._tls TXT hello"},
		"other field":       {zone: rua("mailto:a@kaisha.test; x=y"), rules: "tlsrpt-ignored"},
		"other scheme":      {zone: rua("http://mx1.kaisha.test/tls"), rules: "tlsrpt-uri-scheme"},
		"no such domain":    {zone: rua("mailto:a@gone.test"), rules: "tlsrpt-no-mx"},
		"null MX":           {zone: rua("mailto:a@null.test") + "\nnull.test. MX 0 .", rules: "tlsrpt-no-mx"},
		"no MX, no address": {zone: rua("mailto:a@bare.test") + "\nbare.test. TXT x", rules: "tlsrpt-no-mx"},
		"no MX, an address": {zone: rua("mailto:a@mx1.kaisha.test")},
		"no such host":      {zone: rua("https://gone.test/tls"), rules: "tlsrpt-no-host"},
		"one of two lost":   {zone: rua("mailto:a@kaisha.test,mailto:a@gone.test"), rules: "tlsrpt-no-mx"},
		"TXT fails":         {zone: "$FAULT _smtp._tls.kaisha.test TXT SERVFAIL", kind: resolve.KindServFail},
		"MX silent":         {zone: rua("mailto:a@far.test") + "\n$FAULT far.test * SILENCE", kind: resolve.KindTimeout},
		"address refused":   {zone: rua("mailto:a@far.test") + "\nfar.test. TXT x\n$FAULT far.test A REFUSED", kind: resolve.KindRefused},
		"host refused":      {zone: rua("https://far.test/") + "\n$FAULT far.test * REFUSED", kind: resolve.KindRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := stsWorld{zone: c.zone}.look(t, "kaisha.test", check.TLSRPT(check.TLSRPTOptions{}), nil)
			if brokenRules(r) != c.rules || kindOf(r.Err) != c.kind {
				t.Errorf("%s, %v; want %s, %s", brokenRules(r), r.Err, c.rules, c.kind)
			}
			for _, f := range r.Findings {
				for _, rec := range f.Records {
					again := stsWorld{zone: `_smtp._tls TXT "` + rec.Value + `"`}.look(t, "kaisha.test", check.TLSRPT(check.TLSRPTOptions{}), nil)
					if read, faults := tlsrpt.Parse(rec.Value); again.Status() > diag.Info || len(faults) > 0 || len(read.RUA) == 0 {
						t.Errorf("the offer %q: %s", rec.Value, brokenRules(again))
					}
				}
			}
		})
	}
}

// TestMTASTSLargePolicy: what is told of a policy with thousands of lines is bounded.
func TestMTASTSLargePolicy(t *testing.T) {
	t.Parallel()
	w := stsWorld{policy: stsLines("version: STSv1", "mode: enforce", "max_age: 604800", strings.Repeat("mx: other.test\n", 4000))}
	r := w.look(t, "kaisha.test", sts(), nil)
	if brokenRules(r) != "mtasts-mx-mismatch" || len(r.Facts.(*check.MTASTSFacts).MX) > 100 {
		t.Fatalf("%s, %v, %d lines", brokenRules(r), r.Err, len(r.Facts.(*check.MTASTSFacts).MX))
	}
	for _, f := range r.Findings {
		if policy, _ := f.Data.Get("policy"); policy != "mx: mx1.kaisha.test | mx: mx2.kaisha.test" {
			t.Errorf("%.200s", policy)
		}
	}
}
