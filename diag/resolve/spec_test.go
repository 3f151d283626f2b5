package resolve

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"todoku/codes"
)

// TestServerSecrets gives secrets in every place where somebody may put them:
// user info is refused, a query asked with, and neither is ever repeated.
func TestServerSecrets(t *testing.T) {
	t.Parallel()
	for _, spec := range []string{
		"https://user:hunter2@dns.test/q", "https://hunter2@dns.test", "tls://user:hunter2@dns.test",
		"tcp://user:hunter2@192.0.2.1", "udp://u:hunter2@192.0.2.1:53",
		"user:hunter2@192.0.2.1", "hunter2@dns.test", "quic://u:hunter2@dns.test", "https://u:hunter2%40dns.test/",
		"https://u:hunter2＠dns.test/", "HTTPS://u:hunter2@dns.test",
		"http://dns.test/?token=hunter2", "tls://dns.test?token=hunter2", "192.0.2.1?hunter2", "https://dns .test/?t=hunter2",
		"tls://192.0.2.1#a@hunter2", "https://:443/?hunter2",
		"https://u:hunter2@", "//u:hunter2@dns.test", "https:/u:hunter2@dns.test", "https:u:hunter2@dns.test",
	} {
		err := CheckServer(spec)
		var in *codes.UserError
		if !errors.As(err, &in) {
			t.Errorf("%s was taken: %v", spec, err)
			continue
		}
		for _, text := range []string{err.Error(), in.Place, in.Says.In(codes.Japanese), in.Remedy.EN, in.Remedy.JA, ShownServer(spec)} {
			if strings.Contains(text, "hunter2") {
				t.Errorf("%s is repeated: %s", spec, text)
			}
		}
		if in.Says.JA == "" || in.Remedy.JA == "" {
			t.Errorf("%s: not in Japanese", spec)
		}
	}
	for spec, shown := range map[string]string{
		"https://dns.test/q?token=hunter2#x": "https://dns.test/q", "https://dns.test:8443/a@b": "https://dns.test:8443/a@b",
		"192.0.2.1":                 "192.0.2.1",
		"tls://dns.test#other.test": "tls://dns.test#other.test", "https://[2001:db8::1]/q?": "https://[2001:db8::1]/q",
	} {
		if got := ShownServer(spec); got != shown {
			t.Errorf("%s is shown as %s", spec, got)
		}
	}
}

// TestQueryIsAskedWithAndNeverShown lets a server refuse, fail and repeat the
// secret of its URL.
func TestQueryIsAskedWithAndNeverShown(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(w http.ResponseWriter, m *dns.Msg){
		"status":       func(w http.ResponseWriter, _ *dns.Msg) { http.Error(w, "hunter2", http.StatusForbidden) },
		"content type": func(w http.ResponseWriter, _ *dns.Msg) { w.Header().Set("Content-Type", "text/hunter2") },
		"redirect": func(w http.ResponseWriter, _ *dns.Msg) {
			w.Header().Set("Location", "/?token=hunter2")
			w.WriteHeader(http.StatusFound)
		},
		"extended error": func(w http.ResponseWriter, m *dns.Msg) {
			m.Rcode, m.Answer = dns.RcodeServerFailure, nil
			m.SetEdns0(1232, false)
			m.IsEdns0().Option = append(m.IsEdns0().Option, &dns.EDNS0_EDE{InfoCode: 0, ExtraText: "no such token hunter2"})
			writeMessage(w, m)
		},
		"hangs up": func(http.ResponseWriter, *dns.Msg) { panic(http.ErrAbortHandler) },
		"healthy":  writeMessage,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := make(chan string, 64)
			url, roots, _ := secureAs(t, func(w http.ResponseWriter, r *http.Request, q *dns.Msg) {
				asked <- r.URL.RawQuery
				answer(w, (&zoneServer{}).reply(q, true))
			})
			a, err := client(t, Options{Servers: []string{url + "?token=hunter2"}, Roots: roots,
				Timeout: time.Second}).Ask(t.Context(), "a.test", TypeTXT)
			if q := <-asked; q != "token=hunter2" {
				t.Errorf("asked with %q", q)
			}
			if (err == nil) != (name == "healthy") || a.Server != "" && a.Server != url {
				t.Errorf("%+v, %v", a, err)
			}
			var fail *Error
			if errors.As(err, &fail) && strings.Contains(fail.Error()+fail.Server+fail.EDE+fail.Message, "hunter2") {
				t.Errorf("the secret is shown: %+v", fail)
			}
		})
	}
}

// TestContentType asks servers that answer with other media types (RFC 8484 §4.2).
func TestContentType(t *testing.T) {
	t.Parallel()
	for kind, healthy := range map[string]bool{
		"application/dns-message": true, "Application/DNS-Message; charset=x": true, "application/dns-message;": true,
		"text/html": false, "application/dns-json": false, "": false, "application/dns-message2": false,
	} {
		url, roots, _ := secureAs(t, func(w http.ResponseWriter, _ *http.Request, q *dns.Msg) {
			b, _ := (&zoneServer{}).reply(q, true).Pack()
			w.Header()["Content-Type"] = []string{kind}
			_, _ = w.Write(b)
		})
		a, err := client(t, Options{Servers: []string{url}, Roots: roots}).Ask(t.Context(), "a.test", TypeTXT)
		if healthy && err != nil || !healthy && kindOf(err) != KindMangled {
			t.Errorf("%q: %+v, %v", kind, a, err)
		}
	}
}

func writeMessage(w http.ResponseWriter, m *dns.Msg) {
	b, _ := m.Pack()
	w.Header().Set("Content-Type", dnsMessage)
	_, _ = w.Write(b)
}
