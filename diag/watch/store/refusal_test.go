package store_test

import (
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"

	"todoku/diag/watch/store"
)

// TestAServerWithoutTLSTellsWhyItRefuses: the first of two tries fails for want of TLS, the second one for the reason.
func TestAServerWithoutTLSTellsWhyItRefuses(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			refuse(c)
		}
	}()
	for _, mode := range []string{"", "?sslmode=disable"} {
		said := refused(t, "postgres://todoku:sesame@"+l.Addr().String()+"/watch"+mode, store.ErrUnreachable)
		if !strings.Contains(said, "password authentication failed") || strings.ContainsAny(said, "\n\t") || strings.Contains(said, "sesame") {
			t.Errorf("%q: %s", mode, said)
		}
	}
}

// refuse is a server without TLS that lets nobody in (PostgreSQL, chapter "Frontend/Backend Protocol").
func refuse(c net.Conn) {
	defer c.Close()
	for {
		var head [4]byte
		if _, err := io.ReadFull(c, head[:]); err != nil {
			return
		}
		body := make([]byte, min(binary.BigEndian.Uint32(head[:]), 1000)-4)
		if _, err := io.ReadFull(c, body); err != nil {
			return
		}
		const wantsTLS, version3 = 80877103, 3
		switch code := binary.BigEndian.Uint32(body); {
		case code == wantsTLS:
			_, _ = io.WriteString(c, "N")
		case code>>16 == version3:
			text := "SFATAL\x00C28P01\x00Mpassword authentication failed\x00\x00"
			_, _ = c.Write(append(binary.BigEndian.AppendUint32([]byte{'E'}, uint32(4+len(text))), text...))
			return
		default:
			return
		}
	}
}
