package store

import (
	"net/netip"
	"strconv"

	"entgo.io/ent/dialect/sql"

	"daybook/audit"
)

// addresses are the conditions that the event came from one of the addresses or
// blocks of addresses. Single addresses stand in one list: SQLite compares each
// end of a range with those of all others before it runs a statement.
func (r *filterReader) addresses(f *audit.Filter) ([]condition, error) {
	if f.IPAddresses == nil {
		return nil, nil
	}
	ranges, err := audit.AddressRanges(f.IPAddresses)
	if err != nil {
		return nil, err
	}
	var single []any
	var ipv4, others []*sql.Predicate // blocks of keys of 4 bytes and of 16
	for _, keys := range ranges {
		if keys.First == keys.Last {
			single = append(single, shortKey(keys.First[:]))
			continue
		}
		first, last, some, all := mappedWithin(keys)
		if some {
			ipv4 = append(ipv4, betweenKeys(first, last))
		}
		if !all {
			others = append(others, betweenKeys(keys.First[:], keys.Last[:]))
		}
	}
	var ways []*sql.Predicate
	if len(ipv4) > 0 {
		ways = append(ways, allOf(hasLength(4), anyOf(ipv4...)))
	}
	if len(others) > 0 {
		ways = append(ways, allOf(hasLength(16), anyOf(others...)))
	}
	if len(single) > 0 {
		ways = append(ways, isOneOf("address_key", single))
	}
	c := condition{holds: anyOf(ways...)}
	if ofSignIns(f) && len(single) == len(ranges) {
		c.rarity, c.routes = byActor, signInsFrom(single)
	}
	return []condition{c}, nil
}

// mappedWithin are the keys of 4 bytes, those of IPv4 addresses, that lie in a range
// of keys of 16, into which they are mapped: whether there are some, and nothing else.
func mappedWithin(keys audit.AddressKeys) (first, last []byte, some, all bool) {
	low, high := netip.AddrFrom16(keys.First), netip.AddrFrom16(keys.Last)
	all = low.Is4In6() && high.Is4In6()
	if low.Less(firstIPv4) {
		low = firstIPv4
	}
	if lastIPv4.Less(high) {
		high = lastIPv4
	}
	return low.Unmap().AsSlice(), high.Unmap().AsSlice(), !high.Less(low), all
}

// firstIPv4 and lastIPv4 are the ends of the range that IPv4 is mapped to.
var (
	firstIPv4 = netip.MustParseAddr("::ffff:0.0.0.0")
	lastIPv4  = netip.MustParseAddr("::ffff:255.255.255.255")
)

func hasLength(bytes int) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.WriteString("length(").Ident(eventColumn("address_key")).WriteString(") = " + strconv.Itoa(bytes))
	})
}

// betweenKeys compares the column with keys of its length, both included.
func betweenKeys(first, last []byte) *sql.Predicate {
	return allOf(comparison("address_key", sql.OpGTE, first), comparison("address_key", sql.OpLTE, last))
}

// ofSignIns says whether the filter asks for authorization events only: the
// addresses of these have an index.
func ofSignIns(f *audit.Filter) bool {
	return len(f.Categories) == 1 && f.Categories[0] == audit.CategoryAuthorization
}

func signInsFrom(addresses []any) []route {
	routes := routesTo("address_key", byActor, addresses, maxRoutes)
	for i := range routes {
		routes[i].where = allOf(routes[i].where, stands("category", "= 1"))
	}
	return routes
}
