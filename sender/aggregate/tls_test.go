package aggregate_test

import (
	"reflect"
	"strings"
	"testing"

	"todoku/sender/aggregate"
	"todoku/sender/aggregate/aggregatetest"
)

func TestReportsAboutTLSAreReadInEveryCoverAndForm(t *testing.T) {
	t.Parallel()
	j := aggregatetest.JSON(tlsDay())
	text := strings.NewReplacer(`:400`, `:"400"`, `"mx-host":["mx.shop.example"]`, `"mx-host":"mx.shop.example"`,
		"additional-information", "additional-info-uri").Replace(string(j))
	check(t, map[string]want{
		"plain":       {"r.json", j, 1, "", false},
		"gzip":        {"r.json.gz", gz(j), 1, "", false},
		"other forms": {"r.json", []byte(text), 1, "", false},
		"a mark":      {"r.json", append([]byte("\xef\xbb\xbf"), j...), 1, "", false},
		"lines":       {"r.json", []byte(string(j) + "\n" + string(j)), 2, "", false},
		"list":        {"r.json", []byte("[" + string(j) + "," + string(j) + "]"), 2, "", false},
		"unknown":     {"r.json", []byte(strings.Replace(string(j), "{", `{"x":{"y":[1,{}]},`, 1)), 1, "", false},
		"mail": {"r.eml", mailOf(part{"application/tlsrpt+gzip", "base64", "r.json.gz", string(based(gz(j)))},
			part{"application/tlsrpt+json", "8bit", "", string(j)}), 2, "", false},
		"end missing": {"r.json", j[:len(j)-2], 1, "truncated", true},
	}, func(r aggregate.Report) bool { return reflect.DeepEqual(r.TLS, tlsDay()) })
}

func TestValuesOfATLSReportThatCannotBeReadAreTold(t *testing.T) {
	t.Parallel()
	j := string(aggregatetest.JSON(tlsDay()))
	for name, c := range map[string]struct {
		old, new, faults string
		policies         int
		lost             bool
	}{
		"healthy":           {"sts", "sts", "", 2, false},
		"a number":          {":400", `:"many"`, "bad_number", 2, true},
		"a number below":    {":400", `:-4`, "bad_number", 2, true},
		"an address":        {"198.51.100.4", "mail.kyoto.example", "bad_address", 2, false},
		"a time":            {"2026-11-02T00:00:00Z\",\"end", "soon\",\"end", "bad_time missing", 2, false},
		"no id":             {`"report-id"`, `"id"`, "missing", 2, false},
		"policies, a text":  {`"policies":[`, `"policies":"none","old":[`, "bad_json missing", 0, true},
		"a policy, a text":  {`"policies":[`, `"policies":["none",`, "bad_json", 2, true},
		"a summary, a text": {`"summary":{`, `"summary":"none","old":{`, "bad_json", 2, true},
		"broken":            {`"no-policy-found"`, `no-policy-found`, "bad_json", 1, true},
	} {
		if !strings.Contains(j, c.old) {
			t.Errorf("%s: %q is not there", name, c.old)
		}
		got := read(t, []byte(strings.Replace(j, c.old, c.new, 1)), "r.json")
		if len(got) != 1 || got[0].TLS == nil || len(got[0].TLS.Policies) != c.policies || strings.Join(kinds(got), " ") != c.faults ||
			got[0].Lost() != c.lost {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestATLSReportOfManyFailuresIsBounded(t *testing.T) {
	t.Parallel()
	j := string(aggregatetest.JSON(tlsDay()))
	more := `"failure-details":[` + strings.Repeat(`{"failed-session-count":1},`, 100_050)
	got := read(t, []byte(strings.Replace(j, `"failure-details":[`, more, 1)), "r.json")
	if len(got) != 1 || !got[0].Lost() || strings.Join(kinds(got), " ") != "too_many" || len(got[0].TLS.Policies) != 2 ||
		len(got[0].TLS.Policies[0].Failures) != 100_000 {
		t.Errorf("got %v", kinds(got))
	}
}
