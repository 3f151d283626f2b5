package history_test

import (
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/sender/history"
)

// rows are sendings of a list to some local parts.
func rows(prefix string, to ...string) iter.Seq[history.Sending] {
	return func(yield func(history.Sending) bool) {
		for _, local := range to {
			if !yield(history.Sending{ID: prefix + local, Recipient: local + "@x.test"}) {
				return
			}
		}
	}
}

// anyMail takes every mail for the one of the list.
func anyMail([]byte) bool { return true }

func queued(t *testing.T, s *history.SQLite, list string) string {
	t.Helper()
	return ids(all(t, s.Queued(t.Context(), list)))
}

// TestListIsWhole: a list is there whole before its first mail, each recipient once, and
// is found again whatever the clock says.
func TestListIsWhole(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	c := &clock{noon}
	a := open(t, path, history.Options{Now: c.Now})
	ctx := t.Context()
	l := history.List{ID: "list1", Recipients: "r", Mail: "m", Started: noon}
	got, err := a.Enlist(ctx, l, anyMail, rows("a", "u1", "U1", "u2", "u3", "u4", "u5"))
	must(t, err)
	standing, err := a.Resume(ctx, got.ID, false)
	must(t, err)
	if queued(t, a, "list1") != "au1 au2 au3 au4 au5" || standing.Queued != 5 {
		t.Errorf("%q, %+v", queued(t, a, "list1"), standing)
	}
	must(t, a.Finish(ctx, "au1", history.Outcome{Result: history.OK, Code: "40000"}))
	must(t, a.Finish(ctx, "au2", history.Outcome{Result: history.Failed, Code: "42550", Reply: "550 no"}))
	must(t, a.Finish(ctx, "au3", history.Outcome{Result: history.Failed, Code: "42450", Reply: "450 later"}))
	must(t, a.Progress(ctx, "au4", history.Step{Phase: history.ContentSent}))
	standing, err = a.Stands(ctx, "list1")
	must(t, err)
	if want := (history.Standing{Delivered: 1, Refused: 1, Temporary: 1, Busy: 1, Queued: 1, Left: 2,
		Again: 1}); !reflect.DeepEqual(standing, want) {
		t.Errorf("one is on its way: %+v", standing)
	}
	for _, jump := range []time.Duration{0, 30 * 24 * time.Hour, -400 * 24 * time.Hour} {
		c.now = noon.Add(jump)
		b := open(t, path, history.Options{Now: c.Now})
		got, err := b.Enlist(ctx, history.List{ID: "new", Recipients: "r", Mail: "m", Started: c.now}, anyMail,
			rows("b", "u1", "u2", "u3", "u4", "u5"))
		must(t, err)
		standing, err := b.Stands(ctx, got.ID)
		must(t, err)
		if want := (history.Standing{Delivered: 1, Refused: 1, Temporary: 1, Busy: 2, Left: 1,
			Again: 1}); got.ID != "list1" || !reflect.DeepEqual(standing, want) {
			t.Errorf("%v later: %s, %+v", jump, got.ID, standing)
		}
		must(t, b.Close())
	}
	must(t, a.Close())
	b := open(t, path, history.Options{Now: c.Now})
	standing, err = b.Resume(ctx, "list1", false)
	must(t, err)
	if want := (history.Standing{Delivered: 1, Refused: 1, Temporary: 1, Perhaps: 1, Queued: 1, Left: 2,
		Again: 1}); !reflect.DeepEqual(standing, want) || queued(t, b, "list1") != "au3 au5" {
		t.Errorf("%+v, %q", standing, queued(t, b, "list1"))
	}
	for _, x := range all(t, b.List(ctx, history.Filter{List: "list1"})) {
		if x.List != "list1" {
			t.Errorf("%+v", x)
		}
	}
}

// TestNamedList: of two lists with the same mail and the same recipients, the one whose id is
// given is gone on with; an id that no list has finds the newer one.
func TestNamedList(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	ctx := t.Context()
	for _, id := range []string{"list1", "list2"} {
		_, err := s.Enlist(ctx, history.List{ID: id, Recipients: "r", Mail: "m"}, nil, rows(id, "u1", "u2"))
		must(t, err)
	}
	for id, want := range map[string]string{"list1": "list1", "list2": "list2", "new": "list2"} {
		l, err := s.Enlist(ctx, history.List{ID: id, Recipients: "r", Mail: "m"}, anyMail, rows(id+"again", "u1", "u2", "u3"))
		if must(t, err); l.ID != want {
			t.Errorf("%s goes on with %s, want %s", id, l.ID, want)
		}
	}
	for id, want := range map[string]string{"list1": "list1u1 list1u2 list1againu3", "list2": "list2u1 list2u2"} {
		if got := queued(t, s, id); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", id, got)
		}
	}
}

// TestTriesOfOneMail: however often a mail of a list is tried again, it is one error of its
// address. What is marked invalid for other mails keeps its result, and is taken with force.
func TestTriesOfOneMail(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "history.db"), history.Options{})
	ctx := t.Context()
	_, err := s.Enlist(ctx, history.List{ID: "list1", Recipients: "r", Mail: "m"}, nil, rows("a", "u1", "u2"))
	must(t, err)
	later := history.Outcome{Result: history.Failed, Code: "42450", Reply: "450 later"}
	for try := range 5 {
		standing, err := s.Resume(ctx, "list1", false)
		must(t, err)
		if standing.Left != 2 || standing.Again != min(try, 1)*2 || queued(t, s, "list1") != "au1 au2" {
			t.Errorf("try %d: %+v, %q", try, standing, queued(t, s, "list1"))
		}
		must(t, s.Finish(ctx, "au1", later))
		must(t, s.Finish(ctx, "au2", later))
		if flag, err := s.Flag(ctx, "u1@x.test"); err != nil || !flag.Valid || flag.Errors != 1 {
			t.Errorf("try %d: %+v, %v", try, flag, err)
		}
	}
	for _, id := range []string{"b", "c"} { // the twin: three mails are three errors
		must(t, s.Begin(ctx, history.Sending{ID: id, Recipient: "u1@x.test"}))
		must(t, s.Finish(ctx, id, later))
	}
	for _, force := range []bool{false, true} {
		standing, err := s.Resume(ctx, "list1", force)
		must(t, err)
		want, left := history.Standing{Temporary: 2, Left: 1, Again: 1, Invalid: []string{"u1@x.test"}}, "au2"
		if force {
			want, left = history.Standing{Temporary: 1, Queued: 1, Left: 2, Again: 1}, "au1 au2"
		}
		if !reflect.DeepEqual(standing, want) || queued(t, s, "list1") != left {
			t.Errorf("force %v: %+v, %q", force, standing, queued(t, s, "list1"))
		}
	}
}

// TestSameListAtOnce: a list that another process sends is not begun a second time, and is
// once that one has ended.
func TestSameListAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	a, b := open(t, path, history.Options{}), open(t, path, history.Options{})
	ctx := t.Context()
	_, err := a.Enlist(ctx, history.List{ID: "list1", Recipients: "r", Mail: "m"}, nil, rows("a", "u1", "u2"))
	must(t, err)
	if l, err := b.Enlist(ctx, history.List{ID: "list2", Recipients: "r", Mail: "m"}, nil,
		rows("b", "u1", "u2")); !errors.Is(err, history.ErrListBusy) || l.ID != "list1" {
		t.Errorf("at once: %+v, %v", l, err)
	}
	for i, other := range []history.List{{ID: "list3", Recipients: "r", Mail: "other"}, {ID: "list4", Recipients: "others", Mail: "m"}} {
		_, err := b.Enlist(ctx, other, nil, rows(fmt.Sprint(i), "u1", "u2"))
		must(t, err)
	}
	for _, id := range []string{"au1", "au2"} {
		must(t, a.Finish(ctx, id, history.Outcome{Result: history.OK, Code: "40000"}))
	}
	l, err := b.Enlist(ctx, history.List{ID: "list5", Recipients: "r", Mail: "m"}, nil, rows("c", "u1", "u2"))
	if must(t, err); l.ID != "list5" {
		t.Errorf("afterwards: %+v", l)
	}
}

// TestOldHistory: what an older version wrote down without a list is gone on with, where it
// is the same mail.
func TestOldHistory(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "history.db"), history.Options{})
	ctx := t.Context()
	for _, x := range []history.Sending{{ID: "a1", Recipient: "u1@x.test", Content: []byte("mail")},
		{ID: "a2", Recipient: "U2@x.test", Content: []byte("other")},
		{ID: "a3", Recipient: "u3@x.test"}, {ID: "a4", Recipient: "u4@x.test", Subject: "other"}} {
		must(t, s.Begin(ctx, x))
		must(t, s.Finish(ctx, x.ID, history.Outcome{Result: history.OK, Code: "40000"}))
	}
	same := func(kept []byte) bool { return kept == nil || string(kept) == "mail" }
	l, err := s.Enlist(ctx, history.List{ID: "list1", Recipients: "r", Mail: "m"}, same, rows("b", "u1", "u2", "u3", "u4", "u5"))
	must(t, err)
	standing, err := s.Resume(ctx, l.ID, false)
	must(t, err)
	if standing.Delivered != 2 || queued(t, s, "list1") != "bu2 bu4 bu5" {
		t.Errorf("%+v, %q", standing, queued(t, s, "list1"))
	}
	must(t, s.Begin(ctx, history.Sending{ID: "a6", Recipient: "u6@x.test", Content: []byte("mail")}))
	must(t, s.Finish(ctx, "a6", history.Outcome{Result: history.OK, Code: "40000"}))
	// Who was invalid at first joins the list later.
	_, err = s.Enlist(ctx, history.List{ID: "later", Recipients: "r", Mail: "m"}, same, rows("later", "u1", "u2", "u3", "u4", "u5", "u6"))
	if must(t, err); queued(t, s, "list1") != "bu2 bu4 bu5" {
		t.Errorf("%q", queued(t, s, "list1"))
	}
	_, err = s.Enlist(ctx, history.List{ID: "list2", Recipients: "r", Mail: "new"}, anyMail, rows("c", "u1"))
	if must(t, err); queued(t, s, "list2") != "cu1" { // a sending stands on one list
		t.Errorf("%q", queued(t, s, "list2"))
	}
}

// TestOverlap: a list that would bring somebody the same mail twice is found.
func TestOverlap(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s, ctx := open(t, path, history.Options{}), t.Context()
	_, err := s.Enlist(ctx, history.List{ID: "list1", Recipients: "r", Mail: "m"}, nil, rows("a", "u1", "u2"))
	must(t, err)
	reader := open(t, path, history.Options{ToRead: true}) // a dry run may have no right to write
	for _, c := range []struct {
		recipients, mail string
		to               []string
		want             string
	}{
		{"r", "m", []string{"u1@x.test"}, ""},          // this very list
		{"r", "other", []string{"u1@x.test"}, "list1"}, // cut short, and another mail
		{"r2", "m", []string{"u9@x.test"}, ""},         // nobody in common
		{"r2", "m", []string{"u9@x.test", "U2@x.test"}, "list1"},
		{"r2", "other", []string{"u1@x.test"}, ""},
	} {
		for _, h := range []*history.SQLite{s, reader} {
			found, err := h.Overlap(ctx, history.List{Recipients: c.recipients, Mail: c.mail}, slices.Values(c.to))
			if found.ID != c.want || (c.want == "") != errors.Is(err, history.ErrNoList) {
				t.Errorf("%+v: %q, %v", c, found.ID, err)
			}
		}
	}
}

// TestEnlistTogether: handles that begin the same list at once make one of it.
func TestEnlistTogether(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	var to []string
	for i := range 300 {
		to = append(to, fmt.Sprintf("u%03d", i))
	}
	var all sync.WaitGroup
	var lock sync.Mutex
	var work []string
	handles := make([]*history.SQLite, 4)
	for h := range handles {
		handles[h] = open(t, path, history.Options{})
	}
	for h, s := range handles {
		all.Go(func() {
			l, err := s.Enlist(t.Context(), history.List{ID: fmt.Sprint("list", h), Recipients: "r", Mail: "m"}, anyMail, rows(fmt.Sprint(h), to...))
			if err == nil {
				_, err = s.Resume(t.Context(), l.ID, false)
			}
			lock.Lock()
			defer lock.Unlock()
			for x, err := range s.Queued(t.Context(), l.ID) {
				if err != nil {
					t.Error(err)
				}
				work = append(work, strings.ToLower(x.Recipient))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	slices.Sort(work)
	if len(work) != len(to) || len(slices.Compact(work)) != len(to) {
		t.Errorf("%d mails to send for %d recipients", len(work), len(to))
	}
}
