package controlplane

import (
	"fmt"
	"os"
)

// auditPolicy logs who did what to which object and with which result, for every request. For changes of ReleaseConfigs
// it logs the request's body, too: only the body shows whether anything other than a mark was changed. So it does for
// SubjectAccessReviews, whose body says about whom they ask. The content of Secrets, and tokens, are never logged.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Request
  verbs: [patch, update]
  resources:
  - group: apiextensions.transwarp.io
    resources: [releaseconfigs]
- level: Request
  verbs: [create]
  resources:
  - group: authorization.k8s.io
    resources: [subjectaccessreviews]
- level: Metadata
`

// maxAuditMegabytes keeps the log in one file, which a reader follows by its offset.
const maxAuditMegabytes = 1 << 20

// AuditOptions says where the API server's audit log goes.
type AuditOptions struct {
	// Log is the file of JSON lines, appended to; empty for none.
	Log string
	// Policy is the file that the policy is written to.
	Policy string
}

// flags writes the policy and returns the API server's flags, none without a log.
func (o AuditOptions) flags() ([]string, error) {
	if o.Log == "" {
		return nil, nil
	}
	if err := os.WriteFile(o.Policy, []byte(auditPolicy), 0o600); err != nil {
		return nil, fmt.Errorf("audit policy: %w", err)
	}
	return []string{
		"--audit-log-path=" + o.Log,
		"--audit-policy-file=" + o.Policy,
		fmt.Sprintf("--audit-log-maxsize=%d", maxAuditMegabytes),
		// Nothing is batched and nothing is dropped.
		"--audit-log-mode=blocking",
	}, nil
}
