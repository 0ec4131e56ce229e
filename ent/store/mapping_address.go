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

// addressColumns are the columns "address", nothing where the key says how the
// address was written, and "address_key".
func addressColumns(e *audit.Entry) (text, key any) {
	address, known := netip.AddrFromSlice(e.AddressKey)
	if known {
		address = address.Unmap()
		key = address.AsSlice()
	}
	var canonical [64]byte // longer than any address without a zone
	if e.IPAddress == nil || known && string(address.AppendTo(canonical[:0])) == *e.IPAddress {
		return nil, key
	}
	return *e.IPAddress, key
}
