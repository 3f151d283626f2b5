package check_test

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

// A domain without a fault that makes every check ask all it can ask.
const faultless = `$TTL 300
$ORIGIN kaisha.test.
@                 MX    10 mx1
@                 MX    20 mx2.host.test.
@                 TXT   "v=spf1 mx a:out.kaisha.test include:_spf.esp.test -all"
mx1               A     192.0.2.25
mx1               AAAA  2001:db8::25
out               A     192.0.2.7
s1._domainkey     TXT   "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_dmarc            TXT   "v=DMARC1; p=reject; rua=mailto:d@reports.test,mailto:d@kaisha.test"
$ORIGIN host.test.
mx2               A     192.0.2.26
$ORIGIN esp.test.
_spf              TXT   "v=spf1 ip4:198.51.100.0/24 mx:esp.test -all"
@                 MX    10 out
out               A     198.51.100.9
$ORIGIN reports.test.
@                 MX    10 in
in                A     203.0.113.5
*._report._dmarc  TXT   "v=DMARC1"
$ORIGIN bl.host.test.
2.0.0.127         A     127.0.0.2
test              A     127.0.0.2
$ORIGIN in-addr.arpa.
25.2.0.192        PTR   mx1.kaisha.test.
26.2.0.192        PTR   mx2.host.test.
7.2.0.192         PTR   out.kaisha.test.
$ORIGIN ip6.arpa.
5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2 PTR mx1.kaisha.test.
`

// blind answers like another resolver, but for one question.
type blind struct {
	resolve.Resolver
	name string
	t    resolve.Type
	kind resolve.Kind

	mu    sync.Mutex
	asked map[string]resolve.Type
}

func (b *blind) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	b.mu.Lock()
	b.asked[t.String()+" "+name] = t
	b.mu.Unlock()
	if name == b.name && t == b.t {
		return resolve.Answer{}, &resolve.Error{Kind: b.kind, Name: name, Type: t.String(), Server: "192.0.2.53:53"}
	}
	return b.Resolver.Ask(ctx, name, t)
}

func lookAt(t *testing.T, r resolve.Resolver, eager bool) *diag.Report {
	t.Helper()
	target, err := diag.DomainTarget("kaisha.test")
	if err != nil {
		t.Fatal(err)
	}
	ips := []netip.Addr{netip.MustParseAddr("192.0.2.7")}
	o := check.DomainOptions{SPF: check.SPFOptions{IPs: ips}, PTR: check.PTROptions{IPs: ips},
		DNSBL: check.DNSBLOptions{IPs: ips, Lists: []string{"bl.host.test"}}}
	return diag.Run(t.Context(), diag.Env{DNS: r, Now: time.Now, Eager: eager}, target, check.Domain(o))
}

// TestIgnoranceIsNoVerdict fails every question that the checks ask, one by
// one, in three ways: something is unknown, and nothing is told that is not told where all is answered.
func TestIgnoranceIsNoVerdict(t *testing.T) {
	t.Parallel()
	zone, err := resolve.ParseZone(strings.NewReader(faultless), "faultless.zone")
	if err != nil {
		t.Fatal(err)
	}
	world, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{zone}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, eager := range []bool{false, true} {
		healthy := &blind{Resolver: world, asked: map[string]resolve.Type{}}
		before := findings(lookAt(t, healthy, eager))
		if some := slices.DeleteFunc(slices.Clone(before), func(f string) bool { return !faultlessFor(f) }); len(some) > 0 {
			t.Fatalf("the faultless domain: %s", some)
		}
		if len(healthy.asked) < 20 {
			t.Fatalf("only %d questions", len(healthy.asked))
		}
		for q, typ := range healthy.asked {
			_, name, _ := strings.Cut(q, " ")
			for _, kind := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused} {
				r := lookAt(t, &blind{Resolver: world, name: name, t: typ, kind: kind, asked: map[string]resolve.Type{}}, eager)
				blind := slices.ContainsFunc(r.Results, func(res diag.Result) bool { return res.Err != nil })
				more := slices.DeleteFunc(findings(r), func(f string) bool { return slices.Contains(before, f) })
				if !blind || len(more) > 0 {
					t.Errorf("%s for %s: status %s, findings: %s", kind, q, r.Status(), more)
				}
			}
		}
	}
}

// findings lists the findings of a report.
func findings(r *diag.Report) []string {
	var out []string
	for _, res := range r.Results {
		for _, f := range res.Findings {
			out = append(out, f.Rule.ID+" "+f.Subject)
		}
	}
	return out
}

// told is the findings of a report in a line.
func told(r *diag.Report) string { return strings.Join(findings(r), ", ") }

// faultlessFor reports whether a finding is of one of the checks for which the faultless domain was written.
func faultlessFor(finding string) bool {
	return slices.ContainsFunc([]string{"mx-", "spf-", "dkim-", "dmarc-", "ptr-", "dnsbl-"},
		func(check string) bool { return strings.HasPrefix(finding, check) })
}
