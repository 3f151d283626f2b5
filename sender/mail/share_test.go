package mail_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"runtime"
	"testing"

	"todoku/sender/mail"
)

// TestRecipientsShareTheBody: a mail more of the same draft costs its header, also
// with a signature; an attachment stands in memory once, however many get it.
func TestRecipientsShareTheBody(t *testing.T) {
	from := address(t, "a@x.test")
	draft, err := mail.Draft{From: from, Text: "hello", Attachments: []mail.Attachment{{Name: "big.bin",
		Data: bytes.Repeat([]byte("todoku "), 1<<20)}}}.Ready()
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := mail.NewSigner("x.test", "s", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var all []*mail.Message
	for i := range 10 {
		draft.To = []mail.Address{address(t, fmt.Sprintf("b%d@y.test", i))}
		m, err := mail.Compose(draft)
		if err == nil {
			m, err = signer.Sign(m)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > all[0].Size()/2 {
		t.Errorf("ten mails of %d octets take %d more", all[0].Size(), grown)
	}
	for _, m := range all {
		checkWire(t, m.Bytes())
		if !bytes.Contains(m.Bytes(), []byte("To: "+m.To[0].String())) || m.Size() != int64(len(m.Bytes())) {
			t.Errorf("%s: another's header, or another size", m.To[0])
		}
	}
}
