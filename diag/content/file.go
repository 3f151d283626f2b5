package content

import (
	"archive/zip"
	"bytes"
	"path"
	"strings"
	"sync"
	"unicode"

	"todoku/sender/mail"
)

// File is an attachment.
type File struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int    `json:"size"` // octets as they came, with their transfer encoding
	Danger Danger `json:"danger"`
	Inside string `json:"inside"` // the file of an archive that it is about; "" otherwise
}

// Danger is why receivers refuse a file.
type Danger string

// The dangers of files.
const (
	Harmless   Danger = ""
	Executable Danger = "executable" // its kind can run programs
	InArchive  Danger = "in_archive" // such a file is in an archive
	Locked     Danger = "locked"     // an archive with a password: nobody can look into it
	Disguised  Danger = "disguised"  // the name hides the end: two ends, or a mark that turns the direction
	Macros     Danger = "macros"     // an office document with programs
)

const (
	maxFiles   = 100
	maxArchive = 24 << 20 // octets of an archive as they came
	maxEntries = 2000
)

// file keeps an attachment.
func (r *reader) file(e *mail.Entity) {
	if len(r.Files) == maxFiles {
		r.More.Files++
		return
	}
	f := File{Name: cut(e.FileName(), 255), Type: e.Type, Size: e.Size()}
	if f.Name == "" && strings.HasPrefix(e.Type, "message/") {
		return
	}
	f.Danger = dangerOf(f.Name)
	if f.Danger == Harmless && e.Size() <= maxArchive && isZip(f.Name, e.Type) {
		f.Danger, f.Inside = lookInto(e.Octets(maxArchive))
	}
	r.Files = append(r.Files, f)
}

// refused are the ends of file names that large receivers refuse (Gmail's list of blocked types).
var refused = sync.OnceValue(func() map[string]bool {
	return set(`.ade .adp .apk .appx .appxbundle .bat .cab .chm .cmd .com .cpl .diagcab .diagcfg .diagpkg .dll .dmg .ex .ex_ .exe .hta
	.img .ins .iso
		.isp .jar .jnlp .js .jse .lib .lnk .mde .mjs .msc .msi .msix .msixbundle .msp .mst .nsh .pif .ps1 .scr .sct .shb .sys .vb .vbe .vbs .vhd
		.vxd .wsc .wsf .wsh .xll`)
})

// dangerOf judges a file by its name.
func dangerOf(name string) Danger {
	lower := strings.ToLower(strings.TrimRight(name, ". "))
	end := path.Ext(lower)
	switch {
	case strings.ContainsFunc(name, func(r rune) bool { return r == '\u202e' || r == '\u202d' || r == '\u2067' }):
		return Disguised
	case refused()[end]:
		if inner := path.Ext(strings.TrimRight(strings.TrimSuffix(lower, end), " ")); len(inner) > 2 && len(inner) <= 5 && isWord(inner[1:]) {
			return Disguised
		}
		return Executable
	case strings.Contains(" .docm .dotm .xlsm .xltm .xlam .pptm .potm .ppam .ppsm .sldm ", " "+end+" ") && end != "":
		return Macros
	}
	return Harmless
}

func isWord(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) &&
		strings.ContainsFunc(s, unicode.IsLetter)
}

func isZip(name, kind string) bool {
	return strings.HasSuffix(strings.ToLower(name), ".zip") || strings.Contains(kind, "zip")
}

// lookInto reads the directory of a zip archive: no file in it is unpacked.
func lookInto(data []byte) (Danger, string) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && z == nil {
		return Harmless, ""
	}
	locked := ""
	for i, f := range z.File {
		if i == maxEntries {
			break
		}
		if d := dangerOf(f.Name); d == Executable || d == Disguised {
			return InArchive, cut(f.Name, 255)
		}
		if f.Flags&1 != 0 && locked == "" { // encrypted
			locked = cut(f.Name, 255)
		}
	}
	if locked != "" {
		return Locked, locked
	}
	return Harmless, ""
}
