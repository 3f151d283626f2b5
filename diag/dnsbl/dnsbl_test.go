package dnsbl_test

import (
	"context"
	"errors"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/dnsbl"
	"todoku/diag/lab"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// labDNS is a resolver that asks a DNS server with these records.
func labDNS(t *testing.T, zone string) *resolve.Client {
	t.Helper()
	w, err := lab.ParseWorld(strings.NewReader(zone), "lists")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(context.Background(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	r, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

const (
	doc6     = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"
	test6    = "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"
	mustNot6 = "1.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"
)

// TestHealth: a list without its entry for tests counts for nothing, neither what it lists nor what it does not; one that
// lists what no list may hold counts for nothing either (RFC 5782 §5). A list of one's own need not have the entry.
func TestHealth(t *testing.T) {
	t.Parallel()
	r := labDNS(t, `$ORIGIN bl.spamcop.net.
66.2.0.192 A 127.0.0.2
$ORIGIN psbl.surriel.com.
*          A 127.0.0.2
$ORIGIN bl.mailspike.net.
2.0.0.127  A 127.0.0.2
66.2.0.192 A 127.0.0.10
$ORIGIN zen.spamhaus.org.
2.0.0.127  A 127.0.0.2
`+test6+` A 127.0.0.2
`+doc6+` A 127.0.0.3
$ORIGIN bip.virusfree.cz.
2.0.0.127  A 127.0.0.2
`+doc6+` A 127.0.0.2
$ORIGIN b.barracudacentral.org.
2.0.0.127  A 127.0.0.2
`+mustNot6+` A 127.0.0.2
`+doc6+` A 127.0.0.2
$ORIGIN dbl.spamhaus.org.
dbltest.com A 127.0.1.2
bad.test    A 127.0.1.2
$ORIGIN multi.uribl.com.
test        A 127.0.0.2
invalid     A 127.0.0.2
bad.test    A 127.0.0.2
$ORIGIN multi.surbl.org.
bad.test    A 127.0.0.8
$ORIGIN own.test.
66.2.0.192  A 127.0.0.2
$ORIGIN bl.ipv6.spameatingmonkey.net.
`+test6+` A 127.0.0.2
`+doc6+` A 127.0.0.2
$FAULT 2.0.0.127.bl.blocklist.de * SERVFAIL
66.2.0.192.bl.blocklist.de. A 127.0.0.2
2.0.0.127.hostkarma.junkemailfilter.com. A 127.0.0.2
66.2.0.192.hostkarma.junkemailfilter.com. A 127.0.0.2
$FAULT 1.0.0.127.hostkarma.junkemailfilter.com * SILENCE
`)
	for _, c := range []struct{ zone, subject, want string }{
		{"bl.spamcop.net", "192.0.2.66", "dead no_test"}, {"bl.spamcop.net", "192.0.2.7", "dead no_test"},
		{"psbl.surriel.com", "192.0.2.66", "dead wildcard"}, {"psbl.surriel.com", "192.0.2.7", "dead wildcard"},
		{"bl.mailspike.net", "192.0.2.66", "listed worst"}, {"bl.mailspike.net", "192.0.2.7", "clean"},
		{"bl.mailspike.net", "::ffff:192.0.2.66", "listed worst"}, // RFC 5782 §2.4: as the IPv4 address that it is
		{"bl.mailspike.net", "2001:db8::1", "dead no_family"},
		{"zen.spamhaus.org", "2001:db8::1", "listed CSS"}, {"zen.spamhaus.org", "2001:db8::2", "clean"},
		{"bip.virusfree.cz", "2001:db8::1", "listed botnet"}, {"b.barracudacentral.org", "2001:db8::1", "dead wildcard"},
		{"dbl.spamhaus.org", "bad.test", "listed spam"}, {"dbl.spamhaus.org", "good.test", "clean"},
		{"multi.uribl.com", "bad.test", "dead wildcard"}, {"multi.surbl.org", "bad.test", "dead no_test"},
		{"bl.ipv6.spameatingmonkey.net", "2001:db8::1", "listed listed"}, {"bl.ipv6.spameatingmonkey.net", "192.0.2.7", "dead no_family"},
		{"own.test", "192.0.2.66", "listed "}, {"own.test", "192.0.2.7", "clean"},
		{"bl.blocklist.de", "192.0.2.66", "unknown"}, {"hostkarma.junkemailfilter.com", "192.0.2.66", "unknown"},
	} {
		s := dnsbl.Find(c.zone)
		l := dnsbl.Listing{}
		if ip, err := netip.ParseAddr(c.subject); err == nil {
			l = s.Address(t.Context(), r, ip)
		} else {
			l = s.Domain(t.Context(), r, c.subject)
		}
		if got := meaning(l.Strict()); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.zone, c.subject, got, c.want)
		}
	}
	if l := dnsbl.Find("own.test").Address(t.Context(), r, netip.MustParseAddr("192.0.2.7")); !l.Untested {
		t.Error("own.test has no entry for tests, and nobody says so")
	}
}

// TestNamesThatNoListCanHold: a domain that is too long below the zone is not on the list, and is not asked about.
func TestNamesThatNoListCanHold(t *testing.T) {
	t.Parallel()
	a := &asks{Resolver: labDNS(t, "2.0.0.127.own.test. A 127.0.0.2\n")}
	long := strings.Repeat(strings.Repeat("a", 60)+".", 4) + "test"
	if l := dnsbl.Find("own.test").Domain(t.Context(), a, long); meaning(l) != "clean" || len(a.names) > 0 {
		t.Errorf("%s, asked %v", meaning(l), a.names)
	}
}

// asks records what is asked.
type asks struct {
	resolve.Resolver
	mu    sync.Mutex
	names []string
}

func (a *asks) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	a.mu.Lock()
	a.names = append(a.names, name)
	a.mu.Unlock()
	return a.Resolver.Ask(ctx, name, t)
}

// TestNobodyIsAskedInVain: a list of domains is asked about no address, one of addresses about no domain, a closed one about
// nothing; a list of one's own shows by its entries for tests what it holds.
func TestNobodyIsAskedInVain(t *testing.T) {
	t.Parallel()
	r := labDNS(t, `2.0.0.127.ips.test. A 127.0.0.2
test.names.test. A 127.0.0.2
2.0.0.127.both.test. A 127.0.0.2
test.both.test. A 127.0.0.2
`)
	a := &asks{Resolver: r}
	ip := netip.MustParseAddr("192.0.2.7")
	for _, l := range []dnsbl.Listing{dnsbl.Find("dbl.spamhaus.org").Address(t.Context(), a, ip),
		dnsbl.Find("zen.spamhaus.org").Domain(t.Context(), a, "a.test"), dnsbl.Find("dnsbl.sorbs.net").Address(t.Context(), a, ip),
		dnsbl.Find("ebl.msbl.org").Domain(t.Context(), a, "a.test")} {
		if l.Err == nil || len(a.names) > 0 {
			t.Errorf("%s: %v, asked %v", l.Zone, l.Err, a.names)
		}
	}
	for zone, want := range map[string][]dnsbl.Kind{"ips.test": {dnsbl.Addresses}, "names.test": {dnsbl.Domains},
		"both.test": {dnsbl.Addresses, dnsbl.Domains}, "neither.test": {dnsbl.Addresses, dnsbl.Domains},
		"zen.spamhaus.org": {dnsbl.Addresses}, "dbl.spamhaus.org": {dnsbl.Domains}, "list.dnswl.org": {dnsbl.Addresses}} {
		if got := dnsbl.Find(zone).Kinds(t.Context(), r); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", zone, got, want)
		}
	}
}

// TestKeysStaySecret: the key of a subscriber goes out in the question and nowhere else.
func TestKeysStaySecret(t *testing.T) {
	t.Parallel()
	const key = "k3ysecret"
	r := labDNS(t, `$ORIGIN `+key+`.zen.dq.spamhaus.net.
2.0.0.127  A 127.0.0.2
66.2.0.192 A 127.0.0.3
66.2.0.192 TXT "see https://check.test/`+key+`/192.0.2.66"
$FAULT 67.2.0.192.`+key+`.zen.dq.spamhaus.net * SERVFAIL
68.2.0.192 A 127.255.255.252
69.2.0.192 A 198.51.100.1
`)
	for _, zone := range []string{key + ".zen.dq.spamhaus.net", key + ".new.dq.spamhaus.net", key + ".black.mail.abusix.zone"} {
		s := dnsbl.Find(zone)
		if strings.Contains(s.Shown+s.Name, key) {
			t.Errorf("%s is shown as %s", zone, s.Shown)
		}
		for _, ip := range []string{"192.0.2.66", "192.0.2.67", "192.0.2.68", "192.0.2.69", "192.0.2.7"} {
			l := s.Address(t.Context(), r, netip.MustParseAddr(ip))
			told := l.Zone + l.Reason + l.Answer.Name + strings.Join(l.Answer.Chain, " ") + l.List.Name
			if l.Err != nil {
				told += l.Err.Error()
				var dns *resolve.Error
				if errors.As(l.Err, &dns) {
					told += dns.Name + dns.Message + dns.Server
				}
			}
			if strings.Contains(told, key) {
				t.Errorf("%s %s: %s", zone, ip, told)
			}
		}
	}
	if l := dnsbl.Find(key+".zen.dq.spamhaus.net").Address(t.Context(), r, netip.MustParseAddr("192.0.2.66")); meaning(l) != "listed CSS" ||
		l.Reason != "see https://check.test/…/192.0.2.66" {
		t.Errorf("%+v", l)
	}
}

// TestTheOrderOfAnAnswerSaysNothing: DNS gives the records of a set in any order, and a listing reads the same (RFC 2181 §5).
func TestTheOrderOfAnAnswerSaysNothing(t *testing.T) {
	t.Parallel()
	r := labDNS(t, `2.0.0.127.own.test. A 127.0.0.2
66.2.0.192.own.test. A 127.0.0.3
66.2.0.192.own.test. A 127.0.0.2
66.2.0.192.own.test. TXT "b"
66.2.0.192.own.test. TXT "a"
67.2.0.192.own.test. A 127.0.0.2
67.2.0.192.own.test. A 127.0.0.3
67.2.0.192.own.test. TXT "a"
67.2.0.192.own.test. TXT "b"
68.2.0.192.own.test. A 127.0.0.2
`)
	ask := func(ip string) string {
		l := dnsbl.Find("own.test").Address(t.Context(), r, netip.MustParseAddr(ip))
		return l.Meaning(dnsbl.Bad).EN + " " + l.Reason
	}
	one, other := ask("192.0.2.66"), ask("192.0.2.67")
	if one != other || !strings.Contains(one, "127.0.0.2") || !strings.Contains(one, "127.0.0.3") || !strings.HasSuffix(one, "a b") {
		t.Errorf("%q, %q", one, other)
	}
	if less := ask("192.0.2.68"); less == one {
		t.Errorf("one code reads like two: %q", less)
	}
}

// TestHostileAnswers: many codes, many and long words are bounded, and stay text.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	r := labDNS(t, "2.0.0.127.own.test. A 127.0.0.2\n"+manyCodes()+
		`66.2.0.192.own.test. TXT "`+strings.Repeat("あ", 80)+`" "`+strings.Repeat("b", 200)+`" "`+strings.Repeat("c", 200)+`" "\255\254"`+"\n")
	l := dnsbl.Find("own.test").Address(t.Context(), r, netip.MustParseAddr("192.0.2.66"))
	if len(l.Entries) == 0 || len(l.Entries) > 32 || len(l.Reason) > 420 || !strings.HasPrefix(l.Reason, "あ") ||
		strings.ToValidUTF8(l.Reason, "") != l.Reason {
		t.Errorf("%d entries, %d octets", len(l.Entries), len(l.Reason))
	}
}

func manyCodes() string {
	var b strings.Builder
	for i := range 100 {
		b.WriteString("66.2.0.192.own.test. A 127.0.3." + string(rune('0'+i/10)) + string(rune('0'+i%10)) + "\n")
	}
	return strings.ReplaceAll(b.String(), "127.0.3.0", "127.0.3.1")
}

// TestListsAreComplete: ids are unique, each list that replies name is known and the other way round, and what a list refers to
// is there.
func TestListsAreComplete(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	providers, err := provider.Load()
	if err != nil {
		t.Fatal(err)
	}
	wordings := map[string]bool{}
	for _, r := range c.Rules() {
		wordings[r.ID] = true
	}
	seen := map[string]bool{}
	for _, l := range dnsbl.Lists() {
		for _, z := range append([]string{l.ID}, slices.Concat(l.Zones, l.Keyed)...) {
			if ascii, err := resolve.ToASCII(z); seen[z] || err != nil || ascii != z {
				t.Errorf("%s: %q stands twice, or is no zone", l.ID, z)
			}
			seen[z] = true
		}
		complete(t, l, func(provider string) bool { _, known := providers.ByID(provider); return known }, wordings)
	}
	for _, b := range c.Blocklists() {
		if l, known := dnsbl.Named(b.ID); !known || l.Name == "" {
			t.Errorf("replies name %s, of which nothing is known", b.ID)
		}
	}
	for _, zone := range dnsbl.Public() {
		if s := dnsbl.Find(zone); !s.Public || !s.Closed.IsZero() {
			t.Errorf("%s is asked where nobody names it", zone)
		}
	}
}

// complete looks at what a list refers to, and at its words.
func complete(t *testing.T, l *dnsbl.List, provider func(string) bool, wordings map[string]bool) {
	t.Helper()
	for _, u := range l.Users {
		if !provider(u.Provider) || !wordings[u.Wording] {
			t.Errorf("%s: %s or %s is not known", l.ID, u.Provider, u.Wording)
		}
	}
	for _, page := range []string{l.Page, l.Removal} {
		if page != "" && !regexp.MustCompile(`^https://[\w./-]+$`).MatchString(page) {
			t.Errorf("%s: %q", l.ID, page)
		}
	}
	if _, whole := dnsbl.Named(l.Part.Of); l.Part.Of != "" && !whole {
		t.Errorf("%s is a part of %s, which is not there", l.ID, l.Part.Of)
	}
	for _, text := range []codes.Text{l.Note, l.Closed} {
		if (text.EN == "") != (text.JA == "") {
			t.Errorf("%s: %+v", l.ID, text)
		}
	}
}

// FuzzRead: any address of an answer has a meaning in words, by any list.
func FuzzRead(f *testing.F) {
	f.Add([]byte{127, 0, 0, 2})
	f.Add([]byte{127, 255, 255, 254})
	f.Add([]byte{198, 51, 100, 1})
	f.Add(netip.MustParseAddr("2001:db8::1").AsSlice())
	lists := dnsbl.Lists()
	f.Fuzz(func(t *testing.T, octets []byte) {
		ip, ok := netip.AddrFromSlice(octets)
		if !ok {
			return
		}
		for _, l := range lists {
			entries := l.Read(ip)
			if len(entries) == 0 || len(entries) > 8 {
				t.Fatalf("%s: %d entries", l.ID, len(entries))
			}
			for _, e := range entries {
				none := e.Sense == dnsbl.Refused || e.Sense == dnsbl.Parked
				if !none && (e.Says.EN == "" || e.Says.JA == "") || none && e.Word != "" {
					t.Errorf("%s: %+v", l.ID, e)
				}
				if e.Sense != dnsbl.Parked && ip.Is4() && ip.As4()[0] != 127 {
					t.Errorf("%s takes %s for a code", l.ID, ip)
				}
			}
		}
	})
}

// FuzzFind: any zone gives a list, and what is shown of it has no more of a key than its dots.
func FuzzFind(f *testing.F) {
	f.Add("zen.spamhaus.org")
	f.Add("key.zen.dq.spamhaus.net")
	f.Add(".dq.spamhaus.net")
	f.Add("a.b.mail.abusix.zone")
	f.Fuzz(func(t *testing.T, zone string) {
		s := dnsbl.Find(zone)
		if s.List == nil || s.Shown == "" && zone != "" {
			t.Fatalf("%q: %+v", zone, s)
		}
		if strings.HasSuffix(zone, ".dq.spamhaus.net") && !strings.HasPrefix(s.Shown, "….") {
			if !slices.Contains(s.Keyed, zone) {
				t.Errorf("%q is shown as %q", zone, s.Shown)
			}
		}
	})
}
