package event_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"todoku/sender/event"
)

// qmailLog writes the log of n messages; numbers of deliveries and of messages come again, as they do after a restart.
func qmailLog(n int, seed uint64, stamp func(time.Time) string) *mailLog {
	l := newMailLog(seed)
	delivery := 0
	busy := map[int]bool{}
	say := func(format string, args ...any) { l.lines = append(l.lines, stamp(l.now)+fmt.Sprintf(format, args...)) }
	l.run(n, func(i int) func() bool {
		msg := 93000 + i%40
		for busy[msg] {
			msg++
		}
		busy[msg] = true
		from := l.address()
		waiting := []string{l.address() + "0", l.address() + "1", l.address() + "2"}[:1+l.rand.IntN(3)]
		say("new msg %d", msg)
		say("info msg %d: bytes %d from <%s> qp %d uid 89", msg, 900+i, from, 4000+i)
		number, to, tries := 0, "", 0
		return func() bool {
			if number == 0 && len(waiting) == 0 {
				say("end msg %d", msg)
				delete(busy, msg)
				return false
			}
			if number == 0 {
				to, waiting = waiting[0], waiting[1:]
				delivery = delivery%500 + 1
				number = delivery
				say("starting delivery %d: msg %d to remote %s", number, msg, to)
				say("status: local 0/10 remote 1/20")
				return true
			}
			tries++
			o := outcomes[l.rand.IntN(len(outcomes))]
			words := strings.ReplaceAll(strings.ReplaceAll(o.words, "%s", to), " ", "_")
			a := attempt{o.action, to, from, "", o.code, o.status}
			switch {
			case o.action == event.Delivered:
				say("delivery %d: success: 198.51.100.7_accepted_message./Remote_host_said:_%s/", number, words)
				a.Code, a.Status = 0, ""
			case o.action == event.Delayed && tries > 6:
				say("delivery %d: failure: 198.51.100.7_failed_after_I_sent_the_message./Remote_host_said:_%s/"+
					"I'm_not_going_to_try_again;_this_message_has_been_in_the_queue_too_long./", number, words)
				a.Action = event.Expired
			case o.action == event.Delayed:
				say("delivery %d: deferral: 198.51.100.7_does_not_like_recipient./Remote_host_said:_%s/Giving_up_on_198.51.100.7./", number, words)
				waiting = append(waiting, to)
			default:
				say("delivery %d: failure: 198.51.100.7_does_not_like_recipient./Remote_host_said:_%s/Giving_up_on_198.51.100.7./", number, words)
			}
			l.truth = append(l.truth, a.String())
			number = 0
			return true
		}
	})
	return l
}

func TestQmailLogs(t *testing.T) {
	t.Parallel()
	for name, stamp := range map[string]func(time.Time) string{
		"multilog": func(t time.Time) string { return fmt.Sprintf("@4%015x%08x ", t.Unix()+10, t.Nanosecond()) },
		"local":    func(t time.Time) string { return t.Format("2006-01-02 15:04:05.000000000 ") },
		"syslog": func(t time.Time) string {
			return t.Format("Jan _2 15:04:05") + " mx1 qmail: " + fmt.Sprintf("%d.%06d ", t.Unix(), t.Nanosecond()/1000)
		},
		"qmailsend": func(t time.Time) string { return t.Format("Jan _2 15:04:05") + " mx1 qmail-send[77]: " },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			qmailLog(1500, 3, stamp).compare(t, "qmail", told)
		})
	}
}

func TestQmailTime(t *testing.T) {
	t.Parallel()
	const log = "@400000006546bd0a1dcd6500 starting delivery 7: msg 12 to local d.example-joe@d.example\n" +
		"@400000006546bd0b1dcd6500 delivery 7: failure: Sorry,_no_mailbox_here_by_that_name._(#5.1.1)/\n"
	for e, err := range event.Read(context.Background(), event.Source{Reader: strings.NewReader(log)}) {
		if err != nil {
			t.Fatal(err)
		}
		if want := time.Date(2023, 11, 4, 21, 52, 1, 500_000_000, time.UTC); !e.Time.Equal(want) {
			t.Errorf("time %v, want %v", e.Time, want)
		}
		if e.Recipient != "joe@d.example" || e.Reply.Enhanced.String() != "5.1.1" || e.Action != event.Failed {
			t.Errorf("%+v", e)
		}
	}
}
