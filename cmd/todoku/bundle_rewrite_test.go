package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// rewritten is a bundle with other files: change gives the text of each, or leaves it out. The sums are right again.
func rewritten(t *testing.T, file string, change func(name, text string) (string, bool)) string {
	t.Helper()
	files := contents(t, file)
	var head map[string]any
	text, _ := change("bundle.json", files["bundle.json"])
	if err := json.Unmarshal([]byte(text), &head); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "other.zip")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	z := zip.NewWriter(out)
	list := []any{}
	texts := map[string]string{}
	for _, f := range head["files"].([]any) {
		name := f.(map[string]any)["name"].(string)
		text, kept := change(name, files[name])
		if !kept {
			continue
		}
		sum := sha256.Sum256([]byte(text))
		list = append(list, map[string]any{"name": name, "size": len(text), "sha256": hex.EncodeToString(sum[:])})
		texts[name] = text
	}
	head["files"] = list
	first, err := json.Marshal(head)
	if err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("bundle.json", string(first))
	for _, f := range list {
		name := f.(map[string]any)["name"].(string)
		put(name, texts[name])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}
