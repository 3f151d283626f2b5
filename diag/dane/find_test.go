package dane_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"todoku/diag/dane"
	"todoku/diag/lab"
	"todoku/diag/resolve"
)

const world = `$TTL 300
mx.safe.test.                 A     192.0.2.1
_25._tcp.mx.safe.test.        TLSA  3 1 1 0000000000000000000000000000000000000000000000000000000000000000
alias.safe.test.              CNAME mx.safe.test.
own.safe.test.                CNAME mx.none.safe.test.
mx.none.safe.test.            A     192.0.2.1
_25._tcp.own.safe.test.       TLSA  3 1 1 1111111111111111111111111111111111111111111111111111111111111111
away.safe.test.               CNAME mx.bare.test.
_25._tcp.away.safe.test.      TLSA  3 1 1 2222222222222222222222222222222222222222222222222222222222222222
shared.safe.test.             A     192.0.2.1
_25._tcp.shared.safe.test.    CNAME tlsa.safe.test.
tlsa.safe.test.               TLSA  3 1 1 3333333333333333333333333333333333333333333333333333333333333333
leaving.safe.test.            A     192.0.2.1
_25._tcp.leaving.safe.test.   CNAME tlsa.bare.test.
tlsa.bare.test.               TLSA  3 1 1 4444444444444444444444444444444444444444444444444444444444444444
mx.bare.test.                 A     192.0.2.1
_25._tcp.mx.bare.test.        TLSA  3 1 1 5555555555555555555555555555555555555555555555555555555555555555
none.bare.test.               A     192.0.2.1
signed.test.                  DS    1 13 2 00
_25._tcp.mx.signed.test.      TLSA  3 1 1 6666666666666666666666666666666666666666666666666666666666666666
child.signed.test.            SOA   ns.signed.test. h.signed.test. 1 2 3 4 5
_25._tcp.mx.child.signed.test. TLSA 3 1 1 7777777777777777777777777777777777777777777777777777777777777777
_25._tcp.mx.dark.test.        TLSA  3 1 1 8888888888888888888888888888888888888888888888888888888888888888
$FAULT dark.test DS SERVFAIL
$FAULT _25._tcp.mx.lame.test TLSA SERVFAIL ede=6
dead.safe.test.               CNAME mx.dead.safe.test.
mx.dead.safe.test.            A     192.0.2.1
_25._tcp.dead.safe.test.      TLSA  3 1 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
$FAULT _25._tcp.mx.dead.safe.test TLSA SILENCE
safe.test.                    DS    1 13 2 00
below.safe2.test.             A     192.0.2.1
_25._tcp.below.safe2.test.    TLSA  3 1 1 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
$SECURE safe.test
`

func ask(t *testing.T, text string) *resolve.Client {
	t.Helper()
	w, err := lab.ParseWorld(strings.NewReader(text), "dane.world")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(context.Background(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	c, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// TestFind: the base is that of RFC 7672 §2.2.2, and the security that of the names that lead to the records.
func TestFind(t *testing.T) {
	t.Parallel()
	c := ask(t, world)
	for _, w := range []struct {
		host, base, data string
		is               dane.Security
		unsigned         string
		kind             resolve.Kind
	}{
		{host: "mx.safe.test", data: "00", is: dane.Secure},
		{host: "alias.safe.test", base: "mx.safe.test", data: "00", is: dane.Secure},
		{host: "own.safe.test", data: "11", is: dane.Secure},
		{host: "away.safe.test", data: "22", is: dane.Secure},
		{host: "shared.safe.test", data: "33", is: dane.Secure},
		{host: "leaving.safe.test", data: "44", is: dane.Insecure, unsigned: "tlsa.bare.test"},
		{host: "mx.bare.test", data: "55", is: dane.Insecure, unsigned: "_25._tcp.mx.bare.test"},
		{host: "none.bare.test"}, {host: "absent.test"},
		{host: "mx.signed.test", data: "66", is: dane.Unknown},
		{host: "mx.child.signed.test", data: "77", is: dane.Insecure, unsigned: "_25._tcp.mx.child.signed.test"},
		{host: "mx.dark.test", data: "88", is: dane.Unknown, kind: resolve.KindServFail},
		{host: "mx.lame.test", kind: resolve.KindServFail},
		{host: "dead.safe.test", base: "mx.dead.safe.test", kind: resolve.KindTimeout},
	} {
		t.Run(w.host, func(t *testing.T) {
			t.Parallel()
			s := dane.Find(t.Context(), c, w.host)
			if w.base == "" {
				w.base = w.host
			}
			data := ""
			if len(s.Records) == 1 {
				data = fmt.Sprintf("%x", s.Records[0].Data)[:2]
			}
			var fail *resolve.Error
			errors.As(s.Err, &fail)
			if s.Base != w.base || data != w.data || s.Security != w.is || s.Unsigned != w.unsigned ||
				(fail == nil) != (w.kind == "") || fail != nil && fail.Kind != w.kind {
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestBelowASecureDelegation: a resolver that validated the DS record and not the answer says that the answer is of no signed zone.
func TestBelowASecureDelegation(t *testing.T) {
	t.Parallel()
	c := ask(t, world)
	a, err := c.Ask(t.Context(), "_25._tcp.below.safe2.test", resolve.TypeTLSA)
	if err != nil {
		t.Fatal(err)
	}
	validated := override{c, "safe2.test", resolve.Answer{Status: resolve.Found, Authentic: true, Server: a.Server}}
	if is, name, err := dane.SecurityOf(t.Context(), validated, a); is != dane.Insecure || name == "" || err != nil {
		t.Errorf("validated: %s %s %v", is, name, err)
	}
	another := override{c, "safe2.test", resolve.Answer{Status: resolve.Found, Authentic: true, Server: "192.0.2.53:53"}}
	if is, name, err := dane.SecurityOf(t.Context(), another, a); is != dane.Unknown || name != "" || err != nil {
		t.Errorf("validated by another resolver: %s %s %v", is, name, err)
	}
	bare := override{c, "safe2.test", resolve.Answer{Status: resolve.Found}}
	if is, name, err := dane.SecurityOf(t.Context(), bare, a); is != dane.Unknown || name != "" || err != nil {
		t.Errorf("not validated: %s %s %v", is, name, err)
	}
	elsewhere := override{c, "safe2.test", resolve.Answer{Status: resolve.Found, Chain: []string{"safe.test"}}}
	if is, _, err := dane.SecurityOf(t.Context(), elsewhere, a); is != dane.Insecure || err != nil {
		t.Errorf("the DS record of an alias's target: %s %v", is, err)
	}
}

// override answers the DS question for one name.
type override struct {
	resolve.Resolver
	name string
	a    resolve.Answer
}

func (o override) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if name == o.name && t == resolve.TypeDS {
		return o.a, nil
	}
	return o.Resolver.Ask(ctx, name, t)
}

// TestManyRecords: those beyond the bound are counted.
func TestManyRecords(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "_25._tcp.mx.many.test. TLSA 3 1 1 %064x\n", i)
	}
	c := ask(t, b.String())
	if s := dane.Find(t.Context(), c, "mx.many.test"); len(s.Records) != dane.MaxRecords || s.Cut != 60-dane.MaxRecords || s.Err != nil {
		t.Errorf("%d records, %d cut, %v", len(s.Records), s.Cut, s.Err)
	}
}

// TestAliasOutOfAFile: an answer is no safer than the alias that leads to it, and a zone file secures nothing.
func TestAliasOutOfAFile(t *testing.T) {
	t.Parallel()
	w, err := lab.ParseWorld(strings.NewReader(world), "dane.world")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	z, err := resolve.ParseZone(strings.NewReader("_25._tcp.mx.new.test. 60 CNAME _25._tcp.mx.safe.test.\n"), "new.zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Zones: []*resolve.Zone{z}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	a, err := c.Ask(t.Context(), "_25._tcp.mx.new.test", resolve.TypeTLSA)
	if err != nil || len(a.Records) != 1 || a.Authentic {
		t.Errorf("%+v, %v", a, err)
	}
}
