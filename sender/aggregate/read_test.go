package aggregate_test

import (
	"bytes"
	"context"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"todoku/sender/aggregate"
	"todoku/sender/aggregate/aggregatetest"
)

// read gives the reports of an input.
func read(t testing.TB, data []byte, name string) []aggregate.Report {
	t.Helper()
	var out []aggregate.Report
	err := aggregate.Read(context.Background(), bytes.NewReader(data), name, aggregate.Options{}, func(r aggregate.Report) error {
		out = append(out, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// weekly is an aggregate report with everything in it.
func weekly() *aggregate.DMARC {
	return &aggregate.DMARC{
		Org: "Mail of Kyoto", Email: "dmarc@kyoto.example", Contact: "https://kyoto.example/?a=1&b=<2>", ID: "2026-11-02.shop.example",
		Version: "1.0", Generator: "kyoto-report 3", Errors: []string{"one name server was silent"},
		Begin: time.Unix(1793577600, 0).UTC(), End: time.Unix(1793663999, 0).UTC(),
		Policy: aggregate.Policy{Domain: "shop.example", P: "quarantine", SP: "none", NP: "reject", ADKIM: "r", ASPF: "s", Fo: "1",
			Testing: "n", Discovery: "treewalk"},
		Rows: []aggregate.Row{
			{Source: netip.MustParseAddr("192.0.2.25"), Count: 120, Disposition: "none", DKIM: "pass", SPF: "pass",
				HeaderFrom: "shop.example", EnvelopeFrom: "bounce.shop.example", EnvelopeTo: "kyoto.example",
				DKIMResults: []aggregate.DKIMResult{{"shop.example", "s2026", "pass", "2048 bits"}, {"esp.example", "k1", "pass", ""}},
				SPFResults:  []aggregate.SPFResult{{"bounce.shop.example", "mfrom", "pass", ""}}, HasIdentifiers: true, HasAuthentication: true},
			{Source: netip.MustParseAddr("2001:db8::7"), Count: 1, Disposition: "quarantine", DKIM: "fail", SPF: "fail",
				Overrides:  []aggregate.Override{{"mailing_list", "転送 & 一覧"}, {"local_policy", "arc=pass"}},
				HeaderFrom: "news.shop.example", HasIdentifiers: true, HasAuthentication: true},
		},
	}
}

// tlsDay is a report about TLS with everything in it.
func tlsDay() *aggregate.TLS {
	return &aggregate.TLS{
		Org: "Kyoto", Contact: "tls@kyoto.example", ID: "2026-11-02T00:00:00Z_shop.example",
		Begin: time.Unix(1793577600, 0).UTC(), End: time.Unix(1793663999, 0).UTC(),
		Policies: []aggregate.TLSPolicy{
			{Type: "sts", Domain: "shop.example", Strings: []string{"version: STSv1", "mode: enforce"}, MXHosts: []string{"mx.shop.example"},
				Successful: 400, Failed: 3, Failures: []aggregate.TLSFailure{{ResultType: "certificate-expired",
					SendingIP: netip.MustParseAddr("198.51.100.4"), ReceivingHost: "mx.shop.example", ReceivingHELO: "mx1",
					ReceivingIP: netip.MustParseAddr("2001:db8::25"), Count: 3, Info: "https://kyoto.example/i", Code: "X509_EXPIRED"}}},
			{Type: "no-policy-found", Domain: "old.shop.example", Successful: 2},
		},
	}
}

func TestEveryFieldOfAReportIsReadInEachForm(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]aggregatetest.Form{"7489": aggregatetest.RFC7489, "9990": aggregatetest.RFC9990,
		"draft": aggregatetest.Draft, "one line": aggregatetest.OneLine} {
		want := weekly()
		if form == aggregatetest.Draft {
			want.Version = ""
		}
		got := read(t, aggregatetest.XML(want, form), "r.xml")
		if form == aggregatetest.RFC9990 {
			want.Namespace = "urn:ietf:params:xml:ns:dmarc-2.0"
		}
		if len(got) != 1 || len(got[0].Faults) > 0 || !reflect.DeepEqual(got[0].DMARC, want) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

func TestEveryFieldOfAReportAboutTLSIsRead(t *testing.T) {
	t.Parallel()
	got := read(t, aggregatetest.JSON(tlsDay()), "r.json")
	if len(got) != 1 || len(got[0].Faults) > 0 || !reflect.DeepEqual(got[0].TLS, tlsDay()) {
		t.Errorf("got %+v, want %+v", got, tlsDay())
	}
}
