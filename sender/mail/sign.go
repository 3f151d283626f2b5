package mail

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/dkim"

	"todoku/codes"
)

// Signer signs mail for a domain with DKIM (RFC 6376). It is safe for
// concurrent use.
type Signer struct {
	domain, selector string
	key              crypto.Signer
}

// NewSigner takes the private key as it stands in a PEM file: RSA (PKCS #1 or
// #8) or Ed25519 (PKCS #8, RFC 8463).
func NewSigner(domain, selector string, key []byte) (*Signer, error) {
	d, err := domainPart("DKIM domain", strings.TrimSpace(domain))
	if err != nil {
		return nil, err
	}
	s, err := domainPart("DKIM selector", strings.TrimSpace(selector))
	if err != nil {
		return nil, err
	}
	k, err := privateKey(key)
	if err != nil {
		return nil, err
	}
	return &Signer{d, s, k}, nil
}

const keyField = "DKIM key"

func privateKey(data []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, codes.WrongAt(keyField, codes.Text{EN: "is no PEM file; it begins with -----BEGIN PRIVATE KEY-----",
			JA: "PEM形式ではありません。-----BEGIN PRIVATE KEY----- で始まるファイルを指定してください"})
	}
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		if block.Headers["DEK-Info"] != "" {
			return nil, encryptedKeyError()
		}
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "ENCRYPTED PRIVATE KEY":
		return nil, encryptedKeyError()
	case "PUBLIC KEY", "RSA PUBLIC KEY":
		return nil, codes.WrongAt(keyField, codes.Text{EN: "is the public half, which belongs into DNS; give the private one", JA: "公開鍵(DNSに公開する側)です。秘密鍵を指定してください"})
	default:
		return nil, codes.WrongAt(keyField, codes.Text{EN: "{type} is no key for DKIM; make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
			JA: "{type} はDKIMの鍵ではありません。openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 で作成できます"}, codes.QuotedStart("type", block.Type, 60))
	}
	if err != nil {
		return nil, codes.WrongAt(keyField, codes.Text{EN: "cannot be read: {why}", JA: "読み取れません: {why}"}, codes.Str("why", err.Error()))
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if n := key.N.BitLen(); n < 1024 { // RFC 8301 §3.2
			return nil, codes.WrongAt(keyField, codes.Text{EN: "has {n} bits; receivers accept 1024 and more, 2048 is usual",
				JA: "鍵長が {n} ビットです。受信側が受け付けるのは 1024 ビット以上で、2048 ビットが一般的です"}, codes.Num("n", n))
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, codes.WrongAt(keyField, codes.Text{EN: "DKIM signs with RSA or Ed25519 only, not with {type}", JA: "DKIMで使用できるのはRSAまたはEd25519の鍵です(指定された鍵: {type})"}, codes.Str("type", fmt.Sprintf("%T", key)))
}

func encryptedKeyError() error {
	return codes.WrongAt(keyField, codes.Text{EN: "is protected by a passphrase; write it without one: openssl pkey -in KEY -out KEY.plain",
		JA: "パスフレーズで保護されています。openssl pkey -in KEY -out KEY.plain で解除した鍵を指定してください"})
}

// signedNames lists the fields that a signature covers where they are there (RFC
// 6376 §5.4.1; RFC 8058 §4 wants those of List-Unsubscribe).
const signedNames = "from reply-to subject date to cc message-id in-reply-to references mime-version content-type " +
	"content-transfer-encoding " +
	"content-id content-description resent-date resent-from resent-to resent-cc list-id list-help list-unsubscribe " +
	"list-unsubscribe-post list-subscribe list-post"

// Sign gives the mail with a signature on top.
func (s *Signer) Sign(m *Message) (*Message, error) {
	signer, err := dkim.NewSigner(&dkim.SignOptions{
		Domain: s.domain, Selector: s.selector, Signer: s.key, HeaderKeys: signedFields(m.head),
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		return nil, err
	}
	for _, piece := range m.Pieces() {
		if _, err := signer.Write(piece); err != nil {
			return nil, err
		}
	}
	if err := signer.Close(); err != nil {
		return nil, err
	}
	out := *m
	out.head = append([]byte(signer.Signature()), m.head...)
	return &out, nil
}

// signedFields lists each field as often as it stands there, and From once
// more: a second From that is added later breaks the signature (§8.15).
func signedFields(head []byte) []string {
	there := map[string]int{}
	names := map[string]string{}
	for _, f := range splitFields(head) {
		name, _, _ := strings.Cut(string(f), ":")
		name = strings.TrimSpace(name)
		there[strings.ToLower(name)]++
		names[strings.ToLower(name)] = name
	}
	there["from"]++
	var out []string
	for _, lower := range strings.Fields(signedNames) {
		for range there[lower] {
			name := names[lower]
			if name == "" {
				name = "From"
			}
			out = append(out, name)
		}
	}
	return out
}
