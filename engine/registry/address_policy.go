package registry

import (
	"net"
	"net/netip"
	"slices"
	"syscall"

	"walm.io/engine/problem"
)

// AddressPolicy says which network addresses the engine may connect to. It judges the resolved address at the moment of
// connecting, on every connection of every redirect, so changing DNS answers and unusual spellings of a host cannot
// bypass it. Link-local, metadata, multicast and unspecified addresses are always refused.
type AddressPolicy struct {
	// RefusePrivate also refuses the private ranges, for servers whose users must not reach the inner network.
	RefusePrivate bool
	// RefuseLoopback also refuses this machine, by any of its addresses, because a service that listens on all of them
	// is reachable through each. Off by default: a local deployment has its repository here.
	RefuseLoopback bool
}

// neverContacted are addresses without charts, where cloud providers serve credentials.
var neverContacted = prefixes(
	"0.0.0.0/8", "::/128", // unspecified
	"169.254.0.0/16", "fe80::/10", // link-local, including most metadata services
	"224.0.0.0/4", "ff00::/8", // multicast
	"240.0.0.0/4",        // reserved, broadcast
	"100.100.100.200/32", // metadata of Alibaba Cloud
	"168.63.129.16/32",   // host agent of Azure
	"192.0.0.192/32",     // metadata of Oracle Cloud
	"fd00:ec2::/32",      // metadata of AWS over IPv6
	"fd20:ce::254/128",   // metadata of Google Cloud over IPv6
)

var privateRanges = prefixes(
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "fc00::/7", "fec0::/10",
)

var loopbackRanges = prefixes("127.0.0.0/8", "::1/128")

// isOwn tells whether an address belongs to this machine now; if its addresses cannot be read, every address may.
func isOwn(address netip.Addr) bool {
	own, err := net.InterfaceAddrs()
	return err != nil || slices.ContainsFunc(own, func(one net.Addr) bool {
		prefix, err := netip.ParsePrefix(one.String())
		return err == nil && prefix.Addr().Unmap() == address
	})
}

// check refuses an address with ADDRESS_REFUSED.
func (p AddressPolicy) check(address netip.Addr) error {
	return p.judge(address, isOwn)
}

func (p AddressPolicy) judge(address netip.Addr, isOwn func(netip.Addr) bool) error {
	for _, form := range formsOf(address) {
		kind := ""
		switch {
		case contains(neverContacted, form):
			kind = "a link-local, metadata, multicast or unspecified address"
		case p.RefusePrivate && contains(privateRanges, form):
			kind = "a private address, which this server does not allow"
		case p.RefuseLoopback && contains(loopbackRanges, form):
			kind = "a loopback address, which this server does not allow"
		case p.RefuseLoopback && isOwn(form):
			kind = "an address of the server's own machine, which this server does not allow"
		}
		if kind != "" {
			return problem.New(problem.AddressRefused, "the address %s is not contacted: it is %s", address, kind).
				With("address", address.String())
		}
	}
	return nil
}

// control is the hook of net.Dialer between resolving and connecting.
func (p AddressPolicy) control(_, target string, _ syscall.RawConn) error {
	resolved, err := netip.ParseAddrPort(target)
	if err != nil {
		return problem.New(problem.AddressRefused, "the address %q is not contacted: it cannot be understood", target)
	}
	return p.check(resolved.Addr())
}

func contains(ranges []netip.Prefix, address netip.Addr) bool {
	return slices.ContainsFunc(ranges, func(prefix netip.Prefix) bool { return prefix.Contains(address) })
}

func prefixes(texts ...string) []netip.Prefix {
	parsed := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		parsed[i] = netip.MustParsePrefix(text)
	}
	return parsed
}
