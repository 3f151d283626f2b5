package mailbox_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"todoku/codes"
	"todoku/sender/mailbox"
)

// imapServer is a server in this process with one user, "news" with the password "geheim".
type imapServer struct {
	user *imapmemserver.User
	addr string
}

// text is a mail of the server.
type text struct {
	*bytes.Reader
}

func startIMAP(t testing.TB, secure *tls.Config, caps ...imap.Cap) *imapServer {
	t.Helper()
	s := &imapServer{user: imapmemserver.NewUser("news", "geheim")}
	if err := s.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	memory := imapmemserver.New()
	memory.AddUser(s.user)
	set := imap.CapSet{imap.CapIMAP4rev1: {}}
	for _, c := range caps {
		set[c] = struct{}{}
	}
	srv := imapserver.New(&imapserver.Options{Caps: set, TLSConfig: secure, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		}})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close() })
	s.addr = ln.Addr().String()
	return s
}

func (s *imapServer) put(t testing.TB, folder, mail string) {
	t.Helper()
	o := &imap.AppendOptions{Time: time.Unix(1_700_000_000, 0)}
	if _, err := s.user.Append(folder, text{bytes.NewReader([]byte(head + mail))}, o); err != nil {
		t.Fatal(err)
	}
}

// head is the header of every mail here.
const head = "Subject: test\r\n\r\n"

// bodiesOf are the texts of the mails of a mailbox.
func bodiesOf(t testing.TB, b mailbox.Box) (out []string, items []mailbox.Item) {
	t.Helper()
	got, items := texts(t, b)
	for _, mail := range got {
		body, ok := strings.CutPrefix(mail, head)
		if !ok {
			t.Fatalf("no such mail: %.80q", mail)
		}
		out = append(out, body)
	}
	return out, items
}

// Size is the number of octets.
func (t text) Size() int64 { return t.Reader.Size() }

func (s *imapServer) url(folder string) string { return "imap://news@" + s.addr + "/" + folder }

func at(mark string) func() string { return func() string { return mark } }

func known(context.Context, string, string) (string, error) { return "geheim", nil }

func TestIMAP(t *testing.T) {
	t.Parallel()
	s := startIMAP(t, nil)
	large := strings.Repeat("large mail\r\n", 300_000)
	want := []string{"one", large, "three"}
	for _, m := range want {
		s.put(t, "INBOX", m)
	}
	b := open(t, s.url(""), mailbox.Options{Secret: known})
	got, items := bodiesOf(t, b)
	if !slices.Equal(got, want) {
		t.Errorf("%d mails, of %d octets", len(got), len(strings.Join(got, "")))
	}
	if seen, err := s.user.Status("INBOX", &imap.StatusOptions{NumUnseen: true}); err != nil || *seen.NumUnseen != 3 {
		t.Errorf("reading marked mails as seen: %+v, %v", seen, err)
	}
	for i, it := range items {
		if !it.Mail || !it.Modified.Equal(time.Unix(1_700_000_000, 0)) || it.Name != fmt.Sprintf("%sINBOX;UID=%d", s.url(""), i+1) {
			t.Errorf("%+v", it)
		}
	}
	// Resumed: behind the mark, also what comes while it waits.
	resumed := open(t, s.url("INBOX"), mailbox.Options{Secret: known, Mark: at(items[1].Mark)})
	if got, _ := bodiesOf(t, resumed); !slices.Equal(got, []string{"three"}) {
		t.Errorf("%q", got)
	}
	other := open(t, s.url("INBOX"), mailbox.Options{Secret: known, Mark: at("99/2")})
	if got, _ := bodiesOf(t, other); len(got) != 3 {
		t.Errorf("a mark of another life of the folder: %d mails", len(got))
	}
	passed := open(t, s.url("INBOX"), mailbox.Options{Secret: known, Passed: func(id string) bool { return id != items[0].ID }})
	if got, _ := bodiesOf(t, passed); !slices.Equal(got, []string{"one"}) {
		t.Errorf("%d mails", len(got))
	}
}

func TestIMAPManyMails(t *testing.T) {
	t.Parallel()
	s := startIMAP(t, nil)
	const n = 900
	for i := range n {
		s.put(t, "INBOX", fmt.Sprint("mail ", i))
	}
	got, _ := bodiesOf(t, open(t, s.url(""), mailbox.Options{Secret: known}))
	if len(got) != n || got[0] != "mail 0" || got[n-1] != fmt.Sprint("mail ", n-1) {
		t.Errorf("%d mails", len(got))
	}
}

// TestIMAPChange: only the mails that are named move or go, with every extension that a server has or lacks.
func TestIMAPChange(t *testing.T) {
	t.Parallel()
	for name, caps := range map[string][]imap.Cap{"MOVE": {imap.CapMove, imap.CapUIDPlus}, "UIDPLUS": {imap.CapUIDPlus}, "neither": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startIMAP(t, nil, caps...)
			for i := range 5 {
				s.put(t, "INBOX", fmt.Sprint("mail ", i))
			}
			told := 0
			b := open(t, s.url(""), mailbox.Options{Secret: known, Tell: func(codes.Message) { told++ }})
			_, items := bodiesOf(t, b)
			ids := ids(items)
			if err := b.Move(t.Context(), ids[:2], "処理済み"); err != nil {
				t.Fatal(err)
			}
			if err := b.Move(t.Context(), ids[:1], "処理済み"); err != nil {
				t.Errorf("what is gone already: %v", err)
			}
			if err := b.Delete(t.Context(), ids[4:]); err != nil {
				t.Fatal(err)
			}
			if err := b.Delete(t.Context(), []string{"99/3"}); err != nil {
				t.Errorf("of another life of the folder: %v", err)
			}
			got, _ := bodiesOf(t, b)
			if want := []string{"mail 2", "mail 3"}; name != "neither" && !slices.Equal(got, want) || name == "neither" && told == 0 {
				t.Errorf("%q", got)
			}
			moved, _ := bodiesOf(t, open(t, s.url("%E5%87%A6%E7%90%86%E6%B8%88%E3%81%BF"), mailbox.Options{Secret: known}))
			if name != "neither" && !slices.Equal(moved, []string{"mail 0", "mail 1"}) {
				t.Errorf("%q", moved)
			}
		})
	}
}

// TestIMAPWait: news end the wait, and the next look finds them.
func TestIMAPWait(t *testing.T) {
	t.Parallel()
	s := startIMAP(t, nil, imap.CapIdle)
	s.put(t, "INBOX", "one")
	b := open(t, s.url(""), mailbox.Options{Secret: known})
	bodiesOf(t, b)
	go func() {
		time.Sleep(50 * time.Millisecond)
		s.put(t, "INBOX", "two")
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := b.Wait(ctx, time.Minute); err != nil {
		t.Fatal(err)
	}
	if got, _ := bodiesOf(t, b); len(got) != 2 {
		t.Errorf("%q", got)
	}
	if err := b.Wait(t.Context(), time.Millisecond); err != nil {
		t.Errorf("nothing new: %v", err)
	}
}

// TestLoginRefused: the error says what the server said, and never the password, whatever the server repeats.
func TestLoginRefused(t *testing.T) {
	t.Parallel()
	s := startIMAP(t, nil)
	_, err := mailbox.Open(t.Context(), s.url(""), mailbox.Options{Secret: func(context.Context, string, string) (string, error) {
		return "wrong-secret", nil
	}})
	if !errors.Is(err, mailbox.ErrLogin) || strings.Contains(err.Error(), "wrong-secret") {
		t.Errorf("%v", err)
	}
	echo := script(t, "* OK hello\r\n", func(line string) string {
		word, rest, _ := strings.Cut(line, " ")
		if strings.HasPrefix(rest, "CAPABILITY") {
			return "* CAPABILITY IMAP4rev1\r\n" + word + " OK done\r\n"
		}
		return word + " NO you said " + rest + "\r\n"
	})
	_, err = mailbox.Open(t.Context(), "imap://news@"+echo, mailbox.Options{Secret: known})
	if !errors.Is(err, mailbox.ErrLogin) || strings.Contains(err.Error(), "geheim") || !strings.Contains(err.Error(), "you said") {
		t.Errorf("%v", err)
	}
}

// script is a server that answers each line with a text.
func script(t testing.TB, greeting string, answer func(line string) string) string {
	t.Helper()
	return startHostile(t, greeting, func(w io.Writer, word, rest string) bool {
		_, err := io.WriteString(w, answer(strings.TrimSuffix(word+" "+rest, " ")))
		return err == nil
	}).addr
}

// TestServersThatDoNotWork: silence, an answer without an end and a closed port end soon, and say what it was.
func TestServersThatDoNotWork(t *testing.T) {
	t.Parallel()
	silent := script(t, "", func(string) string { return "" })
	endless := script(t, "* OK hi\r\n", func(string) string { return strings.Repeat("* 1 EXISTS\r\n", 100_000) })
	mute := script(t, "+OK hi\r\n", func(string) string { return "" })
	long := script(t, "+OK hi\r\n", func(string) string { return "+OK" + strings.Repeat(" long", 50_000) + "\r\n" })
	other := script(t, "220 mail.test ESMTP\r\n", func(string) string { return "" })
	for url, says := range map[string]string{
		"imap://news@" + silent:   "does not answer",
		"pop3://news@" + mute:     "does not answer",
		"pop3://news@" + long:     "has no end",
		"pop3://news@" + other:    "no POP3 server",
		"imap://news@127.0.0.1:1": "cannot be read",
		"imap://news@" + endless:  "",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		patience := 200 * time.Millisecond
		if strings.HasSuffix(url, long) || strings.HasSuffix(url, other) { // they answer, slowly on a slow machine
			patience = 10 * time.Second
		}
		_, err := mailbox.Open(ctx, url, mailbox.Options{Secret: known, Timeout: patience})
		var said *codes.UserError
		if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), says) || !errors.As(err, &said) || said.Says.JA == "" {
			t.Errorf("%s: %v", url, err)
		}
		cancel()
	}
}

// TestContextEndsAStep: nobody waits for a server after the run has ended.
func TestContextEndsAStep(t *testing.T) {
	t.Parallel()
	reason := errors.New("enough")
	for _, url := range []string{"imap://news@", "pop3://news@"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(30*time.Millisecond, func() { cancel(reason) })
		silent := script(t, "", func(string) string { return "" })
		if _, err := mailbox.Open(ctx, url+silent, mailbox.Options{Secret: known}); !errors.Is(err, reason) {
			t.Errorf("%v", err)
		}
	}
}

func TestURLs(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"imap://u:geheim@h/x", "imap://h:0/", "imap://", "imap:///x", "pop3://h/folder", "ftp://h/x", "imap://h/?x",
		"imap://h/a%0d%0ab", "imap://u%0a@h/"} {
		err := mailbox.Check(s)
		var said *codes.UserError
		if !errors.As(err, &said) || said.Says.JA == "" || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", s, err)
		}
	}
	for _, s := range []string{"imap://u%40x.test@h/INBOX/sub", "IMAPS://h", "pop3://u@[::1]:1100", "pops://h", "mail.log", "C:\\mail.log"} {
		if err := mailbox.Check(s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func FuzzURL(f *testing.F) {
	f.Add("imap://u:p@h:143/INBOX")
	f.Fuzz(func(t *testing.T, s string) {
		if err := mailbox.Check(s); err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
	})
}
