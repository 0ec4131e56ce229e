package store

import "strings"

// maxKnownBytes is how much the shared texts that are remembered may take before
// they are forgotten: a sender may give each of its events another user agent, and
// it may be long.
const maxKnownBytes = 16 << 20

// knownTexts are shared texts that are stored for certain, with their ids.
type knownTexts struct {
	ids   map[string]int64
	bytes int
}

// add notes a text. It keeps a copy: the text may be a part of a whole request.
func (k *knownTexts) add(t namedText) {
	if _, known := k.ids[t.text]; known {
		return
	}
	k.ids[strings.Clone(t.text)] = t.id
	k.bytes += textBytes(t.text)
}

// textBytes is what it takes to remember a text, about.
func textBytes(text string) int { return len(text) + 64 }

// forgetTexts drops the shared texts of all organizations, and no other names: who
// fills the memory with texts takes them from the others for a moment.
func (k *knownByOrganization) forgetTexts() {
	for _, known := range k.names {
		known.texts = knownTexts{ids: map[string]int64{}}
	}
	k.bytes = 0
}
