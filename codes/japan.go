package codes

import "time"

// JapanTime is the zone of Japanese pages. Japan has no summer time.
func JapanTime() *time.Location { return time.FixedZone("JST", 9*60*60) }

// JapaneseTime is a date and time as Japanese pages and mails show it: 「2026年1月2日(金)12:04:05(日本時間)」.
func JapaneseTime(at time.Time) string {
	at = at.In(JapanTime())
	return at.Format("2006年1月2日(") + []string{"日", "月", "火", "水", "木", "金", "土"}[at.Weekday()] +
		at.Format(")15:04:05(日本時間)")
}
