package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"todoku/diag/lab"
)

// hostileWorld is a domain for each way in which a DNS server can mean harm.
func hostileWorld() string {
	var b strings.Builder
	for _, word := range []lab.Word{lab.Garbage, lab.WrongID, lab.WrongQuestion, lab.EndlessTCP, lab.Silence} {
		d := strings.ToLower(string(word)) + ".test"
		fmt.Fprintf(&b, "$FAULT %s * %s\n$FAULT *.%s * %s\n", d, word, d, word)
	}
	b.WriteString("circle.test. CNAME circle2.test.\ncircle2.test. CNAME circle.test.\n*.circle.test. CNAME circle.test.\n")
	fmt.Fprintf(&b, "huge.test. TXT \"v=spf1\"%s\n", strings.Repeat(` "`+strings.Repeat(" a", 120)+`"`, 250))
	b.WriteString("huge.test. MX 10 huge.test.\n")
	for i := range 3000 { // every record includes twenty others
		fmt.Fprintf(&b, "n%d.bomb.test. TXT \"v=spf1", i)
		for k := range 10 {
			fmt.Fprintf(&b, " include:n%d.bomb.test", (i*20+k*2+1)%3000)
		}
		b.WriteString("\"\n")
	}
	b.WriteString("bomb.test. TXT \"v=spf1 include:n0.bomb.test include:n1.bomb.test mx:many.test -all\"\n")
	for i := range 300 {
		fmt.Fprintf(&b, "many.test. MX %d h%d.many.test.\n", i, i)
	}
	b.WriteString("*.many.test. A 192.0.2.1\n")
	return b.String()
}

// TestHostileDNS looks at domains whose servers lie, stall and explode: each
// ends in a finding or as unknown, and no report is missing.
func TestHostileDNS(t *testing.T) {
	t.Parallel()
	world, err := lab.ParseWorld(strings.NewReader(hostileWorld()), "hostile")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), world, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	for domain, want := range map[string]string{"garbage": "unknown", "wrongid": "unknown", "wrongquestion": "unknown",
		"endlesstcp": "unknown", "silence": "unknown",
		"circle": "unknown", "huge": "fail", "bomb": "fail", "many": "fail"} {
		t.Run(domain, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			play(context.Background(), []string{"check", "domain", domain + ".test", "--resolver", l.DNSAddr(), "--timeout",
				"1s", "--format", "json"},
				strings.NewReader(""), &out, &errs, noEnv)
			var report struct{ Status string }
			if err := json.Unmarshal(out.Bytes(), &report); err != nil || report.Status != want {
				t.Errorf("status %q, %v, %s; want %s", report.Status, err, errs.String(), want)
			}
		})
	}
}
