package dkim_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/diag/dkim"
	"todoku/diag/lab"
	"todoku/diag/resolve"
	"todoku/sender/mail"
)

// zoneLine is a TXT record in the notation of zone files, in strings of 200 octets.
func zoneLine(name, text string) string {
	line := name + ". TXT"
	for part := range slices.Chunk([]byte(text), 200) {
		line += fmt.Sprintf(" %q", part)
	}
	return line + "\n"
}

// TestRealDNS asks real servers for keys: what they do not answer is no verdict.
func TestRealDNS(t *testing.T) {
	t.Parallel()
	key := record(keys().rsa)
	const at = "._domainkey.example.test"
	w, err := lab.ParseWorld(strings.NewReader(zoneLine("good"+at, key)+zoneLine("long"+at, key+"; n="+strings.Repeat("x", 1500))+
		zoneLine("cut"+at, key)+"alias"+at+". CNAME good"+at+".\ndangling"+at+". CNAME gone.example.test.\nempty"+at+". A 192.0.2.1\n"+
		"$FAULT cut"+at+" TXT TRUNCATE\n$FAULT sick"+at+" TXT SERVFAIL\n$FAULT refused"+at+" * REFUSED\n$FAULT silent"+at+" * SILENCE\n"), "zone")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	client := func(timeout time.Duration) *resolve.Client {
		c, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: timeout})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c
	}
	patient, hasty := client(30*time.Second), client(200*time.Millisecond)
	for selector, want := range map[string]string{"good": "pass", "long": "pass", "cut": "pass", "alias": "pass",
		"dangling": "permerror[no_key]", "none": "permerror[no_key]", "empty": "permerror[no_key]",
		"sick": "temperror[dns_temporary]", "refused": "temperror[dns_temporary]", "silent": "temperror[dns_temporary]"} {
		dns := patient
		if selector == "silent" {
			dns = hasty
		}
		r := healthy()
		r.with(keys().rsa, "rsa-sha256").set("s", selector)
		report := dkim.Verify(t.Context(), dns, mail.Cut([]byte(r.mail(t))), dkim.Options{Now: time.Unix(now, 0)})
		if got := told(report); got != want || (report.Signatures[0].Answer.Err != nil) != strings.HasPrefix(want, "temp") {
			t.Errorf("%s: %s (%v), want %s", selector, got, report.Signatures[0].Answer.Err, want)
		}
	}
}

// TestConcurrent: one Verifier judges many mails at once.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	r := healthy()
	good := []byte(r.mail(t))
	r.after = replace("at five", "at six")
	bad := []byte(r.mail(t))
	v := dkim.NewVerifier(r.zone, dkim.Options{Now: time.Unix(now, 0)})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				a, b := v.Verify(context.Background(), mail.Cut(good)), v.Verify(context.Background(), mail.Cut(bad))
				if told(a) != "pass" || told(b) != "fail[body_hash_mismatch]" {
					t.Errorf("%s, %s", told(a), told(b))
				}
			}
		})
	}
	all.Wait()
}
