package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// Bundle is one that was read. It is safe for concurrent use.
type Bundle struct {
	Head      Head
	Report    json.RawMessage // of the recorded run; empty where it came to none
	Roots     []*x509.Certificate
	exchanges map[resolve.Question]resolve.Exchange
	visits    map[visitKey]probe.Visit
	pages     map[probe.WebQuestion]probe.Page
	inputs    map[string]Content // by the name that the user gave
}

// Faults of a file that is no bundle.
var (
	errNoZip   = errors.New("not a zip file")
	errSchema  = errors.New("not a bundle of " + Schema)
	errNames   = errors.New("a file that a bundle does not have, or one twice")
	errSums    = errors.New("a file that is not as bundle.json says")
	errBehind  = errors.New("something stands behind the value")
	errBound   = errors.New("more than a bundle may hold")
	errTwice   = errors.New("an entry stands there twice")
	errNotJSON = errors.New("the report is no JSON")
)

// Read reads a bundle of so many octets whole, and checks it. Of the file only the names of the package's documentation are
// taken, and nothing is written anywhere. The error says what is wrong with it.
func Read(r io.ReaderAt, size int64) (*Bundle, error) {
	if size > MaxFile {
		return nil, errBound
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, errNoZip
	}
	if len(z.File) == 0 || len(z.File) > maxInputs+8 || z.File[0].Name != headName {
		return nil, errSchema
	}
	left := int64(maxAll)
	data, err := extract(z.File[0], min(maxHead, left), &left)
	if err != nil {
		return nil, err
	}
	b := &Bundle{}
	if err := b.readHead(data); err != nil {
		return nil, err
	}
	if len(z.File) != len(b.Head.Files)+1 {
		return nil, errNames
	}
	files := map[string][]byte{}
	for i, f := range z.File[1:] {
		told := b.Head.Files[i]
		if _, twice := files[f.Name]; twice || f.Name != told.Name {
			return nil, errNames
		}
		if files[f.Name], err = extract(f, told.Size, &left); err != nil {
			return nil, fmt.Errorf("%s: %w", told.Name, err)
		}
		if sum := sha256.Sum256(files[f.Name]); hex.EncodeToString(sum[:]) != told.SHA256 || int64(len(files[f.Name])) != told.Size {
			return nil, errSums
		}
	}
	return b, b.take(files)
}

// extract reads one file of the zip, which may have so many octets; left is what all files together still may have.
func extract(f *zip.File, most int64, left *int64) ([]byte, error) {
	if most < 0 || most > *left || f.UncompressedSize64 > uint64(most) || f.Method != zip.Deflate && f.Method != zip.Store ||
		f.Mode()&fs.ModeType != 0 {
		return nil, errBound
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, most+1))
	if *left -= int64(len(data)); err == nil && int64(len(data)) > most {
		err = errBound
	}
	return data, err
}

func (b *Bundle) readHead(data []byte) error {
	h := &b.Head
	var only struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(data, &only); err != nil || only.Schema != Schema {
		return errSchema
	}
	if err := unmarshal(data, h); err != nil {
		return fmt.Errorf("%s: %w", headName, err)
	}
	if len(h.Inputs) > maxInputs || len(h.Args) > maxArgs || len(h.Flags) > maxArgs || len(h.Notes) > maxNotes || len(h.Files) > maxInputs+8 ||
		h.Exit < 0 || h.Exit > 255 || max(h.Zone.Offset, -h.Zone.Offset) > 24*3600 {
		return errBound
	}
	if h.Started.IsZero() || h.Started.Year() < 2000 || h.Started.After(time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)) {
		return errBound
	}
	var err error
	b.Roots, err = certificates(h.Roots)
	return err
}

// take understands the files.
func (b *Bundle) take(files map[string][]byte) (err error) {
	if b.inputs, err = takeInputs(b.Head.Inputs, files); err != nil {
		return err
	}
	for _, name := range []string{reportName, dnsName, smtpName, webName} {
		if _, there := files[name]; !there {
			return errNames
		}
	}
	if len(files) != len(b.Head.Inputs)+4 {
		return errNames
	}
	if b.Report = escape(files[reportName]); len(b.Report) > 0 && !json.Valid(b.Report) {
		return errNotJSON
	}
	if b.exchanges, err = entries(files[dnsName], func(j exchangeJSON) (resolve.Question, resolve.Exchange, error) {
		x, err := j.exchange()
		return x.Question, x, err
	}); err != nil {
		return fmt.Errorf("%s: %w", dnsName, err)
	}
	if b.visits, err = entries(files[smtpName], func(j visitJSON) (visitKey, probe.Visit, error) {
		q, v, err := j.visit()
		return keyOf(q), v, err
	}); err != nil {
		return fmt.Errorf("%s: %w", smtpName, err)
	}
	if b.pages, err = entries(files[webName], func(j pageJSON) (probe.WebQuestion, probe.Page, error) { return j.page() }); err != nil {
		return fmt.Errorf("%s: %w", webName, err)
	}
	return nil
}

func takeInputs(list []Input, files map[string][]byte) (map[string]Content, error) {
	out := map[string]Content{}
	for i, in := range list {
		data, there := files[in.File]
		if _, twice := out[in.Name]; twice || !there || in.File != fmt.Sprintf("%s%d", inputDir, i+1) || in.Size != int64(len(data)) {
			return nil, errNames
		}
		out[in.Name] = Content{data, in.Time}
	}
	return out, nil
}

// entries reads lines, each with an entry of its own.
func entries[J any, K comparable, V any](data []byte, read func(J) (K, V, error)) (map[K]V, error) {
	out := map[K]V{}
	number := 0
	for line := range bytes.Lines(data) {
		if number++; len(line) > maxLine || number > maxEntries {
			return nil, errBound
		}
		var j J
		if err := unmarshal(line, &j); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		k, v, err := read(j)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if _, twice := out[k]; twice {
			return nil, fmt.Errorf("line %d: %w", number, errTwice)
		}
		out[k] = v
	}
	return out, nil
}
