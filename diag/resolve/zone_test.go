package resolve

import (
	"context"
	"errors"
	"strings"
	"testing"
)

const zoneText = `$ORIGIN example.test.
@      300 IN SOA ns hostmaster 1 7200 3600 1209600 300
@          IN NS  ns
@          IN MX  10 mx
@          IN TXT "v=spf1 include:" "_spf.other.test -all"
mx         IN A   192.0.2.25
*.wild     IN TXT "any"
deep.a.b   IN A   192.0.2.1
www        IN CNAME mx
out        IN CNAME elsewhere.test.
round      IN CNAME about
about      IN CNAME round
sub        IN NS  ns.sub
`

func offline(t *testing.T, texts ...string) *Client {
	t.Helper()
	var zones []*Zone
	for _, s := range texts {
		z, err := ParseZone(strings.NewReader(s), "test.zone")
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, z)
	}
	c, err := New(Options{Zones: zones, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestZoneOffline(t *testing.T) {
	t.Parallel()
	c := offline(t, zoneText, `lone.test. 60 IN TXT "x"`+"\n")
	for _, q := range []struct {
		name   string
		t      Type
		status Status
		value  string
	}{
		{"EXAMPLE.test.", TypeTXT, Found, "v=spf1 include:_spf.other.test -all"},
		{"example.test", TypeMX, Found, "mx.example.test"},
		{"example.test", TypeAAAA, NoData, ""},
		{"www.example.test", TypeA, Found, "192.0.2.25"},
		{"x.y.wild.example.test", TypeTXT, Found, "any"},
		{"x.wild.example.test", TypeA, NoData, ""},
		{"b.example.test", TypeA, NoData, ""},
		{"none.example.test", TypeA, NoName, ""},
		{"out.example.test", TypeA, NoName, ""},
		{"lone.test", TypeMX, NoData, ""},
		{"test", TypeMX, NoData, ""},
		{"other.test", TypeTXT, NoName, ""},
	} {
		a, err := c.Ask(context.Background(), q.name, q.t)
		if err != nil || a.Status != q.status {
			t.Errorf("%s %s: status %d, %v; want %d", q.name, q.t, a.Status, err, q.status)
			continue
		}
		if q.value != "" {
			r := a.Records[0]
			if got := r.Text + r.Host + strings.TrimPrefix(r.Addr.String(), "invalid IP"); got != q.value {
				t.Errorf("%s %s: %q, want %q", q.name, q.t, got, q.value)
			}
		}
	}
	_, err := c.Ask(context.Background(), "round.example.test", TypeA)
	var fail *Error
	if !errors.As(err, &fail) || fail.Kind != KindLoop {
		t.Errorf("circle: %v", err)
	}
	if a, _ := c.Ask(context.Background(), "out.example.test", TypeA); len(a.Chain) != 1 || a.Chain[0] != "elsewhere.test" {
		t.Errorf("dangling: %+v", a)
	}
}

func TestZoneErrorsTellThePlace(t *testing.T) {
	t.Parallel()
	_, err := ParseZone(strings.NewReader("$ORIGIN a.test.\n@ 60 IN MX ten mx\n"), "new.zone")
	if err == nil || !strings.Contains(err.Error(), "new.zone") || !strings.Contains(err.Error(), "line: 2") {
		t.Errorf("%v", err)
	}
	if _, err := ParseZone(strings.NewReader("; nothing\n"), "new.zone"); err == nil {
		t.Error("an empty zone was taken")
	}
}

func FuzzZone(f *testing.F) {
	f.Add(zoneText)
	f.Add("$INCLUDE /etc/passwd\n")
	f.Add("$GENERATE 1-99999999 a$ A 192.0.2.1\n")
	f.Add("* 1 IN TXT a\n")
	f.Fuzz(func(t *testing.T, s string) {
		z, err := ParseZone(strings.NewReader(s), "f")
		if err != nil {
			return
		}
		c := &Client{zones: []*Zone{z}, offline: true, cache: newCache(1 << 20)}
		n := 0
		for name := range z.names {
			if n++; n > 50 {
				break
			}
			for _, typ := range []Type{TypeA, TypeTXT, TypeMX} {
				if a, err := c.Ask(context.Background(), name, typ); err == nil && a.Status == Found && len(a.Records) == 0 {
					t.Errorf("%q %s found nothing", name, typ)
				}
			}
		}
	})
}
