package dnsbl_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"todoku/diag/dnsbl"
	"todoku/diag/resolve"
)

const lists = `$ORIGIN bl.test.
2.0.0.127       300 A 127.0.0.2
66.2.0.192      300 A 127.0.0.3
66.2.0.192      300 TXT "seen at a trap"
67.2.0.192      300 A 127.255.255.254
68.2.0.192      300 A 198.51.100.1
listed.test     300 A 127.0.1.2
refused.test    300 A 127.0.0.1
1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2 300 A 127.0.0.2
`

// TestListings: an answer lists, an error code and a parked zone know nothing,
// a name that does not exist is not listed.
func TestListings(t *testing.T) {
	t.Parallel()
	z, err := resolve.ParseZone(strings.NewReader(lists), "lists")
	if err != nil {
		t.Fatal(err)
	}
	r, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	for ip, want := range map[string]struct {
		listed, mute bool
		reason       string
	}{
		"192.0.2.66":        {true, false, "seen at a trap"},
		"::ffff:192.0.2.66": {true, false, "seen at a trap"},
		"192.0.2.7":         {},
		"192.0.2.67":        {mute: true},
		"192.0.2.68":        {mute: true},
		"2001:db8::1":       {listed: true},
		"2001:db8::2":       {},
	} {
		l := dnsbl.Address(t.Context(), r, "bl.test", netip.MustParseAddr(ip))
		if l.Listed != want.listed || errors.Is(l.Err, dnsbl.ErrRefused) != want.mute || l.Reason != want.reason {
			t.Errorf("%s: %+v", ip, l)
		}
	}
	for domain, want := range map[string][2]bool{"listed.test": {true, false}, "fine.test": {}, "refused.test": {false, true}} {
		l := dnsbl.Domain(t.Context(), r, "bl.test", domain)
		if l.Listed != want[0] || (l.Err != nil) != want[1] {
			t.Errorf("%s: %+v", domain, l)
		}
	}
}
