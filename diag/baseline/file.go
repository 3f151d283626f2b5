package baseline

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"todoku/codes"
)

// maxFile bounds the octets of a file that are read.
const maxFile = 64 << 20

// fileJSON is a baseline in its file. A line for each finding, in a fixed order: it is kept beside the zone files, and a
// change of it can be read.
type fileJSON struct {
	Schema  string       `json:"schema"`
	Targets []targetJSON `json:"targets"`
}

type targetJSON struct {
	Name     string  `json:"name"`
	Findings []Known `json:"findings"`
}

// Read reads a baseline that Write wrote. The error is a *codes.UserError.
func Read(r io.Reader, file string) (*Baseline, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	fault := func(says, remedy codes.Text) error {
		return &codes.UserError{Place: file, Says: codes.Say(says), Remedy: codes.Say(remedy)}
	}
	again := codes.Text{EN: "write it anew with --update-baseline", JA: "--update-baseline で作り直してください"}
	if len(data) > maxFile {
		return nil, fault(codes.Text{EN: "the baseline is larger than 64 MiB", JA: "ベースラインのファイルが64MiBを超えています"}, again)
	}
	var f fileJSON
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil || f.Schema != Schema {
		return nil, fault(codes.Text{EN: "this is no baseline (" + Schema + ")", JA: "ベースラインのファイル(" + Schema + ")ではありません"}, again)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fault(codes.Text{EN: "something stands behind the baseline", JA: "ベースラインの後ろに余分な内容があります"}, again)
	}
	b := New()
	for _, t := range f.Targets {
		name := strings.ToLower(t.Name)
		b.targets[name] = append(b.targets[name], t.Findings...)
	}
	return b, nil
}

// Write writes the baseline, in an order that does not change from run to run.
func (b *Baseline) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	out.WriteString("{\"schema\":" + line(Schema) + ",\"targets\":[")
	names := slices.Sorted(maps.Keys(b.targets))
	for i, name := range names {
		out.WriteString(separator(i) + " {\"name\":" + line(name) + ",\"findings\":[")
		for j, k := range b.targets[name] {
			out.WriteString(separator(j) + "  " + line(k))
		}
		out.WriteString("]}")
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

// line is a value as JSON on one line.
func line[T string | Known](v T) string {
	var s bytes.Buffer
	e := json.NewEncoder(&s)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // texts can be written always
	return ascii(strings.TrimSuffix(s.String(), "\n"))
}

// ascii escapes what is not ASCII (RFC 8259 §7), so that no editor shows a name in another way than it is.
func ascii(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch high, low := utf16.EncodeRune(r); {
		case r < 0x7f:
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// separator is what stands before the i-th item of a list.
func separator(i int) string {
	if i == 0 {
		return "\n"
	}
	return ",\n"
}
