package resolve

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"todoku/codes"
)

const exampleZone = `$ORIGIN example.test.
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
	c := offline(t, exampleZone, `lone.test. 60 IN TXT "x"`+"\n")
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
	if a, _ := c.Ask(context.Background(), "out.example.test", TypeA); len(a.Chain) != 1 || a.Chain[0] != "elsewhere.test" {
		t.Errorf("dangling: %+v", a)
	}
}

// TestZoneTellsThePlaceOfARecord: the line on which it begins, also of one over several lines, of repeats the first.
func TestZoneTellsThePlaceOfARecord(t *testing.T) {
	t.Parallel()
	c := offline(t, `$ORIGIN a.test.
; a comment
@ 300 IN TXT ( "one"
   "two" )
@ 300 IN TXT "three"
@ 300 IN TXT "three"
www IN CNAME b.test.
`, "b.test. IN A 192.0.2.1\n")
	for _, q := range []struct {
		name  string
		t     Type
		lines string
	}{
		{"a.test", TypeTXT, "test.zone:3 test.zone:5"},
		{"www.a.test", TypeA, "test.zone:1"}, // of the other file
	} {
		a, err := c.Ask(context.Background(), q.name, q.t)
		var lines []string
		for _, r := range a.Records {
			lines = append(lines, a.Place(r).String())
		}
		if got := strings.Join(lines, " "); err != nil || got != q.lines {
			t.Errorf("%s %s: %q, want %q (%v)", q.name, q.t, got, q.lines, err)
		}
	}
	if place := (Answer{Server: "192.0.2.53:53"}).Place(Record{}); !place.IsZero() {
		t.Errorf("a server has the place %q", place)
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

// TestZoneBounds gives files that would take far more memory than they have
// octets, and files that are no text: each is refused with its place, in both
// languages. Healthy twins are taken.
func TestZoneBounds(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 700<<10)
	generate := "$ORIGIN a.test.\n" + strings.Repeat("$GENERATE 0-65535 a$ TXT "+strings.Repeat("y", 200)+"\n", 30)
	var deep strings.Builder // each name makes a hundred empty ones above it
	for i := range 1_000 {
		fmt.Fprintf(&deep, "%s%d.test. 60 A 192.0.2.1\n", strings.Repeat("a.", 100), i)
	}
	for what, c := range map[string]struct {
		text  string
		place string
	}{
		"a token":                 {"a.test. 60 TXT \"" + long + "\"\n", "f.zone:1"},
		"parentheses":             {"a.test. 60 A 192.0.2.1\nb.test. 60 TXT ( " + strings.Repeat("\"x\"\n", 200_000) + ")\n", "f.zone:"},
		"a comment":               {"a.test. 60 A 192.0.2.1 ; " + long, "f.zone:1"},
		"blanks":                  {"a.test. 60 A 192.0.2.1" + strings.Repeat(" ", 700<<10), "f.zone:1"},
		"an open quote":           {"a.test. 60 TXT \"" + strings.Repeat("x\n", 400<<10), "f.zone:"},
		"$GENERATE":               {generate, "f.zone:"},
		"$generate of long lines": {"$ORIGIN a.test.\n$generate 0-65535 a$ TXT " + strings.Repeat("${0,255,d}", 1000) + "\n", "f.zone:2"},
		"names with many labels":  {deep.String(), "f.zone:"},
		"UTF-16":                  {"\xff\xfea\x00", "f.zone:1"},
		"UTF-16, the other way":   {"\xfe\xff\x00a", "f.zone:1"},
		"UTF-16 without a mark":   {"a\x00.\x00t\x00", "f.zone:1"},
		"NUL":                     {"a.test. 60 A 192.0.2.1\nb\x00.test. 60 A 192.0.2.1\n", "f.zone:2"},
		"class CH":                {"a.test. 60 A 192.0.2.1\na.test. 60 CH TXT x\n", "f.zone:2"},
		"no host":                 {"a.test. 60 A 192.0.2.1\na.test. 60 CNAME \\# 0\n", "f.zone:2"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			_, err := parseZone(strings.NewReader(c.text), "f.zone", 2<<20)
			var in *codes.UserError
			if !errors.As(err, &in) || !strings.HasPrefix(in.Place, c.place) || in.Says.JA == "" || in.Remedy.JA == "" || in.Remedy.EN == "" {
				t.Errorf("%v", err)
			}
		})
	}
	for what, text := range map[string]string{
		"byte order mark": "\xef\xbb\xbf$ORIGIN a.test.\n@ 60 A 192.0.2.1\n",
		"many comments":   "a.test. 60 A 192.0.2.1\n" + strings.Repeat("; nothing to see here\n", 100_000),
		"the longest TXT": "a.test. 60 A 192.0.2.1\na.test. 60 TXT ( " + strings.Repeat("\""+strings.Repeat("x", 255)+"\"\n", 250) + ")\n",
		"$GENERATE":       "$ORIGIN a.test.\n@ 60 A 192.0.2.1\n$GENERATE 1-1000 h$ A 192.0.2.1\n",
	} {
		t.Run("healthy "+what, func(t *testing.T) {
			t.Parallel()
			if a, err := offline(t, text).Ask(t.Context(), "a.test", TypeA); err != nil || a.Status != Found {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

func FuzzZone(f *testing.F) {
	f.Add(exampleZone)
	f.Add("$INCLUDE /etc/passwd\n")
	f.Add("$GENERATE 1-99999999 a$ A 192.0.2.1\n")
	f.Add("* 1 IN TXT a\n")
	f.Fuzz(func(t *testing.T, s string) {
		z, err := ParseZone(strings.NewReader(s), "f")
		if err != nil {
			return
		}
		c := &Client{zones: []*Zone{z}, offline: true, cache: newCache(1<<20, time.Now)}
		n := 0
		for name := range z.store.names {
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
