package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// octets is text from outside. What is no UTF-8 stands as {"base64": …} in JSON, so that nothing is lost.
type octets string

type base64JSON struct {
	Base64 []byte `json:"base64"`
}

func (o octets) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(o)) {
		return marshal(string(o))
	}
	return marshal(base64JSON{[]byte(o)})
}

func (o *octets) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '{' {
		var b base64JSON
		if err := unmarshal(data, &b); err != nil {
			return err
		}
		*o = octets(b.Base64)
		return nil
	}
	return json.Unmarshal(data, (*string)(o))
}

func lines(list []octets) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, line := range list {
		out[i] = string(line)
	}
	return out
}

func octetsOf(list []string) []octets {
	if list == nil {
		return nil
	}
	out := make([]octets, len(list))
	for i, line := range list {
		out[i] = octets(line)
	}
	return out
}

// marshal is one line of JSON without characters that a terminal would obey or hide.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return escape(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// escape writes control characters and those without a shape as \uNNNN. encoding/json has done so for ASCII but DEL.
func escape(line []byte) []byte {
	var out []byte
	done := 0
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRune(line[i:])
		if r == 0x7f || r > 0x7f && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029) {
			out = append(out, line[done:i]...)
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
			done = i + size
		}
		i += size
	}
	if out == nil {
		return line
	}
	return append(out, line[done:]...)
}

// unmarshal reads one JSON value that knows no other fields and has nothing behind it.
func unmarshal(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() || len(bytes.TrimSpace(data[d.InputOffset():])) > 0 {
		return errBehind
	}
	return nil
}
