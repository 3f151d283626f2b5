package ns

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"todoku/diag/resolve"
)

// Unmatched reports that no key of a zone is one of those that the zone above vouches for, by number and algorithm: a
// resolver that validates refuses everything of such a zone (RFC 4035 §5.2). Where it may not know the algorithm of any DS
// record, it takes the zone for unsigned, and nothing is said. A key whose algorithm is old may do for some: nothing is said
// either. No signature is verified here.
func Unmatched(ds, keys []resolve.Record) bool {
	known := false
	for _, d := range ds {
		tag, algorithm, must := readDS(d.Text)
		known = known || must
		if slices.ContainsFunc(keys, func(k resolve.Record) bool {
			keyTag, keyAlgorithm, ok := readKey(k.Text)
			return ok && keyTag == tag && keyAlgorithm == algorithm
		}) {
			return false
		}
	}
	return known
}

// readDS reads a DS record (RFC 4034 §5.3); must: all validators know its algorithms (RFC 8624 §3.1 and §3.3).
func readDS(text string) (tag uint16, algorithm uint8, must bool) {
	fields := strings.Fields(text)
	if len(fields) < 4 {
		return 0, 0, false
	}
	var n [3]uint64
	for i := range n {
		v, err := strconv.ParseUint(fields[i], 10, 16)
		if err != nil {
			return 0, 0, false
		}
		n[i] = v
	}
	algorithms, digests := []uint64{8, 10, 13, 14, 15, 16}, []uint64{2, 4}
	return uint16(n[0]), uint8(n[1]), slices.Contains(algorithms, n[1]) && slices.Contains(digests, n[2])
}

// maxKey bounds the octets of a key that is read.
const maxKey = 8 << 10

// readKey reads a DNSKEY record (RFC 4034 §2.2) and works out its number (appendix B).
func readKey(text string) (tag uint16, algorithm uint8, ok bool) {
	fields := strings.Fields(text)
	if len(fields) < 4 {
		return 0, 0, false
	}
	flags, err := strconv.ParseUint(fields[0], 10, 16)
	protocol, errP := strconv.ParseUint(fields[1], 10, 8)
	number, errA := strconv.ParseUint(fields[2], 10, 8)
	public := strings.Join(fields[3:], "")
	if err != nil || errP != nil || errA != nil || len(public) > maxKey || flags&0x100 == 0 { // no key of a zone
		return 0, 0, false
	}
	key, err := base64.StdEncoding.DecodeString(public)
	if err != nil {
		return 0, 0, false
	}
	sum := uint32(flags) + uint32(protocol)<<8 + uint32(number)
	for i, b := range key {
		if i&1 == 0 {
			sum += uint32(b) << 8
		} else {
			sum += uint32(b)
		}
	}
	return uint16(sum + sum>>16&0xffff), uint8(number), true
}
