package report

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed schema
var schemaFiles embed.FS

// SchemaNamed gives a published JSON schema by the name that output has in its
// "schema": todoku/report/1.
func SchemaNamed(name string) (string, bool) {
	file, ours := strings.CutPrefix(name, "todoku/")
	at := strings.LastIndexByte(file, '/')
	if !ours || at < 0 {
		return "", false
	}
	text, err := fs.ReadFile(schemaFiles, "schema/"+file[:at]+"-"+file[at+1:]+".json")
	return string(text), err == nil
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
