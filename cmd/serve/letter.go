package serve

import (
	"net/http"
	"strings"
	"time"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// letters are the pages that write letters.
type letters struct{ *server }

// letterBody is the form of a letter. Of is the result of a diagnosis that it is about.
type letterBody struct {
	Problem, Kind, ID, Of                        string
	From, To, Time, Code, Response, Subject      string
	Company, Name, Contact, Addressee, MessageID string
	Redact                                       bool
}

var letterTitle = codes.Text{EN: "Write a letter", JA: "文面の作成"}

// form shows the form, with what an address brings.
func (s letters) form(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	b := letterBody{Kind: q.Get("kind"), Of: shortened(q.Get("of")), ID: shortened(q.Get("id")), From: shortened(q.Get("from")),
		To: shortened(q.Get("to")), Code: shortened(q.Get("code")), Response: shortened(q.Get("response"))}
	if res, ok := s.results.get(b.Of); !ok || len(res.files[page.JSON]) == 0 {
		b.Of = ""
	}
	show(w, http.StatusOK, "letter", s.frame(w, r, letterTitle), b)
}

// write writes the letter, and leads to it.
func (s letters) write(w http.ResponseWriter, r *http.Request) {
	f, err := s.readForm(w, r)
	if err != nil {
		s.refuseForm(w, r, err)
		return
	}
	v := func(name string) string { return strings.TrimSpace(f.Get(name)) }
	b := letterBody{Kind: v("kind"), ID: v("id"), Of: v("of"), From: v("from"), To: v("to"), Time: v("time"), Code: v("code"),
		Response: strings.Join(strings.Fields(v("response")), " "), Subject: v("subject"), MessageID: v("message-id"),
		Company: v("company"), Name: v("name"), Contact: v("contact"), Addressee: v("addressee"), Redact: v("redact") != ""}
	fr := s.frame(w, r, letterTitle)
	again := func(problem string) {
		b.Problem = problem
		for _, v := range []*string{&b.ID, &b.Of, &b.From, &b.To, &b.Time, &b.Code, &b.Response, &b.Subject, &b.Company, &b.Name, &b.Contact,
			&b.Addressee, &b.MessageID} {
			*v = cleanLines(*v)
		}
		show(w, http.StatusUnprocessableEntity, "letter", fr, b)
	}
	j, err := s.job(b)
	if err != nil {
		again(strings.Join(page.ErrorLines(err, fr.Lang), "\n"))
		return
	}
	s.runAndShow(w, r, j, again)
}

// job is the command line of a letter. The error is a *codes.UserError.
func (s letters) job(b letterBody) (j job, err error) {
	c := codes.Todoku("letter")
	switch b.Kind {
	case "customer":
		c = c.And(codes.Todoku("--to-customer"))
	case "reply":
		c = c.And(codes.Todoku("--reply"))
	}
	if b.Redact {
		c = c.And(codes.Todoku("--redact"))
	}
	if b.Time != "" {
		at, err := s.app.ParseSince(b.Time)
		if err != nil {
			return j, err
		}
		b.Time = at.Format(time.RFC3339)
	}
	if res, ok := s.results.get(b.Of); ok && len(res.files[page.JSON]) > 0 {
		c = c.And(codes.Todoku("--diagnosis", "-"))
		j.text = string(res.files[page.JSON])
	}
	history := ""
	if b.ID != "" {
		history = s.options.history
	}
	for _, g := range []struct {
		template    codes.Command
		place       codes.Place
		name, value string
	}{
		{codes.Todoku("--from", "ADDR"), codes.PlaceAddr, "From", b.From}, {codes.Todoku("--to", "ADDR"), codes.PlaceAddr, "To", b.To},
		{codes.Todoku("--time", "TIME"), codes.PlaceTime, "Time", b.Time}, {codes.Todoku("--code", "CODE"), codes.PlaceCode, "Code", b.Code},
		{codes.Todoku("--response", "REPLY"), codes.PlaceReply, "Reply", b.Response},
		{codes.Todoku("--subject", "REPLY"), codes.PlaceReply, "Subject", b.Subject},
		{codes.Todoku("--message-id", "REPLY"), codes.PlaceReply, "Message-ID", b.MessageID},
		{codes.Todoku("--company", "REPLY"), codes.PlaceReply, "Company", b.Company},
		{codes.Todoku("--name", "REPLY"), codes.PlaceReply, "Name", b.Name},
		{codes.Todoku("--contact", "REPLY"), codes.PlaceReply, "Contact", b.Contact},
		{codes.Todoku("--addressee", "REPLY"), codes.PlaceReply, "Addressee", b.Addressee},
		{codes.Todoku("--history", "FILE"), codes.PlaceFile, "--history", history},
		{codes.Todoku("ID"), codes.PlaceID, "ID", b.ID},
	} {
		if c, err = given(c, g.template, g.place, g.name, g.value); err != nil {
			return j, err
		}
	}
	j.title, j.subject, j.command, j.formats = codes.Text{EN: "Letter", JA: "文面"}, b.To, c, report.Letters.Formats()
	return j, nil
}
