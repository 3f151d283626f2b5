package guide

// Fault says whose a cause is: who would have to change something for the mail to arrive.
type Fault string

// The faults. What is not confirmed is nobody's yet.
const (
	FaultAddress   Fault = "address"   // the address does not exist, or its domain takes no mail
	FaultOurs      Fault = "ours"      // the sending side: its DNS, its server, its mail
	FaultTheirs    Fault = "theirs"    // the receiving side: its server, its DNS, its space
	FaultRecipient Fault = "recipient" // the recipient has decided so
	FaultUnknown   Fault = "unknown"   // no cause is confirmed
)

// Fault is whose the first confirmed cause is.
func (d *Diagnosis) Fault() Fault {
	if a := d.Answer(); a != nil {
		return a.Fault()
	}
	return FaultUnknown
}

// Fault is whose the cause is in this case.
func (o *Outcome) Fault() Fault {
	if o.fault != "" {
		return o.fault
	}
	return o.Cause.Fault
}

// of says whose a cause is where that depends on what was seen.
func (o Outcome) of(f Fault) Outcome {
	o.fault = f
	return o
}
