package event

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// eventsIn reads an input with a number of workers.
func eventsIn(t *testing.T, data []byte, workers int) ([]Event, Input) {
	t.Helper()
	var in Input
	var out []Event
	for e, err := range Read(context.Background(), Source{Name: "x", Reader: bytes.NewReader(data), Workers: workers, Input: &in}) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out, in
}

// TestMailbox: the mails of a mailbox file tell the same, one by one or side by side, each with its number.
func TestMailbox(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/mails/*/*.eml")
	var box bytes.Buffer
	single := 0
	for range 5 {
		for _, path := range files {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if box.Len() < 1<<20 {
				one, _ := eventsIn(t, data, 1)
				single += len(one)
				data = bytes.TrimPrefix(data, []byte("From MAILER-DAEMON Mon Feb  2 10:00:05 2026\n"))
				box.WriteString("From MAILER-DAEMON Mon Feb  2 10:00:05 2026\n")
				box.Write(bytes.ReplaceAll(data, []byte("\nFrom "), []byte("\n>From ")))
				box.WriteString("\n\n")
			}
		}
	}
	first, in := eventsIn(t, box.Bytes(), 1)
	if len(first) < single*98/100 || in.Format != "mbox" || int(in.Lines) != 5*len(files) {
		t.Errorf("%d events of %d, %s, %d mails of %d", len(first), single, in.Format, in.Lines, 5*len(files))
	}
	for i := range first {
		if i > 0 && first[i].Source.Line < first[i-1].Source.Line {
			t.Fatal("not in order")
		}
	}
	again, _ := eventsIn(t, box.Bytes(), 4)
	if !reflect.DeepEqual(first, again) {
		t.Error("four workers read something else than one")
	}
}

// TestHostileMails: nothing in a mail makes the reader fail, hang or fill the memory.
func TestHostileMails(t *testing.T) {
	t.Parallel()
	head := "From: MAILER-DAEMON@x.example\nTo: a@b.example\nSubject: Undelivered Mail\n"
	var nested, wide strings.Builder
	nested.WriteString(head)
	for i := range 10000 {
		b := strings.Repeat("b", i%60+1)
		nested.WriteString("Content-Type: multipart/mixed; boundary=" + b + "\n\n--" + b + "\n")
	}
	wide.WriteString(head + "Content-Type: multipart/mixed; boundary=x\n\n")
	for range 50000 {
		wide.WriteString("--x\nContent-Type: text/plain\n\nuser@k.example: 550 5.1.1 unknown\n")
	}
	for name, mail := range map[string]string{
		"nested": nested.String(), "wide": wide.String(),
		"long line":      head + "\n" + strings.Repeat("<a@b.example>: 550 5.1.1 ", 100000),
		"many addresses": head + "\nundeliverable:\n" + strings.Repeat("u@k.example\nv@k.example\n", 50000),
		"long header":    head + strings.Repeat("X-A: b\n", 100000) + "\ncould not be delivered\n",
		"one header":     head + "To: " + strings.Repeat("a@b.example, ", 100000) + "\n\ncould not be delivered\n",
		"recipients": head + "Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n" +
			strings.Repeat("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n", 5000),
		"signs":   head + "\n" + strings.Repeat("@", 100000) + strings.Repeat("<", 100000) + strings.Repeat("=?", 50000),
		"html":    head + "Content-Type: text/html\n\n" + strings.Repeat("<div <", 100000),
		"nothing": "From: \nTo: \n\n",
	} {
		if events, _ := eventsIn(t, []byte(mail), 2); len(events) > maxBlocks+10 {
			t.Errorf("%s: %d events", name, len(events))
		}
	}
}

func FuzzMail(f *testing.F) {
	files, _ := filepath.Glob("testdata/mails/*/*.eml")
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, e := range readMail(data).events {
			if len(e.Diagnostic) > 64<<10 {
				t.Fatalf("%d octets of words", len(e.Diagnostic))
			}
		}
	})
}

// TestLongLineOfText: of a line without end the beginning is read, which is told, and then the lines behind it.
func TestLongLineOfText(t *testing.T) {
	t.Parallel()
	events, in := eventsIn(t, []byte(strings.Repeat("550 no ", 100_000)+"\n\nu@k.example: 551 5.7.1 moved away\n"), 1)
	if len(events) == 0 || events[len(events)-1].Recipient != "u@k.example" || len(in.Notes) != 1 {
		t.Error(len(events), in.Notes)
	}
}
