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
	"todoku/diag/guide"
	"todoku/diag/lab"
)

// diagnosed is what the tests look at in a diagnosis.
type diagnosed struct {
	Answer       string
	Fault        guide.Fault
	DeliveryCode string `json:"delivery_code"`
	Reason       string
	Provider     string
	Causes       []struct {
		ID, Status  string
		Suspected   bool
		FollowsFrom string `json:"follows_from"`
	}
	Steps   []struct{ ID string }
	Queries struct{ Sent, Unique int }
}

func (d diagnosed) confirmed() []string {
	var out []string
	for _, c := range d.Causes {
		if c.Status == "confirmed" {
			out = append(out, c.ID)
		}
	}
	return out
}

func (d diagnosed) status(cause string) string {
	for _, c := range d.Causes {
		if c.ID == cause {
			return c.Status
		}
	}
	return ""
}

// diagnoseLine types a command and reads its JSON, which the schema describes.
func diagnoseLine(t *testing.T, schema schema, stdin string, args ...string) (diagnosed, app.ExitStatus) {
	t.Helper()
	var out, errs bytes.Buffer
	status := play(context.Background(), append(args, "--format", "json"), strings.NewReader(stdin), &out, &errs, noEnv)
	var d diagnosed
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		t.Fatalf("%q: %v: %s", args, err, errs.String())
	}
	if err := schema.check(out.Bytes()); err != nil {
		t.Errorf("%q: %v", args, err)
	}
	return d, status
}

// TestDiagnoseMatrix: every cause that is there is confirmed and named first,
// one that is not there is excluded, one that cannot be looked at is open.
func TestDiagnoseMatrix(t *testing.T) {
	t.Parallel()
	schema := schemaNamed(t, report.DiagnosisSchemaName)
	for _, s := range lab.DiagnoseScenarios() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			d, status := diagnoseLine(t, schema, "", s.Command.Argv()[1:]...)
			if got := d.status(s.Cause); got != s.Status {
				t.Errorf("%s: %s, want %s", s.Name, got, s.Status)
			}
			if d.DeliveryCode != s.DeliveryCode {
				t.Errorf("%s: code %s, want %s", s.Name, d.DeliveryCode, s.DeliveryCode)
			}
			confirmed := d.confirmed()
			if want := faultOf(s.Name, confirmed); d.Fault != want {
				t.Errorf("%s: fault %s, want %s", s.Name, d.Fault, want)
			}
			switch {
			case s.Status == "confirmed" && (len(confirmed) != 1 || confirmed[0] != s.Cause || status != app.ExitOK):
				t.Errorf("%s: confirmed %v, exit %d: %s", s.Name, confirmed, status, d.Answer)
			case s.Status == "open" && s.Cause != "recipient-domain" && len(confirmed) > 0:
				t.Errorf("%s: confirmed %v", s.Name, confirmed)
			}
		})
	}
}

// faultOf is whose the first confirmed cause is in a scenario of the lab: nobody's where none is confirmed.
func faultOf(scenario string, confirmed []string) guide.Fault {
	switch scenario {
	case "diagnose-dane-confirmed", "diagnose-mta-sts-confirmed": // TLS of the receiver's, where "tls" is our own
		return guide.FaultTheirs
	}
	if len(confirmed) == 0 {
		return guide.FaultUnknown
	}
	switch confirmed[0] {
	case "address-wrong", "recipient-domain", "mailbox-disabled":
		return guide.FaultAddress
	case "mailbox-full", "greylisted", "recipient-server-trouble", "dns-trouble":
		return guide.FaultTheirs
	case "recipient-refuses":
		return guide.FaultRecipient
	}
	return guide.FaultOurs
}

// TestEveryCauseHasItsWorlds: the lab shows each cause there, not there, and where nobody can look. Those that need a
// mail or a history have tests of their own in diag/guide, and some nothing can exclude.
func TestEveryCauseHasItsWorlds(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	for _, s := range lab.DiagnoseScenarios() {
		shown[s.Cause+" "+s.Status] = true
	}
	elsewhere := []string{"sending-too-fast", "forwarding", "queue"}
	neverExcluded := []string{"mailbox-full", "recipient-refuses", "relay", "content"}
	for _, c := range guide.Causes() {
		for _, status := range []guide.Status{guide.Confirmed, guide.Excluded, guide.Open} {
			needless := slices.Contains(elsewhere, c.ID) || status == guide.Excluded && slices.Contains(neverExcluded, c.ID)
			if !shown[c.ID+" "+string(status)] && !needless {
				t.Errorf("no world of the lab shows %s %s", c.ID, status)
			}
		}
	}
}

// TestEveryCauseIsReached: each reason and each remedy of a cause is in the catalogue, and the guide's patterns lead to it.
func TestEveryCauseIsReached(t *testing.T) {
	t.Parallel()
	catalogue, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range guide.Causes() {
		for _, id := range c.Reasons {
			if _, known := catalogue.Reason(id); !known && id != "queued" { // what our own queue says, no server
				t.Errorf("%s: the catalogue has no reason %s", c.ID, id)
			}
		}
		for _, id := range c.Steps {
			if _, known := catalogue.Remedy(id); !known {
				t.Errorf("%s: the catalogue has no remedy %s", c.ID, id)
			}
		}
		if len(c.Reasons) == 0 || len(c.Steps) == 0 {
			t.Errorf("%s: %d reasons, %d steps", c.ID, len(c.Reasons), len(c.Steps))
		}
		for _, id := range []string{"A", "B", "C"} {
			p, known := catalogue.Pattern(id)
			if n := c.Answers.Of(id); !known || n < 1 || n > len(p.Causes) {
				t.Errorf("%s: cause %d of pattern %s, which has %d", c.ID, n, id, len(p.Causes))
			}
		}
		if c.Title.EN == "" || c.Title.JA == "" || c.Says.EN == "" || c.Says.JA == "" {
			t.Errorf("%s: a language is missing: %+v, %+v", c.ID, c.Title, c.Says)
		}
	}
}
