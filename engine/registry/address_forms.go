package registry

import (
	"net/netip"
	"slices"
)

// embedding is a form of IPv6 addresses that contain an IPv4 address, and its position in them.
type embedding struct {
	prefix netip.Prefix
	at     [4]int
	// flipped: each bit is inverted.
	flipped bool
	// isGuess: the prefix does not determine which of several positions it is.
	isGuess bool
}

var embeddings = []embedding{
	{prefix: netip.MustParsePrefix("::/96"), at: lastBytes},           // compatible
	{prefix: netip.MustParsePrefix("::ffff:0:0:0/96"), at: lastBytes}, // translated (RFC 2765)
	{prefix: netip.MustParsePrefix("64:ff9b::/96"), at: lastBytes},    // NAT64
	// NAT64 with a network-specific prefix: it may have any of the lengths of RFC 6052; byte 8 is skipped.
	{prefix: netip.MustParsePrefix("64:ff9b:1::/48"), at: lastBytes, isGuess: true},
	{prefix: netip.MustParsePrefix("64:ff9b:1::/48"), at: [4]int{9, 10, 11, 12}, isGuess: true},
	{prefix: netip.MustParsePrefix("64:ff9b:1::/48"), at: [4]int{7, 9, 10, 11}, isGuess: true},
	{prefix: netip.MustParsePrefix("64:ff9b:1::/48"), at: [4]int{6, 7, 9, 10}, isGuess: true},
	{prefix: netip.MustParsePrefix("2002::/16"), at: [4]int{2, 3, 4, 5}},       // 6to4
	{prefix: netip.MustParsePrefix("2001::/32"), at: [4]int{4, 5, 6, 7}},       // the server of Teredo
	{prefix: netip.MustParsePrefix("2001::/32"), at: lastBytes, flipped: true}, // its client
}

var lastBytes = [4]int{12, 13, 14, 15}

// interfaceOfISATAP precedes the IPv4 address in ISATAP, in any network (RFC 5214).
var interfaceOfISATAP = [][4]byte{{0x00, 0x00, 0x5e, 0xfe}, {0x02, 0x00, 0x5e, 0xfe}}

// formsOf lists an address and the IPv4 addresses that its IPv6 form may contain.
func formsOf(address netip.Addr) []netip.Addr {
	address = address.WithZone("").Unmap()
	forms := []netip.Addr{address}
	// ::1 is loopback and not the IPv4 address 0.0.0.1.
	if address.Is4() || address == netip.IPv6Loopback() {
		return forms
	}
	bytes := address.As16()
	for _, form := range embeddings {
		if !form.prefix.Contains(address) {
			continue
		}
		// Addresses 0.x.y.z do not exist, which rules out such a form among exclusive ones.
		if inner := form.of(bytes); !form.isGuess || inner.As4()[0] != 0 {
			forms = append(forms, inner)
		}
	}
	if slices.Contains(interfaceOfISATAP, [4]byte(bytes[8:12])) {
		forms = append(forms, netip.AddrFrom4([4]byte(bytes[12:])))
	}
	return forms
}

func (e embedding) of(bytes [16]byte) netip.Addr {
	var inner [4]byte
	for i, at := range e.at {
		inner[i] = bytes[at]
		if e.flipped {
			inner[i] = ^inner[i]
		}
	}
	return netip.AddrFrom4(inner)
}
