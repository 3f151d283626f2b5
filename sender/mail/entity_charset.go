package mail

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"todoku/codes"
)

// encodingOf is the charset of a name, as mails spell it; nil for UTF-8, for ASCII and for a name that nobody knows.
func encodingOf(name string) encoding.Encoding {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_ \"'", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
	name = strings.TrimPrefix(name, "x")
	switch name {
	case "utf8", "usascii", "ascii", "":
		return nil
	case "iso2022jp", "iso2022jpms", "iso2022jp1", "iso2022jp2", "iso2022jp3", "iso2022jp2004", "cp50220", "cp50221",
		"cp50222", "jis", "csiso2022jp":
		return japanese.ISO2022JP
	case "shiftjis", "sjis", "mskanji", "cp932", "ms932", "windows31j", "windows932", "shiftjis2004", "shiftjisx0213",
		"csshiftjis", "cswindows31j":
		return japanese.ShiftJIS
	case "eucjp", "cp51932", "eucjpms", "eucjpwin", "ujis", "cseucpkdfmtjapanese", "euc":
		return japanese.EUCJP
	case "gb2312", "gbk", "cp936", "ms936", "windows936", "euccn", "gb231280", "csgb2312", "chinese", "hzgb", "gb18030", "gb180302000":
		return simplifiedchinese.GB18030
	case "hzgb2312":
		return simplifiedchinese.HZGB2312
	case "big5", "cp950", "big5hkscs", "csbig5", "windows950", "big5eten":
		return traditionalchinese.Big5
	case "euckr", "ksc56011987", "ksc5601", "cp949", "uhc", "ms949", "windows949", "korean", "cseuckr":
		return korean.EUCKR
	case "koi8r", "koi8", "cskoi8r":
		return charmap.KOI8R
	case "koi8u", "koi8ru":
		return charmap.KOI8U
	case "utf16":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case "utf16le", "unicode":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case "utf16be":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case "macintosh", "mac", "macroman":
		return charmap.Macintosh
	case "cp866", "ibm866":
		return charmap.CodePage866
	case "cp850", "ibm850":
		return charmap.CodePage850
	case "cp437", "ibm437":
		return charmap.CodePage437
	}
	return byteTable(name)
}

// byteTable is a charset of one octet a character.
func byteTable(name string) encoding.Encoding {
	for _, t := range [...]struct {
		names   string
		charset encoding.Encoding
	}{
		{"iso88591 latin1 l1 cp1252 windows1252 ansi", charmap.Windows1252},
		{"iso88592 latin2 l2", charmap.ISO8859_2}, {"iso88593", charmap.ISO8859_3}, {"iso88594", charmap.ISO8859_4},
		{"iso88595 cyrillic", charmap.ISO8859_5}, {"iso88596", charmap.ISO8859_6}, {"iso88597 greek", charmap.ISO8859_7},
		{"iso88598 iso88598i", charmap.ISO8859_8}, {"iso88599 latin5 cp1254 windows1254", charmap.Windows1254},
		{"iso885910", charmap.ISO8859_10}, {"iso885913", charmap.ISO8859_13}, {"iso885914", charmap.ISO8859_14},
		{"iso885915 latin9", charmap.ISO8859_15}, {"iso885916", charmap.ISO8859_16},
		{"cp1250 windows1250", charmap.Windows1250}, {"cp1251 windows1251", charmap.Windows1251},
		{"cp1253 windows1253", charmap.Windows1253}, {"cp1255 windows1255", charmap.Windows1255},
		{"cp1256 windows1256", charmap.Windows1256}, {"cp1257 windows1257", charmap.Windows1257},
		{"cp1258 windows1258", charmap.Windows1258}, {"tis620 windows874 cp874 iso885911", charmap.Windows874},
	} {
		for one := range strings.FieldsSeq(t.names) {
			if one == name {
				return t.charset
			}
		}
	}
	return nil
}

var escKana = []byte("\x1b$")

// decodeText gives the text of octets in a charset, "" where none is declared. Where the octets are of another one, it is found out;
// the note then says so, and is zero otherwise.
func decodeText(data []byte, declared string) (string, codes.Text) {
	if isPlainASCII(data) {
		return string(data), codes.Text{}
	}
	name := strings.ToLower(strings.Trim(declared, " \"'"))
	charset := encodingOf(name)
	if charset == nil && utf8.Valid(data) && !bytes.Contains(data, escKana) {
		if strings.HasPrefix(name, "utf") || name == "" {
			return string(data), codes.Text{}
		}
		return string(data), wrongCharset(name, "UTF-8")
	}
	if charset != nil {
		text, bad := decodeAs(data, charset)
		if bad == 0 && !betterOther(data, charset) {
			return text, codes.Text{}
		}
	}
	found, real := detect(data)
	if found == nil {
		return strings.ToValidUTF8(string(data), "\uFFFD"), wrongCharset(name, real)
	}
	text, bad := decodeAs(data, found)
	if charset != nil {
		if was, wasBad := decodeAs(data, charset); found == charset || wasBad <= bad && !betterOther(data, charset) {
			return was, codes.Text{}
		}
	}
	return text, wrongCharset(name, real)
}

func wrongCharset(declared, real string) codes.Text {
	switch declared {
	case "", "us-ascii", "ascii", "unknown-8bit", "unknown", "x-unknown", "8bit":
		return codes.Text{EN: "its charset is not declared; read as " + real, JA: "文字コードが宣言されていないため、" + real + " として読みました"}
	}
	return codes.Text{EN: "its text is not in the charset that it declares; read as " + real,
		JA: "本文の文字コードが宣言と異なるため、" + real + " として読みました"}
}

// isPlainASCII reports whether octets are ASCII without an escape of ISO-2022.
func isPlainASCII[T []byte | string](data T) bool {
	for i := range len(data) {
		if c := data[i]; c >= utf8.RuneSelf || c == 0x1b || c == 0 {
			return false
		}
	}
	return true
}

// decodeAs gives a text, and how many of its characters could not be read.
func decodeAs(data []byte, charset encoding.Encoding) (string, int) {
	if charset == japanese.ISO2022JP {
		return decodeJIS(data)
	}
	out, err := charset.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD"), len(data)
	}
	return string(out), bytes.Count(out, []byte("\uFFFD"))
}

// decodeJIS reads ISO-2022-JP line by line, since each begins in ASCII (RFC 1468), whatever is broken before it.
func decodeJIS(data []byte) (string, int) {
	var b strings.Builder
	bad := 0
	decoder := japanese.ISO2022JP.NewDecoder()
	for line := range bytes.Lines(data) {
		if bytes.IndexByte(line, 0x1b) < 0 {
			if !utf8.Valid(line) {
				bad++
			}
			b.Write(bytes.ToValidUTF8(line, []byte("\uFFFD")))
			continue
		}
		end := bytes.TrimRight(line, "\r\n")
		out, err := decoder.Bytes(end)
		if err != nil {
			bad++
		}
		bad += bytes.Count(out, []byte("\uFFFD"))
		b.Write(out)
		if len(end) < len(line) {
			b.WriteByte('\n')
		}
	}
	return b.String(), bad
}

// betterOther reports whether octets that a charset of one octet a character can read are more likely something else: each
// of those charsets reads anything.
func betterOther(data []byte, charset encoding.Encoding) bool {
	if _, ok := charset.(*charmap.Charmap); !ok {
		return bytes.Contains(data, escKana) && charset != japanese.ISO2022JP
	}
	if bytes.Contains(data, escKana) {
		return true
	}
	return utf8.Valid(data)
}

// TextIn is the text of octets in a charset, "" where none is declared. odd says that they are not in it, so that the charset was
// found out.
func TextIn(data []byte, declared string) (text string, odd bool) {
	text, note := decodeText(data, declared)
	return text, note.EN != ""
}
