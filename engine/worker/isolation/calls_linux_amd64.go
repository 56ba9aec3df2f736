package isolation

import "golang.org/x/sys/unix"

// auditArch names the machine to the filter; calls of another (32-bit ones on the same processor) are refused.
const auditArch = unix.AUDIT_ARCH_X86_64

// ownCalls are those that only this machine has.
var ownCalls = []uint32{unix.SYS_EPOLL_WAIT, unix.SYS_ARCH_PRCTL, unix.SYS_TIME}
