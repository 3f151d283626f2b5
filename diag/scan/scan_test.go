package scan_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"todoku/diag/scan"
)

// gtube is the text that both filters know as spam.
const gtube = "From: a@a.test\r\nSubject: test\r\n\r\nXJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"

// dial is the way of the system.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}

// spamd is a server that reads one question over a real socket and answers with a text.
func spamd(t *testing.T, answer string) (address string, asked <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	got := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		first, _ := in.ReadString('\n')
		length := 0
		for {
			line, err := in.ReadString('\n')
			if err != nil || line == "\r\n" {
				break
			}
			_, _ = fmt.Sscanf(line, "Content-length: %d", &length)
		}
		body, _ := io.ReadAll(io.LimitReader(in, int64(length)))
		got <- first + string(body)
		_, _ = io.WriteString(conn, answer)
	}()
	return l.Addr().String(), got
}

const spamReport = "SPAMD/1.1 0 EX_OK\r\nContent-length: 400\r\nSpam: True ; 999.9 / 5.0\r\n\r\n" +
	"Spam detection software says\n\nContent analysis details:   (999.9 points, 5.0 required)\n\n" +
	" pts rule name              description\n---- ---------------------- --------------------------------------------------\n" +
	"-0.0 NO_RELAYS              Informational: message was not relayed via SMTP\n" +
	"1000 GTUBE                  BODY: Generic Test for Unsolicited Bulk Email\n" +
	" 1.2 MISSING_HEADERS        Missing To: header\n                            and nothing else\n"

func TestSpamd(t *testing.T) {
	t.Parallel()
	address, asked := spamd(t, spamReport)
	got, err := scan.Spamd(t.Context(), dial, address, []byte(gtube))
	if err != nil {
		t.Fatal(err)
	}
	if q := <-asked; q != "REPORT SPAMC/1.5\r\n"+gtube {
		t.Errorf("%q", q)
	}
	if !got.Spam || got.Score != 999.9 || got.Threshold != 5 || len(got.Symbols) != 3 || got.Symbols[0].Name != "GTUBE" ||
		got.Symbols[1].Says != "Missing To: header and nothing else" || got.Symbols[2].Score != 0 {
		t.Errorf("%+v", got)
	}
}

// TestSpamdAnswers: what is no answer is an error and never a verdict.
func TestSpamdAnswers(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"SPAMD/1.1 0 EX_OK\r\nSpam: False ; 0.1 / 5.0\r\n\r\n": "",
		"SPAMD/1.0 76 Bad header line\r\n\r\n":                 "spamd: 76 Bad header line",
		"HTTP/1.1 200 OK\r\n\r\n":                              scan.ErrAnswer.Error(),
		"SPAMD/1.1 0 EX_OK\r\n\r\n":                            scan.ErrAnswer.Error(),
		"SPAMD/1.1 0 EX_OK\r\nSpam: True ; nan / 5\r\n\r\n":    scan.ErrAnswer.Error(),
		"": "EOF",
	} {
		address, _ := spamd(t, answer)
		got, err := scan.Spamd(t.Context(), dial, address, []byte(gtube))
		if want == "" {
			if err != nil || got.Spam {
				t.Errorf("%q: %+v %v", answer, got, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), want) || got != nil {
			t.Errorf("%q: %+v %v", answer, got, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := scan.Spamd(ctx, dial, "127.0.0.1:1", nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestRspamd(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	answer := func(status int, body string) *httptest.Server {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mail, _ := io.ReadAll(r.Body)
			select {
			case asked <- r.Method + " " + r.URL.Path + " " + r.Header.Get("From") + " " + r.Header.Get("IP") + " " + string(mail):
			default:
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}))
		t.Cleanup(s.Close)
		return s
	}
	s := answer(200,
		`{"score":7.5,"required_score":15,"action":"add header","symbols":{"A":{"name":"A","score":1.5,"description":"a","options":["x","y"]},`+
			`"B":{"name":"B","score":6}}}`)
	got, err := scan.Rspamd(t.Context(), s.Client(), s.URL+"/", scan.Envelope{From: "a@a.test", IP: "192.0.2.1"}, []byte(gtube))
	if err != nil {
		t.Fatal(err)
	}
	if q := <-asked; q != "POST /checkv2 a@a.test 192.0.2.1 "+gtube {
		t.Errorf("%q", q)
	}
	if !got.Spam || got.Score != 7.5 || got.Threshold != 15 || len(got.Symbols) != 2 || got.Symbols[0].Name != "B" ||
		got.Symbols[1].Detail != "x, y" {
		t.Errorf("%+v", got)
	}
	for _, c := range []struct {
		status     int
		body, want string
	}{{200, `{"error":"task was failed"}`, "task was failed"}, {500, "no", "HTTP 500"}, {200, "no", scan.ErrAnswer.Error()},
		{200, `{"is_skipped":true,"score":0,"required_score":15,"action":"no action"}`, "is_skipped"},
		{200, "{}", scan.ErrAnswer.Error()}, {200, strings.Repeat(" ", 2<<20), scan.ErrAnswer.Error()}} {
		s := answer(c.status, c.body)
		if got, err := scan.Rspamd(t.Context(), s.Client(), s.URL, scan.Envelope{}, nil); got != nil || err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: %+v %v", c.body, got, err)
		}
	}
}

// TestRealFilters asks filters that run here: TODOKU_RSPAMD is a URL, TODOKU_SPAMD an address.
func TestRealFilters(t *testing.T) {
	t.Parallel()
	url, address := os.Getenv("TODOKU_RSPAMD"), os.Getenv("TODOKU_SPAMD")
	if url == "" && address == "" {
		t.Skip("set TODOKU_RSPAMD or TODOKU_SPAMD")
	}
	for name, ask := range map[string]func() (*scan.Result, error){
		url: func() (*scan.Result, error) {
			return scan.Rspamd(t.Context(), http.DefaultClient, url, scan.Envelope{}, []byte(gtube))
		},
		address: func() (*scan.Result, error) { return scan.Spamd(t.Context(), dial, address, []byte(gtube)) },
	} {
		if name == "" {
			continue
		}
		got, err := ask()
		if err != nil || !got.Spam || len(got.Symbols) == 0 || !strings.Contains(fmt.Sprint(got.Symbols), "GTUBE") {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func FuzzSpamd(f *testing.F) {
	f.Add(spamReport)
	f.Fuzz(func(t *testing.T, s string) {
		client, server := net.Pipe()
		go func() {
			_, _ = io.Copy(io.Discard, server)
		}()
		go func() {
			_, _ = io.WriteString(server, s)
			_ = server.Close()
		}()
		one := func(context.Context, string, string) (net.Conn, error) { return client, nil }
		if got, err := scan.Spamd(t.Context(), one, "x:1", []byte("a")); err == nil && got == nil {
			t.Error("neither a result nor an error")
		}
	})
}
