package dkim

import "encoding/binary"

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// cleanRun measures the longest prefix of s, which begins with no blank and no line end, that relaxed canonicalization leaves
// as it is: single spaces between other octets, no tab, no line end, no blank at its end. It looks at eight octets at a time.
func cleanRun(s []byte) int {
	i, carry := 0, uint64(0) // carry is 1 where the octet before i is a space
	for ; i+8 <= len(s); i += 8 {
		w := binary.LittleEndian.Uint64(s[i:])
		low := ^((w&^highs + (0x7f-0x20)*ones) | w) & highs >> 7 // 1 for each octet up to 0x20
		x := w ^ 0x20*ones
		other := (x&^highs + 0x7f*ones | x) & highs >> 7 // 1 for each octet that is no space
		if low&other != 0 || low&(low<<8|carry) != 0 {
			break
		}
		carry = low >> 56
	}
	blank := carry == 1
	for ; i < len(s); i++ {
		c := s[i]
		if c == '\t' || c == '\n' || c == ' ' && blank || c == '\r' && i+1 < len(s) && s[i+1] == '\n' {
			break
		}
		blank = c == ' '
	}
	if blank {
		i--
	}
	return i
}
