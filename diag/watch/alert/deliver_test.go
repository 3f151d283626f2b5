package alert_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/watch"
	"todoku/diag/watch/alert"
)

// teller is a channel that writes down what it is told, or fails.
type teller struct {
	sync.Mutex
	fails func(alert.Notice) error // nil: it does not
	told  []alert.Notice
	tries int
}

func (t *teller) Tell(_ context.Context, n alert.Notice) error {
	t.Lock()
	defer t.Unlock()
	t.tries++
	if t.fails != nil {
		if err := t.fails(n); err != nil {
			return err
		}
	}
	t.told = append(t.told, n)
	return nil
}

// incidents are the ids that were told: "1" opened, "-1" over.
func (t *teller) incidents() (out []string) {
	for _, n := range t.told {
		for _, i := range n.Opened {
			out = append(out, fmt.Sprint(i.ID))
		}
		for _, i := range n.Over {
			out = append(out, fmt.Sprint(-i.ID))
		}
	}
	return out
}

// at is a Deliverer whose clock the test sets.
func at(now *time.Time, o watch.Outbox, channels map[string]alert.Teller) *alert.Deliverer {
	return &alert.Deliverer{Outbox: o, Channels: channels, Words: words(codes.English), Now: func() time.Time { return *now }}
}

func once(t *testing.T, d *alert.Deliverer) {
	t.Helper()
	if err := d.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsReadyGoesOutInOneNotice(t *testing.T) {
	t.Parallel()
	o, now, chat, other := &outbox{}, began(), &teller{}, &teller{}
	for _, channel := range []string{"chat", "other"} {
		o.add(now, channel, false, broken(1, "provider.example", 5000))
		o.add(now, channel, false, broken(2, "", 1))
	}
	d := at(&now, o, map[string]alert.Teller{"chat": chat, "other": other})
	once(t, d)
	once(t, d)
	for _, c := range []*teller{chat, other} {
		if len(c.told) != 1 || len(c.told[0].Opened) != 2 || c.told[0].Opened[0].Domains != 5000 {
			t.Errorf("told %+v", c.told)
		}
	}
}

// TestAFailureIsOfItsChannel: who says it names the channel, and the failure does not name it once more.
func TestAFailureIsOfItsChannel(t *testing.T) {
	t.Parallel()
	o, now := &outbox{}, began()
	d := at(&now, o, map[string]alert.Teller{"chat": &teller{fails: func(alert.Notice) error { return &alert.Failure{Says: "HTTP 502"} }}})
	o.add(now, "chat", false, broken(1, "", 1))
	var told []alert.Result
	d.Told = func(r alert.Result) { told = append(told, r) }
	if once(t, d); len(told) != 1 || told[0].Channel != "chat" || told[0].Err == nil || told[0].Err.Error() != "HTTP 502" {
		t.Errorf("told %+v", told)
	}
}

// TestAChannelThatIsDownGetsAllOnce: seven hours without an answer, and everything that happened meanwhile comes once.
func TestAChannelThatIsDownGetsAllOnce(t *testing.T) {
	t.Parallel()
	o, now := &outbox{}, began()
	up := now.Add(7 * time.Hour)
	chat := &teller{fails: func(alert.Notice) error {
		if now.Before(up) {
			return &alert.Failure{Status: 502, Says: "HTTP 502"}
		}
		return nil
	}}
	d := at(&now, o, map[string]alert.Teller{"chat": chat})
	for id := int64(1); id <= 40; id++ {
		o.add(now, "chat", false, broken(id, "", 1))
		if id%2 == 0 {
			i := broken(id, "", 1)
			i.Recovered = now
			o.add(now, "chat", true, i)
		}
		once(t, d)
		now = now.Add(10 * time.Minute)
	}
	before := chat.tries
	for range 100 {
		next := o.earliest()
		if next.IsZero() {
			break
		}
		if next.After(now) {
			now = next
		}
		once(t, d)
	}
	seen := map[string]int{}
	for _, i := range chat.incidents() {
		seen[strings.TrimPrefix(i, "-")]++
	}
	for id := 1; id <= 40; id++ {
		if seen[fmt.Sprint(id)] != 1 {
			t.Errorf("incident %d was told %d times", id, seen[fmt.Sprint(id)])
		}
	}
	if before > 20 {
		t.Errorf("a server that is down was asked %d times in 400 minutes", before)
	}
	if limit := up.Add(75 * time.Minute); now.After(limit) {
		t.Errorf("told at %s, after %s", now, limit)
	}
}

// TestTheEndComesWithTheBeginning: what was over before it could be told is told once, as over.
func TestTheEndComesWithTheBeginning(t *testing.T) {
	t.Parallel()
	o, now, chat := &outbox{}, began(), &teller{}
	i := broken(1, "provider.example", 3)
	o.add(now, "chat", false, i)
	i.Recovered = now.Add(time.Minute)
	o.add(now, "chat", true, i)
	once(t, at(&now, o, map[string]alert.Teller{"chat": chat}))
	if got := chat.incidents(); !slices.Equal(got, []string{"-1"}) {
		t.Errorf("told %v", got)
	}
	if text := chat.told[0].Text; !strings.Contains(text, "2026-01-02 03:04:05") || !strings.Contains(text, "2026-01-02 03:05:05") {
		t.Errorf("the text does not say when:\n%s", text)
	}
}

// TestTwoProcessesDeliverOnce: of several deliverers each delivery is made by one.
func TestTwoProcessesDeliverOnce(t *testing.T) {
	t.Parallel()
	o, now := &outbox{}, began()
	inside, leave := make(chan struct{}), make(chan struct{})
	enter := sync.OnceFunc(func() { close(inside) })
	chat := &teller{fails: func(alert.Notice) error { enter(); <-leave; return nil }}
	o.add(now, "chat", false, broken(1, "", 1))
	d := at(&now, o, map[string]alert.Teller{"chat": chat})
	var wg sync.WaitGroup
	wg.Go(func() { _ = d.Once(t.Context()) })
	<-inside
	o.add(now, "chat", false, broken(2, "", 1))
	second := &teller{}
	once(t, at(&now, o, map[string]alert.Teller{"chat": second}))
	close(leave)
	wg.Wait()
	if len(second.told) != 0 || !slices.Equal(chat.incidents(), []string{"1", "2"}) {
		t.Errorf("told %v and %v", chat.incidents(), second.incidents())
	}
}

// TestALostProcessLosesNothing: what a process had taken when it died is delivered by another one.
func TestALostProcessLosesNothing(t *testing.T) {
	t.Parallel()
	o, now, chat := &outbox{}, began(), &teller{}
	o.add(now, "chat", false, broken(1, "", 1))
	if taken, _ := o.Take(t.Context(), []string{"chat"}, now, 3*time.Minute, 10); len(taken) != 1 {
		t.Fatalf("taken %v", taken)
	}
	d := at(&now, o, map[string]alert.Teller{"chat": chat})
	once(t, d)
	if len(chat.told) != 0 {
		t.Fatal("delivered while another process has it")
	}
	now = now.Add(4 * time.Minute)
	once(t, d)
	if got := chat.incidents(); !slices.Equal(got, []string{"1"}) {
		t.Errorf("told %v", got)
	}
}

// TestOneThatIsRefusedHoldsUpNoOther: a server that does not take one of the incidents gets all others.
func TestOneThatIsRefusedHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	o, now := &outbox{}, began()
	chat := refuses(5)
	for id := int64(1); id <= 9; id++ {
		o.add(now, "chat", false, broken(id, "", 1))
	}
	d := at(&now, o, map[string]alert.Teller{"chat": chat})
	once(t, d)
	got := chat.incidents()
	slices.Sort(got)
	if !slices.Equal(got, []string{"1", "2", "3", "4", "6", "7", "8", "9"}) {
		t.Errorf("told %v", got)
	}
	if next := o.earliest(); !next.After(now) {
		t.Error("the refused one is not kept")
	}
	o.add(now, "chat", false, broken(10, "", 1))
	if once(t, d); !slices.Contains(chat.incidents(), "10") {
		t.Error("what comes later waits for the one that was refused")
	}
}

// refuses is a channel that does not take some incidents.
func refuses(some ...int64) *teller {
	return &teller{fails: func(n alert.Notice) error {
		if slices.ContainsFunc(slices.Concat(n.Opened, n.Over), func(i alert.Incident) bool { return slices.Contains(some, i.ID) }) {
			return &alert.Failure{Status: 400, TooLarge: true, Says: "HTTP 400"}
		}
		return nil
	}}
}

// TestManyThatAreRefusedHoldUpNoOther for longer than a few tries, wherever they stand among the others.
func TestManyThatAreRefusedHoldUpNoOther(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string][]int64{"the oldest": {1, 2, 3, 4, 5, 6}, "the newest": {33, 34, 35, 36, 37, 38, 39, 40}} {
		o, now, chat := &outbox{}, began(), refuses(bad...)
		for id := int64(1); id <= 40; id++ {
			o.add(now, "chat", false, broken(id, "", 1))
		}
		d := at(&now, o, map[string]alert.Teller{"chat": chat})
		for range 4 {
			once(t, d)
			now = o.earliest()
		}
		if got := chat.incidents(); len(got) != 40-len(bad) {
			t.Errorf("%s are refused: %d others were told until %s", name, len(got), now)
		}
		o.add(now, "chat", false, broken(41, "", 1))
		if once(t, d); !slices.Contains(chat.incidents(), "41") {
			t.Errorf("%s are refused: what comes later waits for them", name)
		}
	}
}

// TestAServerThatRefusesAllIsAskedLittle, and so is one that fails while halves are told.
func TestAServerThatRefusesAllIsAskedLittle(t *testing.T) {
	t.Parallel()
	for status, most := range map[int]int{400: 20, 502: 2} {
		o, now, tries := &outbox{}, began(), 0
		chat := &teller{fails: func(alert.Notice) error {
			tries++
			return &alert.Failure{Status: status, TooLarge: status == 400 || tries == 1, Says: fmt.Sprint("HTTP ", status)}
		}}
		for id := int64(1); id <= 500; id++ {
			o.add(now, "chat", false, broken(id, "", 1))
		}
		once(t, at(&now, o, map[string]alert.Teller{"chat": chat}))
		if chat.tries > most {
			t.Errorf("HTTP %d: asked %d times", status, chat.tries)
		}
		for _, r := range o.rows {
			if !r.waits() || o.next["chat"].Before(now.Add(20*time.Second)) {
				t.Fatalf("HTTP %d: %+v, next at %s", status, r, o.next["chat"])
			}
		}
	}
}

// TestAnEndIsNotToldWithoutItsBeginning: one that is refused is refused with its end.
func TestAnEndIsNotToldWithoutItsBeginning(t *testing.T) {
	t.Parallel()
	o, now, notices := &outbox{}, began(), 0
	chat := &teller{fails: func(alert.Notice) error {
		notices++
		return &alert.Failure{Status: 400, TooLarge: true, Says: "HTTP 400"}
	}}
	o.add(now, "chat", false, broken(1, "", 1))
	o.add(now, "chat", true, broken(1, "", 1))
	if once(t, at(&now, o, map[string]alert.Teller{"chat": chat})); notices != 1 {
		t.Errorf("%d notices of one incident", notices)
	}
}

// TestOtherChannelsAreLeftAlone: another process may have them.
func TestOtherChannelsAreLeftAlone(t *testing.T) {
	t.Parallel()
	o, now, chat, other := &outbox{}, began(), &teller{}, &teller{}
	o.add(now, "other", false, broken(1, "", 1))
	o.add(now, "chat", false, broken(1, "", 1))
	once(t, at(&now, o, map[string]alert.Teller{"chat": chat}))
	if other := o.rows[0]; other.Tries > 0 || other.Failure != "" || !other.waits() {
		t.Errorf("%+v", other)
	}
	once(t, at(&now, o, map[string]alert.Teller{"other": other}))
	if len(chat.told) != 1 || len(other.told) != 1 {
		t.Errorf("told %v and %v", chat.incidents(), other.incidents())
	}
}

func TestAfterAWeekItIsDeadAndKept(t *testing.T) {
	t.Parallel()
	o, now := &outbox{}, began()
	o.add(now, "chat", false, broken(1, "", 1))
	chat := &teller{fails: func(alert.Notice) error { return &alert.Failure{Says: "connection refused"} }}
	d := at(&now, o, map[string]alert.Teller{"chat": chat})
	for tries := 0; !o.earliest().IsZero(); tries++ {
		if now = o.earliest(); now.Before(began()) {
			now = began()
		}
		if tries > 1000 {
			t.Fatal("it never ends")
		}
		once(t, d)
	}
	if waited := now.Sub(began()); waited < watch.GiveUp || waited > watch.GiveUp+2*time.Hour {
		t.Errorf("given up after %s", waited)
	}
	for _, r := range o.rows {
		if !r.dead || r.Failure == "" {
			t.Errorf("%+v", r)
		}
	}
	if chat.tries < 100 || chat.tries > 250 {
		t.Errorf("%d tries in a week", chat.tries)
	}
}

// TestTheWaitThatAServerAsksForIsKept beside our own.
func TestTheWaitThatAServerAsksForIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ asked, least, most time.Duration }{
		{0, 24 * time.Second, 36 * time.Second},
		{10 * time.Minute, 10 * time.Minute, 10 * time.Minute},
	} {
		o, now := &outbox{}, began()
		o.add(now, "chat", false, broken(1, "", 1))
		chat := &teller{fails: func(alert.Notice) error { return &alert.Failure{Status: 429, Wait: c.asked, Says: "HTTP 429"} }}
		once(t, at(&now, o, map[string]alert.Teller{"chat": chat}))
		if wait := o.earliest().Sub(now); wait < c.least || wait > c.most {
			t.Errorf("asked for %s: tried again after %s", c.asked, wait)
		}
	}
}
