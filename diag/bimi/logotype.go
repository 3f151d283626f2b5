package bimi

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // RFC 9399 knows it, and a certificate may carry it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"encoding/base64"
	"net/url"
	"strings"
)

// Bounds of a logotype extension.
const (
	maxLogotypeImages = 10
	maxLogotypeHashes = 10
)

// image is one picture of a logotype extension (RFC 9399 §4.1, LogotypeDetails).
type image struct {
	hashes []hash
	uris   []string
}

type hash struct {
	algorithm asn1.ObjectIdentifier
	value     []byte
}

// logotype reads the logo of the subject out of the extension (RFC 9399 §4.1): direct, as a data: URI (RFC 2397).
func (e *Evidence) logotype(der []byte) {
	if der == nil {
		e.fault(CertNoLogo, "", "")
		return
	}
	images, ok := subjectImages(der)
	if !ok || len(images) == 0 {
		e.fault(CertLogoBroken, "", "")
		return
	}
	for _, img := range images {
		for _, uri := range img.uris {
			data, ok := embedded(uri)
			if !ok {
				continue
			}
			s := ReadSVG(data)
			if s.Bound == "" && len(s.Faults) == 1 && s.Faults[0].Kind == SVGUnpack {
				e.fault(CertLogoBroken, s.Faults[0].Value, "")
				return
			}
			e.Logo = s.Data
			if !img.holds(data, s.Data) {
				e.fault(CertLogoHash, "", "")
			}
			return
		}
	}
	where := ""
	if len(images[0].uris) > 0 {
		where = images[0].uris[0]
	}
	e.fault(CertLogoElsewhere, where[:min(len(where), 200)], "data:image/svg+xml;base64,…")
}

// holds reports whether the hashes are those of the logo, packed or unpacked. One that we do not know is passed over.
func (img image) holds(packed, plain []byte) bool {
	for _, h := range img.hashes {
		for _, data := range [][]byte{packed, plain} {
			if sum := digest(h.algorithm, data); sum == nil || bytes.Equal(sum, h.value) {
				return true
			}
		}
	}
	return len(img.hashes) == 0
}

// digest is the hash of data; nil for an algorithm that is not known.
func digest(oid asn1.ObjectIdentifier, data []byte) []byte {
	switch oid.String() {
	case "1.3.14.3.2.26":
		sum := sha1.Sum(data) //nolint:gosec // see above
		return sum[:]
	case "2.16.840.1.101.3.4.2.1":
		sum := sha256.Sum256(data)
		return sum[:]
	case "2.16.840.1.101.3.4.2.2":
		sum := sha512.Sum384(data)
		return sum[:]
	case "2.16.840.1.101.3.4.2.3":
		sum := sha512.Sum512(data)
		return sum[:]
	}
	return nil
}

// embedded is what a data: URI holds (RFC 2397).
func embedded(uri string) (data []byte, ok bool) {
	if len(uri) < 5 || !strings.EqualFold(uri[:5], "data:") {
		return nil, false
	}
	media, body, ok := strings.Cut(uri[5:], ",")
	if !ok || !strings.HasPrefix(strings.ToLower(media), "image/svg+xml") {
		return nil, false
	}
	plain, err := url.PathUnescape(body)
	if err != nil {
		return nil, false
	}
	if !strings.HasSuffix(strings.ToLower(media), ";base64") {
		return []byte(plain), true
	}
	plain = strings.TrimRight(strings.NewReplacer("\r", "", "\n", "", " ", "").Replace(plain), "=")
	data, err = base64.RawStdEncoding.DecodeString(plain)
	return data, err == nil && len(data) > 0
}

// subjectImages finds the pictures of subjectLogo [2] (RFC 9399 §4.1, LogotypeExtn).
func subjectImages(der []byte) (images []image, ok bool) {
	outer, ok := children(der)
	if !ok || len(outer) != 1 {
		return nil, false
	}
	fields, ok := children(outer[0].Bytes)
	if !ok {
		return nil, false
	}
	for _, f := range fields {
		if f.Class != asn1.ClassContextSpecific || f.Tag != 2 {
			continue
		}
		infos, ok := children(f.Bytes) // [2] EXPLICIT LogotypeInfo
		switch {
		case !ok || len(infos) != 1 || infos[0].Class != asn1.ClassContextSpecific:
			return nil, false
		case infos[0].Tag == 1: // indirect: all of it is somewhere else
			return []image{{}}, true
		}
		return dataImages(infos[0].Bytes)
	}
	return nil, false
}

// dataImages reads LogotypeData: SEQUENCE OF LogotypeImage, then sound.
func dataImages(der []byte) (images []image, ok bool) {
	parts, ok := children(der)
	if !ok || len(parts) == 0 || parts[0].Tag != asn1.TagSequence {
		return nil, false
	}
	list, ok := children(parts[0].Bytes)
	for _, item := range list[:min(len(list), maxLogotypeImages)] {
		details, fine := children(item.Bytes)
		if !fine || len(details) == 0 {
			return nil, false
		}
		img, fine := readImage(details[0].Bytes)
		if !fine {
			return nil, false
		}
		images = append(images, img)
	}
	return images, ok
}

// readImage reads LogotypeDetails: media type, hashes, URIs.
func readImage(der []byte) (img image, ok bool) {
	parts, ok := children(der)
	if !ok || len(parts) < 3 {
		return img, false
	}
	hashes, ok := children(parts[1].Bytes)
	if !ok {
		return img, false
	}
	for _, h := range hashes[:min(len(hashes), maxLogotypeHashes)] {
		pair, ok := children(h.Bytes)
		if !ok || len(pair) != 2 {
			return img, false
		}
		algorithm, ok := children(pair[0].Bytes)
		if !ok || len(algorithm) == 0 {
			return img, false
		}
		var oid asn1.ObjectIdentifier
		if _, err := asn1.Unmarshal(algorithm[0].FullBytes, &oid); err != nil {
			return img, false
		}
		img.hashes = append(img.hashes, hash{oid, pair[1].Bytes})
	}
	uris, ok := children(parts[2].Bytes)
	for _, u := range uris[:min(len(uris), maxLogotypeImages)] {
		img.uris = append(img.uris, string(u.Bytes))
	}
	return img, ok
}

// maxDER bounds the values of one level that are read.
const maxDER = 100

// children reads the DER values that follow each other; ok is false where they are broken.
func children(der []byte) (out []asn1.RawValue, ok bool) {
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil || len(out) == maxDER {
			return out, false
		}
		out, der = append(out, v), rest
	}
	return out, true
}
