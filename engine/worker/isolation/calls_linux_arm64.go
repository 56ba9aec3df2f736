package isolation

import "golang.org/x/sys/unix"

// auditArch identifies the architecture; calls of another one (32-bit calls on the same processor) are refused.
const auditArch = unix.AUDIT_ARCH_AARCH64

// ownCalls are those of this architecture only.
var ownCalls = []uint32{}
