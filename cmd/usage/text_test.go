package usage_test

import (
	"slices"
	"testing"

	"todoku/cmd/usage"
)

func TestTextBehind(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ args, want []string }{
		{[]string{"explain", "-Queue ID- --Size--"}, []string{"explain", "--", "-Queue ID- --Size--"}},
		{[]string{"explain", "--> RCPT To:<b@x>\n<-- 552 5.2.2 full", "--format", "json"},
			[]string{"explain", "--format", "json", "--", "--> RCPT To:<b@x>\n<-- 552 5.2.2 full"}},
		{[]string{"diagnose", "-- 2 Kbytes", "- a b"}, []string{"diagnose", "--", "-- 2 Kbytes", "- a b"}},
		// The twins: flags, values of flags, and what somebody put behind "--" already.
		{[]string{"explain", "-"}, []string{"explain", "-"}},
		{[]string{"explain", "--lang", "ja", "550 x"}, []string{"explain", "--lang", "ja", "550 x"}},
		{[]string{"send", "--subject", "- a b"}, []string{"send", "--subject", "- a b"}},
		{[]string{"send", "--subject=- a b"}, []string{"send", "--subject=- a b"}},
		{[]string{"explain", "--formt json"}, []string{"explain", "--formt json"}},
		{[]string{"explain", "--", "-Queue ID-"}, []string{"explain", "--", "-Queue ID-"}},
	} {
		if got := usage.TextBehind(test.args); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.args, got, test.want)
		}
	}
}
