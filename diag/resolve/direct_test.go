package resolve_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"todoku/diag/lab"
	"todoku/diag/resolve"
)

const twoServers = `$TTL 300
test.          NS    reg.test.
reg.test.      A     192.0.2.4
$ORIGIN firm.test.
@              NS    ns1
@              NS    ns2.out.test.
@              SOA   ns1 hostmaster 7 7200 3600 1209600 60
ns1            A     192.0.2.53
ns1            AAAA  2001:db8::53
ns2.out.test.  A     198.51.100.53
@              MX    10 mx
mx             A     192.0.2.25
@              TXT   "v=spf1 mx -all"
alias          CNAME mx
away           CNAME mx.out.test.
long           TXT   "LONG"
sub            NS    ns2.out.test.
@              DS    4711 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
late           TXT   "l"
$FAULT late.firm.test * DELAY ms=50
$AT 198.51.100.53 firm.test. TXT "v=spf1 -all"
$AT 198.51.100.53 firm.test. SOA ns1.firm.test. hostmaster.firm.test. 6 7200 3600 1209600 60
$AT 198.51.100.53 $FAULT refused.firm.test * REFUSED
$AT 198.51.100.53 $FAULT failed.firm.test * SERVFAIL ede=22
$AT 198.51.100.53 $FAULT upward.firm.test * UPWARD
$AT 198.51.100.53 $FAULT plain.firm.test * NOAUTHORITY
$AT 198.51.100.53 $FAULT silent.firm.test * SILENCE
$AT 198.51.100.53 $FAULT wrongid.firm.test * WRONGID
$AT 198.51.100.53 $FAULT garbage.firm.test * GARBAGE
$AT 198.51.100.53 $FAULT endless.firm.test * ENDLESSTCP
$AT 198.51.100.53 $FAULT huge.firm.test * HUGETXT
`

func namesLab(t *testing.T) *lab.Lab {
	t.Helper()
	w, err := lab.ParseWorld(strings.NewReader(strings.Replace(twoServers, "LONG", strings.Repeat(`0123456789" "`, 300), 1)), t.Name())
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// TestDirectTellsWhatOneServerSays: authority, referrals with addresses, error codes, each by its server.
func TestDirectTellsWhatOneServerSays(t *testing.T) {
	t.Parallel()
	d := resolve.NewDirect(resolve.Options{Dial: namesLab(t).Dial})
	const reg, one, two = "192.0.2.4", "192.0.2.53", "198.51.100.53"
	for _, q := range []struct {
		at, name string
		t        resolve.Type
		rcode    string
		aa       bool
		status   resolve.Status
		first    string // text or host of the first record
		chain    string
		zone     string
		cut      string
	}{
		{one, "FIRM.test.", resolve.TypeTXT, "NOERROR", true, resolve.Found, "v=spf1 mx -all", "", "", ""},
		{two, "firm.test", resolve.TypeTXT, "NOERROR", true, resolve.Found, "v=spf1 -all", "", "", ""},
		{one, "firm.test", resolve.TypeMX, "NOERROR", true, resolve.Found, "mx.firm.test", "", "", ""},
		{one, "firm.test", resolve.TypeA, "NOERROR", true, resolve.NoData, "", "", "firm.test", ""},
		{one, "none.firm.test", resolve.TypeA, "NXDOMAIN", true, resolve.NoName, "", "", "firm.test", ""},
		{one, "alias.firm.test", resolve.TypeA, "NOERROR", true, resolve.Found, "", "mx.firm.test", "", ""},
		{one, "away.firm.test", resolve.TypeA, "NOERROR", true, resolve.NoData, "", "mx.out.test", "", ""},
		{one, "sub.firm.test", resolve.TypeMX, "NOERROR", false, resolve.NoData, "", "", "", "sub.firm.test"},
		{one, "other.test", resolve.TypeA, "REFUSED", false, resolve.NoData, "", "", "", ""},
		{one, "late.firm.test", resolve.TypeTXT, "NOERROR", true, resolve.Found, "l", "", "", ""},
		{reg, "mx.firm.test", resolve.TypeA, "NOERROR", false, resolve.NoData, "", "", "", "firm.test"},
		{two, "upward.firm.test", resolve.TypeA, "NOERROR", false, resolve.NoData, "", "", "", "."},
		{two, "plain.firm.test", resolve.TypeA, "NXDOMAIN", false, resolve.NoName, "", "", "firm.test", ""},
		{two, "refused.firm.test", resolve.TypeA, "REFUSED", false, resolve.NoData, "", "", "", ""},
	} {
		said, err := d.Ask(t.Context(), netip.AddrPortFrom(netip.MustParseAddr(q.at), 53), q.name, q.t)
		first := ""
		if len(said.Records) > 0 {
			first = said.Records[0].Text + said.Records[0].Host
		}
		if err != nil || said.Rcode != q.rcode || said.Authoritative != q.aa || said.Status != q.status || first != q.first ||
			strings.Join(said.Chain, " ") != q.chain || said.Zone != q.zone || said.Cut != q.cut || said.Server != q.at+":53" {
			t.Errorf("%s %s at %s: %+v %v", q.name, q.t, q.at, said, err)
		}
		if answered := q.aa && q.cut == ""; said.Answered() != answered {
			t.Errorf("%s %s at %s: an answer of its own: %v", q.name, q.t, q.at, said.Answered())
		}
	}
}

// TestDirectReadsReferrals: the servers of a delegation with the addresses beside them, and DS from the zone above.
func TestDirectReadsReferrals(t *testing.T) {
	t.Parallel()
	d := resolve.NewDirect(resolve.Options{Dial: namesLab(t).Dial})
	reg := netip.MustParseAddrPort("192.0.2.4:53")
	said, err := d.Ask(t.Context(), reg, "firm.test", resolve.TypeNS)
	if err != nil || said.Cut != "firm.test" || len(said.Servers) != 2 || said.More != 0 {
		t.Fatalf("%+v %v", said, err)
	}
	if s := said.Servers[0]; s.Host != "ns1.firm.test" || !slices.Equal(s.Addrs, []netip.Addr{netip.MustParseAddr("192.0.2.53"),
		netip.MustParseAddr("2001:db8::53")}) {
		t.Errorf("%+v", s)
	}
	ds, err := d.Ask(t.Context(), reg, "firm.test", resolve.TypeDS)
	if err != nil || !ds.Answered() || len(ds.Records) != 1 || !strings.HasPrefix(ds.Records[0].Text, "4711 13 2 ") {
		t.Errorf("%+v %v", ds, err)
	}
	if soa, err := d.Ask(t.Context(), reg, "firm.test", resolve.TypeSOA); err != nil || soa.Answered() {
		t.Errorf("the zone above answers for the zone: %+v %v", soa, err)
	}
}

// TestDirectGoesToTCP: what UDP cuts off comes by TCP, however long.
func TestDirectGoesToTCP(t *testing.T) {
	t.Parallel()
	d := resolve.NewDirect(resolve.Options{Dial: namesLab(t).Dial})
	said, err := d.Ask(t.Context(), netip.MustParseAddrPort("192.0.2.53:53"), "long.firm.test", resolve.TypeTXT)
	if err != nil || len(said.Records) != 1 || len(said.Records[0].Text) < 3000 || said.Sent != 2 {
		t.Errorf("%d records, sent %d, %v", len(said.Records), said.Sent, err)
	}
	huge, err := d.Ask(t.Context(), netip.MustParseAddrPort("198.51.100.53:53"), "huge.firm.test", resolve.TypeTXT)
	if err != nil || len(huge.Records) != 1 || len(huge.Records[0].Text) < 60_000 {
		t.Errorf("%d records, %v", len(huge.Records), err)
	}
}

// TestDirectIgnorance: silence, no way, and messages that are no answer are errors, each with its server.
func TestDirectIgnorance(t *testing.T) {
	t.Parallel()
	d := resolve.NewDirect(resolve.Options{Dial: namesLab(t).Dial, Timeout: 400 * time.Millisecond})
	two := netip.MustParseAddrPort("198.51.100.53:53")
	for name, q := range map[string]struct {
		at   netip.AddrPort
		name string
		kind resolve.Kind
	}{
		"silence":            {two, "silent.firm.test", resolve.KindTimeout},
		"another id":         {two, "wrongid.firm.test", resolve.KindMangled},
		"rubbish":            {two, "garbage.firm.test", resolve.KindMangled},
		"an endless message": {two, "endless.firm.test", resolve.KindTimeout},
		"nobody there":       {netip.MustParseAddrPort("192.0.2.77:53"), "firm.test", resolve.KindNetwork},
		"no name":            {two, "a..test", resolve.KindName},
	} {
		var fail *resolve.Error
		said, err := d.Ask(t.Context(), q.at, q.name, resolve.TypeTXT)
		if !errors.As(err, &fail) || fail.Kind != q.kind || fail.Kind != resolve.KindName && fail.Server != q.at.String() || fail.NoWay() {
			t.Errorf("%s: %+v %v", name, said, err)
		}
	}
	failed, err := d.Ask(t.Context(), two, "failed.firm.test", resolve.TypeTXT)
	if err != nil || failed.Rcode != "SERVFAIL" || failed.Answered() || !strings.HasPrefix(failed.EDE, "22 ") {
		t.Errorf("an error code is what the server says: %+v %v", failed, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Ask(ended, two, "firm.test", resolve.TypeTXT); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

// TestDirectKnowsItsOwnNetwork: a machine without IPv6 says nothing about the server.
func TestDirectKnowsItsOwnNetwork(t *testing.T) {
	t.Parallel()
	d := resolve.NewDirect(resolve.Options{Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: syscall.ENETUNREACH}
	}})
	var fail *resolve.Error
	if _, err := d.Ask(t.Context(), netip.MustParseAddrPort("[2001:db8::53]:53"), "firm.test", resolve.TypeSOA); !errors.As(err, &fail) ||
		fail.Kind != resolve.KindNetwork || !fail.NoWay() {
		t.Errorf("%v", err)
	}
}

// TestUnchecked: a resolver that calls records false gives them to who asks it not to validate; another failure stays one.
func TestUnchecked(t *testing.T) {
	t.Parallel()
	const text = "a.test. TXT x\nb.test. TXT x\n$FAULT a.test * SERVFAIL ede=7\n$FAULT b.test * SERVFAIL ede=22\n"
	w, err := lab.ParseWorld(strings.NewReader(text), t.Name())
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := resolve.NewSession(c.Run())
	for name, code := range map[string]int{"a.test": 7, "b.test": 22} {
		var fail *resolve.Error
		if _, err := s.Ask(t.Context(), name, resolve.TypeTXT); !errors.As(err, &fail) || fail.Kind != resolve.KindServFail ||
			fail.Extended() != code {
			t.Errorf("%s: %v", name, err)
		}
		a, err := s.AskUnchecked(t.Context(), name, resolve.TypeTXT)
		if known := err == nil && a.Status == resolve.Found; known != (code == 7) {
			t.Errorf("%s, unchecked: %+v %v", name, a, err)
		}
	}
	s.Add(3, 2)
	if sent, unique := s.Counts(); unique != 6 || sent < 7 {
		t.Errorf("counted %d sent, %d unique", sent, unique)
	}
}
