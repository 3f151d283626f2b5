package main

import (
	"encoding/json"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"todoku/cmd/report"
)

// schema checks documents against a schema that `explain` prints.
type schema struct{ *jsonschema.Resolved }

// schemaNamed reads a schema by the name that documents give: todoku/report/1.
func schemaNamed(t *testing.T, name string) schema {
	t.Helper()
	text, _ := report.SchemaNamed(name)
	var s jsonschema.Schema
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	resolved, err := s.Resolve(&jsonschema.ResolveOptions{BaseURI: "https://todoku.test/"}) // our names are relative ($id)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return schema{resolved}
}

// check returns what is wrong with a document.
func (s schema) check(doc []byte) error {
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		return err
	}
	return s.Validate(v)
}

// TestSchemasAreNarrow: no schema takes a document that says nothing, nor one of another kind.
func TestSchemasAreNarrow(t *testing.T) {
	t.Parallel()
	names := []string{report.SchemaName, report.DiagnosisSchemaName, report.ExplanationSchemaName, report.GuideSchemaName,
		report.LetterSchemaName, report.SendingSchemaName, report.TriageSchemaName, report.EventSchemaName, report.CampaignSchemaName,
		report.FixSchemaName, report.SettingsSchemaName, report.ReceivedSchemaName}
	for _, name := range names {
		for _, said := range names {
			if schemaNamed(t, name).check([]byte(`{"schema":"`+said+`"}`)) == nil {
				t.Errorf("%s takes an empty document of %s", name, said)
			}
		}
	}
}
