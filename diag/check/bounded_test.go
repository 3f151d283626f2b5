package check_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// crowd is a domain, many.test, with n of what a check looks at.
type crowd struct {
	name  string
	check *diag.Check
	limit int
	zone  func(n int) string // below $ORIGIN test.
}

// lines joins n lines.
func lines(n int, line func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(line(i) + "\n")
	}
	return b.String()
}

// text is a TXT record of any length.
func text(owner, value string) string {
	var b strings.Builder
	b.WriteString(owner + " TXT (")
	for len(value) > 0 {
		n := min(len(value), 200)
		fmt.Fprintf(&b, " %q", value[:n])
		value = value[n:]
	}
	return b.String() + " )\n"
}

func crowds() []crowd {
	reports := func(n int) string {
		to := strings.Fields(lines(n, func(i int) string { return fmt.Sprintf("mailto:r@r%d.test", i) }))
		return text("_dmarc.many", "v=DMARC1; p=none; rua="+strings.Join(to, ",")) +
			lines(n, func(i int) string {
				return fmt.Sprintf("many.test._report._dmarc.r%d TXT v=DMARC1\nr%d A 192.0.2.1", i, i)
			})
	}
	onlySender := check.PTROptions{IPs: []netip.Addr{netip.MustParseAddr("192.0.2.7")}, SendingOnly: true}
	const key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
	return []crowd{
		{name: "MX hosts", check: check.MX(), limit: 30, zone: func(n int) string {
			return lines(n, func(i int) string { return fmt.Sprintf("many MX %d mx%d\nmx%d A 192.0.2.%d", i, i, i, i+1) })
		}},
		{name: "addresses", check: check.PTR(check.PTROptions{}), limit: 40, zone: func(n int) string {
			return "many MX 10 mx\n" + lines(n, func(i int) string {
				return fmt.Sprintf("mx A 192.0.2.%d\n%d.2.0.192.in-addr.arpa. PTR mx.test.", i, i)
			})
		}},
		{name: "PTR names", check: check.PTR(onlySender), limit: 10, zone: func(n int) string {
			return lines(n, func(i int) string { return fmt.Sprintf("7.2.0.192.in-addr.arpa. PTR p%d.test.\np%d A 192.0.2.7", i, i) })
		}},
		{name: "keys", check: check.DKIM(check.DKIMOptions{Selectors: []string{"s1"}}), limit: 8, zone: func(n int) string {
			return lines(n, func(i int) string { return text("s1._domainkey.many", fmt.Sprintf("%s; n=%d", key, i)) })
		}},
		{name: "SPF faults", check: check.SPF(check.SPFOptions{}), limit: 50, zone: func(n int) string {
			return text("many", "v=spf1 "+
				strings.Join(strings.Fields(lines(n, func(i int) string { return fmt.Sprintf("ip4:192.0.2.%d/99", i) })), " ")+" -all")
		}},
		{name: "DMARC faults", check: check.DMARC(check.DMARCOptions{SendingOnly: true}), limit: 20, zone: func(n int) string {
			return text("_dmarc.many", "v=DMARC1; p=none; rua=mailto:r@many.test"+strings.Repeat("; x", n))
		}},
		{name: "addresses for reports", check: check.DMARC(check.DMARCOptions{}), limit: 20, zone: reports},
	}
}

// More than a bound of ours is ignorance with its own words, never "internal";
// as many as the bound are looked at.
func TestEachBoundIsTold(t *testing.T) {
	t.Parallel()
	providers, err := provider.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range crowds() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{c.limit, c.limit + 1, c.limit + 5} {
				res := look(t, providers, c, n)
				var b *diag.Bounded
				switch told := errors.As(res.Err, &b); {
				case !told && n > c.limit:
					t.Errorf("%d: %v", n, res.Err)
				case told && n == c.limit, !told && res.Err != nil:
					t.Errorf("%d of %d: %v", n, c.limit, res.Err)
				case told:
					if s := b.Says(); b.Left != n-c.limit || b.Limit != c.limit || s.EN == "" || s.JA == "" || s.EN == s.JA ||
						res.Status() < diag.Unknown {
						t.Errorf("%d: %+v, %s", n, s, res.Status())
					}
				}
			}
		})
	}
}

func look(t *testing.T, providers *provider.Catalogue, c crowd, n int) diag.Result {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader("$ORIGIN test.\n$TTL 300\n"+c.zone(n)), "many")
	if err != nil {
		t.Fatal(err)
	}
	client, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	target, err := diag.DomainTarget("many.test")
	if err != nil {
		t.Fatal(err)
	}
	env := diag.Env{DNS: client, Now: time.Now, Providers: providers}
	return diag.Run(context.Background(), env, target, []*diag.Check{c.check}).Results[0]
}
