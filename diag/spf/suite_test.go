package spf

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"todoku/diag/resolve"
)

type suiteCase struct {
	Helo, Host, Mailfrom, Explanation, Strict, Receiver string
	Result                                              oneOrMore
}

type oneOrMore []string

func (o *oneOrMore) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*o = []string{n.Value}
		return nil
	}
	return n.Decode((*[]string)(o))
}

type scenario struct {
	Description string
	Tests       map[string]*suiteCase
	Zonedata    map[string][]yaml.Node
}

func suiteFile(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("TODOKU_SUITES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "suites")
	}
	file := filepath.Join(dir, "spf", name)
	if _, err := os.Stat(file); err != nil {
		if os.Getenv("TODOKU_SUITES_REQUIRED") == "1" {
			t.Fatal(err)
		}
		t.Skip("suite not found: set TODOKU_SUITES")
	}
	return file
}

func readSuite(t testing.TB, name string) []scenario {
	t.Helper()
	f, err := os.Open(suiteFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []scenario
	for d := yaml.NewDecoder(f); ; {
		var s scenario
		if err := d.Decode(&s); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
}

// world makes a DNS of a scenario's zone data: SPF records are TXT records too
// unless the name has TXT records of its own ("TXT: NONE" for no record), and
// after TIMEOUT every other question about the name stays without an answer.
func (s *scenario) world(t testing.TB) *world {
	w := newWorld()
	for name, nodes := range s.Zonedata {
		name = strings.ToLower(strings.TrimSuffix(name, "."))
		w.names[name] = true
		var spf, txt []string
		hasTXT, timeout := false, false
		for _, n := range nodes {
			if n.Kind == yaml.ScalarNode {
				timeout = true
				continue
			}
			kind, v := n.Content[0].Value, n.Content[1]
			switch kind {
			case "SPF", "TXT":
				text := joined(t, v)
				if kind == "SPF" {
					spf = append(spf, text)
					break
				}
				hasTXT = true
				if text != "NONE" {
					txt = append(txt, text)
				}
			case "A", "AAAA":
				w.addr(name, v.Value)
			case "MX":
				host := strings.ToLower(strings.TrimSuffix(v.Content[1].Value, "."))
				if host == "" {
					host = "."
				}
				w.add(name, resolve.TypeMX, resolve.Record{Host: host})
			case "PTR":
				w.add(name, resolve.TypePTR, resolve.Record{Host: strings.ToLower(strings.TrimSuffix(v.Value, "."))})
			case "CNAME":
				w.alias[name] = strings.ToLower(strings.TrimSuffix(v.Value, "."))
			default:
				t.Fatalf("zone data of type %s", kind)
			}
		}
		if !hasTXT {
			txt = spf
		}
		w.txt(name, txt...)
		for _, typ := range []resolve.Type{resolve.TypeA, resolve.TypeAAAA, resolve.TypeMX, resolve.TypePTR, resolve.TypeTXT} {
			if timeout && len(w.answers[question{name, typ}]) == 0 {
				w.fail(name, typ, resolve.KindTimeout)
			}
		}
	}
	return w
}

// joined reads a text of one or several strings. The suite means octets where
// it writes \x80.
func joined(t testing.TB, n *yaml.Node) string {
	parts := []string{n.Value}
	if n.Kind == yaml.SequenceNode {
		if err := n.Decode(&parts); err != nil {
			t.Fatal(err)
		}
	}
	var b []byte
	for _, r := range strings.Join(parts, "") {
		b = append(b, byte(r))
	}
	return string(b)
}

func (c *suiteCase) query(t testing.TB) Query {
	ip, err := netip.ParseAddr(c.Host)
	if err != nil {
		t.Fatal(err)
	}
	return Query{IP: ip, MailFrom: c.Mailfrom, HELO: c.Helo, Receiver: c.Receiver, Now: time.Unix(1e9, 0)}
}

func TestSuites(t *testing.T) {
	t.Parallel()
	for _, suite := range []struct {
		file           string
		results, texts int // that must agree at least
	}{{"rfc7208-tests.yml", 203, 21}, {"pyspf-repo-test.yml", 14, 0}} {
		t.Run(suite.file, func(t *testing.T) {
			t.Parallel()
			results, texts, ofTexts := 0, 0, 0
			for _, s := range readSuite(t, suite.file) {
				w := s.world(t)
				for name, c := range s.Tests {
					if c.Strict != "" && suite.file == "pyspf-repo-test.yml" { // for readers that are lax, or stricter than RFC 7208
						continue
					}
					got := Check(context.Background(), w, c.query(t))
					if slices.Contains(c.Result, string(got.Result)) {
						results++
					} else {
						t.Errorf("%s/%s: %+v, want %v", s.Description, name, got, c.Result)
					}
					if c.Explanation == "" || got.Result != Fail {
						continue
					}
					ofTexts++
					// DEFAULT is the receiver's own text: the domain gives none.
					if want := strings.Replace(c.Explanation, "DEFAULT", "", 1); got.Explanation == want {
						texts++
					} else {
						t.Logf("%s/%s: explanation %q, suite has %q", s.Description, name, got.Explanation, want)
					}
				}
			}
			t.Logf("%d results, %d of %d explanations", results, texts, ofTexts)
			if results < suite.results || texts < suite.texts {
				t.Errorf("want %d results and %d explanations", suite.results, suite.texts)
			}
		})
	}
}

// BenchmarkCheck goes round all cases of the suite, worlds prepared.
func BenchmarkCheck(b *testing.B) {
	type job struct {
		w *world
		q Query
	}
	var jobs []job
	for _, s := range readSuite(b, "rfc7208-tests.yml") {
		w := s.world(b)
		for _, c := range s.Tests {
			jobs = append(jobs, job{w, c.query(b)})
		}
	}
	ctx := context.Background()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		j := &jobs[i%len(jobs)]
		Check(ctx, j.w, j.q)
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "evaluations/s")
}
