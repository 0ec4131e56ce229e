package store

import (
	"net/netip"

	"daybook/audit"
)

// shortKey is the column "address_key" for an address key: an IPv4 address is its
// 4 bytes, without those that map it into IPv6.
func shortKey(key []byte) []byte {
	if address, ok := netip.AddrFromSlice(key); ok {
		return address.Unmap().AsSlice()
	}
	return nil
}

// canonicalAddress is how the address of a short key is usually written.
func canonicalAddress(key []byte) string {
	address, _ := netip.AddrFromSlice(key)
	return address.String()
}

// addressText is the column "address": nothing where the key says how the address
// was written.
func addressText(e *audit.Entry) any {
	if e.IPAddress == nil || len(e.AddressKey) > 0 && *e.IPAddress == canonicalAddress(shortKey(e.AddressKey)) {
		return nil
	}
	return *e.IPAddress
}
