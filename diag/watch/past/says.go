package past

import (
	"strings"
	"time"

	"todoku/codes"
)

// Says says what changed when, and what followed, in words with their data.
func (c *Change) Says() (codes.Text, codes.Data) {
	says, data := c.happened()
	add := func(en, ja string) { says.EN, says.JA = says.EN+en, says.JA+ja }
	if c.Kind != Silent && !c.Stands() {
		add("; mended between {mended_since} and {mended_until}", "({mended_since} から {mended_until} の間に解消)")
		data = append(data, codes.Str("mended_since", c.clock(c.MendedSince, c.Until)),
			codes.Str("mended_until", c.clock(c.MendedUntil, c.MendedSince)))
	}
	switch {
	case c.Refusals == 0:
	case c.Refusals == 1:
		add("; refused at {first}", "。拒否されたのは {first}")
	default:
		add("; first refusal {first}, {n} since", "。最初の拒否は {first}、以後{n}件")
	}
	return says, append(data, codes.Str("first", c.clock(c.First, c.Until)), codes.Num("n", int(c.Refusals)))
}

// happened says what changed.
func (c *Change) happened() (codes.Text, codes.Data) {
	data := codes.Data{codes.Str("name", c.Name), codes.Words("what", c.what()), codes.Str("since", c.clock(c.Since, time.Time{})),
		codes.Str("until", c.clock(c.Until, c.Since)), codes.Start("lost", strings.Join(c.Lost, " "), mostSaid), codes.Str("check", c.Check),
		codes.Words("message", c.Message)}
	switch {
	case c.Kind == Vanished:
		return codes.Text{EN: "{what} {name} vanished between {since} and {until}",
			JA: "{name} の{what}が {since} から {until} の間に消えました"}, data
	case c.Kind == Altered:
		return codes.Text{EN: "{what} {name} lost {lost} between {since} and {until}",
			JA: "{name} の{what}から {since} から {until} の間に {lost} がなくなりました"}, data
	case c.Kind == Silent && c.Since.IsZero():
		return codes.Text{EN: "{check}: could not be looked up since {until}, so nobody knows what was there",
			JA: "{check}: {until} から確認できておらず、当時の状態は不明です"}, data
	case c.Kind == Silent && c.Stands():
		return codes.Text{EN: "{check}: could not be looked up after {since}, so nobody knows what was there",
			JA: "{check}: {since} より後は確認できておらず、当時の状態は不明です"}, data
	case c.Kind == Silent:
		data = append(data, codes.Str("again", c.clock(c.MendedUntil, c.Since)))
		return codes.Text{EN: "{check}: could not be looked up from {since} to {again}, so nobody knows what was there",
			JA: "{check}: {since} から {again} まで確認できず、当時の状態は不明です"}, data
	case c.Since.Equal(c.Until):
		return codes.Text{EN: "seen at {until}: {message}", JA: "{until} に確認: {message}"}, data
	}
	return codes.Text{EN: "new between {since} and {until}: {message}", JA: "{since} から {until} の間に発生: {message}"}, data
}

// mostSaid is how much of a record is said, in octets.
const mostSaid = 120

// what names the record set.
func (c *Change) what() codes.Text {
	switch {
	case strings.Contains(c.Name, "._domainkey."):
		return codes.Text{EN: "the DKIM key", JA: "DKIM公開鍵"}
	case strings.HasPrefix(c.Name, "_dmarc."):
		return codes.Text{EN: "the DMARC record", JA: "DMARCレコード"}
	case c.Type == "TXT":
		return codes.Text{EN: "the SPF record of", JA: "SPFレコード"}
	}
	return codes.Text{EN: "the " + c.Type + " record of", JA: c.Type + "レコード"}
}

// Then says the same as the end of "refused because …"; in Japanese as a phrase that ends in こと. over: it is so no more.
func (c *Change) Then(over bool) (codes.Text, codes.Data) {
	data := codes.Data{codes.Str("name", c.Name), codes.Words("what", c.what()), codes.Words("message", c.Message),
		codes.Start("lost", strings.Join(c.Lost, " "), mostSaid)}
	says := codes.Text{EN: "of this fault: {message}", JA: "「{message}」という不備がある"}
	switch c.Kind {
	case Altered:
		says = codes.Text{EN: "{what} {name} has lost {lost}, which covered the sending address",
			JA: "{name} の{what}から、送信元を含む {lost} がなくなっている"}
	case Vanished:
		says = codes.Text{EN: "{what} {name} is gone from DNS", JA: "{name} の{what}がDNSから消えている"}
	}
	if !over {
		says.JA += "こと"
		return says, data
	}
	switch c.Kind {
	case Altered:
		says = codes.Text{EN: "{what} {name} had lost {lost}, which covered the sending address (it is back)",
			JA: "当時 {name} の{what}に、送信元を含む {lost} がなかった(現在は復旧)"}
	case Vanished:
		says = codes.Text{EN: "{what} {name} was gone from DNS then (it is back)", JA: "当時 {name} の{what}がDNSになかった(現在は復旧)"}
	default:
		says = codes.Text{EN: "of this fault, which is mended by now: {message}", JA: "当時「{message}」という不備があった(現在は解消)"}
	}
	says.JA += "こと"
	return says, data
}

// clock is a time in words, without the day where it is that of another time.
func (c *Change) clock(t, day time.Time) string {
	zone := c.zone
	if zone == nil {
		zone = time.UTC
	}
	t, day = t.In(zone), day.In(zone)
	if t.Format(time.DateOnly) == day.Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("2006-01-02 15:04")
}
