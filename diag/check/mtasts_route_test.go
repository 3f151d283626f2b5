package check_test

import (
	"context"
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
