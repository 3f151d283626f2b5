package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"todoku/cmd/report/page"
)

// WatchedRow is a domain that is watched, for a list.
type WatchedRow struct {
	Domain   string   `json:"domain" parquet:"domain"`
	Name     string   `json:"name" parquet:"name"`
	Every    int64    `json:"every_s" parquet:"every_s"`
	Status   string   `json:"status" parquet:"status,dict"` // "" where it was not looked at yet
	Findings int      `json:"findings" parquet:"findings"`
	Rules    []string `json:"rules" parquet:"rules"`   // that are broken, without those that only inform
	Silent   []string `json:"silent" parquet:"silent"` // checks that cannot look
	Since    string   `json:"silent_since" parquet:"silent_since"`
	Added    string   `json:"added" parquet:"added"`
	First    string   `json:"first_look" parquet:"first_look"`
	Looked   string   `json:"looked" parquet:"looked"`
	Due      string   `json:"due" parquet:"due"`
}

// Columns names the cells of a domain.
func (WatchedRow) Columns() []string {
	return []string{"domain", "name", "every_s", "status", "findings", "rules", "silent", "silent_since", "added",
		"first_look", "looked", "due"}
}

// Cells are its values.
func (r WatchedRow) Cells() []string {
	return []string{r.Domain, r.Name, strconv.FormatInt(r.Every, 10), r.Status, strconv.Itoa(r.Findings), strings.Join(r.Rules, " "),
		strings.Join(r.Silent, " "), r.Since, r.Added, r.First, r.Looked, r.Due}
}

// watchedText prints a domain on a line.
func watchedText(w *page.Out, o Options) page.Printer[WatchedRow] {
	return watchedLines{makeWatchPage(w, o)}
}

type watchedLines struct{ watchPage }

// Put prints a line.
func (p watchedLines) Put(r WatchedRow) error {
	head := append(page.Words(""), p.sign(r)).Then(" " + p.page.Pad(page.Clean(domainName(r.Domain)), 30) + "  ")
	p.page.Para(head, 34, page.Words(cmp.Or(p.about(r), " ")))
	p.page.FlushIfLarge()
	return nil
}

// Close writes the rest.
func (p watchedLines) Close() error { return p.page.Flush() }

// Flush writes what has been collected.
func (p watchedLines) Flush() error { return p.page.Flush() }

func (p watchPage) sign(r WatchedRow) page.Piece {
	if r.Status == "" {
		return page.Piece{Text: "…"}
	}
	return mark(statusNamed(r.Status))
}

// about is what a line says of a domain.
func (p watchPage) about(r WatchedRow) string {
	parts := []string{strings.Join(r.Rules, " ")}
	switch {
	case r.Status == "":
		parts = []string{p.tr("not looked at yet", "未確認")}
	case len(r.Rules) == 0 && len(r.Silent) == 0:
		parts = []string{p.tr("in order", "問題なし")}
	}
	if len(r.Silent) > 0 {
		parts = append(parts, fmt.Sprintf(p.tr("cannot look since %s: %s",
			"%s から確認できず: %s"), p.moment(stamped(r.Since)), strings.Join(r.Silent, " ")))
	}
	return strings.TrimSpace(strings.Join(parts, "  "))
}

// watchedHTML is a page of the list of domains.
func watchedHTML(w *page.Out, o Options) page.Printer[WatchedRow] {
	heads := func(t webText) []string {
		return []string{t.tr("domain",
			"ドメイン"), t.tr("how it stands", "状態"), t.tr("last look", "最後の確認"), t.tr("next look", "次の確認")}
	}
	return listPage[WatchedRow]{fleetTitle, heads, func(w webText, r WatchedRow) []cellView {
		t := watchPage(w)
		looked, next := stamped(r.Looked), stamped(r.Due)
		if !next.After(looked) {
			next = time.Time{} // nobody has planned a look
		}
		out := cells("", t.about(r), t.moment(looked), t.moment(next))
		out[0].markedView = styledView(page.Styled{t.sign(r)}.Then(" " + domainName(r.Domain)))
		return out
	}}.open(w, o)
}

// changesText prints changes, one after the other.
func changesText(w *page.Out, o Options) page.Printer[ChangeRow] {
	return changeLines{makeWatchPage(w, o)}
}

type changeLines struct{ watchPage }

// Put prints a change.
func (p changeLines) Put(c ChangeRow) error {
	words := p.changeWords(c)
	p.page.Para(append(page.Words(words.when+"  "), mark(statusNamed(words.class))).Then(" "), 4, page.Words(words.head))
	p.para("    ", 4, shown(c.Message))
	p.page.FlushIfLarge()
	return nil
}

// Close writes the rest.
func (p changeLines) Close() error { return p.page.Flush() }

// Flush writes what has been collected.
func (p changeLines) Flush() error { return p.page.Flush() }

type changeSaid struct{ when, class, head string }

func (p watchPage) changeWords(row ChangeRow) changeSaid {
	c := row.change()
	return changeSaid{p.between(c.Before, c.At), changeStatus(c).String(),
		changedWord(c.Turn).In(p.o.Lang) + "  " + domainName(c.Domain) + "  " + what(c)}
}

// changesHTML is a page of the list of changes.
func changesHTML(w *page.Out, o Options) page.Printer[ChangeRow] {
	heads := func(t webText) []string {
		return []string{t.tr("when", "日時"), t.tr("change", "変化"), t.tr("what it says", "内容")}
	}
	return listPage[ChangeRow]{watchTitle, heads, func(w webText, c ChangeRow) []cellView {
		said := watchPage(w).changeWords(c)
		out := cells(said.when, "", shown(c.Message))
		out[1].markedView = styledView(page.Styled{mark(statusNamed(said.class))}.Then(" " + said.head))
		return out
	}}.open(w, o)
}

// WatchCount is what a command did to the list of domains that are watched.
type WatchCount struct {
	New     int      `json:"new"`
	Known   int      `json:"known"`
	Moved   int      `json:"moved"` // those that are looked at more or less often now
	Removed int      `json:"removed"`
	Missing []string `json:"missing"` // that were not watched
	Bad     int      `json:"bad"`     // lines that name no domain
}

// Lines implements List.
func (c WatchCount) Lines(w *page.Out, o Options) string {
	t := makeWatchPage(w, o)
	add := func(n int, en, ja string) {
		if n > 0 {
			t.line(fmt.Sprintf(t.tr(en, ja), thousands(int64(n))))
		}
	}
	add(c.New, "added: %s", "追加: %s件")
	add(c.Known, "watched already: %s", "監視済み: %s件")
	add(c.Moved, "looked at at another interval from now on: %s", "確認の間隔を変更: %s件")
	add(c.Removed, "removed: %s", "削除: %s件")
	add(len(c.Missing), "were not watched: %s", "監視していないドメイン: %s件")
	if t.page.String() == "" {
		t.line(t.tr("nothing to do", "対象がありません"))
	}
	return t.page.String()
}
