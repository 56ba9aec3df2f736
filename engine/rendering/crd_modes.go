package rendering

// How an operation treats the definitions in the chart's crds/ folders.
const (
	CRDsCreate = "create"
	CRDsApply  = "apply"
	CRDsSkip   = "skip"
)
