package check_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/bimi"
	"todoku/diag/check"
	"todoku/diag/lab"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

const (
	goodLogo = `<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64"><title>Kaisha</title>` +
		`<rect width="64" height="64" fill="#fff"/><circle cx="32" cy="32" r="20" fill="#c00"/></svg>`
	bimiZone = "$ORIGIN kaisha.test.\n$TTL 300\n" +
		"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@kaisha.test\"\n$ORIGIN example.com.\nlogo A 192.0.2.80\nmoved A 192.0.2.81\n"
)

// logoSite is a web server with the files of logos, the world around it, and an authority for marks.
type logoSite struct {
	*httptest.Server
	marks *lab.MarkAuthority
	files map[string]string
	asked atomic.Int32
	dial  func(ctx context.Context, network, addr string) (net.Conn, error)
}

func newLogoSite(t *testing.T) *logoSite {
	t.Helper()
	marks, err := lab.NewMarkAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s := &logoSite{marks: marks, files: map[string]string{"/l.svg": goodLogo}}
	s.files["/c.pem"] = s.mark(t, lab.Mark{})
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		var status int
		var to string
		switch n, _ := fmt.Sscanf(r.URL.Path, "/status/%d", &status); {
		case n == 1:
			w.WriteHeader(status)
		case strings.HasPrefix(r.URL.Path, "/to/"):
			to = r.URL.Query().Get("at")
			http.Redirect(w, r, to, http.StatusFound)
		case r.URL.Path == "/drop.svg":
			panic(http.ErrAbortHandler)
		default:
			body, ok := s.files[r.URL.Path]
			if !ok {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "image/svg+xml")
			fmt.Fprint(w, body)
		}
	}))
	s.Config.ErrorLog = nil
	s.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.Listener.Addr().String())
	}
	t.Cleanup(s.Close)
	return s
}

// mark is the file of a mark certificate with its issuer.
func (s *logoSite) mark(t *testing.T, m lab.Mark) string {
	t.Helper()
	if m.Names == nil {
		m.Names = []string{"kaisha.test"}
	}
	if m.Logo == nil {
		m.Logo = []byte(goodLogo)
	}
	c, err := s.marks.Issue(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(lab.PEM(c, s.marks.Issuer))
}

func (s *logoSite) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.marks.Root)
	return pool
}

// look runs the check in the world of a zone.
func (s *logoSite) look(t *testing.T, r resolve.Resolver, domain string, o check.BIMIOptions) (*diag.Result, *check.BIMIFacts) {
	t.Helper()
	target, err := diag.DomainTarget(domain)
	if err != nil {
		t.Fatal(err)
	}
	web := x509.NewCertPool()
	web.AddCert(s.Certificate())
	fetcher := &probe.Fetcher{Dial: s.dial, Roots: web, Timeout: 5 * time.Second}
	env := diag.Env{DNS: r, Now: time.Now, MarkRoots: s.roots(), Web: fetcher.NewRun(r)}
	rep := diag.Run(t.Context(), env, target, []*diag.Check{check.BIMI(o)})
	res := &rep.Results[0]
	return res, res.Facts.(*check.BIMIFacts)
}

func bimiWorld(t *testing.T, zone string) resolve.Resolver {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(zone), "bimi.zone")
	if err != nil {
		t.Fatal(err)
	}
	world, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(world.Close)
	return world
}

// rules are the rules of a result without the name of the check.
func rules(res *diag.Result) string {
	var out []string
	for _, f := range res.Findings {
		_, what, _ := strings.Cut(f.Rule.ID, "-")
		out = append(out, what)
	}
	return strings.Join(out, " ")
}

func record(tags string) string {
	return "$ORIGIN kaisha.test.\ndefault._bimi TXT \"v=BIMI1; " + tags + "\"\n"
}

const bothFiles = "l=https://logo.example.com/l.svg; a=https://logo.example.com/c.pem;"

// recordWorld is a zone with what is told of a domain in it.
type recordWorld struct{ name, zone, domain, want, result, offered string }

func recordWorlds() []recordWorld {
	dmarc := func(text string) string { return strings.Replace(bimiZone, "v=DMARC1; p=reject", text, 1) }
	return []recordWorld{
		{"healthy", bimiZone + record(bothFiles), "kaisha.test", "", "", ""},
		{"healthy below", bimiZone + record(bothFiles), "news.kaisha.test", "", "", ""},
		{"none", bimiZone, "kaisha.test", "none", "none", ""},
		{"none, other texts", bimiZone + "$ORIGIN kaisha.test.\ndefault._bimi TXT \"v=spf1 -all\"\n", "kaisha.test", "none", "none", ""},
		{"declined", bimiZone + record("l=; a=;"), "kaisha.test", "declined", "declined", ""},
		{"declined below", bimiZone + record(bothFiles) + "default._bimi.news TXT \"v=BIMI1; l=;\"\n",
			"news.kaisha.test", "declined", "declined", ""},
		{"no certificate", bimiZone + record("l=https://logo.example.com/l.svg"), "kaisha.test", "no-certificate", "", ""},
		{"two records", bimiZone + record(bothFiles) + record("l=https://logo.example.com/m.svg"), "kaisha.test", "multiple", "fail", ""},
		{"two records, one broken", bimiZone + record(bothFiles) + record("l=http://x"),
			"kaisha.test", "multiple", "fail", "v=BIMI1; " + bothFiles},
		{"capitals", bimiZone + strings.Replace(record(bothFiles), "BIMI1", "bimi1", 1),
			"kaisha.test", "syntax", "fail", "v=BIMI1; " + bothFiles},
		{"http", bimiZone + record("l=http://logo.example.com/l.svg"), "kaisha.test", "syntax", "fail", ""},
		{"two faults", bimiZone + record("l=http://logo.example.com/l.svg; avp=x"), "kaisha.test", "syntax syntax", "fail", ""},
		{"unknown tag", bimiZone + record(bothFiles+" z=1"), "kaisha.test", "ignored-tag", "", ""},
		{"misplaced", bimiZone + "$ORIGIN kaisha.test.\n@ TXT \"v=BIMI1; " + bothFiles + "\"\n",
			"kaisha.test", "misplaced", "none", "v=BIMI1; " + bothFiles},
		{"alias", bimiZone + "$ORIGIN kaisha.test.\ndefault._bimi CNAME k.hosted\nk.hosted TXT \"v=BIMI1; L=https://logo.example.com/l.svg\"\n",
			"kaisha.test", "syntax", "fail", "v=BIMI1; l=https://logo.example.com/l.svg; a=;"},
		{"alias of nothing", bimiZone + "$ORIGIN kaisha.test.\ndefault._bimi CNAME gone\n", "kaisha.test", "none", "none", ""},
		{"no DMARC", "$ORIGIN kaisha.test.\n$TTL 300\n" + record(bothFiles), "kaisha.test", "dmarc", "skipped", ""},
		{"watching", dmarc("v=DMARC1; p=none") + record(bothFiles), "kaisha.test", "dmarc", "skipped", ""},
		{"subdomains open", dmarc("v=DMARC1; p=reject; sp=none") + record(bothFiles), "kaisha.test", "dmarc", "skipped", ""},

		{"subdomains open, from below", dmarc("v=DMARC1; p=reject; sp=none") + record(bothFiles) + "_dmarc.news TXT \"v=DMARC1; p=reject\"\n",
			"news.kaisha.test", "dmarc", "skipped", ""},
		{"testing", dmarc("v=DMARC1; p=reject; t=y") + record(bothFiles), "kaisha.test", "dmarc", "skipped", ""},
		{"a part", dmarc("v=DMARC1; p=quarantine; pct=50") + record(bothFiles), "kaisha.test", "dmarc", "skipped", ""},
		{"rejects a part, quarantines the rest", dmarc("v=DMARC1; p=reject; pct=50") + record(bothFiles), "kaisha.test", "", "", ""},
		{"quarantines a part of subdomains", dmarc("v=DMARC1; p=reject; sp=quarantine; pct=50") + record(bothFiles), "news.kaisha.test",
			"dmarc", "skipped", ""},
		{"all in old words", dmarc("v=DMARC1; p=quarantine; pct=100") + record(bothFiles), "kaisha.test", "", "", ""},
		{"policy unreadable", dmarc("v=DMARC1; p=rejct") + record(bothFiles), "kaisha.test", "dmarc", "skipped", ""},
	}
}

// TestBIMIRecordsInTheDark fails each question of each world in turn: nothing is told that is not told where all is answered,
// and what is told no more is unknown.
func TestBIMIRecordsInTheDark(t *testing.T) {
	t.Parallel()
	s := newLogoSite(t)
	for _, c := range recordWorlds() {
		all := &blind{Resolver: bimiWorld(t, c.zone), asked: map[string]resolve.Type{}}
		s.look(t, all, c.domain, check.BIMIOptions{})
		for q, typ := range all.asked {
			_, name, _ := strings.Cut(q, " ")
			for _, kind := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused} {
				res, _ := s.look(t, &blind{Resolver: all.Resolver, name: name, t: typ, kind: kind, asked: map[string]resolve.Type{}}, c.domain,
					check.BIMIOptions{})
				for _, rule := range strings.Fields(rules(res)) {
					if !slices.Contains(strings.Fields(c.want), rule) {
						t.Errorf("%s, %s for %s: tells %s", c.name, kind, q, rule)
					}
				}
				if res.Err == nil && rules(res) != c.want {
					t.Errorf("%s, %s for %s: told %q, want %q", c.name, kind, q, rules(res), c.want)
				}
			}
		}
	}
}

func TestBIMIRecordsAreJudged(t *testing.T) {
	t.Parallel()
	s := newLogoSite(t)
	for _, c := range recordWorlds() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			res, facts := s.look(t, bimiWorld(t, c.zone), c.domain, check.BIMIOptions{})
			if rules(res) != c.want || facts.Result != c.result || res.Err != nil {
				t.Fatalf("told %q, result %q, %v; want %q, %q", rules(res), facts.Result, res.Err, c.want, c.result)
			}
			offered := ""
			for _, f := range res.Findings {
				checkPlaceholders(t, f)
				if len(f.Records) > 0 {
					offered = f.Records[0].Value
				}
				if len(f.Evidence) == 0 {
					t.Errorf("%s shows no evidence", f.Rule.ID)
				}
			}
			if offered != c.offered {
				t.Errorf("offered %q, want %q", offered, c.offered)
			}
			if b, err := json.Marshal(facts); err != nil || strings.Contains(string(b), `"faults":null`) {
				t.Errorf("%s %v", b, err)
			}
		})
	}
	if n := s.asked.Load(); n > 0 {
		t.Errorf("%d files fetched without a visit", n)
	}
}

func TestBIMIFilesAreJudged(t *testing.T) {
	t.Parallel()
	s := newLogoSite(t)
	add := func(path, body string) string {
		s.files[path] = body
		return "https://logo.example.com" + path
	}
	logo := func(l string) string { return "l=" + l + "; a=https://logo.example.com/c.pem;" }
	cert := func(a string) string { return "l=https://logo.example.com/l.svg; a=" + a + ";" }
	status := func(n int) string { return fmt.Sprintf("https://logo.example.com/status/%d", n) }
	to := func(at string) string { return "https://logo.example.com/to/?at=" + at }
	script := strings.Replace(goodLogo, "</svg>", "<script/></svg>", 1)
	wide := strings.Replace(goodLogo, "0 0 64 64", "0 0 128 64", 1)
	large := strings.Replace(goodLogo, "</svg>", strings.Repeat(" ", 32<<10)+"</svg>", 1)
	for _, c := range []struct{ name, tags, want, result string }{
		{"healthy", bothFiles, "", "pass"},
		{"packed logo", logo(add("/l.svgz", string(lab.Gzip([]byte(goodLogo))))), "", "pass"},
		{"mark in use", cert(add("/cmc.pem", s.mark(t, lab.Mark{Type: "Prior Use Mark"}))), "", "pass"},
		{"no certificate", "l=https://logo.example.com/l.svg", "no-certificate", "pass"},
		{"script", logo(add("/s.svg", script)), "svg certificate", "fail"},
		{"wide", logo(add("/w.svg", wide)) + " z=1", "ignored-tag logo-shape certificate", "fail"},
		{"large", logo(add("/big.svg", large)), "logo-large certificate", "fail"},
		{"large and alone", "l=https://logo.example.com/big.svg", "no-certificate logo-large", "pass"},
		{"web page", logo(add("/p.svg", "<html></html>")), "svg certificate", "fail"},
		{"missing", logo("https://logo.example.com/none.svg"), "fetch", "fail"},
		{"forbidden", logo(status(403)), "fetch", "fail"},
		{"empty answer", logo(status(204)), "fetch", "fail"},
		{"no such host", logo("https://gone.example.com/l.svg"), "fetch", "fail"},
		{"certificate of another name", logo("https://logo.kaisha.test/l.svg"), "fetch", "fail"},
		{"redirect", logo(to("/l.svg")), "redirect", "pass"},
		{"redirect to another host", logo(to("https://moved.example.com/l.svg")), "redirect", "pass"},
		{"redirect to http", logo(to("http://logo.example.com/l.svg")), "fetch", "fail"},
		{"redirects in a circle", logo(to("%3fat%3d%252fto%252f")), "fetch", "fail"},
		{"certificate missing", cert("https://logo.example.com/none.pem"), "fetch", "fail"},
		{"certificate of another domain", cert(add("/d.pem", s.mark(t, lab.Mark{Names: []string{"other.test"}}))), "certificate", "fail"},
		{"certificate expired", cert(add("/e.pem", s.mark(t, lab.Mark{Until: time.Now().Add(-time.Hour)}))), "certificate", "fail"},
		{"certificate ends soon", cert(add("/n.pem", s.mark(t, lab.Mark{Until: time.Now().Add(72 * time.Hour)}))),
			"certificate-expiring", "pass"},
		{"certificate with another logo", cert(add("/x.pem", s.mark(t, lab.Mark{Logo: []byte(wide)}))), "certificate", "fail"},
		{"certificate with a broken logo", cert(add("/y.pem", s.mark(t, lab.Mark{Logo: []byte(script)}))), "certificate certificate", "fail"},
		{"certificate without proofs", cert(add("/t.pem", s.mark(t, lab.Mark{Change: func(c *x509.Certificate) {
			c.ExtraExtensions = c.ExtraExtensions[:1]
		}}))), "certificate-profile", "pass"},
		{"both broken", "l=https://logo.example.com/s.svg; a=https://logo.example.com/e.pem", "svg certificate certificate", "fail"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			zone := bimiZone + "$ORIGIN kaisha.test.\nlogo A 192.0.2.80\n" + record(c.tags)
			res, facts := s.look(t, bimiWorld(t, zone), "kaisha.test", check.BIMIOptions{Visit: true})
			if rules(res) != c.want || facts.Result != c.result || res.Err != nil {
				t.Fatalf("told %q, result %q, %v; want %q, %q\n%+v", rules(res), facts.Result, res.Err, c.want, c.result, res.Findings)
			}
			for _, f := range res.Findings {
				checkPlaceholders(t, f)
			}
		})
	}
}

func TestBIMITrustIsJudgedByTheGivenRoots(t *testing.T) {
	t.Parallel()
	s, other := newLogoSite(t), newLogoSite(t)
	world := bimiWorld(t, bimiZone+record(bothFiles))
	_, facts := s.look(t, world, "kaisha.test", check.BIMIOptions{Visit: true})
	if facts.Certificate.Trusted == nil || !*facts.Certificate.Trusted || facts.Certificate.Type != "vmc" ||
		!slices.Equal(facts.Certificate.Names, []string{"kaisha.test"}) || facts.SVG.Title != "Kaisha" || facts.SVG.Bytes != len(goodLogo) {
		t.Errorf("%+v\n%+v", facts.Certificate, facts.SVG)
	}
	res, facts := s.look(t, world, "kaisha.test", check.BIMIOptions{Visit: true, Roots: other.roots()})
	if rules(res) != "certificate" || facts.Certificate.Trusted == nil || *facts.Certificate.Trusted {
		t.Errorf("other roots: told %q, %+v", rules(res), facts.Certificate)
	}
	target, _ := diag.DomainTarget("kaisha.test")
	web := x509.NewCertPool()
	web.AddCert(s.Certificate())
	env := diag.Env{DNS: world, Now: time.Now, Web: (&probe.Fetcher{Dial: s.dial, Roots: web}).NewRun(world)}
	rep := diag.Run(t.Context(), env, target, []*diag.Check{check.BIMI(check.BIMIOptions{Visit: true})})
	facts = rep.Results[0].Facts.(*check.BIMIFacts)
	if facts.Certificate.Trusted != nil || rep.Status() != diag.OK {
		t.Errorf("no roots: %s, %+v", rep.Status(), facts.Certificate)
	}
	var lines strings.Builder
	for _, l := range facts.Lines() {
		lines.WriteString(l.Says.EN)
	}
	if !strings.Contains(lines.String(), "--bimi-roots FILE") {
		t.Errorf("nobody is told that trust was not judged: %s", lines.String())
	}
}

func TestBIMIOfASelector(t *testing.T) {
	t.Parallel()
	s := newLogoSite(t)
	world := bimiWorld(t, bimiZone+strings.Replace(record(bothFiles), "default", "brand", 1))
	if _, facts := s.look(t, world, "kaisha.test", check.BIMIOptions{Visit: true, Selector: "brand"}); facts.Result != "pass" {
		t.Errorf("result %q", facts.Result)
	}
}

// TestBIMIIgnoranceIsNoVerdict fails each question and each way to the web server in turn.
func TestBIMIIgnoranceIsNoVerdict(t *testing.T) {
	t.Parallel()
	s := newLogoSite(t)
	world := bimiWorld(t, bimiZone+record(bothFiles))
	healthy := &blind{Resolver: world, asked: map[string]resolve.Type{}}
	for _, domain := range []string{"kaisha.test", "news.kaisha.test"} {
		if res, _ := s.look(t, healthy, domain, check.BIMIOptions{Visit: true}); res.Err != nil || len(res.Findings) > 0 {
			t.Fatalf("%s: %q, %v", domain, rules(res), res.Err)
		}
		for q, typ := range healthy.asked {
			_, name, _ := strings.Cut(q, " ")
			for _, kind := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused} {
				res, facts := s.look(t, &blind{Resolver: world, name: name, t: typ, kind: kind, asked: map[string]resolve.Type{}}, domain,
					check.BIMIOptions{Visit: true})
				if len(res.Findings) > 0 || (res.Err == nil) != (facts.Result == "pass") {
					t.Errorf("%s for %s: told %q, result %q, %v", kind, q, rules(res), facts.Result, res.Err)
				}
			}
		}
		for _, q := range []string{"TXT default._bimi." + domain, "TXT _dmarc.kaisha.test", "A logo.example.com"} {
			if _, asked := healthy.asked[q]; !asked {
				t.Errorf("%s was not asked: %v", q, healthy.asked)
			}
		}
	}
}

func TestBIMIWithoutTheWebServerIsUnknown(t *testing.T) {
	t.Parallel()
	s := newLogoSite(t)
	for name, dial := range map[string]func(context.Context, string, string) (net.Conn, error){
		"refused": func(context.Context, string, string) (net.Conn, error) { return nil, syscall.ECONNREFUSED },
		"silent": func(ctx context.Context, _, _ string) (net.Conn, error) {
			return nil, context.DeadlineExceeded
		},
	} {
		blocked := &logoSite{Server: s.Server, marks: s.marks, dial: dial}
		res, facts := blocked.look(t, bimiWorld(t, bimiZone+record(bothFiles)), "kaisha.test", check.BIMIOptions{Visit: true})
		if res.Err == nil || len(res.Findings) > 0 || facts.Result != "temperror" || facts.SVG != nil {
			t.Errorf("%s: told %q, %v, %+v", name, rules(res), res.Err, facts)
		}
	}
	for _, path := range []string{"status/500", "status/503", "status/429", "drop.svg"} {
		zone := bimiZone + record("l=https://logo.example.com/"+path)
		res, _ := s.look(t, bimiWorld(t, zone), "kaisha.test", check.BIMIOptions{Visit: true})
		if res.Err == nil || rules(res) != "no-certificate" {
			t.Errorf("%s: told %q, %v", path, rules(res), res.Err)
		}
	}
	target, _ := diag.DomainTarget("kaisha.test")
	offline := diag.Env{DNS: bimiWorld(t, bimiZone+record(bothFiles)), Now: time.Now}
	rep := diag.Run(t.Context(), offline, target, []*diag.Check{check.BIMI(check.BIMIOptions{Visit: true})})
	if rep.Status() != diag.Unknown {
		t.Errorf("offline: %s", rep.Status())
	}
}

// TestBIMIBoundsAreTold: a file that is too long is no verdict about what was not read.
func TestBIMIBoundsAreTold(t *testing.T) {
	t.Parallel()
	s := newLogoSite(t)
	s.files["/endless.svg"] = goodLogo + strings.Repeat(" ", 2<<20)
	s.files["/many.svg"] = strings.Replace(goodLogo, "</svg>", strings.Repeat("<g/>", 30_000)+"</svg>", 1)
	s.files["/sjis.svg"] = `<?xml version="1.0" encoding="Shift_JIS"?>` + goodLogo
	var odd strings.Builder
	for i := range 40 {
		fmt.Fprintf(&odd, "<e%d/>", i)
	}
	s.files["/long.svg"] = strings.Replace(goodLogo, "Kaisha", strings.Repeat("K", 100_000), 1)
	s.files["/odd.svg"] = strings.Replace(goodLogo, "</svg>", odd.String()+"</svg>", 1)
	long := bimiWorld(t, bimiZone+record("l=https://logo.example.com/long.svg"))
	if _, facts := s.look(t, long, "kaisha.test", check.BIMIOptions{Visit: true}); len(facts.SVG.Title) > 300 {
		t.Errorf("a title of %d octets", len(facts.SVG.Title))
	}
	for path, want := range map[string]string{"endless": "no-certificate logo-large", "many": "no-certificate logo-large",
		"sjis": "no-certificate",
		"odd":  "no-certificate" + strings.Repeat(" svg", 20)} {
		zone := bimiZone + record("l=https://logo.example.com/"+path+".svg")
		res, _ := s.look(t, bimiWorld(t, zone), "kaisha.test", check.BIMIOptions{Visit: true})
		if rules(res) != want || res.Err == nil {
			t.Errorf("%s: told %q, %v", path, rules(res), res.Err)
		}
	}
}

// TestBIMICertificatesBeyondTheBoundAreNotMissed: the issuers of a long file may stand behind what is read.
func TestBIMICertificatesBeyondTheBoundAreNotMissed(t *testing.T) {
	t.Parallel()
	s := newLogoSite(t)
	file := s.mark(t, lab.Mark{})
	leaf := strings.SplitAfter(file, "-----END CERTIFICATE-----\n")[0]
	s.files["/far.pem"] = leaf + strings.Repeat("more\n", bimi.MaxEvidence/5) + file[len(leaf):]
	s.files["/empty.pem"] = strings.Repeat("more\n", bimi.MaxEvidence/5) + file
	s.files["/many.pem"] = strings.Repeat(leaf, bimi.MaxEvidenceCerts) + file[len(leaf):]
	for _, path := range []string{"far", "empty", "many"} {
		zone := bimiZone + record("l=https://logo.example.com/l.svg; a=https://logo.example.com/"+path+".pem;")
		res, _ := s.look(t, bimiWorld(t, zone), "kaisha.test", check.BIMIOptions{Visit: true})
		if rules(res) != "" || res.Err == nil {
			t.Errorf("%s: told %q, %v", path, rules(res), res.Err)
		}
	}
}

// TestBIMIOfAServerThatTakesNobody visits web servers of the lab: what refuses, and what never answers, is unknown.
func TestBIMIOfAServerThatTakesNobody(t *testing.T) {
	t.Parallel()
	for name, reach := range map[string]lab.Reach{"refused": lab.Closed, "unreachable": lab.Unreachable, "silent": lab.Silent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := lab.ParseWorld(strings.NewReader(bimiZone+record(bothFiles)), "world")
			if err != nil {
				t.Fatal(err)
			}
			w.PutWeb(lab.Web{Host: "logo.example.com", Reach: reach}, netip.MustParseAddr("192.0.2.80"))
			l, err := lab.Start(t.Context(), w, lab.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(l.Close)
			client, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(client.Close)
			target, _ := diag.DomainTarget("kaisha.test")
			fetcher := &probe.Fetcher{Dial: l.Dial, Roots: l.Roots(), Timeout: 300 * time.Millisecond}
			rep := diag.Run(t.Context(), diag.Env{DNS: client, Now: time.Now, Web: fetcher.NewRun(client)}, target,
				[]*diag.Check{check.BIMI(check.BIMIOptions{Visit: true})})
			if rep.Status() != diag.Unknown || told(rep) != "" {
				t.Errorf("status %s, told %q", rep.Status(), told(rep))
			}
		})
	}
}
