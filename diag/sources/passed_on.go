package sources

// passesOn counts, by operator, the mails that are passed on as they or their receivers show.
func passesOn(list []*mails) map[string]int64 {
	shown := map[string]int64{}
	for _, m := range list {
		if m.class == Forwarder {
			key := m.at.operatorKey()
			shown[key] = sum(shown[key], m.mails)
		}
	}
	return shown
}

// judgeBroken judges signatures that do not hold again: one from where other mails are passed on was broken there.
func judgeBroken(list []*mails) {
	shown := passesOn(list)
	for _, m := range list {
		if m.class == Unknown && m.reason == BrokenSignature && shown[m.at.operatorKey()] > 0 {
			m.class, m.sure, m.reason = Forwarder, Medium, AmongForwarded
		}
	}
}
