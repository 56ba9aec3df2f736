package problem

// Code is a stable name for one kind of failure. The server maps it to a status and a remedy, clients branch on it, so
// a code never changes its meaning.
type Code string

// Charts: faults of an archive, a reference or a version.
const (
	ChartArchiveInvalid      Code = "CHART_ARCHIVE_INVALID"
	ChartTooLarge            Code = "CHART_TOO_LARGE"
	ChartYAMLInvalid         Code = "CHART_YAML_INVALID"
	ChartUnsafePath          Code = "CHART_UNSAFE_PATH"
	ChartNotFound            Code = "CHART_NOT_FOUND"
	ChartVersionNotFound     Code = "CHART_VERSION_NOT_FOUND"
	ChartDigestMismatch      Code = "CHART_DIGEST_MISMATCH"
	ChartReferenceInvalid    Code = "CHART_REFERENCE_INVALID"
	ChartNotInstallable      Code = "CHART_NOT_INSTALLABLE"
	ChartDependenciesMissing Code = "CHART_DEPENDENCIES_MISSING"
	ChartSchemaInvalid       Code = "CHART_SCHEMA_INVALID"
	ChartNotRecorded         Code = "CHART_NOT_RECORDED"
)

// Downloads: repositories, registries and the addresses behind them.
const (
	RepositoryUnreachable  Code = "REPOSITORY_UNREACHABLE"
	RepositoryUnauthorized Code = "REPOSITORY_UNAUTHORIZED"
	RepositoryIndexInvalid Code = "REPOSITORY_INDEX_INVALID"
	RegistryUnreachable    Code = "REGISTRY_UNREACHABLE"
	RegistryUnauthorized   Code = "REGISTRY_UNAUTHORIZED"
	AddressRefused         Code = "ADDRESS_REFUSED"
	DownloadTooLarge       Code = "DOWNLOAD_TOO_LARGE"
)

// Operations on releases.
const (
	ValuesSchemaInvalid     Code = "VALUES_SCHEMA_INVALID"
	ValuesInvalid           Code = "VALUES_INVALID"
	OutputShapesObjects     Code = "OUTPUT_SHAPES_OBJECTS"
	TemplateFailed          Code = "TEMPLATE_FAILED"
	TemplateTimeout         Code = "TEMPLATE_TIMEOUT"
	ManifestInvalid         Code = "MANIFEST_INVALID"
	KindUnknown             Code = "KIND_UNKNOWN"
	ReleaseExists           Code = "RELEASE_EXISTS"
	ReleaseNotFound         Code = "RELEASE_NOT_FOUND"
	ReleaseLocked           Code = "RELEASE_LOCKED"
	ReleaseTooLarge         Code = "RELEASE_TOO_LARGE"
	ReleaseNameInvalid      Code = "RELEASE_NAME_INVALID"
	ReleaseUnreadable       Code = "RELEASE_UNREADABLE"
	ReleaseNotSealed        Code = "RELEASE_NOT_SEALED"
	RevisionMismatch        Code = "REVISION_MISMATCH"
	NamespaceNotFound       Code = "NAMESPACE_NOT_FOUND"
	NamespaceReserved       Code = "NAMESPACE_RESERVED"
	NamespaceTerminating    Code = "NAMESPACE_TERMINATING"
	ResourceExists          Code = "RESOURCE_EXISTS"
	ObjectBeingDeleted      Code = "OBJECT_BEING_DELETED"
	FieldConflict           Code = "FIELD_CONFLICT"
	FieldImmutable          Code = "FIELD_IMMUTABLE"
	Forbidden               Code = "FORBIDDEN"
	QuotaExceeded           Code = "QUOTA_EXCEEDED"
	AdmissionRefused        Code = "ADMISSION_REFUSED"
	AdmissionUnavailable    Code = "ADMISSION_UNAVAILABLE"
	CRDOutdated             Code = "CRD_OUTDATED"
	HookFailed              Code = "HOOK_FAILED"
	OperationTimeout        Code = "OPERATION_TIMEOUT"
	Cancelled               Code = "CANCELLED"
	ClusterFailed           Code = "CLUSTER_FAILED"
	ClusterUnreachable      Code = "CLUSTER_UNREACHABLE"
	KubeVersionIncompatible Code = "KUBE_VERSION_INCOMPATIBLE"
	EngineBusy              Code = "ENGINE_BUSY"
	Internal                Code = "INTERNAL"
)
