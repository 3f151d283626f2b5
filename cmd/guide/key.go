package guide

import "unicode/utf8"

// key is a key of a terminal: a character, or one of those below.
type key rune

// Keys that are no characters.
const (
	keyNone key = -1 - iota
	keyUp
	keyDown
	keyFirst
	keyLast
	keyEnter
	keyBack // Esc
	keyLeft
	keyErase     // Backspace
	keyClear     // Ctrl-U
	keyPaste     // the beginning of a text that is pasted
	keyEnd       // Ctrl-D
	keyInterrupt // Ctrl-C
)

// decodeKey takes the first key out of what a terminal sent, and tells how many
// octets it had. None, with 0: more must come. Sequences that mean nothing here
// are keyNone. Where final is set nothing more comes: Esc is then a key.
func decodeKey(b []byte, final bool) (key, int) {
	if len(b) == 0 {
		return keyNone, 0
	}
	switch c := b[0]; {
	case c == 0x1b:
		return decodeEscape(b, final)
	case c == '\r' || c == '\n':
		return keyEnter, 1
	case c == 0x03:
		return keyInterrupt, 1
	case c == 0x04:
		return keyEnd, 1
	case c == 0x10: // Ctrl-P
		return keyUp, 1
	case c == 0x0e: // Ctrl-N
		return keyDown, 1
	case c == 0x7f || c == 0x08:
		return keyErase, 1
	case c == 0x15:
		return keyClear, 1
	case c < ' ':
		return keyNone, 1
	}
	if !utf8.FullRune(b) && !final {
		return keyNone, 0
	}
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError && n == 1 {
		return keyNone, 1
	}
	return key(r), n
}

// decodeEscape reads a control sequence (ECMA-48 §5.4) or one of SS3.
func decodeEscape(b []byte, final bool) (key, int) {
	if len(b) == 1 {
		if final {
			return keyBack, 1
		}
		return keyNone, 0
	}
	if b[1] != '[' && b[1] != 'O' {
		return keyBack, 1
	}
	end := 2
	for end < len(b) && (b[end] < 0x40 || b[end] > 0x7e) {
		end++
	}
	if end == len(b) {
		if final {
			return keyNone, len(b)
		}
		return keyNone, 0
	}
	return escapeKey(b[2:end], b[end]), end + 1
}

func escapeKey(parameters []byte, last byte) key {
	switch last {
	case 'A':
		return keyUp
	case 'B':
		return keyDown
	case 'D':
		return keyLeft
	case 'H':
		return keyFirst
	case 'F':
		return keyLast
	case 'M': // Enter of a keypad in application mode
		return keyEnter
	case '~':
		switch string(parameters) {
		case "1", "7", "5":
			return keyFirst
		case "4", "8", "6":
			return keyLast
		case "200":
			return keyPaste
		}
	}
	return keyNone
}
