package app

import (
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // TZ=Asia/Tokyo also holds where the system has no list of zones, as small containers have none

	"todoku/codes"
)

// Zone is that of times without one: the system's. Where the system has none of its own (UTC), Japanese users mean Japan.
func (a *App) Zone() *time.Location {
	if name, offset := a.Now().Zone(); a.Lang == codes.Japanese && a.Env("TZ") == "" && name == "UTC" && offset == 0 {
		return codes.JapanTime()
	}
	return a.Now().Location()
}

// ParseSince takes a point in time: a length of time before now (2h, 7d), a day or a date with a time (in Zone), also as a
// mail's header or a Japanese letter has it.
func (a *App) ParseSince(s string) (time.Time, error) {
	if n, ok := parseDays(s); ok {
		return a.Now().AddDate(0, 0, -n), nil
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return a.Now().Add(-d), nil
	}
	if at, err := mail.ParseDate(s); err == nil {
		return at, nil
	}
	zone := a.Zone()
	if strings.Contains(s, "日本時間") || strings.HasSuffix(s, "JST") {
		zone = codes.JapanTime()
	}
	plain, afternoon := plainTime(s)
	for _, form := range []string{time.RFC3339, "2006-1-2T15:4:5", "2006-1-2 15:4:5", "2006-1-2 15:4", "2006-1-2 15", "2006-1-2"} {
		if t, err := time.ParseInLocation(form, plain, zone); err == nil {
			if afternoon && t.Hour() < 12 {
				t = t.Add(12 * time.Hour)
			}
			return t, nil
		}
	}
	return time.Time{}, codes.Wrong(codes.Say(codes.Text{EN: "{value} is no time", JA: "{value} は日時ではありません"}, codes.Quoted("value", s)),
		codes.Say(codes.Text{EN: "give a length (90m, 2h, 7d), a day (2026-01-31) or a moment (2026-01-31 09:00)", JA: "期間(90m、2h、7d)、日付(2026-01-31)、日時(2026-01-31 09:00、2026年1月31日9時)のいずれかを指定してください"}))
}

// plainTime is a date and time with the signs of ISO 8601, whatever stands between the numbers; afternoon is 午後.
func plainTime(s string) (plain string, afternoon bool) {
	s = regexp.MustCompile(`\s*\(?(日本時間|JST|[日月火水木金土](曜日)?)\)\s*|\s*(日本時間|JST)$`).ReplaceAllString(Narrow(s),
		" ")
	afternoon = strings.Contains(s, "午後")
	s = strings.NewReplacer("年", "-", "月", "-", "/", "-", "日", " ", "時", ":", "分", ":", "秒", "", "午前", " ",
		"午後", " ").Replace(s)
	return strings.TrimRight(strings.Join(strings.Fields(s), " "), ":"), afternoon
}

// parseDays reads a number of days: "7d".
func parseDays(s string) (int, bool) {
	if s == "" || s[len(s)-1] != 'd' {
		return 0, false
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	return n, err == nil && n > 0 && n < 100_000
}
