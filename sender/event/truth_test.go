package event_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/sender/event"
)

// fact is what a made record tells, to hold against what is read of it.
type fact struct {
	action    event.Action
	recipient string
	when      time.Time
	words     string
}

func (f fact) String() string {
	return fmt.Sprintf("%s %s %s %q", f.action, f.recipient, f.when.UTC().Format(time.RFC3339), f.words)
}

// maker makes facts, and records of them.
type maker struct {
	*rand.Rand
	n    int
	when time.Time
}

var madeWords = map[event.Action][]string{
	event.Delivered: {"250 2.0.0 OK 1761 abc - gsmtp", "250 ok: \"queued\" as 1"},
	event.Delayed: {"451 4.7.1 Greylisting in action, come back", "421 4.7.0 Try again later, closing connection. {x}",
		"452 4.2.2 Mailbox full, \"quota\" exceeded", "450 4.1.8 Sender address rejected: Domain not found; a, b"},
	event.Failed: {"550 5.1.1 User unknown; try \"again\", or not", "550-5.7.1 Blocked by policy, see\n550 5.7.1 https://x.test/a?b={c}",
		"552 5.2.2 受信箱がいっぱいです", "554 5.7.1 Message \\rejected\\ as spam}]"},
}

// fact makes the next one.
func (m *maker) fact() fact {
	m.n++
	m.when = m.when.Add(time.Duration(m.IntN(5000)) * time.Millisecond).Truncate(time.Second)
	f := fact{when: m.when, recipient: fmt.Sprintf("u%d.%d+x'y@mx%d.test", m.n, m.IntN(9), m.IntN(50))}
	switch n := m.IntN(100); {
	case n < 60:
		f.action = event.Delivered
	case n < 75:
		f.action = event.Delayed
	case n < 95:
		f.action = event.Failed
	default:
		f.action = event.Complaint
		return f
	}
	words := madeWords[f.action]
	f.words = words[m.IntN(len(words))]
	return f
}

// object is JSON with its keys in any order: keys and values by turns, a value being JSON itself.
func (m *maker) object(pairs ...string) string {
	var members []string
	for i := 0; i < len(pairs); i += 2 {
		members = append(members, quoted(pairs[i])+strings.Repeat(" ", m.IntN(2))+":"+strings.Repeat(" ", m.IntN(2))+pairs[i+1])
	}
	m.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	return "{" + strings.Join(members, ",") + "}"
}

// read holds the events of a text against the facts, in any order.
func sameFacts(t *testing.T, text string, want []fact, unread int64) {
	t.Helper()
	var in event.Input
	var got, should []string
	for e, err := range event.Read(context.Background(), event.Source{Reader: strings.NewReader(text), Input: &in}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Action == event.Other || e.Action == event.Expanded {
			continue
		}
		words := e.Diagnostic
		if e.Action == event.Complaint {
			words = ""
		}
		got = append(got, fact{e.Action, e.Recipient, e.Time, words}.String())
	}
	for _, f := range want {
		should = append(should, f.String())
	}
	slices.Sort(got)
	slices.Sort(should)
	for i := range max(len(got), len(should)) {
		switch {
		case i >= len(got):
			t.Fatalf("%d events, want %d: missing %s", len(got), len(should), should[i])
		case i >= len(should):
			t.Fatalf("%d events, want %d: too many %s", len(got), len(should), got[i])
		case got[i] != should[i]:
			t.Fatalf("%d events, want %d\ngot  %s\nwant %s", len(got), len(should), got[i], should[i])
		}
	}
	if in.Unread != unread {
		t.Errorf("%d unread, want %d", in.Unread, unread)
	}
}

// together puts records together in one of the ways that are met.
func (m *maker) together(records []string) string {
	switch m.IntN(6) {
	case 0:
		return strings.Join(records, "\n") + "\n"
	case 1:
		return strings.Join(records, "")
	case 2:
		return "[" + strings.Join(records, ",\n") + "]"
	case 3:
		for i := range records {
			records[i] = indented(records[i])
		}
		return strings.Join(records, "\n")
	case 4:
		return `{"next":"{","items":[` + strings.Join(records, " , ") + `],"n":1}`
	}
	var b strings.Builder // webhook bodies: a list each
	for len(records) > 0 {
		n := min(1+m.IntN(20), len(records))
		b.WriteString("[" + strings.Join(records[:n], ",") + "]\r\n")
		records = records[n:]
	}
	return b.String()
}

func TestMadeServices(t *testing.T) {
	for name, write := range map[string]func(*maker, fact) string{"sendgrid": madeSendGrid, "mailgun": madeMailgun, "ses": madeSES} {
		for seed := range uint64(12) {
			t.Run(fmt.Sprint(name, " ", seed), func(t *testing.T) {
				m := &maker{Rand: rand.New(rand.NewPCG(seed, 7)), when: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
				var facts []fact
				var records []string
				for range 400 {
					f := m.fact()
					facts = append(facts, f)
					records = append(records, write(m, f))
					if m.IntN(10) == 0 { // what tells nothing
						records = append(records, m.object("event", `"note"`, "level", "3"))
					}
				}
				sameFacts(t, m.together(records), facts, 0)
			})
		}
	}
}

func madeSendGrid(m *maker, f fact) string {
	word := map[event.Action]string{event.Delivered: "delivered", event.Delayed: "deferred", event.Failed: "bounce",
		event.Complaint: "spamreport"}
	pairs := []string{"email", quoted(f.recipient), "event", quoted(word[f.action]), "timestamp", fmt.Sprint(f.when.Unix()),
		"sg_event_id", quoted(fmt.Sprint("e", m.n)), "category", `["a","event"]`, "custom", `{"event":"bounce"}`}
	switch {
	case f.action == event.Failed:
		pairs = append(pairs, "reason", quoted(f.words), "type", quoted([]string{"bounce", "blocked"}[m.IntN(2)]), "status", `"5.0.0"`)
	case f.words != "":
		pairs = append(pairs, "response", quoted(f.words))
	}
	return m.object(pairs...)
}

func madeMailgun(m *maker, f fact) string {
	word := map[event.Action]string{event.Delivered: "delivered", event.Delayed: "failed", event.Failed: "failed",
		event.Complaint: "complained"}
	pairs := []string{"recipient", quoted(f.recipient), "event", quoted(word[f.action]), "timestamp", fmt.Sprint(f.when.Unix(), ".25"),
		"id", quoted(fmt.Sprint("i", m.n)), "message", m.object("headers", m.object("message-id", `"m@us.test"`, "to",
			`"x@y.test"`)), "tags", "[]",
		"user-variables", "{}", "recipient-domain", `"x"`}
	switch f.action {
	case event.Failed:
		pairs = append(pairs, "severity", `"permanent"`, "reason", `"generic"`)
	case event.Delayed:
		pairs = append(pairs, "severity", `"temporary"`, "reason", `"generic"`)
	}
	if f.words != "" {
		pairs = append(pairs, "delivery-status", m.object("code", f.words[:3], "message", quoted(f.words), "description", "null"))
	}
	if m.IntN(2) == 0 {
		return m.object("signature", m.object("token", `"t"`, "timestamp", `"1"`), "event-data", m.object(pairs...))
	}
	return m.object(pairs...)
}

func madeSES(m *maker, f fact) string {
	at := quoted(f.when.Format("2006-01-02T15:04:05.000Z"))
	one := "[" + m.object("emailAddress", quoted(f.recipient), "status", `"5.0.0"`, "diagnosticCode", quoted(f.words),
		"action", `"failed"`) + "]"
	mail := m.object("timestamp", `"2020-01-01T00:00:00.000Z"`, "destination", "["+quoted(f.recipient)+`,"other@x.test"]`,
		"source", `"s@us.test"`,
		"headers", `[{"name":"X","value":"{\"eventType\":\"Bounce\",\"a\":[\"}"}]`)
	kind, pairs := "", []string{"mail", mail}
	switch f.action {
	case event.Delivered:
		kind = "Delivery"
		pairs = append(pairs, "delivery", m.object("recipients", "["+quoted(f.recipient)+"]", "timestamp", at, "smtpResponse", quoted(f.words)))
	case event.Delayed:
		kind = "DeliveryDelay"
		pairs = append(pairs, "deliveryDelay", m.object("delayedRecipients", one, "timestamp", at, "delayType", `"General"`))
	case event.Failed:
		kind = "Bounce"
		pairs = append(pairs, "bounce", m.object("bouncedRecipients", one, "timestamp", at, "bounceType", `"Permanent"`))
	case event.Complaint:
		kind = "Complaint"
		pairs = append(pairs, "complaint", m.object("complainedRecipients", "["+m.object("emailAddress", quoted(f.recipient))+
			"]", "timestamp", at))
	}
	key := []string{"eventType", "notificationType"}[m.IntN(2)]
	event := m.object(append(pairs, key, quoted(kind))...)
	if m.IntN(4) == 0 {
		return m.object("Type", `"Notification"`, "MessageId", quoted(fmt.Sprint("n", m.n)), "TopicArn", `"arn:x"`, "Message", quoted(event))
	}
	return event
}

func TestMadeTables(t *testing.T) {
	for name, write := range map[string]func(*maker, []fact) string{"powermta": madePowerMTA, "exchange": madeExchange} {
		for seed := range uint64(12) {
			t.Run(fmt.Sprint(name, " ", seed), func(t *testing.T) {
				m := &maker{Rand: rand.New(rand.NewPCG(seed, 9)), when: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
				var facts []fact
				for len(facts) < 400 {
					f := m.fact()
					if f.words = strings.ReplaceAll(f.words, "\n", " "); name == "exchange" && f.action == event.Complaint {
						continue
					}
					facts = append(facts, f)
				}
				sameFacts(t, write(m, facts), facts, 0)
			})
		}
	}
}

// cell is a value of a table, quoted where it must be or at random.
func (m *maker) cell(s string) string {
	if strings.ContainsAny(s, "\",\r\n") || m.IntN(5) == 0 {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// row is a row of the columns that a file has.
func (m *maker) row(columns []string, values map[string]string) string {
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = m.cell(values[c])
	}
	return strings.Join(cells, ",") + []string{"\n", "\r\n"}[m.IntN(2)]
}

func madePowerMTA(m *maker, facts []fact) string {
	columns := []string{"type", "timeLogged", "orig", "rcpt", "orcpt", "dsnAction", "dsnStatus", "dsnDiag", "dsnMta",
		"bounceCat", "vmta", "jobId", "x"}
	word := map[event.Action]string{event.Delivered: "d", event.Delayed: "t", event.Failed: "b", event.Complaint: "f"}
	var b strings.Builder
	for i, f := range facts {
		if i%100 == 0 {
			if i > 0 {
				m.Shuffle(len(columns), func(i, j int) { columns[i], columns[j] = columns[j], columns[i] })
			}
			b.WriteString(strings.Join(columns, ",") + "\n")
		}
		b.WriteString(m.row(columns, map[string]string{"type": word[f.action], "timeLogged": f.when.In(time.FixedZone("", 3600*9)).
			Format("2006-01-02 15:04:05-0700"), "orig": "b@us.test", "rcpt": f.recipient, "dsnDiag": f.words, "dsnMta": "mx.test (192.0.2.1)",
			"dsnStatus": "4.0.0 (undefined status)", "bounceCat": "other"}))
	}
	return b.String()
}

func madeExchange(m *maker, facts []fact) string {
	columns := strings.Split("date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,"+
		"internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,"+
		"related-recipient-address,reference,message-subject,sender-address,return-path,message-info", ",")
	word := map[event.Action]string{event.Delivered: "SEND", event.Delayed: "DEFER", event.Failed: "FAIL"}
	var b strings.Builder
	b.WriteString("\ufeff#Software: Microsoft Exchange Server\r\n#Version: 15.02.0\r\n#Log-type: Message Tracking " +
		"Log\r\n#Date: 2026-03-01T00:00:00.000Z\r\n")
	b.WriteString("#Fields: " + strings.Join(columns, ",") + "\r\n")
	for i := 0; i < len(facts); {
		n := 1
		for i+n < len(facts) && n < 4 && facts[i+n].action == facts[i].action && m.IntN(2) == 0 {
			n++
		}
		var to, status []string
		for j := i; j < i+n; j++ {
			facts[j].when = facts[i].when
			to = append(to, facts[j].recipient)
			switch {
			case facts[j].action == event.Delivered:
				status = append(status, facts[j].words)
			case i%2 == 0:
				status = append(status, "[{LED="+facts[j].words+"};{MSG=x; y};{FQDN=mx.test};{IP=192.0.2.1};{LRT=3/1/2026 1:02:03 AM}]")
			default:
				status = append(status, facts[j].words)
			}
		}
		values := map[string]string{"date-time": facts[i].when.Format("2006-01-02T15:04:05.000Z"), "source": "SMTP",
			"event-id":          word[facts[i].action],
			"recipient-address": strings.Join(to, ";"), "recipient-status": strings.Join(status, ";"), "message-id": "<m@us.test>",
			"message-subject": "a, \"b\"; c", "sender-address": "s@us.test", "server-hostname": "mx.test", "recipient-count": fmt.Sprint(n)}
		b.WriteString(m.row(columns, values))
		values["event-id"] = []string{"RECEIVE", "SUBMIT", "DSN", "TRANSFER", "RESOLVE"}[m.IntN(5)]
		b.WriteString(m.row(columns, values))
		i += n
	}
	return b.String()
}
