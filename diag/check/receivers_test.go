package check_test

import (
	"context"
	"strings"
	"testing"

	"todoku/diag/check"
	"todoku/diag/resolve"
)

// TestMTASTSWithoutMX: a domain without MX records is its own mail host where it has an address; where that is not known,
// nothing is held against the policy.
func TestMTASTSWithoutMX(t *testing.T) {
	t.Parallel()
	for fault, told := range map[string]bool{"": true, "$FAULT kaisha.test A SERVFAIL": false} {
		w := stsWorld{zone: "@ A 192.0.2.25\n" + fault}
		r := w.look(t, "kaisha.test", sts(), func(r resolve.Resolver) resolve.Resolver { return noMX{r} })
		if r.Has(check.MTASTSMXMismatch) != told || len(r.Findings) > 0 != told || (r.Err != nil) == told {
			t.Errorf("%q: %s, %v", fault, brokenRules(r), r.Err)
		}
	}
}

// noMX is a resolver in whose world nobody has MX records.
type noMX struct{ resolve.Resolver }

func (r noMX) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if t == resolve.TypeMX {
		return resolve.Answer{Name: name, Type: t, Status: resolve.NoData}, nil
	}
	return r.Resolver.Ask(ctx, name, t)
}

// TestDANELinesOfARollover: beside a record that matches, that of the next key is not told as one that fails to match.
func TestDANELinesOfARollover(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for _, first := range []*bool{&yes, &no} {
		f := &check.DANEFacts{Visited: true, Hosts: []check.DANEHost{{Host: "mx.kaisha.test", TLSA: []check.DANERecord{
			{Usage: 3, Selector: 1, Matching: 1, Usable: true, Matches: first}, {Usage: 3, Selector: 1, Matching: 1, Usable: true, Matches: &no}}}}}
		alarms := 0
		for _, l := range f.Lines() {
			if strings.Contains(l.Says.EN, "does not match") {
				alarms++
			}
		}
		if want := map[bool]int{true: 0, false: 2}[*first]; alarms != want {
			t.Errorf("the first matches %v: %d records are told not to match", *first, alarms)
		}
	}
}
