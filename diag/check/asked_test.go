package check_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"todoku/diag"
	"todoku/diag/check"
)

// askAbout runs one check of a mail that asks others than DNS.
func askAbout(t *testing.T, m *check.Mail, c *diag.Check) *diag.Report {
	t.Helper()
	return diag.Run(t.Context(), diag.Env{DNS: labDNS(t), Now: mailDay}, m.Target("mail.eml"), []*diag.Check{c})
}

// TestUnsubscribe: the address of a mail is asked as mail programs do, and what it answers is judged.
func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer int
		rule   string
		status diag.Status
	}{
		{http.StatusOK, "", diag.OK}, {http.StatusAccepted, "", diag.OK}, {http.StatusFound, "unsubscribe-redirect", diag.Fail},
		{http.StatusMethodNotAllowed, "unsubscribe-refused", diag.Fail}, {http.StatusInternalServerError, "unsubscribe-refused", diag.Fail},
	} {
		var body string
		s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			data, _ := io.ReadAll(r.Body)
			body = r.Method + " " + string(data)
			w.WriteHeader(c.answer)
		}))
		eml := strings.Replace(sample(t, "healthy"), "https://healthy.test/u/1>, <mailto", s.URL+"/u/1>, <mailto", 1)
		m := check.OpenMail([]byte(eml), check.MailOptions{})
		r := askAbout(t, m, check.Unsubscribe(check.UnsubscribeOptions{Mail: m, Client: s.Client()}))
		s.Close()
		if r.Status() != c.status || c.rule != "" && !found(r, c.rule) || body != "POST List-Unsubscribe=One-Click" {
			t.Errorf("%d: %v, asked with %q", c.answer, r.Status(), body)
		}
	}
	m := check.OpenMail([]byte(sample(t, "no-unsubscribe")), check.MailOptions{})
	if r := askAbout(t, m, check.Unsubscribe(check.UnsubscribeOptions{Mail: m, Client: http.DefaultClient})); r.Status() != diag.Info {
		t.Errorf("nothing to ask: %v", r.Status())
	}
	silent := &http.Client{Transport: &http.Transport{DialContext: refuse}}
	m = check.OpenMail([]byte(sample(t, "healthy")), check.MailOptions{})
	if r := askAbout(t, m, check.Unsubscribe(check.UnsubscribeOptions{Mail: m, Client: silent})); r.Status() != diag.Unknown {
		t.Errorf("nobody answers: %v", r.Status())
	}
}

func refuse(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }

// spamdSays dials a filter that gives one verdict.
func spamdSays(verdict string) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			r := bufio.NewReader(theirs)
			for line, err := r.ReadString('\n'); err == nil && strings.TrimSpace(line) != ""; line, err = r.ReadString('\n') {
			}
			go func() { _, _ = io.Copy(io.Discard, r) }()
			_, _ = io.WriteString(theirs, "SPAMD/1.1 0 EX_OK\r\nSpam: "+verdict+"\r\n\r\n")
		}()
		return ours, nil
	}
}

// TestFilter: a filter's own verdict is told, and its silence is no verdict.
func TestFilter(t *testing.T) {
	t.Parallel()
	m := check.OpenMail([]byte(sample(t, "healthy")), check.MailOptions{})
	for verdict, want := range map[string]diag.Status{"True ; 7.5 / 5.0": diag.Warn, "False ; 0.2 / 5.0": diag.OK} {
		r := askAbout(t, m, check.Filter(check.FilterOptions{Mail: m, Spamd: "127.0.0.1:783", Dial: spamdSays(verdict)}))
		if r.Status() != want || found(r, "filter-spam") != (want == diag.Warn) {
			t.Errorf("%s: %v %v", verdict, r.Status(), r.Results[0].Err)
		}
	}
	if r := askAbout(t, m, check.Filter(check.FilterOptions{Mail: m, Spamd: "127.0.0.1:783", Dial: refuse})); r.Status() != diag.Unknown {
		t.Errorf("nobody answers: %v", r.Status())
	}
}
