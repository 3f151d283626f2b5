package ns_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag/lab"
	"todoku/diag/ns"
	"todoku/diag/resolve"
)

const world = `$TTL 300
.               NS    root.test.
root.test.      A     192.0.2.1
test.           NS    reg.test.
reg.test.       A     192.0.2.4
$ORIGIN firm.test.
@               NS    ns1
@               NS    ns2.out.test.
ns1             A     192.0.2.53
ns1             AAAA  2001:db8::53
ns2.out.test.   A     198.51.100.53
@               MX    10 mx
www             CNAME web.out.test.
deep            NS    ns3.out.test.
ns3.out.test.   A     203.0.113.53
a.deep          MX    10 mx
same            NS    ns1
same            NS    ns2.out.test.
$ORIGIN dark.test.
@               NS    ns.dark.test.
ns              A     203.0.113.99
$AT 203.0.113.99 $FAULT *.dark.test * REFUSED
$AT 203.0.113.99 $FAULT dark.test * REFUSED
$FAULT dark.test NS SERVFAIL ede=7
`

func start(t *testing.T, text string) (resolve.Resolver, *resolve.Direct) {
	t.Helper()
	w, err := lab.ParseWorld(strings.NewReader(text), "world")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	c, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, resolve.NewDirect(resolve.Options{Dial: l.Dial, Timeout: 300 * time.Millisecond})
}

// TestFind: from a name to its zone, whatever the zones between it and the first one that the resolver knows.
func TestFind(t *testing.T) {
	t.Parallel()
	r, d := start(t, world)
	for domain, want := range map[string]struct {
		zone, parent, hosts string
		merged              bool
	}{
		"firm.test":        {"firm.test", "test", "ns1.firm.test ns2.out.test", false},
		"www.firm.test":    {"firm.test", "test", "ns1.firm.test ns2.out.test", false},
		"x.y.z.firm.test":  {"", "firm.test", "", false}, // the zone says that there is no such name
		"deep.firm.test":   {"deep.firm.test", "firm.test", "ns3.out.test", false},
		"a.deep.firm.test": {"deep.firm.test", "firm.test", "ns3.out.test", false},
		"same.firm.test":   {"same.firm.test", "firm.test", "ns1.firm.test ns2.out.test", true},
		"gone.test":        {"", "test", "", false},
		"test":             {"test", ".", "reg.test", false},
		"dark.test":        {"dark.test", "test", "ns.dark.test", false}, // its servers are broken, the way to them is not
		"in.dark.test":     {"dark.test", "test", "ns.dark.test", false},
	} {
		got, err := ns.Find(t.Context(), r, d, domain)
		if err != nil || got.Domain != domain || got.Zone != want.zone || got.Parent != want.parent ||
			strings.Join(got.Hosts(), " ") != want.hosts || got.Merged != want.merged {
			t.Errorf("%s: %+v %v", domain, got, err)
		}
	}
}

// TestFindIgnorance: where nobody above can be asked, the error says so.
func TestFindIgnorance(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"SERVFAIL", "REFUSED", "SILENCE", "UPWARD"} {
		r, d := start(t, world+"$AT 192.0.2.4 $FAULT firm.test * "+word+"\n")
		var fail *resolve.Error
		if got, err := ns.Find(t.Context(), r, d, "firm.test"); !errors.As(err, &fail) || fail.Server != "192.0.2.4:53" {
			t.Errorf("%s: %+v %v", word, got, err)
		}
	}
	r, d := start(t, "a.test. A 192.0.2.1\n$FAULT . * SERVFAIL\n$FAULT *. NS SERVFAIL\n")
	var fail *resolve.Error
	if _, err := ns.Find(t.Context(), r, d, "a.test"); !errors.As(err, &fail) || fail.Kind != resolve.KindServFail {
		t.Errorf("%v", err)
	}
}

// mute says nothing, at any address.
type mute struct{ asked []netip.Addr }

func (m *mute) Ask(_ context.Context, at netip.AddrPort, name string, t resolve.Type) (resolve.Said, error) {
	m.asked = append(m.asked, at.Addr())
	return resolve.Said{}, &resolve.Error{Kind: resolve.KindTimeout, Name: name, Type: t.String(), Server: at.String()}
}

// TestFindGivesUpOnSilence: two servers that say nothing are enough, each costs the whole time of a question.
func TestFindGivesUpOnSilence(t *testing.T) {
	t.Parallel()
	text := "test. NS reg.test.\n"
	for i := range 9 {
		text += fmt.Sprintf("reg.test. A 192.0.2.%d\n", i+1)
	}
	r, _ := start(t, text)
	m := &mute{}
	if d, err := ns.Find(t.Context(), r, m, "firm.test"); err == nil || len(m.asked) != 2 || m.asked[0] == m.asked[1] {
		t.Errorf("%+v %v, asked %v", d, err, m.asked)
	}
}

// endless refers from every name to one below it.
type endless struct{ asked int }

func (e *endless) Ask(_ context.Context, at netip.AddrPort, name string, t resolve.Type) (resolve.Said, error) {
	e.asked++
	labels := strings.Split(name, ".")
	cut := strings.Join(labels[max(0, len(labels)-1-e.asked):], ".")
	said := resolve.Said{Rcode: "NOERROR", Cut: cut, Servers: []resolve.NameServer{{Host: "x.test", Addrs: []netip.Addr{at.Addr()}}}}
	said.Status = resolve.NoData
	return said, nil
}

// TestFindEnds: a way down without end is given up.
func TestFindEnds(t *testing.T) {
	t.Parallel()
	r, _ := start(t, world)
	e := &endless{}
	var fail *resolve.Error
	_, err := ns.Find(t.Context(), r, e, strings.Repeat("a.", 60)+"test")
	if !errors.As(err, &fail) || fail.Kind != resolve.KindLoop || e.asked > 40 {
		t.Errorf("%v after %d questions", err, e.asked)
	}
}

// TestLook: each address is asked once, those of servers that only the zone names too.
func TestLook(t *testing.T) {
	t.Parallel()
	r, d := start(t, world+"$AT 192.0.2.4 firm.test. NS ns1.firm.test.\n$AT 198.51.100.53 firm.test. MX 20 old.firm.test.\n"+
		"$AT 198.51.100.53 firm.test. SOA ns1.firm.test. h.firm.test. 4294967295 1 1 1 1\n")
	del, err := ns.Find(t.Context(), r, d, "firm.test")
	if err != nil {
		t.Fatal(err)
	}
	s := ns.Look(t.Context(), r, d, del, []ns.Question{{Name: "firm.test", Type: resolve.TypeMX}})
	var got []string
	for _, v := range s.Servers {
		standing, fault := s.Standing(v)
		got = append(got, v.Host.Name+" "+v.Address.String()+" "+map[ns.Standing]string{ns.Authoritative: "has", ns.Lame: "lame",
			ns.Unheard: "unheard"}[standing]+string(fault))
	}
	want := []string{"ns1.firm.test 192.0.2.53 has", "ns1.firm.test 2001:db8::53 has", "ns2.out.test 198.51.100.53 has"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if s.Hosts[0].Delegated != true || s.Hosts[1].Delegated != false || !s.Hosts[1].Own || s.Left != 0 {
		t.Errorf("%+v %+v", s.Hosts[0], s.Hosts[1])
	}
	if groups := s.Compare(0, nil); len(groups) != 2 || groups[1].Values[0] != "20 old.firm.test" || len(groups[0].Servers) != 2 {
		t.Errorf("%+v", groups)
	}
	if newest, same, known := s.Newest(); newest != 1 || same || !known { // RFC 1982: 1 comes after 4294967295
		t.Errorf("newest %d, same %v, known %v", newest, same, known)
	}
}

// TestManyServers: what is beyond the bound is counted.
func TestManyServers(t *testing.T) {
	t.Parallel()
	text := "test. NS reg.test.\nreg.test. A 192.0.2.4\nmany.test. NS n.many.test.\n"
	for i := range 40 {
		text += fmt.Sprintf("n.many.test. A 198.51.100.%d\n", i+1)
	}
	r, d := start(t, text)
	del, err := ns.Find(t.Context(), r, d, "many.test")
	if err != nil {
		t.Fatal(err)
	}
	s := ns.Look(t.Context(), r, d, del, nil)
	if len(s.Servers) != ns.MaxServers || s.Left != 40-ns.MaxServers || del.More == 0 {
		t.Errorf("%d asked, %d left out, %d beyond the bounds of the referral", len(s.Servers), s.Left, del.More)
	}
}

// TestUnmatched: numbers of keys as RFC 4034 (appendix B) works them out. The key is the one of its §5.4.
func TestUnmatched(t *testing.T) {
	t.Parallel()
	const octets = "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7Orz" +
		"KBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw=="
	const rfc = "256 3 5 " + octets
	const modern = "257 3 8 " + octets // the number grows by 4: one flag and three of the algorithm
	for what, c := range map[string]struct {
		ds, keys string
		want     bool
	}{
		"the key of a DS record":        {"60489 8 2 00", modern, false},
		"another number":                {"60488 8 2 00", modern, true},
		"another algorithm":             {"60489 13 2 00", modern, true},
		"one of two":                    {"1 8 2 00|60489 8 2 00", modern, false},
		"no key at all":                 {"60489 8 2 00", "", true},
		"SHA-1, which nobody must know": {"1 5 1 00", rfc, false},
		"SHA-1 beside a stale one":      {"1 13 2 00|60485 5 1 00", rfc, false},
		"no key of a zone":              {"60233 8 2 00", strings.Replace(modern, "257", "1", 1), true},
		"rubbish":                       {"x 8 2 00", "256 3", false},
		"a broken key":                  {"60489 8 2 00", "257 3 8 !", true},
	} {
		if got := ns.Unmatched(records(c.ds), records(c.keys)); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
	}
}

func records(text string) (out []resolve.Record) {
	for _, s := range strings.Split(text, "|") {
		if s != "" {
			out = append(out, resolve.Record{Text: s})
		}
	}
	return out
}

func FuzzUnmatched(f *testing.F) {
	f.Add("60485 5 2 00", "256 3 5 AQ==")
	f.Add("1 13 4 00", "257 3 13 ====")
	f.Add("65536 8 2 00", "257 3 256 AA==")
	f.Fuzz(func(t *testing.T, ds, key string) {
		if ns.Unmatched(nil, records(key)) {
			t.Error("without a DS record nothing is missing")
		}
		_ = ns.Unmatched(records(ds), records(key))
		_, _ = ns.SerialOf(ds)
	})
}

// TestAnAliasWhereTheZoneBegins: such a server answers for the zone with authority, and is not lame.
func TestAnAliasWhereTheZoneBegins(t *testing.T) {
	t.Parallel()
	alias := ns.Reply{Said: resolve.Said{Answer: resolve.Answer{Status: resolve.NoData, Chain: []string{"web.test"}}, Rcode: "NOERROR",
		Authoritative: true}}
	v := &ns.Server{SOA: alias, NS: alias}
	if got, fault := (&ns.Survey{Servers: []*ns.Server{v}}).Standing(v); got != ns.Unheard || fault != "" {
		t.Errorf("alias: %d %q", got, fault)
	}
	v.SOA.Said.Chain, v.NS.Said.Chain = nil, nil
	if got, _ := (&ns.Survey{Servers: []*ns.Server{v}}).Standing(v); got != ns.Lame {
		t.Errorf("nothing there: %d", got)
	}
}
