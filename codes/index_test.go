package codes

import "testing"

// TestIndexed: an expression without a literal would be tried on every text.
func TestIndexed(t *testing.T) {
	t.Parallel()
	c, err := Load(Files)
	if err != nil {
		t.Fatal(err)
	}
	index := c.index()
	for n, need := range index.need {
		if need == 0 {
			t.Errorf("has no word that every match contains: %s", index.alternatives[n].source)
		}
	}
}
