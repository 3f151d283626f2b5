package content_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/content"
	"todoku/sender/mail"
)

// zipOf is an archive of one file in base64.
func zipOf(t *testing.T, name string, locked bool) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: name}
	if locked {
		h.Flags = 1
	}
	w, err := z.CreateHeader(h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "data"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// TestPost asks a real server over TLS.
func TestPost(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 10)
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked <- r.Method + " " + r.URL.Path + " " + r.Header.Get("Content-Type") + " " + string(body) + r.Header.Get("Cookie")
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/ok", http.StatusFound)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/broken":
			w.WriteHeader(http.StatusInternalServerError)
		case "/endless":
			for range 1000 {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		}
	}))
	defer s.Close()
	for path, want := range map[string]content.Outcome{"/ok": content.Accepted, "/redirect": content.Redirected, "/gone": content.Refused,
		"/broken": content.Failed, "/endless": content.Accepted} {
		u := offered(s.URL + path)
		got, err := u.Post(t.Context(), s.Client())
		if err != nil || got.Outcome != want {
			t.Errorf("%s: %+v %v", path, got, err)
		}
		if req := <-asked; req != "POST "+path+" application/x-www-form-urlencoded List-Unsubscribe=One-Click" {
			t.Error(req)
		}
	}
	if len(asked) > 0 {
		t.Errorf("a redirect was followed: %s", <-asked)
	}
}

// TestPostNeedsTheOffer: nothing goes out where the mail does not offer one click over https.
func TestPostNeedsTheOffer(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("asked") }))
	defer s.Close()
	for _, fields := range []string{"", "List-Unsubscribe: <mailto:a@example.jp>\n", "List-Unsubscribe: <" + s.URL + ">\n",
		"List-Unsubscribe: <http://example.jp>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"} {
		u := look("From: a@example.jp\n" + fields + "\nText\n").Unsubscribe
		var wrong *codes.UserError
		if _, err := u.Post(t.Context(), s.Client()); !errors.As(err, &wrong) {
			t.Errorf("%q: %v", fields, err)
		}
	}
	u := offered(s.URL)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got, err := u.Post(ctx, s.Client())
	if err == nil || got == nil || got.Status != 0 || strings.Contains(err.Error(), s.URL) {
		t.Errorf("%+v %v", got, err)
	}
}

func offered(url string) content.Unsubscribe {
	return look("From: a@example.jp\nList-Unsubscribe: <" + url + ">\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n\nText\n" +
		"").Unsubscribe
}

// TestSigned tells whether both fields are under one valid signature (RFC 8058 §4).
func TestSigned(t *testing.T) {
	t.Parallel()
	e := func() *mail.Entity {
		return mail.Open([]byte("From: a@example.jp\nList-Unsubscribe: <https://example.jp/>\nList-Unsubscribe-Post: " +
			"List-Unsubscribe=One-Click\n\nText\n"))
	}
	for _, c := range []struct {
		signed [][]string
		want   content.Signed
	}{
		{nil, content.SignedUnknown}, {[][]string{}, content.SignedNo}, {[][]string{{"From", "List-Unsubscribe"}}, content.SignedNo},
		{[][]string{{"from"}, {"from", "list-unsubscribe", "list-unsubscribe-post"}}, content.SignedYes},
	} {
		if got := content.Look(e(), content.Options{Signed: c.signed}).Unsubscribe.Signed; got != c.want {
			t.Errorf("%v: %q", c.signed, got)
		}
	}
}

func TestBulk(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{
		"List-Id: <a.example.jp>\n": "sure", "Precedence: bulk\n": "sure", "Precedence: bulk\nAuto-Submitted: auto-generated\n": "maybe",
		"Feedback-ID: 1:AmazonSES\n": "maybe", "": "no", "Auto-Submitted: auto-replied\n": "no",
	} {
		b := look("From: a@example.jp\n" + fields + "\nText\n").Bulk
		got := "no"
		if b.Sure {
			got = "sure"
		} else if b.Maybe {
			got = "maybe"
		}
		if got != want {
			t.Errorf("%q: %+v", fields, b)
		}
	}
	if b := look(plain("A", "配信停止はこちら")).Bulk; !b.Sure {
		t.Errorf("%+v", b)
	}
}

func FuzzLook(f *testing.F) {
	for _, m := range healthy(f) {
		f.Add(m)
	}
	f.Add(plain("{{", "*|{{%%[[<%=${$##@@ 〇〇様 undefined"))
	f.Add(html("A", "<a href='https://[::1'><img alt={{><div style=display:none><pre>"))
	f.Fuzz(func(t *testing.T, s string) {
		c := content.Look(mail.Open([]byte(s)), content.Options{})
		for _, p := range c.Placeholders {
			if p.Text == "" || len([]rune(p.Excerpt)) > 80 {
				t.Errorf("%+v", p)
			}
		}
	})
}
