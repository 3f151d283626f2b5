package alert

import (
	"strings"
	"time"
	"unicode/utf8"

	"todoku/codes"
	"todoku/diag/watch"
)

// title says in one line what happened.
func (w Words) title(i Incident, over bool) string {
	domain := ""
	if len(i.Examples) > 0 {
		domain = i.Examples[0].Domain
	}
	var t codes.Text
	switch {
	case over && i.Kind == Quiet:
		t = codes.Text{EN: "{what}: {domains} can be checked again", JA: "{what}: {domains}を再び検査できるようになりました"}
	case over:
		t = codes.Text{EN: "{what}: over in {domains}", JA: "{what}: {domains}で解消しました"}
	case i.Kind == Quiet:
		t = codes.Text{EN: "{what}: {domains} could not be checked", JA: "{what}: {domains}を検査できません"}
	case i.FirstLook:
		t = codes.Text{EN: "{what}: problem in {domains} at the first look", JA: "{what}: 最初の検査により{domains}で問題が見つかりました"}
	default:
		t = codes.Text{EN: "{what}: new problem in {domains}", JA: "{what}: {domains}で新たな問題が見つかりました"}
	}
	what := i.Culprit
	for _, or := range []string{i.Rule, i.Check, i.Message} {
		if what == "" {
			what = or
		}
	}
	domains := watch.Domains(i.Domains)
	if i.Domains == 1 && domain != "" {
		domains = codes.Text{EN: domain, JA: domain}
	}
	return codes.Say(t, codes.Str("what", what), codes.Words("domains", domains)).In(w.Lang)
}

// write makes the title and the text of a notice.
func (w Words) write(n *Notice) {
	all := append(append([]Incident{}, n.Opened...), n.Over...)
	if len(all) == 0 {
		return
	}
	n.Title = all[0].Title
	if len(all) > 1 {
		more := codes.Text{EN: "{title} (and {n} more)", JA: "{title}(ほか{n}件)"}
		n.Title = codes.Say(more, codes.Str("title", n.Title), codes.Num("n", len(all)-1)).In(w.Lang)
	}
	for _, i := range all[:min(len(all), mostInText)] {
		n.paragraphs = append(n.paragraphs, w.paragraph(i))
	}
	n.LeftOut = max(0, len(all)-mostInText)
	n.leftOut = func(more int) string {
		return codes.Say(codes.Text{EN: "{n} more are not shown here: {command} shows all.", JA: "ほか{n}件は省略しました。{command} ですべて表示できます。"},
			codes.Num("n", more), codes.Str("command", w.Command(w.ready(codes.Todoku("watch", "status"))))).In(w.Lang)
	}
	n.Text = n.Short(len(n.paragraphs) * 10_000)
}

// Short is the text in at most so many characters: incidents that do not fit are left out, and how many they are is told.
func (n Notice) Short(most int) string {
	if len(n.paragraphs) == 0 {
		return n.Text
	}
	all := len(n.Opened) + len(n.Over)
	for shown := len(n.paragraphs); shown > 0; shown-- {
		s := strings.Join(n.paragraphs[:shown], "\n\n")
		if shown < all {
			s += "\n\n" + n.leftOut(all-shown)
		}
		if utf8.RuneCountInString(s) <= most {
			return s
		}
	}
	return shorten(n.paragraphs[0], most)
}

// paragraph is all that is told about one incident.
func (w Words) paragraph(i Incident) string {
	lines := []string{i.Title}
	row := func(label codes.Text, value string) {
		if value != "" {
			lines = append(lines, label.In(w.Lang)+value)
		}
	}
	row(codes.Text{EN: "  since: ", JA: "  発生: "}, w.time(i.Since))
	if !i.Until.IsZero() {
		row(codes.Text{EN: "  until: ", JA: "  解消: "}, w.time(i.Until))
	}
	row(codes.Text{EN: "  in common: ", JA: "  共通点: "}, i.Culprit)
	if i.Message != i.Title && (len(i.Examples) == 0 || i.Domains > 1) {
		row(codes.Text{EN: "  what: ", JA: "  内容: "}, i.Message)
	}
	shown := map[string]bool{}
	for _, e := range i.Examples {
		shown[e.Domain] = true
		row(codes.Text{EN: "  - ", JA: "  - "}, e.Domain+": "+e.Message)
	}
	if more := i.Domains - len(shown); more > 0 && len(shown) > 0 {
		lines = append(lines, codes.Say(codes.Text{EN: "  - and {n} more", JA: "  - ほか{n}ドメイン"}, codes.Num("n", more)).In(w.Lang))
	}
	if i.Kind == Quiet && i.Until.IsZero() {
		lines = append(lines, codes.Text{EN: "  Nothing is known of these domains meanwhile: neither that they are well nor that they are not.",
			JA: "  この間、これらのドメインの状態は不明です。正常とも異常とも判断していません。"}.In(w.Lang))
	}
	for _, c := range i.Commands {
		row(codes.Text{EN: "  $ ", JA: "  $ "}, c.Line)
	}
	return strings.Join(lines, "\n")
}

// time is a time as people of the language read it.
func (w Words) time(at time.Time) string {
	if w.Lang == codes.Japanese {
		return codes.JapaneseTime(at)
	}
	return at.UTC().Format("2006-01-02 15:04:05 UTC")
}
