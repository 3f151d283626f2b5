package picture

import (
	"html/template"
	"time"

	"todoku/codes"
)

// Step is one step of a session with a mail server.
type Step struct {
	At, Took time.Duration // since the call, and until the answer was whole
	Text     string        // what was said
	Answer   string        // the code of the reply, or what went wrong
	Bad      bool          // the server refused, or did not answer
	Refused  bool          // refused for now: 4xx
	Bye      bool          // it only ends the session
}

const maxSteps = 40

// Session draws the steps of a session over its time.
func Session(server string, steps []Step, lang codes.Lang) template.HTML {
	s := begin(codes.Text{EN: "Session with the server, step by step", JA: "サーバーとのセッション(経過時間)"}, lang)
	s.name(0, baseline, 0, "strong", server)
	s.tell(shown(server))
	end := time.Millisecond
	for _, step := range steps {
		end = max(end, step.At+step.Took)
	}
	last := len(steps) - 1
	for last > 0 && steps[last].Bye {
		last--
	}
	y := rowHeight + 4
	for i, step := range steps {
		if i == maxSteps {
			s.write(0, y+baseline, 0, "soft", s.more(len(steps)-i))
			s.tell(s.more(len(steps) - i))
			y += rowHeight
			break
		}
		y = s.step(y, step, end, i == last)
	}
	s.line("0", y, "100%", y, "link")
	s.Shapes = append(s.Shapes, shape{Kind: "text", X: "0", Y: px(y + baseline + 2), Class: "soft", Text: "0"})
	s.right(y+baseline+2, "soft", s.milliseconds(end))
	s.tell(s.milliseconds(end))
	s.Height = y + rowHeight
	return s.end()
}

// step draws what was said and, below it, when.
func (s *sketch) step(y int, step Step, end time.Duration, last bool) int {
	class := "pass"
	switch {
	case step.Bad:
		class = "fail"
	case step.Refused:
		class = "warn"
	}
	answer := fit(shown(step.Answer), 160)
	if last && class != "pass" {
		answer += s.say(" · stopped here", "・ここで停止")
	}
	taken := s.right(y+baseline, class, answer)
	s.name(0, y+baseline, taken, "", step.Text)
	y += rowHeight
	from, width := float64(step.At)/float64(end), max(float64(step.Took)/float64(end), .01)
	s.bar(part(min(from, .99)), y, part(width), 5, "bar "+class, s.milliseconds(step.At)+" + "+s.milliseconds(step.Took))
	s.tell(shown(step.Text), "→", answer)
	return y + 11
}

// milliseconds writes a time of a session.
func (s *sketch) milliseconds(d time.Duration) string {
	if d < 100*time.Millisecond {
		d = d.Round(100 * time.Microsecond)
	} else {
		d = d.Round(time.Millisecond)
	}
	return d.String()
}
