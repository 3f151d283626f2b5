package event_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"todoku/sender/event"
)

// smtpdLog writes the log of n mails in the form of a version of OpenSMTPD.
func smtpdLog(n int, seed uint64, line string) *mailLog {
	l := newMailLog(seed)
	l.run(n, func(i int) func() bool {
		from, to, tries := l.address(), l.address(), 0
		return func() bool {
			tries++
			o := outcomes[l.rand.IntN(len(outcomes))]
			words := strings.ReplaceAll(o.words, "%s", to)
			a := attempt{o.action, to, from, "", o.code, o.status}
			result := map[event.Action]string{event.Delivered: "Ok", event.Delayed: "TempFail", event.Failed: "PermFail"}[o.action]
			if tries > 4 {
				result, words = "Expire", "Envelope expired"
				a = attempt{event.Expired, to, from, "", 0, ""}
			}
			if a.Action == event.Delivered {
				a.Code, a.Status = 0, ""
			}
			l.lines = append(l.lines, l.now.Format("Jan _2 15:04:05")+" mx1 smtpd[77]: "+
				strings.NewReplacer("ID", fmt.Sprintf("7f3a%012x", i), "FROM", from, "RCPT", to, "RESULT", result, "WORDS", words).Replace(line))
			l.truth = append(l.truth, a.String())
			return a.Action == event.Delayed
		}
	})
	return l
}

func TestOpenSMTPDLogs(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"new": `ID mta delivery evpid=ID from=<FROM> to=<RCPT> rcpt=<-> source="192.0.2.7" relay="198.51.100.1 ` +
			`(mx.d.example)" delay=1s result="RESULT" stat="WORDS"`,
		"event": `ID mta event=delivery evpid=ID from=<FROM> to=<RCPT> rcpt=<-> source="192.0.2.7" relay="198.51.100.1 (mx.d.example)" delay=1 ` +
			`result="RESULT" stat="WORDS"`,
		"local": `ID mda delivery evpid=ID from=<FROM> to=<RCPT> rcpt=<RCPT> user=joe delay=0s result=RESULT stat=WORDS`,
		"old": `relay: RESULT for ID: session=ID, from=<FROM>, to=<RCPT>, rcpt=<->, source=192.0.2.7, relay=198.51.100.1 ` +
			`(mx.d.example), delay=1s, stat=WORDS`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			smtpdLog(500, 5, line).compare(t, "opensmtpd", func(e event.Event) string {
				if name != "local" && (e.RemoteMTA != "mx.d.example" || e.RemoteIP.String() != "198.51.100.1" || e.SendingIP.String() != "192.0.2.7") {
					t.Errorf("%s at %s, from %s", e.RemoteMTA, e.RemoteIP, e.SendingIP)
				}
				return told(e)
			})
		})
	}
}

func FuzzOtherLogs(f *testing.F) {
	f.Add("Nov  1 08:09:10 mx sm-mta[1]: 0A18A1ab001234: to=<a@b>, mailer=x, dsn=5.0.0, stat=Host unknown\n")
	f.Add("@400000006546bd0a1dcd6500 starting delivery 7: msg 12 to local d-joe@d\n@400000006546bd0b1dcd6500 delivery 7: failure: x/\n")
	f.Add(`Nov  1 08:09:10 mx smtpd[1]: 1 mta delivery evpid=1 from=<> to=<a@b> relay="1.2.3.4 (x)" result="PermFail" stat="550 x"` + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		for _, err := range event.Read(context.Background(), event.Source{Reader: strings.NewReader(text)}) {
			if n++; err != nil || n > len(text)+1 {
				t.Fatal(n, err)
			}
		}
	})
}
