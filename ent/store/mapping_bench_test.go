package store

import (
	"testing"

	"daybook/audit"
)

// BenchmarkMapping is what an event of the usual size takes to be made into the
// columns of its row, and its changes and details to be read from them again.
func BenchmarkMapping(b *testing.B) {
	name, address := "Order 4711 is late", "203.0.113.7"
	entry := testEntry()
	entry.Category, entry.Object = audit.CategoryConversation, &audit.Object{Type: audit.ObjectConversation, ExternalID: "cnv-0001234", Name: &name}
	entry.Details = &audit.ConversationDetails{Conversation: &audit.Subject{ExternalID: "cnv-0001234", Name: &name}}
	entry.IPAddress, entry.AddressKey = &address, []byte{10: 0xff, 11: 0xff, 12: 203, 14: 113, 15: 7}
	entry.Changes = []audit.Change{
		{Property: "status", Operation: audit.OperationChanged, Before: audit.JSON(`"open"`), After: audit.JSON(`"snoozed"`)},
		{Property: "priority", Operation: audit.OperationAdded, After: audit.JSON("3")},
	}
	b.Run("write", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := entryValues(entry); err != nil {
				b.Fatal(err)
			}
		}
	})
	details, err := encodeDetails(entry.Details, entry.Object)
	if err != nil {
		b.Fatal(err)
	}
	changes := encodeChanges(entry.Changes)
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := new(changeMemory).decode(audit.EventID{}, changes); err != nil {
				b.Fatal(err)
			}
			if _, err := decodeDetails(entry.Category, details, entry.Object, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
