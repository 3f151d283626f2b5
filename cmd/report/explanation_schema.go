package report

import (
	"embed"
	"io/fs"
	"strings"

	"todoku/diag/check"
	"todoku/diag/guide"
)

//go:embed schema
var schemaFiles embed.FS

// SchemaNamed gives a published JSON schema by the name that output has in its
// "schema": todoku/report/1. That of a diagnosis has CAUSES in its file where the ids of the causes belong, that of the config file
// RULES.
func SchemaNamed(name string) (string, bool) {
	file, ours := strings.CutPrefix(name, "todoku/")
	at := strings.LastIndexByte(file, '/')
	if !ours || at < 0 {
		return "", false
	}
	text, err := fs.ReadFile(schemaFiles, "schema/"+file[:at]+"-"+file[at+1:]+".json")
	return strings.NewReplacer(`"CAUSES"`, causeIDs(), `"RULES"`, ruleIDs()).Replace(string(text)), err == nil
}

// ruleIDs are the ids of all rules, as causeIDs gives those of the causes.
func ruleIDs() string {
	var ids []string
	for _, r := range check.Rules() {
		ids = append(ids, `"`+r.ID+`"`)
	}
	return strings.Join(ids, ", ")
}

// causeIDs are the ids of all causes as a list in JSON stands between its brackets.
func causeIDs() string {
	var ids []string
	for _, c := range guide.Causes() {
		ids = append(ids, `"`+c.ID+`"`)
	}
	return strings.Join(ids, ", ")
}

// SchemaNames lists the published schemas.
func SchemaNames() []string {
	files, err := fs.Glob(schemaFiles, "schema/*.json")
	if err != nil {
		return nil
	}
	for i, f := range files {
		f = strings.TrimSuffix(strings.TrimPrefix(f, "schema/"), ".json")
		at := strings.LastIndexByte(f, '-')
		files[i] = "todoku/" + f[:max(at, 0)] + "/" + f[at+1:]
	}
	return files
}
