package check_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dane"
	"todoku/diag/lab"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// strange is the digest of a key that no server has.
const strange = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

// daneWorld is kaisha.test, whose only host is mx.kaisha.test at 192.0.2.25, with lines of its own. "{key}" is the record of
// the host's key, "{next}" that of another.
func daneWorld(lines string) string {
	lines = strings.NewReplacer("{key}", "$TLSA _25._tcp.mx.kaisha.test 3 1 1 leaf mx.kaisha.test",
		"{next}", "_25._tcp.mx.kaisha.test. TLSA 3 1 1 "+strange).Replace(lines)
	return "$TTL 300\nkaisha.test. MX 10 mx.kaisha.test.\nmx.kaisha.test. A 192.0.2.25\nkaisha.test. DS 1 13 2 00\n" + lines + "\n"
}

const signedZone = "$SECURE kaisha.test\n"

// daneLab runs checks on kaisha.test in a world of its own.
func daneLab(t *testing.T, world string, r lab.Receiver, checks ...*diag.Check) *diag.Report {
	t.Helper()
	return daneLabAt(t, 0, world, r, checks...)
}

// daneLabAt is daneLab with a clock that is ahead.
func daneLabAt(t *testing.T, ahead time.Duration, world string, r lab.Receiver, checks ...*diag.Check) *diag.Report {
	t.Helper()
	now := func() time.Time { return time.Now().Add(ahead) }
	w, err := lab.ParseWorld(strings.NewReader(world), "dane.world")
	if err != nil {
		t.Fatal(err)
	}
	r.Name, r.Known = "mx.kaisha.test", []string{"user", "postmaster"}
	w.Put(r, netip.MustParseAddr("192.0.2.25"))
	w.Put(lab.Receiver{Name: "spare.kaisha.test"}, netip.MustParseAddr("192.0.2.26"))
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	dns, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dns.Close)
	replies, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	target, err := diag.DomainTarget("kaisha.test")
	if err != nil {
		t.Fatal(err)
	}
	env := diag.Env{DNS: dns, Now: now, SMTP: (&probe.Prober{Dial: l.Dial, Roots: l.Roots(), Codes: replies, Now: now,
		Timeout: 2 * time.Second}).NewRun()}
	return diag.Run(t.Context(), env, target, checks)
}

// TestDANEWorlds: what is published and shown, the rules that it breaks, and what a sender with DANE does.
func TestDANEWorlds(t *testing.T) {
	t.Parallel()
	const k, n = "{key}\n", "{next}\n"
	ca := func(numbers string) string {
		return "$TLSA _25._tcp.mx.kaisha.test " + numbers + " ca mx.kaisha.test\n"
	}
	leaf := func(numbers string) string {
		return "$TLSA _25._tcp.mx.kaisha.test " + numbers + " leaf mx.kaisha.test\n"
	}
	for name, c := range map[string]struct {
		world string
		mail  lab.Receiver
		rules string
		would check.Would
		word  string // of a TLS report
		kind  resolve.Kind
	}{
		"healthy":             {world: signedZone + k + n, would: check.WouldDeliver},
		"self-signed":         {world: signedZone + k + n, mail: lab.Receiver{Certificate: lab.SelfSigned}, would: check.WouldDeliver},
		"expired, of the key": {world: signedZone + k + n, mail: lab.Receiver{Certificate: lab.Expired}, would: check.WouldDeliver},
		"authority shown":     {world: signedZone + ca("2 1 1"), mail: lab.Receiver{Certificate: lab.WithCA}, would: check.WouldDeliver},
		"authority not shown": {world: signedZone + ca("2 1 1"), rules: "dane-mismatch", would: check.WouldWait, word: "validation-failure"},
		"authority whole":     {world: signedZone + ca("2 0 0"), would: check.WouldDeliver},
		"one key, one more":   {world: signedZone + k + "_25._tcp.mx.kaisha.test. TLSA 3 0 1 " + strange, would: check.WouldDeliver},
		"one key":             {world: signedZone + k, rules: "dane-rollover", would: check.WouldDeliver},
		"one key, twice told": {world: signedZone + k + leaf("3 0 1"), rules: "dane-rollover", would: check.WouldDeliver},
		"another key":         {world: signedZone + n, rules: "dane-mismatch", would: check.WouldWait, word: "validation-failure"},
		"stronger digest of another": {world: signedZone + k + "_25._tcp.mx.kaisha.test. TLSA 3 1 2 " + strange + strange,
			rules: "dane-mismatch",
			would: check.WouldWait, word: "validation-failure"},
		"authority, other name": {world: signedZone + leaf("2 1 1") + ca("2 0 0"), mail: lab.Receiver{Certificate: lab.WrongName},
			rules: "dane-mismatch", would: check.WouldWait, word: "certificate-host-mismatch"},
		"authority, expired": {world: signedZone + ca("2 0 0"), mail: lab.Receiver{Certificate: lab.Expired}, rules: "dane-mismatch",
			would: check.WouldWait, word: "certificate-expired"},
		"no STARTTLS": {world: signedZone + k + n, mail: lab.Receiver{Lacks: []string{"STARTTLS"}}, rules: "dane-starttls",
			would: check.WouldWait, word: "starttls-not-supported"},
		"STARTTLS refused": {world: signedZone + k + n, mail: lab.Receiver{STARTTLS: lab.Say{Reply: "502 5.5.1 not here"}},
			rules: "dane-starttls", would: check.WouldWait, word: "starttls-not-supported"},
		"STARTTLS put off": {world: signedZone + k + n, mail: lab.Receiver{STARTTLS: lab.Say{Reply: "454 4.7.0 not now"}},
			would: check.WouldUnknown, kind: check.KindTurnedAway},
		"breaks off in TLS": {world: signedZone + k + n, mail: lab.Receiver{STARTTLS: lab.Say{Reply: "220 go", Then: lab.Drop}},
			would: check.WouldUnknown, kind: check.KindBrokenOff},
		"refuses us": {world: signedZone + k + n, mail: lab.Receiver{Greeting: lab.Say{Reply: "554 5.7.1 blocked"}},
			would: check.WouldUnknown, kind: check.KindTurnedAway},
		"closed": {world: signedZone + k + n, mail: lab.Receiver{Reach: lab.Closed}, would: check.WouldUnknown,
			kind: check.KindUnreachable},
		"silent": {world: signedZone + k + n, mail: lab.Receiver{Reach: lab.Silent}, would: check.WouldUnknown, kind: check.KindSilent},
		"mute": {world: signedZone + k + n, mail: lab.Receiver{EHLO: lab.Say{Then: lab.Stall}},
			would: check.WouldUnknown, kind: check.KindSilent},
		"no records": {world: signedZone, rules: "dane-none", would: check.WouldWithout, word: "dane-required"},
		"not usable": {world: signedZone + "_25._tcp.mx.kaisha.test. TLSA 1 1 1 " + strange, rules: "dane-unusable",
			would: check.WouldEncrypt, word: "tlsa-invalid"},
		"broken": {world: signedZone + "_25._tcp.mx.kaisha.test. TLSA 3 1 1 00", rules: "dane-syntax",
			would: check.WouldEncrypt, word: "tlsa-invalid"},
		"broken, too": {world: signedZone + k + n + "_25._tcp.mx.kaisha.test. TLSA 3 1 1 00", rules: "dane-syntax", would: check.WouldDeliver},
		"not usable, no TLS": {world: signedZone + "_25._tcp.mx.kaisha.test. TLSA 1 1 1 " + strange,
			mail:  lab.Receiver{Lacks: []string{"STARTTLS"}},
			rules: "dane-starttls dane-unusable", would: check.WouldWait, word: "starttls-not-supported"},
		"not validated": {world: k + n, would: check.WouldUnknown, kind: check.KindUnvalidated},
		"TLSA fails": {world: signedZone + "$FAULT _25._tcp.mx.kaisha.test TLSA SERVFAIL",
			would: check.WouldUnknown, kind: resolve.KindServFail},
		"TLSA is bogus": {world: signedZone + "$FAULT _25._tcp.mx.kaisha.test TLSA SERVFAIL ede=6",
			would: check.WouldUnknown, word: "dnssec-invalid", kind: resolve.KindServFail},
		"TLSA is not told": {world: signedZone + "$FAULT _25._tcp.mx.kaisha.test TLSA REFUSED", would: check.WouldUnknown,
			kind: resolve.KindRefused},
		"TLSA is silent": {world: signedZone + "$FAULT _25._tcp.mx.kaisha.test TLSA SILENCE", would: check.WouldUnknown,
			kind: resolve.KindTimeout},
		"one key, addresses fail": {world: signedZone + n + "$FAULT mx.kaisha.test A SERVFAIL", would: check.WouldUnknown,
			kind: resolve.KindServFail},
		"DS fails": {world: k + n + "$FAULT kaisha.test DS SERVFAIL", would: check.WouldUnknown, kind: resolve.KindServFail},
		"addresses fail": {world: signedZone + k + n + "$FAULT mx.kaisha.test A SERVFAIL", would: check.WouldUnknown,
			kind: resolve.KindServFail},
		"the MX alone is no": {world: "$SECURE mx.kaisha.test\n" + k + n, would: check.WouldDeliver, kind: check.KindUnvalidated},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := daneLab(t, daneWorld(c.world), c.mail, check.DANE(check.DANEOptions{Visit: true})).Results[0]
			f := r.Facts.(*check.DANEFacts)
			if len(f.Hosts) != 1 {
				t.Fatalf("%+v, %v", f, r.Err)
			}
			h := f.Hosts[0]
			if ruleIDs(r) != c.rules || kindOf(r.Err) != c.kind || h.Would != c.would || h.Result != c.word {
				t.Errorf("rules %q, error %v (%s), would %s, reports %q; want %q, %s, %s, %q", ruleIDs(r), r.Err, kindOf(r.Err), h.Would, h.Result,
					c.rules, c.kind, c.would, c.word)
			}
			if (r.Status() == diag.OK) != (c.rules == "" && c.kind == "") || c.kind != "" && r.Status() != diag.Unknown {
				t.Errorf("status %s", r.Status())
			}
		})
	}
}

// TestDANEHalfSeen: a server that was seen is judged, and one at an address that DNS does not tell may take the mail.
func TestDANEHalfSeen(t *testing.T) {
	t.Parallel()
	r := daneLab(t, daneWorld(signedZone+"{next}\n$FAULT mx.kaisha.test AAAA SERVFAIL"), lab.Receiver{},
		check.DANE(check.DANEOptions{Visit: true})).Results[0]
	if h := r.Facts.(*check.DANEFacts).Hosts[0]; ruleIDs(r) != "dane-mismatch" || kindOf(r.Err) != resolve.KindServFail ||
		h.Would != check.WouldUnknown {
		t.Errorf("%s, %v, %s", ruleIDs(r), r.Err, h.Would)
	}
}

// TestDANEUnsigned: a zone that is not signed, with certainty; the MX records of a domain at a host that is signed.
func TestDANEUnsigned(t *testing.T) {
	t.Parallel()
	bare := strings.Replace(daneWorld("{key}\n{next}"), "kaisha.test. DS 1 13 2 00\n", "", 1)
	hosted := "kaisha.test. MX 10 mx.host.test.\nmx.host.test. A 192.0.2.25\n$SECURE host.test\n" +
		"$TLSA _25._tcp.mx.host.test 3 1 1 leaf mx.kaisha.test\n_25._tcp.mx.host.test. TLSA 3 1 1 " + strange + "\n"
	for name, c := range map[string]struct {
		world, subject, rules string
		secure                bool
		would                 check.Would
	}{
		"all of one owner":  {bare, "mx.kaisha.test", "dane-unsigned", false, check.WouldWithout},
		"hosted by others":  {hosted, "kaisha.test", "dane-unsigned", true, check.WouldDeliver},
		"signed and hosted": {hosted + signedZone, "", "", true, check.WouldDeliver},
	} {
		r := daneLab(t, c.world, lab.Receiver{}, check.DANE(check.DANEOptions{Visit: true})).Results[0]
		h := r.Facts.(*check.DANEFacts).Hosts[0]
		if ruleIDs(r) != c.rules || r.Err != nil || h.Secure == nil || *h.Secure != c.secure || h.Would != c.would {
			t.Errorf("%s: %q, %v, %+v", name, ruleIDs(r), r.Err, h)
		}
		if len(r.Findings) > 0 && r.Findings[0].Subject != c.subject {
			t.Errorf("%s: said of %s", name, r.Findings[0].Subject)
		}
	}
}

// TestDANEPartial: one host of two has records; where nobody knows it of the other, nothing is said.
func TestDANEPartial(t *testing.T) {
	t.Parallel()
	spare := "kaisha.test. MX 20 spare.kaisha.test.\nspare.kaisha.test. A 192.0.2.26\n"
	for extra, want := range map[string]string{"": "dane-partial", "$FAULT _25._tcp.spare.kaisha.test TLSA SERVFAIL\n": "",
		"$TLSA _25._tcp.spare.kaisha.test 3 1 1 leaf spare.kaisha.test\n_25._tcp.spare.kaisha.test. TLSA 3 1 1 " + strange + "\n": ""} {
		r := daneLab(t, daneWorld(signedZone+"{key}\n{next}\n"+spare+extra), lab.Receiver{},
			check.DANE(check.DANEOptions{Visit: true})).Results[0]
		if ruleIDs(r) != want {
			t.Errorf("%q: %q, %v", extra, ruleIDs(r), r.Err)
		}
	}
}

// TestDANEWithoutVisits: no server is asked, and what the certificate decides is not judged; that is no ignorance.
func TestDANEWithoutVisits(t *testing.T) {
	t.Parallel()
	r := daneLab(t, daneWorld(signedZone+"{next}\n{key}"), lab.Receiver{Reach: lab.Silent}, check.DANE(check.DANEOptions{})).Results[0]
	f := r.Facts.(*check.DANEFacts)
	if r.Status() != diag.OK || f.Visited || f.Hosts[0].Would != check.WouldUnvisited || f.Hosts[0].TLSA[0].Matches != nil {
		t.Errorf("%s, %+v", r.Status(), f)
	}
	if !strings.Contains(f.Lines()[0].Says.EN, "--receiving") {
		t.Errorf("%+v", f.Lines()[0])
	}
}

// TestDANEBeyondTheBound: where not all records were looked at, one of the others may match.
func TestDANEBeyondTheBound(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range dane.MaxRecords + 1 {
		fmt.Fprintf(&many, "_25._tcp.mx.kaisha.test. TLSA 3 1 1 %064x\n", i)
	}
	r := daneLab(t, daneWorld(signedZone+many.String()), lab.Receiver{}, check.DANE(check.DANEOptions{Visit: true})).Results[0]
	var bound *diag.Bounded
	h := r.Facts.(*check.DANEFacts).Hosts[0]
	if ruleIDs(r) != "" || !errors.As(r.Err, &bound) || h.Would != check.WouldUnknown {
		t.Errorf("%s, %v, %s", ruleIDs(r), r.Err, h.Would)
	}
}

// TestDANEOffer: the records that are offered hold all that is there and can be used, and more; those of other owners stay.
func TestDANEOffer(t *testing.T) {
	t.Parallel()
	strong := "_25._tcp.mx.kaisha.test. TLSA 3 1 2 " + strange + strange + "\n"
	for name, lines := range map[string]string{"another key": "{next}\n", "stronger digest": "{key}\n" + strong, "an alias": "",
		"an authority that is not shown": "$TLSA _25._tcp.mx.kaisha.test 2 1 1 ca mx.kaisha.test\n"} {
		owner := "_25._tcp.mx.kaisha.test"
		if lines == "" {
			owner = "tlsa.kaisha.test"
			lines = "_25._tcp.mx.kaisha.test. CNAME tlsa.kaisha.test.\ntlsa.kaisha.test. TLSA 3 1 1 " + strange + "\n"
		}
		before := daneLab(t, daneWorld(signedZone+lines), lab.Receiver{}, check.DANE(check.DANEOptions{Visit: true})).Results[0]
		if ruleIDs(before) != "dane-mismatch" {
			t.Fatalf("%s: %s", name, ruleIDs(before))
		}
		offered := before.Findings[0].Records
		for _, old := range before.Facts.(*check.DANEFacts).Hosts[0].TLSA {
			if old.Usable && !slices.ContainsFunc(offered, func(r diag.Record) bool { return strings.HasSuffix(r.Value, " "+old.Data) }) {
				t.Errorf("%s: %s is lost", name, old.Data)
			}
		}
		for _, r := range offered {
			if rec := dane.Parse(r.Value); r.Name != owner || r.Type != "TLSA" || !rec.Usable() {
				t.Errorf("%s: %+v", name, r)
			}
		}
		if len(offered) < 2 {
			t.Errorf("%s: %v", name, offered)
		}
	}
	others := "kaisha.test. MX 10 mx.host.test.\nmx.host.test. A 192.0.2.25\n_25._tcp.mx.host.test. TLSA 3 1 1 " + strange +
		"\n$SECURE host.test\n" + signedZone
	r := daneLab(t, others, lab.Receiver{}, check.DANE(check.DANEOptions{Visit: true})).Results[0]
	if ruleIDs(r) != "dane-mismatch" || len(r.Findings[0].Records) > 0 {
		t.Errorf("the host of somebody else: %s, %v", ruleIDs(r), r.Findings)
	}
}

// TestDANEInAZoneFile: a zone file does not say whether its zone will be signed; that is no fault, and no reason to stop.
func TestDANEInAZoneFile(t *testing.T) {
	t.Parallel()
	zone := "$TTL 300\n@ MX 10 mx\nmx A 192.0.2.25\n_25._tcp.mx TLSA 3 1 1 " + strange + "\n_25._tcp.mx TLSA 3 1 1 00\n"
	z, err := resolve.ParseZone(strings.NewReader("$ORIGIN kaisha.test.\n"+zone), "new.zone")
	if err != nil {
		t.Fatal(err)
	}
	dns, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	target, err := diag.DomainTarget("kaisha.test")
	if err != nil {
		t.Fatal(err)
	}
	r := diag.Run(t.Context(), diag.Env{DNS: dns, Now: time.Now}, target, []*diag.Check{check.DANE(check.DANEOptions{})}).Results[0]
	if ruleIDs(r) != "dane-syntax" || r.Err != nil {
		t.Errorf("%s, %v", ruleIDs(r), r.Err)
	}
}

// TestDANEQuestions fails every question of the check, one by one, in three ways: the result is unknown, and no rule is broken
// that is not where all is answered.
func TestDANEQuestions(t *testing.T) {
	t.Parallel()
	const host = "kaisha.test MX 10 mx.kaisha.test\nmx.kaisha.test A 192.0.2.25\n"
	tlsa := "_25._tcp.mx.kaisha.test TLSA 3 1 1 " + strange + "\n_25._tcp.mx.kaisha.test TLSA 3 1 1 " + strange[2:] + "11\n"
	for name, c := range map[string]struct {
		zone  string
		least int // questions
	}{
		"records that are not signed": {host + tlsa, 8},
		"records in a signed zone":    {"kaisha.test DS 1 13 2 00\n" + host + tlsa + signedZone, 4},
		"no records":                  {host, 4},
		"an alias": {"kaisha.test MX 10 a.kaisha.test\na.kaisha.test CNAME mx.kaisha.test\nmx.kaisha.test A 192.0.2.25\n" +
			tlsa + signedZone, 5},
		"no MX": {"kaisha.test A 192.0.2.25\n", 4},
	} {
		world := strings.NewReplacer(".test ", ".test. ", ".test\n", ".test.\n").Replace("$TTL 300\n" + c.zone)
		w, err := lab.ParseWorld(strings.NewReader(world), "questions.world")
		if err != nil {
			t.Fatal(err)
		}
		l, err := lab.Start(t.Context(), w, lab.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(l.Close)
		dns, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(dns.Close)
		look := func(r resolve.Resolver) *diag.Report {
			target, err := diag.DomainTarget("kaisha.test")
			if err != nil {
				t.Fatal(err)
			}
			return diag.Run(t.Context(), diag.Env{DNS: r, Now: time.Now}, target, []*diag.Check{check.DANE(check.DANEOptions{})})
		}
		healthy := &blind{Resolver: dns, asked: map[string]resolve.Type{}}
		r := look(healthy)
		before := findings(r)
		if len(healthy.asked) < c.least || r.Results[0].Err != nil {
			t.Fatalf("%s: %d questions, %v", name, len(healthy.asked), r.Results[0].Err)
		}
		for q, typ := range healthy.asked {
			_, asked, _ := strings.Cut(q, " ")
			for _, kind := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused} {
				res := look(&blind{Resolver: dns, name: asked, t: typ, kind: kind, asked: map[string]resolve.Type{}})
				more := slices.DeleteFunc(findings(res), func(f string) bool { return slices.Contains(before, f) })
				// The host's other addresses, and the records of an alias where those of its end are secure, are not needed.
				known := typ == resolve.TypeAAAA || asked == "_25._tcp.a.kaisha.test"
				if (res.Results[0].Err == nil) != known || len(more) > 0 {
					t.Errorf("%s: %s for %s: %v, %s", name, kind, q, res.Results[0].Err, more)
				}
			}
		}
	}
}

// TestDANEForWriters: who writes to a domain is told to tell its administrator, not to publish records.
func TestDANEForWriters(t *testing.T) {
	t.Parallel()
	for _, rule := range []*diag.Rule{check.DANEMismatch, check.DANEStartTLS} {
		reader, writer := diag.Finding{Rule: rule}.Advice(), diag.Finding{Rule: rule, Writing: true}.Advice()
		if writer.Owner != diag.OwnerRecipient || writer.Fix == reader.Fix || writer.Why == reader.Why {
			t.Errorf("%s: %+v", rule.ID, writer)
		}
	}
}

// TestDANENotValidatedOnce: that no resolver validates has one reason and one way out, and is told once for all hosts.
func TestDANENotValidatedOnce(t *testing.T) {
	t.Parallel()
	spare := "kaisha.test. MX 20 spare.kaisha.test.\nspare.kaisha.test. A 192.0.2.26\n" +
		"$TLSA _25._tcp.spare.kaisha.test 3 1 1 leaf spare.kaisha.test\n"
	world := daneWorld("{key}\n{next}\n" + spare)
	r := daneLab(t, world, lab.Receiver{}, check.DANE(check.DANEOptions{Visit: true})).Results[0]
	if r.Status() != diag.Unknown || kindOf(r.Err) != check.KindUnvalidated ||
		strings.Count(r.Err.Error(), string(check.KindUnvalidated)) != 1 {
		t.Errorf("%s, %v", r.Status(), r.Err)
	}
}

// TestReceivingWithoutAServer: where the only host has an address that nobody reaches, nothing is held against a certificate,
// and neither DANE nor MTA-STS passes.
func TestReceivingWithoutAServer(t *testing.T) {
	t.Parallel()
	world := strings.Replace(daneWorld(signedZone+"{key}\n{next}\n"), "A 192.0.2.25", "A 10.0.0.25", 1)
	r := daneLab(t, world, lab.Receiver{}, check.DANE(check.DANEOptions{Visit: true})).Results[0]
	if r.Status() != diag.Info || r.Looked() || len(r.Findings) > 0 || r.Err != nil {
		t.Errorf("%s, %s, %v", r.Status(), ruleIDs(r), r.Err)
	}
	for would, looked := range map[check.Would]bool{check.WouldUnknown: false, check.WouldDeliver: true, check.WouldWait: true} {
		f := &check.MTASTSFacts{Record: "v=STSv1; id=1", Hosts: []check.MTASTSHost{{Host: "a.test", Would: check.WouldUnknown}, {Would: would}}}
		if f.Looked() != looked {
			t.Errorf("%s: looked %v", would, !looked)
		}
	}
}
