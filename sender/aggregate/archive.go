package aggregate

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"path"
	"strings"
)

// maxEntries bounds the files of one archive.
const maxEntries = 100_000

// entry reads an entry of an archive.
func (in *reader) entry(r io.Reader, name string, bare bool) error {
	before := in.place.Inside
	in.place.Inside = append(before[:len(before):len(before)], name)
	in.archive = true
	err := in.open(&unpacked{in: in, r: r, bare: bare}, name)
	in.archive = false
	in.place.Inside = before
	return err
}

// isMeta reports whether an entry is what systems put beside files.
func isMeta(name string) bool {
	return strings.HasSuffix(name, "/") || strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(path.Base(name), "._") ||
		path.Base(name) == ".DS_Store"
}

// zip reads the entries of a zip.
func (in *reader) zip(r *bufio.Reader) error {
	if in.archive {
		in.faults.add(NestedArchive, 0, "", true)
		return in.tell()
	}
	data, ok := in.whole(r)
	if !ok {
		return in.tell()
	}
	defer in.memory.keepWhole(data)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		in.damaged(err)
		return in.brokenZip(data)
	}
	read := 0
	for _, f := range z.File {
		if isMeta(f.Name) {
			continue
		}
		if read++; read > maxEntries {
			in.faults.add(TooManyParts, 0, "", true)
			break
		}
		if err := in.zipEntry(f); err != nil {
			return err
		}
		if in.full { // which was told
			break
		}
	}
	if read == 0 {
		in.faults.add(NotReport, 0, "zip", false)
	}
	return in.tell()
}

func (in *reader) zipEntry(f *zip.File) error {
	if f.Flags&1 != 0 {
		in.faults.add(Encrypted, 0, f.Name, true)
		return in.tell()
	}
	r, err := f.Open()
	if err != nil {
		in.damaged(err)
		return in.tell()
	}
	defer func() { _ = r.Close() }()
	return in.entry(r, f.Name, false)
}

// brokenZip reads the entries of a zip without its directory, which stands at the end: the local headers (APPNOTE §4.3.7).
func (in *reader) brokenZip(data []byte) error {
	for n := 0; n < maxEntries; n++ {
		if len(data) < 30 || !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
			break
		}
		method := binary.LittleEndian.Uint16(data[8:])
		size := int(binary.LittleEndian.Uint32(data[18:]))
		from := 30 + int(binary.LittleEndian.Uint16(data[26:])) + int(binary.LittleEndian.Uint16(data[28:]))
		if from > len(data) {
			break
		}
		name := string(data[30 : 30+int(binary.LittleEndian.Uint16(data[26:]))])
		encrypted := data[6]&1 != 0
		body := bytes.NewReader(data[from:])
		var r io.Reader = io.LimitReader(body, int64(size))
		if method == zip.Deflate {
			r = flate.NewReader(body)
		}
		if !encrypted && !isMeta(name) && (method == zip.Deflate || method == zip.Store && size > 0) {
			if err := in.entry(r, name, false); err != nil {
				return err
			}
			if in.full {
				break
			}
		}
		rest := data[len(data)-body.Len():]
		next := bytes.Index(rest, []byte("PK\x03\x04"))
		if next < 0 {
			break
		}
		data = rest[next:]
	}
	return in.tell()
}

// tar reads the files of a tar.
func (in *reader) tar(r *bufio.Reader) error {
	if in.archive {
		in.faults.add(NestedArchive, 0, "", true)
		return in.tell()
	}
	t := tar.NewReader(r)
	for n := 0; ; n++ {
		h, err := t.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) && in.src.failed() == nil {
				in.damaged(err)
			}
			return in.tell()
		}
		if h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeGNUSparse || isMeta(h.Name) {
			continue
		}
		if n > maxEntries {
			in.faults.add(TooManyParts, 0, "", true)
			return in.tell()
		}
		if isSparse(h) {
			in.faults.add(OtherArchive, 0, "tar (sparse)", true)
			if err := in.tell(); err != nil {
				return err
			}
			continue
		}
		if err := in.entry(t, h.Name, in.packed > 1); err != nil {
			return err
		}
		if in.full {
			return in.tell()
		}
	}
}

// isSparse reports whether an entry has holes, which the reader fills with zeros as long as the header says. No reporter
// sends them, and a few octets can stand for 2^60.
func isSparse(h *tar.Header) bool {
	if h.Typeflag == tar.TypeGNUSparse {
		return true
	}
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}
