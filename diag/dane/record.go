package dane

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"strconv"
	"strings"
)

// The certificate usages (RFC 7218 §2.1).
const (
	PKIXTA uint8 = 0 // an authority, beside the usual verification
	PKIXEE uint8 = 1 // the server's certificate, beside the usual verification
	DANETA uint8 = 2 // an authority, in place of the usual ones
	DANEEE uint8 = 3 // the server's certificate or key, alone
)

// The selectors and matching types (RFC 7218 §2.2 and §2.3).
const (
	Cert uint8 = 0
	SPKI uint8 = 1

	Full   uint8 = 0
	SHA256 uint8 = 1
	SHA512 uint8 = 2
)

// Fault is why no sender can use a record.
type Fault string

// The faults of a record. Those of numbers are no faults elsewhere: other programs and later standards may know them.
const (
	Unreadable      Fault = "unreadable"       // not three numbers up to 255 and data in hexadecimal (RFC 6698 §2.2)
	NoData          Fault = "no_data"          // the data is empty
	WrongLength     Fault = "wrong_length"     // not as long as the digest that it says to be (RFC 6698 §2.1.3)
	NoCertificate   Fault = "no_certificate"   // the data of a whole certificate is none
	NoKey           Fault = "no_key"           // the data of a whole public key is none
	UsagePKIX       Fault = "usage_pkix"       // usage 0 or 1: no mail server has to know them (RFC 7672 §3.1.3)
	UnknownUsage    Fault = "unknown_usage"    // beyond 3
	UnknownSelector Fault = "unknown_selector" // beyond 1
	UnknownMatching Fault = "unknown_matching" // beyond 2
)

// Malformed reports whether the fault is one of the data, not of a number that senders do not know.
func (f Fault) Malformed() bool {
	switch f {
	case Unreadable, NoData, WrongLength, NoCertificate, NoKey:
		return true
	}
	return false
}

// Record is a TLSA record (RFC 6698 §2.1).
type Record struct {
	Usage, Selector, Matching uint8
	Data                      []byte
	Text                      string // as DNS gave it
	Fault                     Fault  // "" without
}

// Usable reports whether a sender can use the record (RFC 7671 §10.3).
func (r *Record) Usable() bool { return r.Fault == "" }

// Key is the record's numbers and data, each written in one way: two records with the same key are one.
func (r *Record) Key() string {
	return strconv.Itoa(int(r.Usage)) + " " + strconv.Itoa(int(r.Selector)) + " " + strconv.Itoa(int(r.Matching)) + " " +
		hex.EncodeToString(r.Data)
}

// maxData bounds the octets of data that are read: DNS carries no more.
const maxData = 64 << 10

// Parse reads a TLSA record in presentation form (RFC 6698 §2.2): blanks may stand in the data. It always gives a record;
// what is wrong with it is its Fault.
func Parse(text string) Record {
	r := Record{Text: text}
	if len(text) > 2*maxData+64 {
		r.Fault = Unreadable
		return r
	}
	fields := strings.Fields(text)
	if len(fields) < 3 {
		r.Fault = Unreadable
		return r
	}
	var bad bool
	for i, to := range []*uint8{&r.Usage, &r.Selector, &r.Matching} {
		n, err := strconv.ParseUint(fields[i], 10, 8)
		*to, bad = uint8(n), bad || err != nil
	}
	data, err := hex.DecodeString(strings.Join(fields[3:], ""))
	if bad || err != nil {
		r.Fault = Unreadable
		return r
	}
	r.Data = data
	r.Fault = r.fault()
	return r
}

// fault finds what keeps senders from using a record that could be read.
func (r *Record) fault() Fault {
	switch {
	case r.Usage > DANEEE:
		return UnknownUsage
	case r.Selector > SPKI:
		return UnknownSelector
	case r.Matching > SHA512:
		return UnknownMatching
	case len(r.Data) == 0:
		return NoData
	case r.Matching == SHA256 && len(r.Data) != 32, r.Matching == SHA512 && len(r.Data) != 64:
		return WrongLength
	case r.Matching == Full && r.Selector == Cert && !isCertificate(r.Data):
		return NoCertificate
	case r.Matching == Full && r.Selector == SPKI && !isKey(r.Data):
		return NoKey
	case r.Usage == PKIXTA || r.Usage == PKIXEE:
		return UsagePKIX
	}
	return ""
}

func isCertificate(der []byte) bool {
	_, err := x509.ParseCertificate(der)
	return err == nil
}

// isKey reports whether data is a public key with its algorithm (RFC 5280 §4.1.2.7), of whatever kind.
func isKey(der []byte) bool {
	var key struct {
		Algorithm struct {
			ID         asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Key asn1.BitString
	}
	rest, err := asn1.Unmarshal(der, &key)
	return err == nil && len(rest) == 0
}
