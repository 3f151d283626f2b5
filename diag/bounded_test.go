package diag_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// More than a bound of ours is ignorance with its own words, never "internal".
func TestMoreThanEachBoundIsTold(t *testing.T) {
	t.Parallel()
	var zone strings.Builder
	zone.WriteString("$ORIGIN test.\n$TTL 300\n")
	for i := range 40 {
		fmt.Fprintf(&zone, "many MX %d mx%d\nmx%d A 192.0.2.%d\nmx%d A 198.51.100.%d\n", i, i, i, i+1, i, i+1)
	}
	var to []string
	for i := range 30 {
		to = append(to, fmt.Sprintf("mailto:r@many%d.test", i))
	}
	fmt.Fprintf(&zone, "_dmarc.many TXT (")
	for part := range strings.SplitSeq("v=DMARC1; p=none; rua="+strings.Join(to, ","), ",") {
		fmt.Fprintf(&zone, " %q", part+",")
	}
	zone.WriteString(" )\n")
	z, err := resolve.ParseZone(strings.NewReader(zone.String()), "many")
	if err != nil {
		t.Fatal(err)
	}
	client, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	providers, err := provider.Load()
	if err != nil {
		t.Fatal(err)
	}
	target, err := diag.DomainTarget("many.test")
	if err != nil {
		t.Fatal(err)
	}
	env := diag.Env{DNS: client, Now: time.Now, Providers: providers}
	r := diag.Run(context.Background(), env, target, &diag.Options{}, []*diag.Check{diag.MX, diag.PTR, diag.DMARC})
	for _, res := range r.Results {
		var b *diag.Bounded
		if !errors.As(res.Err, &b) {
			t.Errorf("%s: %v", res.Check.Name, res.Err)
			continue
		}
		if s := b.Says(); b.Left <= 0 || s.EN == "" || s.JA == "" || s.EN == s.JA {
			t.Errorf("%s: %+v", res.Check.Name, s)
		}
	}
}
