package dmarc

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type suiteAuth struct{ Result, Domain string }

type suiteCase struct {
	ID     string
	Zone   map[string]map[string]json.RawMessage
	From   string
	SPF    *suiteAuth
	DKIM   []suiteAuth
	Expect struct {
		Result, Policy, Org string
		PolicyDomain        string `json:"policy_domain"`
		SPFAligned          *bool  `json:"spf_aligned"`
		DKIMAligned         *bool  `json:"dkim_aligned"`
		Queries             []string
	}
}

func suite(t *testing.T) []suiteCase {
	t.Helper()
	dir := os.Getenv("TODOKU_SUITES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "suites")
	}
	b, err := os.ReadFile(filepath.Join(dir, "dmarc", "rfc9989-examples.json"))
	if err != nil && os.Getenv("TODOKU_SUITES_REQUIRED") == "1" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip("suite not found: set TODOKU_SUITES")
	}
	var cases []suiteCase
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// zone writes the records of a case as a zone file.
func (c suiteCase) zone(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for name, sets := range c.Zone {
		for typ, raw := range sets {
			switch typ {
			case "TXT":
				var texts [][]string
				if err := json.Unmarshal(raw, &texts); err != nil {
					t.Fatal(err)
				}
				for _, parts := range texts {
					fmt.Fprintf(&b, "%s. TXT %q\n", name, strings.Join(parts, `" "`))
				}
			case "MX":
				fmt.Fprintf(&b, "%s. MX 10 mx.example.com.\n", name)
			default:
				fmt.Fprintf(&b, "%s. A 192.0.2.1\n", name)
			}
		}
	}
	return b.String()
}

func TestSuite(t *testing.T) {
	t.Parallel()
	for _, c := range suite(t) {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			in := Input{From: c.From}
			if c.SPF != nil {
				in.SPF = []AuthResult{AuthResult(*c.SPF)}
			}
			for _, d := range c.DKIM {
				in.DKIM = append(in.DKIM, AuthResult(d))
			}
			e := Evaluate(context.Background(), newWorld(t, c.zone(t)), in)
			check := func(what, got, want string) {
				if want != "" && got != want {
					t.Errorf("%s %q, want %q", what, got, want)
				}
			}
			check("result", e.Result, c.Expect.Result)
			check("policy", string(e.Applied), c.Expect.Policy)
			check("org", e.Walk.Org, c.Expect.Org)
			check("policy domain", e.Walk.Policy.Domain, c.Expect.PolicyDomain)
			if w := c.Expect.SPFAligned; w != nil && *w != e.SPFAligned {
				t.Errorf("SPF aligned %v", e.SPFAligned)
			}
			if w := c.Expect.DKIMAligned; w != nil && *w != e.DKIMAligned {
				t.Errorf("DKIM aligned %v", e.DKIMAligned)
			}
			var asked []string
			for _, s := range e.Walk.Steps {
				asked = append(asked, s.Name)
			}
			if c.Expect.Queries != nil && !slices.Equal(asked, c.Expect.Queries) {
				t.Errorf("asked %v", asked)
			}
		})
	}
}
