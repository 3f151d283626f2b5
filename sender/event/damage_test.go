package event_test

import (
	"fmt"
	"strings"
	"testing"
)

const aBounce = `{"email":"%s","event":"bounce","reason":"550 5.1.1 User unknown","timestamp":1793581323,"sg_event_id":"%s"}`

func bounceOf(n int) string {
	return fmt.Sprintf(aBounce, fmt.Sprintf("u%d@one.test", n), fmt.Sprint("e", n))
}

// A damaged record is counted, and the next ones are read.
func TestDamagedRecords(t *testing.T) {
	cut := bounceOf(2)
	for name, damaged := range map[string]string{
		"within a word": cut[:20] + "\n", "within words": cut[:60] + "\n", "before the end": cut[:len(cut)-1] + "\n",
		"behind a comma": cut[:len(`{"email":"u2@one.test",`)] + "\n", "behind a name": cut[:len(`{"email"`)] + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			text := bounceOf(1) + "\n" + damaged + bounceOf(3) + "\n" + bounceOf(4) + "\n"
			got, in := eventsOf(t, text)
			if len(got) != 3 || in.Unread != 1 {
				t.Errorf("%d events, %d unread: %q", len(got), in.Unread, got)
			}
		})
	}
}

// An event that was sent again is counted once. One with other content is another one.
func TestRepeatedEvents(t *testing.T) {
	other := strings.Replace(bounceOf(1), "User unknown", "No such user", 1)
	got, in := eventsOf(t, strings.Join([]string{bounceOf(1), bounceOf(2), bounceOf(1), other}, "\n"))
	if len(got) != 3 || len(in.Notes) != 1 {
		t.Errorf("%q %v", got, in.Notes)
	}
}

// A list that is larger than what is read at a time is read to its end.
func TestLargeList(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"total":1,"items":[`)
	const n = 20000
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(bounceOf(i))
	}
	b.WriteString(`],"paging":{"next":"x"}}`)
	got, in := eventsOf(t, b.String())
	if len(got) != n || in.Unread != 0 {
		t.Errorf("%d events, %d unread", len(got), in.Unread)
	}
}

// What only looks like an event is none.
func TestNoServiceEvents(t *testing.T) {
	for _, text := range []string{
		`{"event":"login","email":"a@one.test"}`, `{"type":"bounce","ball":"red"}`, `{"name":"x","event":{"bounce":1}}`, `{}`, `[]`, `{`, `"{"`,
		`{"eventType":"Bounce"}`, "type,name\nbounce,ball\n", "email,name\na@one.test,A\n", "a,b,c,d,e\n1,2,3,4,5\n",
	} {
		if got, _ := eventsOf(t, text); len(got) > 0 {
			t.Errorf("%s: %q", text, got)
		}
	}
}

// A row that is cut off is counted, and does not swallow the next one.
func TestDamagedRows(t *testing.T) {
	head := "type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta\n"
	row := "b,2026-03-01 00:00:00+0000,s@us.test,u%d@one.test,5.1.1,\"smtp;550 5.1.1 User \"\"un,known\"\"\nagain\",mx.test\n"
	for _, cut := range []string{"b,2026-03-01 00:00:00+0000,s@us.test,u2@one",
		"b,2026-03-01 00:00:00+0000,s@us.test,u2@one.test,5.1.1,\"smtp;550 5.1",
		"b,2026-03-01 00:00:00+0000,s@us.test,u2@one.test,5.1.1,\""} {
		text := head + fmt.Sprintf(row, 1) + cut + "\n" + strings.ReplaceAll(fmt.Sprintf(row, 3), "\nagain", "") + fmt.Sprintf(row, 4)
		got, in := eventsOf(t, text)
		if len(got) != 3 || in.Unread != 1 {
			t.Errorf("%s: %d events, %d unread: %q", cut, len(got), in.Unread, got)
		}
	}
}

// An input that is made to cost time is read to its end.
func TestHostileRecords(t *testing.T) {
	head := "type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta\n"
	for _, text := range []string{"{", "{\n", `{"a":`, "{\"a\":\n", `{"a":[`, `{"a":"`, `"`, `\`} {
		got, _ := eventsOf(t, bounceOf(1)+strings.Repeat(text, 1<<18)+"\n"+bounceOf(2))
		if len(got) == 0 || got[0] != "failed u1@one.test user_unknown" {
			t.Errorf("%q: %q", text, got)
		}
	}
	for _, text := range []string{"\"aaaaaaaa\n", "b,2026-03-01 00:00:00+0000,\"a\"\"\n", "\"a\"b\n\"\n", "b,"} {
		eventsOf(t, head+strings.Repeat(text, 1<<16))
	}
}
