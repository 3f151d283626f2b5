package mailbox_test

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender/mailbox"
)

// hostile is a server that says what it likes; what it heard comes back from heard.
type hostile struct {
	addr  string
	lines chan string
}

// startHostile serves one connection after another: each line that comes is answered, as long as answer says
// that the connection stays open.
func startHostile(t testing.TB, greeting string, answer func(w io.Writer, word, line string) (open bool)) *hostile {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &hostile{addr: ln.Addr().String(), lines: make(chan string, 1000)}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.WriteString(c, greeting)
				for s := bufio.NewScanner(c); s.Scan(); {
					select {
					case h.lines <- s.Text():
					default:
					}
					word, rest, _ := strings.Cut(s.Text(), " ")
					if !answer(c, word, rest) {
						return
					}
				}
			}()
		}
	}()
	return h
}

// heard are the lines that clients have said.
func (h *hostile) heard() (out []string) {
	for {
		select {
		case l := <-h.lines:
			out = append(out, l)
		default:
			return out
		}
	}
}

// imapAnswers are those of a server with three mails, but for what is said otherwise.
func imapAnswers(other func(w io.Writer, tag, line string) (answered, open bool)) func(io.Writer, string, string) bool {
	return func(w io.Writer, tag, line string) bool {
		if answered, open := other(w, tag, line); answered {
			return open
		}
		verb, _, _ := strings.Cut(line, " ")
		text := ""
		switch {
		case verb == "STARTTLS":
			return says("TAG NO\r\n")(w, tag)
		case verb == "CAPABILITY":
			text = "* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\n"
		case verb == "SELECT" || verb == "EXAMINE":
			text = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n"
		case strings.HasPrefix(line, "UID FETCH") && strings.Contains(line, "BODY.PEEK"):
			for i := range 3 {
				text += fmt.Sprintf("* %d FETCH (UID %d BODY[] {17}\r\nSubject: x\r\n\r\nhi%d)\r\n", i+1, i+1, i)
			}
		case strings.HasPrefix(line, "UID FETCH"):
			for i := range 3 {
				text += fmt.Sprintf("* %d FETCH (UID %d RFC822.SIZE 17 INTERNALDATE \"01-Jan-2026 00:00:00 +0000\")\r\n", i+1, i+1)
			}
		case strings.HasPrefix(line, "UID SEARCH"):
			text = "* SEARCH 1\r\n"
		}
		_, err := io.WriteString(w, text+tag+" OK done\r\n")
		return err == nil
	}
}

// looked opens a mailbox, reads all of it and deletes the first mail, and gives the first error.
func looked(ctx context.Context, url string, o mailbox.Options) error {
	b, err := mailbox.Open(ctx, url, o)
	if err != nil {
		return err
	}
	defer b.Close()
	first := ""
	for it, err := range b.Items(ctx) {
		if err != nil {
			return err
		}
		if first == "" {
			first = it.ID
		}
		r, err := it.Open(ctx)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return err
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	return b.Delete(ctx, []string{first})
}

// endless says a text again and again until nobody listens.
func endless(w io.Writer, text string) bool {
	text = strings.Repeat(text, 1+(64<<10)/len(text))
	for {
		if _, err := io.WriteString(w, text); err != nil {
			return false
		}
	}
}

// drip says something again and again, a little at a time.
func drip(w io.Writer, text string) bool {
	for {
		if _, err := io.WriteString(w, text); err != nil {
			return false
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// when answers one command otherwise.
func when(prefix string, do func(w io.Writer, tag string) bool) func(io.Writer, string, string) (bool, bool) {
	return func(w io.Writer, tag, line string) (bool, bool) {
		if !strings.HasPrefix(line, prefix) {
			return false, false
		}
		return true, do(w, tag)
	}
}

func says(text string) func(io.Writer, string) bool {
	return func(w io.Writer, tag string) bool {
		_, err := io.WriteString(w, strings.ReplaceAll(text, "TAG", tag))
		return err == nil
	}
}

// deed is what a server does to a client.
type deed struct {
	greeting string // "" is an ordinary one
	at       string // the command that is answered otherwise
	do       func(w io.Writer, tag string) bool
	want     string // in the error; "" where there need not be one
}

// fails checks that a server is found out: soon, in little memory, in words of both languages, without the password.
func (d deed) fails(t *testing.T, url string) {
	t.Helper()
	patience := 2 * time.Second
	if d.want == "does not answer" {
		patience = 10 * time.Millisecond
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := looked(ctx, url, mailbox.Options{Secret: known, Timeout: patience})
	runtime.ReadMemStats(&after)
	if grown := after.Sys - before.Sys; grown > 64<<20 {
		t.Errorf("%d MiB", grown>>20)
	}
	if ctx.Err() != nil {
		t.Error("no end")
	}
	if err == nil && d.want == "" {
		return
	}
	var said *codes.UserError
	if !errors.As(err, &said) || said.Says.JA == "" || !strings.Contains(err.Error(), d.want) {
		t.Fatalf("%s: %v", url, err)
	}
	if strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "\n") || len(err.Error()) > 1000 {
		t.Errorf("%q", err)
	}
}

// endlessly says a text again and again behind another one.
func endlessly(first, again string) func(io.Writer, string) bool {
	return func(w io.Writer, tag string) bool { return says(first)(w, tag) && endless(w, again) }
}

// ends says something and closes the connection.
func ends(text string) func(io.Writer, string) bool {
	return func(w io.Writer, tag string) bool { _ = says(text)(w, tag); return false }
}

// dripping says a little at a time.
func dripping(text string) func(io.Writer, string) bool {
	return func(w io.Writer, _ string) bool { return drip(w, text) }
}

func TestHostileIMAP(t *testing.T) {
	long, nest := strings.Repeat("x", 5000), strings.Repeat("(", 256<<10)
	for name, d := range map[string]deed{
		"a line without an end":      {at: "CAPABILITY", do: endlessly("", "* OK x"), want: "no end"},
		"lines without an end":       {at: "EXAMINE", do: endlessly("", "* 1 EXISTS\r\n"), want: "no end"},
		"no literal":                 {at: "EXAMINE", do: says("* LIST () \"/\" {9000000000000000000}\r\nx"), want: "does not answer"},
		"a literal without an end":   {at: "EXAMINE", do: endlessly("* LIST () \"/\" {9000000000}\r\n", "x"), want: "no end"},
		"a number that is too large": {at: "EXAMINE", do: says("* 99999999999999999999 EXISTS\r\n"), want: "cannot be read"},
		"the most mails of all":      {at: "EXAMINE", do: says("* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK x\r\n")},
		"the end in the middle":      {at: "UID FETCH", do: ends("* 1 FETCH (UID 1 BODY[] {99}\r\nSub"), want: "cannot be read"},
		"a little at a time":         {at: "EXAMINE", do: dripping("* 1 EXISTS\r\n"), want: "does not answer"},
		"other mails":                {at: "UID FETCH", do: endlessly("", "* 9 FETCH (UID 99 FLAGS ("+long+"))\r\n"), want: "no end"},
		"all numbers found":          {at: "UID SEARCH", do: says("* ESEARCH (TAG \"TAG\") UID ALL 1:4294967295\r\nTAG OK x\r\n")},
		"found by number":            {at: "UID SEARCH", do: says("* ESEARCH (TAG \"TAG\") ALL 1:4294967295\r\nTAG OK x\r\n")},
		"a literal after LOGIN":      {at: "LOGIN", do: says("* OK {5}\r\nTAG NO {100}\r\nTAG OK geheim\r\n"), want: "refused the login"},
		"a question after LOGIN":     {at: "LOGIN", do: says("+ geheim?\r\n"), want: "cannot be read"},
		"the password in a refusal":  {at: "EXAMINE", do: says("TAG NO geheim" + long + "\r\n"), want: "cannot be opened"},
		"the password as a tag":      {at: "EXAMINE", do: says("geheim OK x\r\n"), want: "cannot be read"},
		"PREAUTH":                    {greeting: "* PREAUTH go on\r\n", at: "nothing"},
		"BYE":                        {greeting: "* BYE geheim\r\n", at: "nothing", want: "cannot be read"},
		"a nest":                     {greeting: "* OK x\r\n* 1 FETCH (BODYSTRUCTURE " + nest, at: "nothing", want: "nested too deeply"},
	} {
		t.Run(name, func(t *testing.T) {
			greeting := cmp.Or(d.greeting, "* OK hi\r\n")
			d.fails(t, "imap://news@"+startHostile(t, greeting, imapAnswers(when(d.at, d.do))).addr)
		})
	}
}

// popAnswers are those of a server with one mail, but for what is said otherwise.
func popAnswers(d deed) func(io.Writer, string, string) bool {
	return func(w io.Writer, word, rest string) bool {
		if strings.HasPrefix(word+" "+rest, d.at) {
			return d.do(w, "")
		}
		text := map[string]string{"CAPA": "+OK\r\nUIDL\r\nUSER\r\n.\r\n", "LIST": "+OK\r\n1 10\r\n.\r\n", "UIDL": "+OK\r\n1 a\r\n.\r\n",
			"RETR": "+OK\r\nSubject: x\r\n\r\nhi\r\n.\r\n"}[word]
		_, err := io.WriteString(w, cmp.Or(text, "+OK\r\n"))
		return err == nil
	}
}

func TestHostilePOP3(t *testing.T) {
	for name, d := range map[string]deed{
		"a line without an end":       {at: "USER", do: endlessly("", "+OK x"), want: "no end"},
		"capabilities without an end": {at: "CAPA", do: endlessly("+OK\r\n", "X\r\n"), want: "no end"},
		"mails without an end":        {at: "LIST", do: endlessly("+OK\r\n", "1 1\r\n"), want: "no end"},
		"names without an end":        {at: "UIDL", do: endlessly("+OK\r\n", "7 a\r\n"), want: "no end"},
		"a long name":                 {at: "UIDL", do: says("+OK\r\n1 " + strings.Repeat("a", 60_000) + "\r\n.\r\n")},
		"a mail without an end":       {at: "RETR", do: dripping("+OK\r\n"), want: "does not answer"},
		"a little at a time":          {at: "PASS", do: dripping("+"), want: "does not answer"},
		"silence":                     {at: "PASS", do: says(""), want: "does not answer"},
		"the end in the middle":       {at: "RETR", do: ends("+OK\r\nSub"), want: "cannot be read"},
		"a mail that is too large":    {at: "LIST", do: says("+OK\r\n1 9000000000000000000\r\n.\r\n"), want: "larger than 1 GiB"},
		"no number":                   {at: "LIST", do: says("+OK\r\n1 geheim\r\n.\r\n"), want: "no answer to LIST"},
		"a negative number":           {at: "LIST", do: says("+OK\r\n-1 1\r\n.\r\n"), want: "no answer to LIST"},
		"the password at the edge":    {at: "PASS", do: says(strings.Repeat("x", 76) + "geheim\r\n"), want: "no POP3 server"},
		"the password in a refusal":   {at: "PASS", do: says("-ERR PASS geheim, AG5ld3MAZ2VoZWlt\r\n"), want: "refused the login"},
		"a question":                  {at: "PASS", do: says("+ geheim\r\n"), want: "asked a question"},
		"the password in a greeting":  {at: "nothing", greeting: "-ERR geheim\r\n", want: "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			d.fails(t, "pop3://news@"+startHostile(t, cmp.Or(d.greeting, "+OK hi\r\n"), popAnswers(d)).addr)
		})
	}
}

// dialing reaches a server under any name.
func dialing(addr string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
}

// TestNoPasswordInTheClear: whoever sits in between can keep TLS away, but learns nothing.
func TestNoPasswordInTheClear(t *testing.T) {
	t.Parallel()
	injected := "TAG OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nT2 OK in\r\nT3 OK in\r\n"
	for name, d := range map[string]deed{
		"imap, no TLS":             {at: "STARTTLS", do: says("TAG NO\r\n"), want: "offers no TLS"},
		"imap, never heard of it":  {at: "STARTTLS", do: says("TAG BAD\r\n"), want: "offers no TLS"},
		"imap, answers before TLS": {at: "STARTTLS", do: says(injected), want: "cannot be read"},
		"imap, no handshake":       {at: "STARTTLS", do: says("TAG OK begin\r\n"), want: "does not answer"},
		"imap, closed":             {at: "STARTTLS", do: ends(""), want: "cannot be read"},
		"imap, logged in already":  {at: "STARTTLS", greeting: "* PREAUTH hi\r\n", do: ends("TAG OK begin\r\n"), want: "cannot be read"},
		"pop3, not among the rest": {at: "nothing", want: "offers no TLS"},
		"pop3, no capabilities":    {at: "CAPA", do: says("-ERR\r\n"), want: "offers no TLS"},
		"pop3, no TLS":             {at: "CAPA", do: says("+OK\r\nSTLS\r\n.\r\n-ERR\r\n"), want: "cannot be read"},
		"pop3, answers before TLS": {at: "CAPA", do: says("+OK\r\nSTLS\r\n.\r\n+OK\r\n+OK\r\n+OK in\r\n"), want: "between STLS and TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, greeting, answers := "imap://news@mail.test", cmp.Or(d.greeting, "* OK hi\r\n"), imapAnswers(when(d.at, d.do))
			if strings.HasPrefix(name, "pop3") {
				url, greeting, answers = "pop3://news@mail.test", "+OK hi\r\n", popAnswers(d)
			}
			h := startHostile(t, greeting, answers)
			_, err := mailbox.Open(t.Context(), url, mailbox.Options{Secret: known, Timeout: 100 * time.Millisecond, Dial: dialing(h.addr)})
			if err == nil || !strings.Contains(err.Error(), d.want) {
				t.Error(err)
			}
			for _, line := range h.heard() {
				if strings.Contains(line, "geheim") || strings.Contains(line, "Z2VoZWlt") || strings.Contains(line, "LOGIN") {
					t.Errorf("%q", line)
				}
			}
		})
	}
}

// TestOnlyNamedMailsGo: whatever a server finds, and although it forgets who was who.
func TestOnlyNamedMailsGo(t *testing.T) {
	t.Parallel()
	var life atomic.Int32
	var closed atomic.Bool
	life.Store(6)
	h := startHostile(t, "* OK hi\r\n", imapAnswers(func(w io.Writer, tag, line string) (bool, bool) {
		switch {
		case strings.HasPrefix(line, "SELECT"):
			return true, says(fmt.Sprintf("* 3 EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\nTAG OK done\r\n", life.Add(1)))(w, tag)
		case strings.HasPrefix(line, "UID SEARCH"):
			return true, says("* SEARCH 1 2 3\r\nTAG OK done\r\n")(w, tag)
		case strings.HasPrefix(line, "UID EXPUNGE") && !closed.Swap(true):
			return true, false
		}
		return false, false
	}))
	b := open(t, "imap://news@"+h.addr, mailbox.Options{Secret: known})
	if err := b.Delete(t.Context(), []string{"7/2"}); err == nil {
		t.Error("the connection ended in the middle of it")
	}
	if err := b.Delete(t.Context(), []string{"7/3"}); err != nil {
		t.Error(err)
	}
	if err := b.Delete(t.Context(), []string{"8/1"}); err != nil {
		t.Error(err)
	}
	var stored []string
	for _, line := range h.heard() {
		if _, set, ok := strings.Cut(line, "UID STORE "); ok {
			stored = append(stored, set[:1])
		}
	}
	if strings.Join(stored, " ") != "2 1" {
		t.Errorf("%q: 3 was a mail of an earlier life of the folder", stored)
	}
}

// FuzzPOP3: whatever a server says, there is an end, and the password is not in what is told of it.
func FuzzPOP3(f *testing.F) {
	for _, s := range []string{
		"+OK\r\n+OK\r\nUIDL\r\n.\r\n+OK\r\n+OK\r\n+OK\r\n1 5\r\n2 7\r\n.\r\n+OK\r\n1 a\r\n.\r\n+OK\r\n..x\r\n.\r\n+OK\r\n.\r\n+OK\r\n",
		"+OK\r\n-ERR\r\n-ERR geheim\r\n", "+OK\r\n+OK\r\nSASL PLAIN\r\n.\r\n+ \r\n", "+OK\n-ERR\n+OK\n+OK\n+OK\n-1 -1\n1 x\n.\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		dial := func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go func() { _, _ = io.Copy(io.Discard, server) }()
			go func() { _, _ = server.Write(in); _ = server.Close() }()
			return client, nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err := looked(ctx, "pop3://news@localhost", mailbox.Options{Secret: known, Timeout: time.Second, Dial: dial})
		if ctx.Err() != nil || err != nil && strings.Contains(err.Error(), "geheim") {
			t.Errorf("%v", err)
		}
	})
}
