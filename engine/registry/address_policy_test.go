package registry

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

func TestAddressesThatAreNeverContacted(t *testing.T) {
	for _, text := range []string{
		"169.254.169.254", "169.254.0.1", "::ffff:169.254.169.254", "::169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1",
		"::ffff:0:169.254.169.254", "64:ff9b:1::169.254.169.254", "64:ff9b:1:7:a9:fea9:fe00:0", "64:ff9b:1:a9fe:a9:fe00::",
		"64:ff9b:1:a9:fe:a9fe::", "2001:0:a9fe:a9fe::1", "2001::5601:5601", "2001:db8::5efe:169.254.169.254", "2001:db8::200:5efe:169.254.169.254",
		"fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "::ffff:100.100.100.200", "168.63.129.16", "192.0.0.192",
		"0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0", "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1",
	} {
		err := AddressPolicy{}.check(netip.MustParseAddr(text))
		if !problem.HasCode(err, problem.AddressRefused) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "8.8.8.8", "2606:4700::1111", "fc00::1", "64:ff9b:1::8.8.8.8", "64:ff9b::8.8.8.8", "2001:4860:4860::8888"} {
		if err := (AddressPolicy{}).check(netip.MustParseAddr(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestPrivateAndLoopbackAddressesAreOptions(t *testing.T) {
	for text, policy := range map[string]AddressPolicy{
		"10.0.0.1": {RefusePrivate: true}, "::ffff:192.168.0.1": {RefusePrivate: true}, "172.31.255.255": {RefusePrivate: true},
		"fc00::1": {RefusePrivate: true}, "100.64.0.1": {RefusePrivate: true}, "64:ff9b::a00:1": {RefusePrivate: true}, "64:ff9b:1::10.0.0.1": {RefusePrivate: true},
		"64:ff9b:1::127.0.0.1": {RefuseLoopback: true}, "::ffff:0:127.0.0.1": {RefuseLoopback: true}, "2001::80ff:fffe": {RefuseLoopback: true},
		"127.0.0.1": {RefuseLoopback: true}, "127.9.9.9": {RefuseLoopback: true}, "::1": {RefuseLoopback: true}, "::ffff:127.0.0.1": {RefuseLoopback: true},
	} {
		if err := policy.check(netip.MustParseAddr(text)); !problem.HasCode(err, problem.AddressRefused) {
			t.Errorf("%s with %+v: %v", text, policy, err)
		}
	}
	if err := (AddressPolicy{RefusePrivate: true}).check(netip.MustParseAddr("127.0.0.1")); err != nil {
		t.Error(err)
	}
}

// A service that listens on every address of the machine is reachable through each: for example a server without
// authentication.
func TestNoAddressOfTheMachineItselfIsContactedWhereItIsRefused(t *testing.T) {
	isOwn := func(address netip.Addr) bool { return address == netip.MustParseAddr("203.0.113.7") }
	for _, text := range []string{"203.0.113.7", "::ffff:203.0.113.7", "64:ff9b::203.0.113.7"} {
		if err := (AddressPolicy{RefuseLoopback: true}).judge(netip.MustParseAddr(text), isOwn); !problem.HasCode(err, problem.AddressRefused) {
			t.Errorf("%s: %v", text, err)
		}
		if err := (AddressPolicy{RefusePrivate: true}).judge(netip.MustParseAddr(text), isOwn); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	if err := (AddressPolicy{RefuseLoopback: true}).judge(netip.MustParseAddr("203.0.113.8"), isOwn); err != nil {
		t.Error(err)
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range own {
		address := netip.MustParsePrefix(one.String()).Addr()
		if err := (AddressPolicy{RefuseLoopback: true}).check(address); !problem.HasCode(err, problem.AddressRefused) {
			t.Errorf("%s of this machine: %v", address, err)
		}
	}
}

// Spellings that resolvers interpret differently do not matter: the resolved address is judged.
func TestHostSpellingsDoNotGetAroundThePolicy(t *testing.T) {
	hosts := []string{"169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]", "0.0.0.0", "[::]", "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "169.254.43518"}
	for _, host := range hosts {
		_, err := NewFetcher(Options{}).wholeIndex(context.Background(), fair.Caller{}, Source{Kind: "repository", URL: "http://" + host + "/charts"}, "")
		found, ok := problem.From(err)
		if !ok || (found.Code != problem.AddressRefused && found.Code != problem.RepositoryUnreachable && found.Code != problem.ChartReferenceInvalid) {
			t.Errorf("%s: %v", host, err)
		}
		_, err = NewFetcher(Options{}).Fetch(context.Background(), fair.Caller{}, Source{Kind: "oci", Reference: host + "/charts/web:1.0.0"}, nil)
		if _, ok := problem.From(err); !ok {
			t.Errorf("%s: %v", host, err)
		}
	}
	_, err := NewFetcher(Options{Addresses: AddressPolicy{RefuseLoopback: true}}).wholeIndex(context.Background(), fair.Caller{}, Source{Kind: "repository", URL: "http://localhost:1/"}, "")
	if !problem.HasCode(err, problem.AddressRefused) {
		t.Errorf("a name is not judged by its address: %v", err)
	}
}

func TestEveryRedirectIsJudged(t *testing.T) {
	for _, target := range []string{"http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/", "http://0.0.0.0/", "file:///etc/passwd"} {
		server := httptest.NewServer(http.RedirectHandler(target, http.StatusFound))
		_, err := NewFetcher(Options{}).wholeIndex(context.Background(), fair.Caller{}, Source{Kind: "repository", URL: server.URL}, "")
		server.Close()
		found, ok := problem.From(err)
		if !ok || (found.Code != problem.AddressRefused && !strings.HasPrefix(target, "file:")) {
			t.Errorf("%s: %v", target, err)
		}
	}
	loop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) }))
	defer loop.Close()
	_, err := NewFetcher(Options{}).wholeIndex(context.Background(), fair.Caller{}, Source{Kind: "repository", URL: loop.URL}, "")
	if !problem.HasCode(err, problem.AddressRefused) {
		t.Errorf("endless redirects: %v", err)
	}
}
