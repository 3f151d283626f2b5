package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/diag/lab"
)

// TestDiagnoseOfSeveralFailures: one input with several failures is answered as triage does; one with one failure keeps its
// diagnosis.
func TestDiagnoseOfSeveralFailures(t *testing.T) {
	t.Parallel()
	log, _ := lab.Morning()
	dir := morning(t)
	for name, args := range map[string][]string{"stdin": {"-"}, "file": {filepath.Join(dir, "mail.log")}} {
		var out, errs bytes.Buffer
		status := play(t.Context(), append([]string{"--lab", "diagnose", "--format", "json"}, args...),
			strings.NewReader(log), &out, &errs, noEnv)
		if err := schemaNamed(t, report.TriageSchemaName).check(out.Bytes()); err != nil || status != app.ExitOK {
			t.Errorf("%s: exit %d, %v\n%s", name, status, err, errs.String())
		}
		if !strings.Contains(out.String(), `"spf-ip"`) || !strings.Contains(out.String(), report.DiagnosisSchemaName) {
			t.Errorf("%s: no diagnosis", name)
		}
	}
	var out, errs bytes.Buffer
	play(t.Context(), []string{"--lab", "diagnose", "--format", "json", "550 5.7.23 SPF check failed", "--from", "news@spf-ip.test", "--ip",
		"192.0.2.7", "--to", "user@takes.test"}, nil, &out, &errs, noEnv)
	if err := schemaNamed(t, report.DiagnosisSchemaName).check(out.Bytes()); err != nil {
		t.Errorf("%v\n%s", err, errs.String())
	}
}
