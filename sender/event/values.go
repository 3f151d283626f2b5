package event

// field is what a value of a record tells.
type field uint8

// The fields. Those of the kind of the event and of its recipient a record cannot do without.
const (
	fieldNone       field = iota
	fieldKind             // what happened, in the service's word
	fieldKind2            // and more closely: "permanent", "blocked"
	fieldCategory         // why, in the service's word
	fieldTime             // when
	fieldTime2            // else
	fieldRecipient        // one, or several with ';' between them
	fieldOriginal         // the recipient before it was forwarded
	fieldFrom             // the sender
	fieldReturnPath       // where notices go
	fieldSubject          //
	fieldMessageID        //
	fieldQueueID          // of the service
	fieldEnvelopeID       //
	fieldEventID          // what the service numbers its events by
	fieldReporter         // the server that recorded it
	fieldRemote           // the receiving server
	fieldRemoteIP         //
	fieldSendingIP        //
	fieldStatus           // 5.1.1
	fieldCode             // 550
	fieldDiagnostic       // what the server said
	fieldFeedback         // of a complaint
	fieldConnector        // of Exchange
	fieldList             // as JSON: of Amazon SES the recipients, of KumoMTA the enhanced code
	fieldCount
)

// values are the fields of one record. They are put together in one buffer, which becomes one string.
type values struct {
	marked bool // a name was there that only this service uses
	hinted bool // a name was there that it uses too
	buf    []byte
	text   string
	spans  [fieldCount]span
}

// span is where a value stands in the text, and how good the name is that it was found under.
type span struct {
	from, to int32
	rank     uint8 // 0 is none, 1 the best
}

func (v *values) reset() {
	v.marked, v.hinted, v.buf, v.text = false, false, v.buf[:0], ""
	v.spans = [fieldCount]span{}
}

// wants reports whether a value under a name of this rank would be taken.
func (v *values) wants(f field, rank uint8) bool {
	return v.spans[f].rank == 0 || rank < v.spans[f].rank
}

// set takes what was appended to the buffer from a place on as the value of f. An empty one counts for nothing.
func (v *values) set(f field, rank uint8, from int) {
	if len(v.buf) > from {
		v.spans[f] = span{int32(from), int32(len(v.buf)), rank}
	}
}

// settle makes the text of the buffer; get works from then on.
func (v *values) settle() { v.text = string(v.buf) }

func (v *values) has(f field) bool { return v.spans[f].rank != 0 }

// get is the value of a field, "" where there is none.
func (v *values) get(f field) string { return v.text[v.spans[f].from:v.spans[f].to] }
