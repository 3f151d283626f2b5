package resolve_test

import (
	"strings"
	"testing"

	"todoku/diag/resolve"
)

func closedWorld(t *testing.T, zone string) *resolve.Client {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(zone), "test")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestAuthorities(t *testing.T) {
	t.Parallel()
	c := closedWorld(t,
		"$ORIGIN kaisha.test.\n@ 300 IN NS ns1\n@ 300 IN NS ns2.other.test.\nns1 300 IN A 192.0.2.53\nns1 300 IN AAAA "+
			"2001:db8::53\nmail 300 IN A 192.0.2.1\nns2.other.test. 300 IN A 192.0.2.54\n")
	for domain, want := range map[string]string{
		"kaisha.test":        "kaisha.test 192.0.2.53:53 [2001:db8::53]:53 192.0.2.54:53",
		"a.mail.kaisha.test": "kaisha.test 192.0.2.53:53 [2001:db8::53]:53 192.0.2.54:53",
		"nowhere.example":    "",
	} {
		zone, servers, err := resolve.Authorities(t.Context(), c, domain)
		if got := strings.TrimSpace(zone + " " + strings.Join(servers, " ")); got != want || (want == "") != (err != nil) {
			t.Errorf("%s: %q, %v; want %q", domain, got, err, want)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	live := closedWorld(t, "$ORIGIN kaisha.test.\n@ 300 IN TXT \"new\"\n")
	old := closedWorld(t, "$ORIGIN kaisha.test.\n@ 300 IN TXT \"old\"\nesp.example. 300 IN TXT \"other\"\n")
	s := resolve.Split{Zone: "kaisha.test", Inside: live, Outside: old}
	for name, want := range map[string]string{"kaisha.test": "new", "esp.example": "other"} {
		a, err := s.Ask(t.Context(), name, resolve.TypeTXT)
		if err != nil || strings.Join(a.Texts(), "") != want {
			t.Errorf("%s: %v, %v", name, a.Texts(), err)
		}
	}
}
