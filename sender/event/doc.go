// Package event reads what happened to one mail for one recipient at one time, whoever recorded it: a notice that came back
// (RFC 3464 and the many that follow no standard), a complaint (RFC 5965), a line of a mail server's log, an event of a
// sending service, or a text that somebody pasted.
//
// Read recognises the format of an input by its content and yields its events one by one; memory does not grow with the
// input. Judge then says what each means, by the rules of codes, and remembers the answer by the shape of the reply:
//
//	judge := event.NewJudge(catalogue, providerOf)
//	for e, err := range event.Read(ctx, event.Source{Name: "mail.log", Reader: file}) {
//		…
//		judge.Judge(&e)
//	}
//
// A format of lines is a lineFormat (lines.go): scan looks at one line alone and keeps no state, so that several lines can
// be looked at side by side; join sees what scan found in the order of the lines, and puts together what stands in several.
package event
