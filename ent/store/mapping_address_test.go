package store

import (
	"net/netip"
	"testing"

	"daybook/audit"
)

// TestAddressesComeBackAsSent: an address is stored as its key alone only where that
// says how it was written.
func TestAddressesComeBackAsSent(t *testing.T) {
	for sent, stored := range map[string]struct {
		text any
		key  int
	}{
		"10.0.0.1":              {nil, 4},
		"255.255.255.255":       {nil, 4},
		"2001:db8::1":           {nil, 16},
		"::":                    {nil, 16},
		"::ffff:10.0.0.1":       {"::ffff:10.0.0.1", 4},
		"2001:DB8::1":           {"2001:DB8::1", 16},
		"2001:db8:0:0:0:0:0:1":  {"2001:db8:0:0:0:0:0:1", 16},
		"fe80::1%eth0":          {"fe80::1%eth0", 16},
		"::ffff:10.0.0.1%zone1": {"::ffff:10.0.0.1%zone1", 4},
	} {
		key := netip.MustParseAddr(sent).WithZone("").As16()
		text, column := addressColumns(&audit.Entry{IPAddress: &sent, AddressKey: key[:]})
		short, _ := column.([]byte)
		if text != stored.text || len(short) != stored.key {
			t.Errorf("%s is stored as %v and %d bytes, want %v and %d", sent, text, len(short), stored.text, stored.key)
		}
		row, got := &rowScan{values: []cell{{text}, {short}}}, ""
		if read := address(row, &got); row.err != nil || read == nil || *read != sent {
			t.Errorf("%s came back as %v: %v", sent, read, row.err)
		}
	}
	if text, key := addressColumns(&audit.Entry{}); text != nil || key != nil {
		t.Errorf("no address is stored as %v and %v", text, key)
	}
	row := &rowScan{values: make([]cell, 2)}
	if read := address(row, new(string)); read != nil {
		t.Errorf("no address came back as %s", *read)
	}
}
