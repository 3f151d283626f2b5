package main

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report"
)

// TestCheckRecipient looks at receivers of the lab: what is found, what is
// unknown, and the exit status.
func TestCheckRecipient(t *testing.T) {
	t.Parallel()
	schema := schemaNamed(t, report.SchemaName)
	for _, test := range []struct {
		args    string
		status  app.ExitStatus
		rules   string // of the findings
		unknown string // kinds of errors
	}{
		{"user@takes.test", app.ExitOK, "", ""},
		{"user@takes.test --rcpt", app.ExitOK, "", ""},
		{"nobody@takes.test", app.ExitOK, "", ""}, // the recipient is not asked about
		{"nobody@takes.test --rcpt", app.ExitWrong, "smtp-rcpt-refused", ""},
		{"whoever@catch-all.test --rcpt", app.ExitOK, "smtp-catch-all", ""},
		{"user@no-postmaster.test", app.ExitOK, "smtp-postmaster", ""},
		{"user@cert-expired.test", app.ExitWrong, "smtp-certificate", ""},
		{"user@cert-name.test", app.ExitWrong, "smtp-certificate", ""},
		{"user@cert-self.test", app.ExitWrong, "smtp-certificate", ""},
		{"user@no-starttls.test", app.ExitOK, "smtp-starttls-none", ""},
		{"user@tls-old.test", app.ExitOK, "smtp-tls-old", ""},
		{"user@starttls-refused.test", app.ExitWrong, "smtp-starttls-refused", ""},
		{"user@starttls-refused.test --rcpt", app.ExitWrong, "smtp-starttls-refused", ""}, // goes on without
		{"nobody@starttls-refused.test --rcpt", app.ExitWrong, "smtp-starttls-refused smtp-rcpt-refused", ""},
		{"user@starttls-breaks.test", app.ExitUnknown, "", "server_breaks_off"},
		{"user@starttls-smuggles.test", app.ExitUnknown, "", "server_breaks_off"},
		{"user@starttls-later.test", app.ExitUnknown, "", "server_refuses_us"},
		{"nobody@starttls-later.test --rcpt", app.ExitWrong, "smtp-rcpt-refused", "server_refuses_us"},
		{"user@mistyped.test", app.ExitWrong, "mx-none", ""},
		{"user@null-mx.test", app.ExitWrong, "mx-null smtp-none", ""},
		{"user@gmial.com", app.ExitWrong, "address-typo mx-none", ""},
		{"..@takes.test", app.ExitWrong, "address-syntax", ""},
		{"user@backup.test", app.ExitWrong, "smtp-refused", ""}, // the other host is reached, so that it is not our network
		{"user@closed.test", app.ExitUnknown, "", "server_unreachable"},
		{"user@unreachable.test", app.ExitUnknown, "", "server_unreachable"},
		{"user@never-answers.test --timeout 1s", app.ExitUnknown, "", "server_silent"},
		{"user@mute.test --timeout 1s", app.ExitUnknown, "", "server_silent"}, // silence is no verdict
		{"user@banner-554.test", app.ExitUnknown, "", "server_refuses_us"},
		{"user@r421.test", app.ExitWrong, "smtp-refused", ""},
		{"user@r450.test --rcpt", app.ExitUnknown, "", "server_refuses_us"},
		{"user@dns-broken.test", app.ExitUnknown, "", "servfail"},
		{"user@mute.test --deadline 3s", app.ExitUnknown, "", "timeout"}, // our time was up, not theirs
		{"user@hangs-up.test", app.ExitUnknown, "", "server_breaks_off"},
		{"user@banner-garbage.test", app.ExitUnknown, "", "server_breaks_off"},
		{"user@banner-endless.test", app.ExitUnknown, "", "server_breaks_off"},
		{"user@greylist.test --rcpt", app.ExitUnknown, "", "server_refuses_us"},
		// MAIL is refused: nothing about the recipient
		{"user@tls-required-bare.test --rcpt", app.ExitUnknown, "smtp-starttls-none", "server_refuses_us"},
		{"user@relay-refuses.test --rcpt", app.ExitWrong, "smtp-postmaster smtp-rcpt-refused", ""},
		{"user@例え.test --rcpt", app.ExitOK, "", ""},
		{"a>b@takes.test --rcpt", app.ExitWrong, "address-syntax", ""}, // no fault of the server
		{"a(c)@takes.test --rcpt", app.ExitWrong, "address-syntax", ""},
	} {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			args := append(strings.Fields("--lab check recipient "+test.args), "--format", "json")
			status := play(context.Background(), args, strings.NewReader(""), &out, &errs, noEnv)
			var r struct {
				Results []struct {
					Check    string
					Findings []struct{ Rule string }
					Error    *struct{ Kind string }
					Facts    json.RawMessage
				}
			}
			if err := json.Unmarshal(out.Bytes(), &r); err != nil {
				t.Fatalf("%v: %s", err, errs.String())
			}
			if err := schema.check(out.Bytes()); err != nil {
				t.Error(err)
			}
			var rules, kinds []string
			for _, res := range r.Results {
				for _, f := range res.Findings {
					rules = append(rules, f.Rule)
				}
				if res.Error != nil && !slices.Contains(kinds, res.Error.Kind) {
					kinds = append(kinds, res.Error.Kind)
				}
			}
			if status != test.status || strings.Join(rules, " ") != test.rules || strings.Join(kinds, " ") != test.unknown {
				t.Errorf("exit %d, rules %q, unknown %q; want %d, %q, %q", status, strings.Join(rules, " "),
					strings.Join(kinds, " "), test.status, test.rules, test.unknown)
			}
		})
	}
}

// TestCheckRecipientWants tells what is no address.
func TestCheckRecipientWants(t *testing.T) {
	t.Parallel()
	for _, arg := range []string{"example.jp", "@example.jp", "", "a@b c", "a@-x-.."} {
		var out, errs bytes.Buffer
		if status := play(context.Background(), []string{"check", "recipient", arg}, strings.NewReader(""), &out, &errs,
			noEnv); status != app.ExitUsage || errs.Len() == 0 {
			t.Errorf("%q: exit %d: %s", arg, status, errs.String())
		}
	}
}
