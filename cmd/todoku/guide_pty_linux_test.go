package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// openPTY gives both ends of a terminal of a size.
func openPTY(t *testing.T, columns, rows uint16) (keyboard, tty *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { master.Close() })
	var unlocked, n int32
	size := [4]uint16{rows, columns}
	for request, value := range map[uintptr]unsafe.Pointer{syscall.TIOCSPTLCK: unsafe.Pointer(&unlocked),
		syscall.TIOCGPTN: unsafe.Pointer(&n), syscall.TIOCSWINSZ: unsafe.Pointer(&size)} {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, master.Fd(), request, uintptr(value)); errno != 0 {
			t.Skipf("no terminals here: %v", errno)
		}
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	return master, tty
}

// mode is how a terminal treats what is typed.
func mode(t *testing.T, tty *os.File) uint32 {
	var m syscall.Termios
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, tty.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&m))); errno != 0 {
		t.Fatal(errno)
	}
	return m.Lflag
}

// seen is what stood on a terminal until now.
type seen struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *seen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(b)
}

func (s *seen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// await waits for a text after the first from octets, and gives where it ends.
func (s *seen) await(t *testing.T, from int, text string) int {
	t.Helper()
	for range 1000 {
		if all := s.String(); len(all) >= from {
			if i := strings.Index(all[from:], text); i >= 0 {
				return from + i + len(text)
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%q does not come after octet %d of\n%s", text, from, s.String())
	return 0
}

// types waits for a text and then types keys, one pair after the other, and gives where the last text ends.
func (s *seen) types(t *testing.T, keyboard *os.File, keys [][2]string) (at int) {
	t.Helper()
	for _, k := range keys {
		at = s.await(t, at, k[0])
		if _, err := keyboard.WriteString(k[1]); err != nil {
			t.Fatal(err)
		}
	}
	return at
}

// onTerminal starts todoku on a terminal of its own; screen is what stands there.
func onTerminal(t *testing.T, keyboard, tty *os.File, args ...string) (c *exec.Cmd, screen *seen) {
	t.Helper()
	c = ownCommand(t, args...)
	c.Env = append(alone(t), "TERM=xterm")
	c.Stdin, c.Stdout, c.Stderr = tty, tty, tty
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	screen = new(seen)
	go func() { _, _ = io.Copy(screen, keyboard) }()
	return c, screen
}

// gmailReply is a reply in lines, with letters that are keys of the guide.
const gmailReply = "550-5.7.26 This mail has been blocked because the sender is unauthenticated.\r550-5.7.26 Gmail requires all senders" +
	" to authenticate with either SPF or DKIM.\r550-5.7.26 b\r550 5.7.26 For instructions, go to the page. q-request - gsmtp"

// TestGuideOnATerminal presses keys: after "wait for", type "keys".
func TestGuideOnATerminal(t *testing.T) {
	t.Parallel()
	const foot = "q end"
	for _, tt := range []struct {
		name   string
		args   []string
		keys   [][2]string
		status int
		shows  string
	}{
		{"arrows", []string{"--lab", "guide"}, [][2]string{{foot, "\x1b[B"}, {foot, "\x1b[A"}, {foot, "\r"},
			{"= A: Address", ""}, {foot, "2"}, {"= 42553", ""}, {foot, "\r"},
			{"Sender's address", "news@no-spf.test\r"}, {"Recipient's address", "user@takes.test\r"},
			{"IP address", "nonsense\r"}, {"not an IP address", "\r"},
			{"has no SPF record", ""}, {"Which cause", ""}, {foot, "\r"}, {"Step 1 of 4", ""}, {foot, "q"}}, 0, "Steps left: 1, 2, 3, 4"},
		{"interrupt", []string{"guide"}, [][2]string{{foot, "\x03"}}, 130, "interrupted"},
		{"interrupt while typing", []string{"guide"}, [][2]string{{foot, "8"}, {"Paste", ""}, {"(b: back", "\x03"}}, 130, "interrupted"},
		{"back", []string{"guide", "F"}, [][2]string{{"Check this now", ""}, {foot, "\x1b"}, {"first question", ""},
			{foot, "\x04"}}, 0, "Steps left"},
		{"a marked paste of many lines", []string{"--lab", "guide"}, [][2]string{{foot, "8"}, {"Paste", ""},
			{"(b: back", "\x1b[200~" + gmailReply + "\x1b[201~"},
			{"q-request", "\r"}, {"Find out now", ""}, {foot, "q"}}, 0, "Steps left: 1, 2, 3"},
		{"a paste of many lines that is not marked", []string{"--lab", "guide"}, [][2]string{{foot, "8"}, {"Paste", ""}, {"(b: back", gmailReply},
			{"q-request", "\r"}, {"Find out now", ""}, {foot, "q"}}, 0, "Steps left: 1, 2, 3"},
		{"a paste with an end of line", []string{"--lab", "guide"}, [][2]string{{foot, "8"}, {"Paste", ""}, {"(b: back", gmailReply + "\r"},
			{"Find out now", ""}, {foot, "q"}}, 0, "Steps left: 1, 2, 3"},
		{"a paste into a plain guide", []string{"--lab", "guide", "--plain"}, [][2]string{{"Number 1 to", "8\r"},
			{"Paste", ""}, {"Answer (b", gmailReply + "\r"},
			{"Find out now", ""}, {"Number 1 to", "q\r"}}, 0, "Steps left: 1, 2, 3"},
		{"a paste into a choice", []string{"--lab", "guide"}, [][2]string{{foot, "\x1b[200~qqq\r3\r\x1b[201~"}, {"", "\uff16"},
			{"= F:", ""}, {foot, "q"}}, 0, "Steps left"},
		{"typed and erased", []string{"--lab", "guide"}, [][2]string{{foot, "\uff18"}, {"Paste", ""}, {"(b: back", "9999"}, {"9999", "\x15"},
			{"(b: back", "届No.42559"}, {"届No.42559", "\x7f"}, {"(b: back", "3\x1b[D"}, {"3", "\r"}, {"is no code", ""},
			{"(b: back", "４２５５３\r"},
			{"Find out now", ""}, {foot, "q"}}, 0, "Steps left: 1, 2, 3"},
		{"plain", []string{"guide", "--plain", "F"}, [][2]string{{"Number 1 to", "1\r"}, {"Recipient's", "\r"},
			{"Number 1 to", "q\r"}}, 0, "Steps left"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			keyboard, tty := openPTY(t, 80, 24)
			before := mode(t, tty)
			c, screen := onTerminal(t, keyboard, tty, tt.args...)
			at := screen.types(t, keyboard, tt.keys)
			screen.await(t, at, tt.shows)
			_ = c.Wait()
			if got := c.ProcessState.ExitCode(); got != tt.status {
				t.Errorf("exit %d, want %d:\n%s", got, tt.status, screen.String())
			}
			if after := mode(t, tty); after != before {
				t.Errorf("the terminal is left in mode %x, was %x", after, before)
			}
			tty.Close()
			if plain := tt.name == "plain"; plain && strings.Contains(screen.String(), "\x1b") {
				t.Errorf("the cursor is moved:\n%q", screen.String())
			}
		})
	}
}

// TestPlainLinesBreakBetweenWords: what is longer than the terminal's line breaks where a word ends.
func TestPlainLinesBreakBetweenWords(t *testing.T) {
	t.Parallel()
	keyboard, tty := openPTY(t, 50, 24)
	c, screen := onTerminal(t, keyboard, tty, "guide", "--plain", "--lang", "en")
	screen.types(t, keyboard, [][2]string{{"Number 1 to", "q\r"}})
	_ = c.Wait()
	for line := range strings.Lines(screen.String()) {
		if strings.HasPrefix(line, "2. B") && strings.TrimSpace(line) != "2. B: Receiving server in trouble (41606, 424xx," {
			t.Errorf("%q", line)
		}
	}
	if !strings.Contains(screen.String(), "2. B: Receiving server") {
		t.Errorf("no choices:\n%s", screen)
	}
}
