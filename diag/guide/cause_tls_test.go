package guide_test

import (
	"strings"
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

// TestWhyTLSIsOpenIsTold: where TLS did not come about, or no server can be asked, the reason stands there.
func TestWhyTLSIsOpenIsTold(t *testing.T) {
	t.Parallel()
	catalogue := catalogue(t)
	env := world(t, catalogue)
	for to, says := range map[string]string{
		"starttls-later.test":  "{host} puts STARTTLS off: {reply}",
		"starttls-breaks.test": "{host}: TLS did not come about: {error}",
		"mx-no-address.test":   "no mail server of {domain} has an address that can be asked",
	} {
		k := guide.Read(catalogue, "403 4.7.0 TLS handshake failed")
		k.From, k.To = "news@healthy.test", "user@"+to
		o := outcomeOf(t, guide.Run(t.Context(), env, k), "tls")
		if o.Status != guide.Open || len(o.Proofs) == 0 || o.Proofs[0].Says.EN != says {
			t.Errorf("%s: %s %+v", to, o.Status, o.Proofs)
		}
	}
}

// TestCertificateFaultIsNamed: a report words the fault of a certificate by its name, in both languages.
func TestCertificateFaultIsNamed(t *testing.T) {
	t.Parallel()
	catalogue := catalogue(t)
	k := guide.Read(catalogue, "450 4.7.5 Server certificate not trusted")
	k.From, k.To = "news@healthy.test", "user@cert-expired.test"
	o := outcomeOf(t, guide.Run(t.Context(), world(t, catalogue), k), "tls")
	if o.Status != guide.Confirmed || len(o.Proofs) == 0 {
		t.Fatalf("%s %+v", o.Status, o.Proofs)
	}
	if v, ok := find(o.Proofs[0].Data, "problem"); !ok || !strings.HasPrefix(v.String(), "x509: ") {
		t.Errorf("%+v", o.Proofs[0])
	}
}
