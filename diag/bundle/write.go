package bundle

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// errTooLarge says that a bundle would not be read again.
var errTooLarge = errors.New("the bundle is larger than one may be")

// content is one file of the zip.
type content struct {
	name string
	data []byte
}

// Write writes the bundle. Of the head it fills in what the recorder knows; Complete stays true only where everything had its
// place. report is the report of the run in JSON, empty where there is none. The head as written comes back.
func (r *Recorder) Write(w io.Writer, head Head, report []byte) (Head, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	hide := strings.NewReplacer(r.hidden...)
	for _, k := range r.inputs {
		k.data = []byte(hide.Replace(string(k.data)))
	}
	if len(report) > 0 && !json.Valid(report) { // it was cut off
		report = nil
	}
	head.Notes = r.notes
	if head.Redacted {
		report, head.Masked = r.redact(&head, report)
	}
	head.Schema, head.Helo, head.Stray, head.Roots, head.Inputs = Schema, r.helo, r.stray, r.roots, []Input{}
	head.Complete = head.Complete && !r.full
	if head.Roots == nil {
		head.Roots = [][]byte{}
	}
	files, err := r.contents(report)
	if err != nil {
		return head, err
	}
	for i, k := range r.read() {
		name := fmt.Sprintf("%s%d", inputDir, i+1)
		head.Inputs = append(head.Inputs, Input{Name: k.name, File: name, Size: int64(len(k.data)), Whole: k.whole, Time: k.modified})
		files = append(files, content{name, k.data})
	}
	return head, pack(w, &head, files)
}

// contents are the files but the head and the inputs.
func (r *Recorder) contents(report []byte) ([]content, error) {
	files := []content{{reportName, report}}
	for _, part := range []struct {
		name  string
		lines func() ([][]byte, error)
	}{{dnsName, linesOf(r.exchanges, nil)}, {smtpName, linesOf(r.visits, r.masked)}, {webName, linesOf(r.pages, r.masked)}} {
		list, err := part.lines()
		if err != nil {
			return nil, err
		}
		files = append(files, content{part.name, bytes.Join(list, nil)})
	}
	return files, nil
}

// linesOf are the entries as lines, in an order that does not depend on who asked first.
func linesOf[K comparable, V any](entries map[K]V, m *mask) func() ([][]byte, error) {
	return func() ([][]byte, error) {
		out := make([][]byte, 0, len(entries))
		for _, entry := range entries {
			line, err := marshal(entry)
			if err != nil {
				return nil, err
			}
			if m != nil {
				line = maskJSON(line, m.text)
			}
			out = append(out, append(line, '\n'))
		}
		slices.SortFunc(out, bytes.Compare)
		return out, nil
	}
}

// pack writes the zip, the head first.
func pack(w io.Writer, head *Head, files []content) error {
	head.Files = []File{}
	all := 0
	for _, f := range files {
		sum := sha256.Sum256(f.data)
		head.Files = append(head.Files, File{f.name, int64(len(f.data)), hex.EncodeToString(sum[:])})
		all += len(f.data)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(head); err != nil {
		return err
	}
	first := content{headName, append(escape(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), '\n')}
	if len(first.data) > maxHead || all > maxAll-maxHead {
		return errTooLarge
	}
	limited := &limitedWriter{w: w, left: MaxFile}
	z := zip.NewWriter(limited)
	for _, f := range append([]content{first}, files...) {
		into, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: head.Started})
		if err == nil {
			_, err = into.Write(f.data)
		}
		if err != nil {
			return cmp.Or(limited.err, err)
		}
	}
	return cmp.Or(z.Close(), limited.err)
}

// limitedWriter fails beyond its bound.
type limitedWriter struct {
	w    io.Writer
	left int
	err  error
}

func (l *limitedWriter) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		l.err = errTooLarge
		return 0, l.err
	}
	return l.w.Write(p)
}
