//go:build !linux

package isolation

// CloseInheritance does nothing here.
func CloseInheritance() error { return nil }

// GoBehindServer does nothing here.
func GoBehindServer() error { return nil }

// Isolate can only report that nothing holds: the barriers exist on Linux only.
func Isolate(Limits) Report {
	report := Report{}
	for _, name := range []string{Environment, Descriptors, Files, Network, Processes, Privileges, Resources} {
		report = append(report, Barrier{Name: name, Reason: "this operating system has no such barrier"})
	}
	return report
}
