//go:build !linux

package worker

func attack() map[string][]string { return nil }
