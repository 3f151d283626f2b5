package check_test

import (
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/lab"
)

// TestSMTPCertificates: what a certificate is worth beyond that it verifies today.
func TestSMTPCertificates(t *testing.T) {
	t.Parallel()
	for kind, c := range map[lab.Certificate]struct {
		rules    string
		key      string
		bits     int
		chain    int
		verified bool
	}{
		lab.Good:       {"", "ecdsa", 256, 1, true},
		lab.Chained:    {"", "ecdsa", 256, 2, true},
		lab.WithCA:     {"", "ecdsa", 256, 2, true},
		lab.Expiring:   {"smtp-certificate-expiring", "ecdsa", 256, 1, true},
		lab.Endless:    {"", "ecdsa", 256, 1, true},
		lab.WeakKey:    {"smtp-key-weak", "rsa", 1024, 1, true},
		lab.Incomplete: {"smtp-certificate", "ecdsa", 256, 1, false},
		lab.Expired:    {"smtp-certificate", "ecdsa", 256, 1, false},
		lab.SelfSigned: {"smtp-certificate", "ecdsa", 256, 1, false},
		lab.CommonName: {"smtp-certificate", "ecdsa", 256, 1, false},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			require := kind == lab.Chained
			r := daneLab(t, daneWorld(""), lab.Receiver{Certificate: kind, RequireTLS: require}, check.SMTP(check.SMTPOptions{})).Results[0]
			h := r.Facts.(*check.SMTPFacts).Hosts[0]
			if ruleIDs(r) != c.rules || r.Err != nil || h.TLS == nil {
				t.Fatalf("%s, %v, %+v", ruleIDs(r), r.Err, h)
			}
			from, err := time.Parse(time.RFC3339, h.TLS.NotBefore)
			if h.TLS.KeyType != c.key || h.TLS.KeyBits != c.bits || len(h.TLS.Chain) != c.chain || h.TLS.Verified != c.verified ||
				h.TLS.RequireTLS != require || h.TLS.Issuer != h.TLS.Chain[0].Issuer || h.TLS.Signature != "ECDSA-SHA256" || err != nil ||
				!from.Before(time.Now()) {
				t.Errorf("%+v", h.TLS)
			}
		})
	}
}

// TestSMTPExpiring: the days that are left and the whole life are told, and a third decides, however long the life is.
func TestSMTPExpiring(t *testing.T) {
	t.Parallel()
	for later, want := range map[time.Duration]string{0: "", 49 * 24 * time.Hour: "", 51 * 24 * time.Hour: "smtp-certificate-expiring",
		79 * 24 * time.Hour: "smtp-certificate-expiring", 81 * 24 * time.Hour: "smtp-certificate"} { // 80 of 90 days are left at the start
		r := daneLabAt(t, later, daneWorld(""), lab.Receiver{}, check.SMTP(check.SMTPOptions{})).Results[0]
		if ruleIDs(r) != want {
			t.Errorf("%s later: %s", later, ruleIDs(r))
		}
	}
	r := daneLabAt(t, 70*24*time.Hour, daneWorld(""), lab.Receiver{}, check.SMTP(check.SMTPOptions{})).Results[0]
	for key, want := range map[string]string{"days": "9", "life": "90"} {
		if got := datum(r.Findings[0], key); got != want {
			t.Errorf("%s: %s", key, got)
		}
	}
}

func datum(f diag.Finding, key string) string {
	for _, d := range f.Data {
		if d.Key == key {
			return d.String()
		}
	}
	return ""
}
