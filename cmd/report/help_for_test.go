package report

import (
	"testing"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

// TestAnotherResolverIsAdvisedWhereItHelps: not for a name server that was asked itself, but for a list that does not serve ours.
func TestAnotherResolverIsAdvisedWhereItHelps(t *testing.T) {
	t.Parallel()
	words := codes.Text{EN: "x", JA: "x"}
	for name, c := range map[string]struct {
		err  resolve.Error
		want word
	}{
		"a resolver":                {resolve.Error{Kind: resolve.KindTimeout}, wUnknownHelp},
		"a name server":             {resolve.Error{Kind: resolve.KindTimeout, Direct: true}, wUnknownSMTP},
		"a list":                    {resolve.Error{Kind: check.KindListRefused, Says: words}, wUnknownHelp},
		"a mail server, and others": {resolve.Error{Kind: "smtp_silent", Says: words}, wUnknownSMTP},
	} {
		r := &diag.Report{Results: []diag.Result{{Err: &c.err}}}
		if got, useful := helpFor(r); got != c.want || !useful {
			t.Errorf("%s: %d %t, want %d", name, got, useful, c.want)
		}
	}
}
