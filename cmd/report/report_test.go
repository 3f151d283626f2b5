package report

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

var update = flag.Bool("update", false, "rewrite the golden files; read them before they are committed")

const world = `$TTL 300
$ORIGIN kaisha.test.
@       MX  10 mx1
mx1     A   192.0.2.25
@       TXT ("v=spf1 include:a.esp.test include:b.esp.test mx a:x1.kaisha.test a:x2.kaisha.test a:x3.kaisha.test "
             "a:x4.kaisha.test a:x5.kaisha.test a:x6.kaisha.test -all")
x1      A   192.0.2.31
x2      A   192.0.2.32
x3      A   192.0.2.33
x4      A   192.0.2.34
x5      A   192.0.2.35
x6      A   192.0.2.36
_dmarc  TXT "v=DMARC1; p=none; pct=50; rua=mailto:d@kaisha.test"
$ORIGIN esp.test.
a       TXT "v=spf1 include:c.esp.test ip4:198.51.100.0/24 -all"
b       TXT "v=spf1 a:m.esp.test ip4:203.0.113.0/24 -all"
c       TXT "v=spf1 ip4:198.51.100.7 -all"
m       A   198.51.100.9
$ORIGIN xn--r8jz45g.test.
@       MX  10 mx
mx      A   192.0.2.26
@       TXT "v=spf1 mx -all"
_dmarc  TXT "v=DMARC1; p=reject; rua=mailto:d@xn--r8jz45g.test"
$ORIGIN evil.test.
@       MX  10 mx
mx      A   192.0.2.27
@       TXT "v=spf1 \027[31mred\007 \226\128\174 -all"
`

func zone(t testing.TB) resolve.Resolver {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(world), "world.zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// still is a clock that stands.
func still() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

func look(t testing.TB, r resolve.Resolver, name string) *diag.Report {
	t.Helper()
	target, err := diag.DomainTarget(name)
	if err != nil {
		t.Fatal(err)
	}
	checks := []*diag.Check{check.MX(), check.SPF(check.SPFOptions{}), check.DKIM(check.DKIMOptions{}),
		check.DMARC(check.DMARCOptions{}), check.PTR(check.PTROptions{})}
	return diag.Run(t.Context(), diag.Env{DNS: r, Now: still}, target, checks)
}

func printed(t testing.TB, format page.Format, o Options, reports ...*diag.Report) string {
	t.Helper()
	var b bytes.Buffer
	o.Version = "1.2.3"
	p, err := Reports.Open(format, page.To(&b), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if err := p.Put(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	t.Parallel()
	silent, err := resolve.New(resolve.Options{Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*diag.Report{
		"over-limit": look(t, zone(t), "kaisha.test"),
		"idn":        look(t, zone(t), "例え.test"),
		"evil":       look(t, zone(t), "evil.test"),
		"nothing":    look(t, silent, "nothing.test"),
		"blind":      look(t, &failing{zone(t)}, "kaisha.test"),
	} {
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			golden(t, name+"."+string(lang)+".txt", printed(t, "text", Options{Lang: lang, Again: codes.Todoku("check", "domain", "DOMAIN")}, r))
		}
	}
}

// failing answers everything but TXT.
type failing struct{ resolve.Resolver }

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestEveryFormat prints one and two reports in each format of the table.
func TestEveryFormat(t *testing.T) {
	t.Parallel()
	r := look(t, zone(t), "kaisha.test")
	for _, f := range Reports.Formats() {
		for _, many := range []bool{false, true} {
			reports := []*diag.Report{r}
			if many {
				reports = append(reports, r)
			}
			out := printed(t, f, Options{Lang: codes.English, Many: many}, reports...)
			if n := strings.Count(out, "spf-lookups"); n < len(reports) {
				t.Errorf("%s, many %v: the finding is told %d times", f, many, n)
			}
			if strings.ContainsRune(out, '\x1b') {
				t.Errorf("%s has colour without being asked", f)
			}
		}
	}
	if _, err := Reports.Open("pdf", nil, Options{}); err == nil || !strings.Contains(err.Error(), "ndjson") {
		t.Errorf("an unknown format: %v", err)
	}
}

func TestColourIsOnlyOnMarksAndRecords(t *testing.T) {
	t.Parallel()
	r := look(t, zone(t), "kaisha.test")
	plain, coloured := printed(t, "text", Options{}, r), printed(t, "text", Options{Color: true}, r)
	if !strings.Contains(coloured, "\x1b[") {
		t.Fatal("no colour")
	}
	var bare strings.Builder
	for s := coloured; s != ""; {
		before, rest, found := strings.Cut(s, "\x1b[")
		bare.WriteString(before)
		if !found {
			break
		}
		_, s, _ = strings.Cut(rest, "m")
	}
	if diff := cmp.Diff(plain, bare.String()); diff != "" {
		t.Errorf("colour changes the text:\n%s", diff)
	}
}

// TestSchema holds the published schema against what is printed.
func TestSchema(t *testing.T) {
	t.Parallel()
	text, _ := SchemaNamed(SchemaName)
	var document jsonschema.Schema
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	schema, err := document.Resolve(&jsonschema.ResolveOptions{BaseURI: "https://todoku.test/"}) // our names are relative ($id)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"kaisha.test", "例え.test", "evil.test", "nothing.test"} {
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			out := printed(t, "ndjson", Options{Lang: lang}, look(t, zone(t), name), look(t, &failing{zone(t)}, name),
				whatIf(t, name, "a.test TXT v=spf1 -all", name+" TXT"))
			for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
				var v any
				if err := json.Unmarshal([]byte(line), &v); err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(v); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
	if schema.Validate(map[string]any{"schema": SchemaName}) == nil {
		t.Error("the schema takes anything")
	}
}

func TestJSONArray(t *testing.T) {
	t.Parallel()
	r := look(t, zone(t), "kaisha.test")
	for n := range 3 {
		var reports []*diag.Report
		for range n {
			reports = append(reports, r)
		}
		var got []struct {
			Target diag.Target
			Status string
			Counts map[string]int
		}
		if err := json.Unmarshal([]byte(printed(t, "json", Options{Many: true}, reports...)), &got); err != nil || len(got) != n {
			t.Fatalf("%d reports: %d, %v", n, len(got), err)
		}
		if n > 0 && (got[0].Status != "fail" || got[0].Target.Name != "kaisha.test") {
			t.Errorf("%+v", got[0])
		}
	}
}

func TestWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	texts := map[string]codes.Text{}
	for i, w := range dictionary() {
		texts["word "+strconv.Itoa(i)] = w
	}
	for _, o := range []diag.Owner{diag.OwnerDNS, diag.OwnerESP, diag.OwnerMail, diag.OwnerNetwork, diag.OwnerRecipient} {
		texts["owner "+string(o)] = ownerText(o)
	}
	for s := diag.OK; s <= diag.Fail; s++ {
		texts["status "+s.String()] = statusText(s)
	}
	for _, k := range []resolve.Kind{resolve.KindServFail, resolve.KindRefused, resolve.KindRcode, resolve.KindTimeout,
		resolve.KindNetwork, resolve.KindMangled, resolve.KindLoop, resolve.KindName, resolve.KindDescriptors,
		diag.KindBounded, kindInterrupted, "internal"} {
		texts["kind "+string(k)] = kindText(k)
	}
	for name, text := range absences() {
		texts["absence "+name] = text
	}
	for kind, text := range spfProblems() {
		texts["spf problem "+string(kind)] = text
	}
	for _, r := range check.Rules() {
		texts[r.ID+" says"], texts[r.ID+" why"], texts[r.ID+" fix"] = r.Says, r.Why, r.Fix
	}
	for name, text := range texts {
		if text.EN == "" || text.JA == "" {
			t.Errorf("%s: %+v", name, text)
		}
	}
}

func TestALongValueIsCut(t *testing.T) {
	t.Parallel()
	if got := shown(strings.Repeat("長", 30000)); len(got) > 2*maxShown {
		t.Errorf("%d bytes shown", len(got))
	}
}

func TestPaste(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 300)
	for want, r := range map[string]diag.Record{
		`a.test. IN TXT "v=spf1 \"\\ -all"`:                       {Name: "a.test", Type: "TXT", Value: `v=spf1 "\ -all`},
		`a.test. IN MX 10 mx.a.test.`:                             {Name: "a.test.", Type: "MX", Value: "10 mx.a.test."},
		`a.test. IN TXT "` + long[:255] + `" "` + long[:45] + `"`: {Name: "a.test", Type: "TXT", Value: long},
		`a.test. IN TXT "\227\129\130"`:                           {Name: "a.test", Type: "TXT", Value: "あ"},
	} {
		if got := masterLine(r); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		z, err := resolve.ParseZone(strings.NewReader(masterLine(r)+"\n"), "paste")
		if err != nil || z == nil {
			t.Errorf("%s cannot be pasted: %v", want, err)
		}
	}
}

func BenchmarkReport(b *testing.B) {
	r := look(b, zone(b), "kaisha.test")
	for _, f := range Reports.Formats() {
		b.Run(string(f), func(b *testing.B) {
			p, err := Reports.Open(f, page.To(discard{}), Options{Lang: codes.English, Many: true})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := p.Put(r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func (f *failing) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if t == resolve.TypeTXT {
		return resolve.Answer{}, &resolve.Error{Kind: resolve.KindServFail, Name: name, Type: t.String(),
			Server: "192.0.2.53:53", Rcode: "SERVFAIL", EDE: "22 no reachable authority"}
	}
	return f.Resolver.Ask(ctx, name, t)
}
