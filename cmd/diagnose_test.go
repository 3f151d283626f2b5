package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"todoku/cmd/report"
	"todoku/diag/guide"
	"todoku/diag/lab"
)

// diagnosed is what the tests look at in a diagnosis.
type diagnosed struct {
	Answer       string
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

func diagnosisSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, _ := report.SchemaNamed(report.DiagnosisSchemaName)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(report.DiagnosisSchemaName, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(report.DiagnosisSchemaName)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// diagnoseLine types a command and reads its JSON, which the schema describes.
func diagnoseLine(t *testing.T, schema *jsonschema.Schema, stdin string, args ...string) (diagnosed, exitStatus) {
	t.Helper()
	var out, errs bytes.Buffer
	status := play(context.Background(), append(args, "--format", "json"), strings.NewReader(stdin), &out, &errs, noEnv)
	var d diagnosed
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		t.Fatalf("%q: %v: %s", args, err, errs.String())
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%q: %v", args, err)
	}
	return d, status
}

// TestDiagnoseMatrix: every cause that is there is confirmed and named first,
// one that is not there is excluded, one that cannot be looked at is open.
func TestDiagnoseMatrix(t *testing.T) {
	t.Parallel()
	schema := diagnosisSchema(t)
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
			switch {
			case s.Status == "confirmed" && (len(confirmed) != 1 || confirmed[0] != s.Cause || status != exitOK):
				t.Errorf("%s: confirmed %v, exit %d: %s", s.Name, confirmed, status, d.Answer)
			case s.Status == "open" && s.Cause != "recipient-domain" && len(confirmed) > 0:
				t.Errorf("%s: confirmed %v", s.Name, confirmed)
			}
		})
	}
}

// TestEveryCauseHasAWorld: what the lab does not show has a test of its own in diag/guide.
func TestEveryCauseHasAWorld(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{"sending-too-fast": true, "content": true, "forwarding": true, "queue": true}
	for _, s := range lab.DiagnoseScenarios() {
		shown[s.Cause] = true
	}
	for _, c := range guide.Causes() {
		if !shown[c.ID] {
			t.Errorf("%s has no world", c.ID)
		}
	}
}
