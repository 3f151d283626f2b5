package guide_test

import (
	"testing"

	"todoku/diag/guide"
)

// TestPolicyThatTheErrorNames: an error that names DANE is not confirmed by a broken MTA-STS policy, and the other way round; an
// error about TLS that names neither is by both. A policy in testing refuses nothing.
func TestPolicyThatTheErrorNames(t *testing.T) {
	t.Parallel()
	catalogue := catalogue(t)
	env := world(t, catalogue)
	const byDANE, bySTS, byNeither = "450 4.7.323 tlsa-invalid: the domain failed DANE validation",
		"550 5.4.8 MX hosts failed MTA-STS validation", "454 4.7.5 certificate verification failed"
	const quoted = "454 4.7.5 certificate verification failed for mx.dane-city.test"
	for _, c := range []struct {
		reply, to string
		want      guide.Status
	}{
		{byDANE, "dane-mismatch.test", guide.Confirmed},
		{bySTS, "dane-mismatch.test", guide.Excluded},
		{byNeither, "dane-mismatch.test", guide.Confirmed},
		{byDANE, "sts-mx.test", guide.Excluded},
		{bySTS, "sts-mx.test", guide.Confirmed},
		{byNeither, "sts-mx.test", guide.Confirmed},
		{quoted, "sts-mx.test", guide.Confirmed},
		{"550 5.7.5 policy of mta-sts.sts-mx.test: certificate verification failed", "dane-mismatch.test", guide.Excluded},
		{"450 4.7.5 dane: TLS verification failed", "sts-mx.test", guide.Excluded},
		{bySTS, "sts-testing-mx.test", guide.Excluded},
		{bySTS, "healthy.test", guide.Excluded},
		{byDANE, "healthy.test", guide.Excluded},
		{byDANE, "dns-broken.test", guide.Open},
		{bySTS, "lame.test", guide.Open},
	} {
		k := guide.Read(catalogue, c.reply)
		k.From, k.To = "news@healthy.test", "user@"+c.to
		d := guide.Run(t.Context(), env, k)
		if got := outcomeOf(t, d, "tls").Status; got != c.want {
			t.Errorf("%s to %s: %s, want %s", c.reply, c.to, got, c.want)
		}
	}
}
