package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// SettingsSchemaName is what lists of settings call their schema.
const SettingsSchemaName = "todoku/settings/1"

// ConfigSchemaName is the name of the schema of the config file.
const ConfigSchemaName = "todoku/config/1"

// Settings are the values that flags have, and where each is from (schema todoku/settings/1). Secrets are not among them.
type Settings struct {
	Schema     string             `json:"schema"`
	File       string             `json:"file"`   // the config file; "" where there is none
	Domain     string             `json:"domain"` // whose settings they are; "": of all
	Values     []Setting          `json:"values"`
	Domains    []string           `json:"domains"` // that the file knows
	Exceptions []SettingException `json:"exceptions"`
}

// Setting is the value of a flag.
type Setting struct {
	Flag   string   `json:"flag"`
	Values []string `json:"values"` // none: the default
	Origin string   `json:"origin"` // flag, environment, file, default
	Place  string   `json:"place"`  // "--ip", "TODOKU_IP", "todoku.yaml:3:1"; "" of a default
}

// SettingException is a rule that may be broken for a time.
type SettingException struct {
	Rule    string   `json:"rule"`
	Subject string   `json:"subject"` // "": of any
	Domains []string `json:"domains"` // none: all
	Reason  string   `json:"reason"`
	Until   string   `json:"until"`
	Ended   bool     `json:"ended"`
	Place   string   `json:"place"`
}

// settingsText lists settings for people: those that somebody set, then those that nobody set, then the exceptions.
func settingsText(w *page.Out, o Options, s Settings) error {
	t := makeText(w, o)
	switch {
	case s.File == "":
		t.line(codes.Text{EN: "no config file", JA: "設定ファイルはありません"}.In(o.Lang))
	case s.Domain != "":
		t.line(s.File + " · " + s.Domain)
	default:
		t.line(s.File)
	}
	var unset []string
	names, places := 0, 0
	for _, v := range s.Values {
		if v.Place != "" {
			names, places = max(names, t.page.StringWidth(v.Flag)), max(places, t.page.StringWidth(v.Place))
		}
	}
	for _, v := range s.Values {
		if v.Place == "" {
			unset = append(unset, v.Flag)
			continue
		}
		head := "  " + t.page.Pad(v.Flag, names) + "  " + t.page.Pad(v.Place, places) + "  "
		t.para(head, t.page.StringWidth(head), strings.Join(v.Values, ", "))
	}
	if len(unset) > 0 {
		t.para("  ", 2, codes.Text{EN: "as they are by default: ", JA: "既定値: "}.In(o.Lang)+strings.Join(unset, ", "))
	}
	if len(s.Domains) > 0 {
		t.line("")
		t.para("", 2, codes.Text{EN: "domains: ", JA: "ドメイン: "}.In(o.Lang)+strings.Join(s.Domains, ", "))
	}
	if len(s.Exceptions) > 0 {
		t.line("")
		t.line(codes.Text{EN: "exceptions:", JA: "除外:"}.In(o.Lang))
	}
	for _, e := range s.Exceptions {
		t.para("  - ", 4, e.said(o.Lang))
	}
	return t.page.Flush()
}

// settingsTitle is what a page of settings is called.
var settingsTitle = codes.Text{EN: "Settings", JA: "設定"}

func settingsHTML(s Settings, o Options) linesView {
	var b strings.Builder
	if err := settingsText(page.To(&b), o.WithWidth(), s); err != nil {
		return linesView{}
	}
	return linesView{settingsTitle.In(o.Lang), b.String()}
}

// said is an exception in one sentence.
func (e SettingException) said(l codes.Lang) string {
	until := codes.Text{EN: "until {until}", JA: "{until} まで"}
	if e.Ended {
		until = codes.Text{EN: "ended on {until}", JA: "{until} で終了"}
	}
	about := append([]string{}, e.Domains...)
	if e.Subject != "" {
		about = append(about, e.Subject)
	}
	parts := []string{e.Rule, fill(until, codes.Data{codes.Str("until", e.Until)}, l), e.Reason}
	if len(about) > 0 {
		parts = append(parts, strings.Join(about, ", "))
	}
	return strings.Join(append(parts, e.Place), " · ")
}

// settingsCSV lists settings and exceptions, a row each.
func settingsCSV(w *page.Out, o Options) page.Printer[Settings] {
	return settingsRows{page.NewTable(w, o.ByteOrderMark, []string{"file", "domain", "kind", "name", "value", "origin", "place",
		"until", "about"})}
}

type settingsRows struct{ *page.Table }

// Put writes the rows.
func (t settingsRows) Put(s Settings) error {
	for _, v := range s.Values {
		if err := t.Table.Put([]string{s.File, s.Domain, "value", v.Flag, strings.Join(v.Values, "\n"), v.Origin, v.Place, "", ""}); err != nil {
			return err
		}
	}
	for _, e := range s.Exceptions {
		about := strings.TrimSpace(strings.Join(e.Domains, " ") + " " + e.Subject)
		if err := t.Table.Put([]string{s.File, s.Domain, "exception", e.Rule, e.Reason, "file", e.Place, e.Until, about}); err != nil {
			return err
		}
	}
	return nil
}
