package app

import (
	"strconv"
	"time"

	"todoku/codes"
)

// ParseSince takes a point in time: a length of time before now (2h, 7d), a day (local time) or a date with a time.
func (a *App) ParseSince(s string) (time.Time, error) {
	if n, ok := parseDays(s); ok {
		return a.Now().AddDate(0, 0, -n), nil
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return a.Now().Add(-d), nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(form, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, codes.Wrong(codes.Say(codes.Text{EN: "{value} is no time", JA: "{value} は日時ではありません"}, codes.Quoted("value", s)),
		codes.Say(codes.Text{EN: "give a length (90m, 2h, 7d), a day (2026-01-31) or a moment (2026-01-31 09:00)", JA: "期間(90m、2h、7d)、日付(2026-01-31)、日時(2026-01-31 09:00)のいずれかを指定してください"}))
}

// parseDays reads a number of days: "7d".
func parseDays(s string) (int, bool) {
	if s == "" || s[len(s)-1] != 'd' {
		return 0, false
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	return n, err == nil && n > 0 && n < 100_000
}
