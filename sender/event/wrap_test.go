package event_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/sender/event"
)

// wrappedAt is when the lines of the tests below were written.
var wrappedAt = time.Date(2026, 11, 1, 8, 9, 10, 123456000, time.UTC)

// said are lines of a log without the time, host and program before them.
var said = []string{
	"0A18A1ab001234: from=<a@b.example>, size=1, class=0, nrcpts=1, msgid=<m@b.example>, relay=x [192.0.2.1]",
	`0A18A1ab001234: to=<"é"@d.example>, mailer=esmtp, relay=mx.d.example. [192.0.2.2], dsn=5.1.1, stat=User unknown`,
	"STARTTLS=client, relay=mx.d.example., version=TLSv1.3",
	"0A18A1ab001234: to=<e@d.example>, mailer=esmtp, relay=mx.d.example. [192.0.2.2], dsn=4.0.0, stat=Deferred: " +
		"Connection refused by mx.d.example.",
}

func jsonLine(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// wrappings put something around what is said in a line.
var wrappings = map[string]func(said string) string{
	"plain":        func(s string) string { return "2026-11-01T08:09:10.123456Z mx sm-mta[77]: " + s },
	"short-iso":    func(s string) string { return "2026-11-01T17:09:10+0900 mx sm-mta[77]: " + s },
	"short-full":   func(s string) string { return "Sun 2026-11-01 17:09:10 JST mx sm-mta[77]: " + s },
	"short-unix":   func(s string) string { return "1793520550.123456 mx sm-mta[77]: " + s },
	"priority":     func(s string) string { return "<22>2026-11-01T08:09:10Z mx sm-mta[77]: " + s },
	"rfc5424":      func(s string) string { return `<22>1 2026-11-01T08:09:10.123456Z mx sm-mta 77 - [a@1 b="c\]"] ` + s },
	"docker -t":    func(s string) string { return "2026-11-01T08:09:10.123456789Z sm-mta[77]: " + s },
	"docker stamp": func(s string) string { return "2026-11-01T08:09:10.123456789Z Nov  1 08:09:10 mx sm-mta[77]: " + s },
	"cri": func(s string) string {
		return "2026-11-01T08:09:10.123456789Z stdout F Nov  1 08:09:10 mx sm-mta[77]: " + s
	},
	"cri bare": func(s string) string { return "2026-11-01T08:09:10.123456789Z stderr F sm-mta[77]: " + s },
	"cri parts": func(s string) string {
		return "2026-11-01T08:09:10.1Z stdout P sm-mta[77]: " + s[:9] + "\n2026-11-01T08:09:10.1Z stdout F " + s[9:]
	},
	"compose":    func(s string) string { return "mail-1  | 2026-11-01T08:09:10Z mx sm-mta[77]: " + s },
	"compose -t": func(s string) string { return "\x1b[36mmail-1   |\x1b[0m 2026-11-01T08:09:10Z sm-mta[77]: " + s },
	"grep": func(s string) string {
		return "/var/log/mail.log-20261101.gz:123:2026-11-01T08:09:10Z mx sm-mta[77]: " + s
	},
	"grep -A": func(s string) string { return "mail.log-2026-11-01T08:09:10Z mx sm-mta[77]: " + s },
	"grep -n": func(s string) string { return "4711:2026-11-01T08:09:10Z mx sm-mta[77]: " + s },
	"quoted":  func(s string) string { return "> > 2026-11-01T08:09:10Z mx sm-mta[77]: " + s },
	"kubectl": func(s string) string { return "[pod/mail-0/mta] 2026-11-01T08:09:10Z mx sm-mta[77]: " + s },
	"aws tail": func(s string) string {
		return "2026-11-01T08:09:10.1Z web/i-12 2026-11-01T08:09:10Z mx sm-mta[77]: " + s
	},
	"logcli": func(s string) string {
		return `2026-11-01T08:09:10Z {app="mta"} 2026-11-01T08:09:10Z mx sm-mta[77]: ` + s
	},
	"docker file": func(s string) string {
		return jsonLine(map[string]string{"log": "Nov  1 08:09:10 mx sm-mta[77]: " + s + "\n", "stream": "stdout",
			"time": "2026-11-01T08:09:10.1Z"})
	},
	"cloudwatch": func(s string) string {
		return jsonLine(map[string]any{"timestamp": wrappedAt.UnixMilli(), "message": "Nov  1 08:09:10 mx sm-mta[77]: " + s})
	},
	"vector": func(s string) string {
		return jsonLine(map[string]any{"appname": "sm-mta", "procid": 77, "hostname": "mx", "message": s, "timestamp": "2026-11-01T08:09:10Z"})
	},
	"journal": func(s string) string {
		return jsonLine(map[string]any{"__REALTIME_TIMESTAMP": fmt.Sprint(wrappedAt.UnixMicro()), "_HOSTNAME": "mx",
			"SYSLOG_IDENTIFIER": "sm-mta", "_PID": "77", "MESSAGE": s})
	},
	"journal octets": func(s string) string {
		octets := make([]int, len(s))
		for i := range len(s) {
			octets[i] = int(s[i])
		}
		return jsonLine(map[string]any{"__REALTIME_TIMESTAMP": fmt.Sprint(wrappedAt.UnixMicro()), "_HOSTNAME": "mx",
			"SYSLOG_IDENTIFIER": "sm-mta", "_PID": "77", "MESSAGE": octets})
	},
	"journal pretty": func(s string) string {
		b, _ := json.MarshalIndent(map[string]any{"__REALTIME_TIMESTAMP": fmt.Sprint(wrappedAt.UnixMicro()), "_HOSTNAME": "mx",
			"SYSLOG_IDENTIFIER": "sm-mta", "_PID": "77", "MESSAGE": s}, "", "\t")
		return string(b)
	},
	"journal export": func(s string) string {
		return fmt.Sprintf("__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=%d\n_HOSTNAME=mx\nSYSLOG_IDENTIFIER=sm-mta\nSYSLOG_PID=77\nMESSAGE=%s\n",
			wrappedAt.UnixMicro(), s)
	},
	"journal export octets": func(s string) string {
		size := binary.LittleEndian.AppendUint64(nil, uint64(len(s)))
		return fmt.Sprintf("__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=%d\n_HOSTNAME=mx\nSYSLOG_IDENTIFIER=sm-mta\nMESSAGE\n%s%s\n",
			wrappedAt.UnixMicro(), size, s)
	},
}

func TestWrappedLogs(t *testing.T) {
	t.Parallel()
	want := []string{`failed "é"@d.example a@b.example 2026-11-01T08:09:10Z exact`,
		"delayed e@d.example a@b.example 2026-11-01T08:09:10Z exact"}
	for name, wrap := range wrappings {
		var log bytes.Buffer
		for _, s := range said {
			log.WriteString(wrap(s) + "\n")
		}
		var got []string
		for e, err := range event.Read(context.Background(), event.Source{Reader: &log}) {
			if err != nil {
				t.Fatal(err)
			}
			clock := "not exact"
			if e.Clock == event.Exact {
				clock = "exact"
			}
			got = append(got, fmt.Sprint(e.Action, " ", e.Recipient, " ", e.From, " ",
				e.Time.UTC().Truncate(time.Second).Format(time.RFC3339), " ", clock))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n%s", name, strings.Join(got, "\n"))
		}
	}
}

// TestWrappedLinesKeepTheirNumbers: the place of an event is the line of the file.
func TestWrappedLinesKeepTheirNumbers(t *testing.T) {
	t.Parallel()
	log := "mail-1 | starting\n"
	for _, s := range said {
		log += wrappings["compose"](s) + "\n"
	}
	var got []int64
	in := new(event.Input)
	for e, err := range event.Read(context.Background(), event.Source{Reader: strings.NewReader(log), Input: in}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Source.Line)
	}
	if !slices.Equal(got, []int64{3, 5}) || in.Lines != 5 {
		t.Errorf("lines %v of %d", got, in.Lines)
	}
}

func FuzzWrapped(f *testing.F) {
	for _, wrap := range wrappings {
		f.Add(wrap(said[0]) + "\n" + wrap(said[1]) + "\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		for _, err := range event.Read(context.Background(), event.Source{Reader: strings.NewReader(text)}) {
			if n++; err != nil || n > len(text)+1 {
				t.Fatal(n, err)
			}
		}
	})
}

func BenchmarkIsWrapped(b *testing.B) {
	line := wrappings["plain"](said[1]) + "\n"
	log := strings.Repeat(line, 1000)
	for b.Loop() {
		for range event.Read(context.Background(), event.Source{Reader: strings.NewReader(log)}) {
			break
		}
	}
}
