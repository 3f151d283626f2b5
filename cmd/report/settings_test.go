package report

import (
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// someSettings are settings with hostile words of a file.
func someSettings() Settings {
	return Settings{Schema: SettingsSchemaName, File: "todoku.yaml", Domain: "a.test", Domains: []string{},
		Values: []Setting{{Flag: "ip", Values: []string{"192.0.2.7", "192.0.2.8"}, Origin: "file", Place: "todoku.yaml:3:5"},
			{Flag: "helo", Values: []string{"=x\x1b[31m<b>"}, Origin: "environment", Place: "TODOKU_HELO"},
			{Flag: "lang", Values: []string{}, Origin: "default"}},
		Exceptions: []SettingException{{Rule: "spf-none", Domains: []string{"a.test"}, Reason: "=agreed\x1b[31m", Until: "2026-01-02",
			Ended: true, Place: "todoku.yaml:9:3"}}}
}

// TestSettingsTellWhereValuesAreFrom: in every format, and clean.
func TestSettingsTellWhereValuesAreFrom(t *testing.T) {
	t.Parallel()
	for _, f := range AllSettings.Formats() {
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			out, err := copies(AllSettings, someSettings())(f, Options{Lang: lang}, 1)
			if err != nil || strings.Contains(out, "\x1b") {
				t.Errorf("%s in %s: %v: %s", f, lang, err, out)
			}
			for _, want := range []string{"192.0.2.8", "todoku.yaml:3:5", "TODOKU_HELO", "spf-none", "2026-01-02", "lang"} {
				if !strings.Contains(out, want) {
					t.Errorf("%s in %s does not tell %s: %s", f, lang, want, out)
				}
			}
			if f == page.CSV && (strings.Contains(out, ",=") || strings.Contains(out, "\n=")) {
				t.Errorf("a formula: %s", out)
			}
		}
	}
}
