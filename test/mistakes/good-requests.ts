import type { JsonValue } from '../../contract/schemas/json.ts';
import type { OperationId } from '../../contract/operations/operations.ts';

/** What a request consists of: everything that a caller can get wrong. */
export interface RequestParts {
  path: Record<string, string>;
  query: Record<string, string>;
  /** JSON body, or the part `body` of a form. */
  body?: JsonValue;
  /** The archive of a form. */
  archive?: Buffer;
}

/** A request that succeeds; `{…}` in path and body is replaced for each lane. */
export type GoodRequest = Partial<Omit<RequestParts, 'archive'>>;

const source = { repoName: 'stable', chartName: 'sound', chartVersion: '0.1.0' };

/** Names every field that a release request can have. */
const rich = {
  configValues: { replicas: 2, port: 8080, note: 'one', env: { MODE: 'loud' }, list: ['c'], cpu: '20m', suffix: 'y' },
  unset: ['memory'],
  resetValues: false,
  dependencies: { store: '{provider}' },
  releaseLabels: { tier: 'web' },
  outputs: { address: 'service:{release}-y.address' },
  plugins: [{ name: 'LabelPod', args: { labelsToAdd: { team: 'a' } }, version: '1.0', disable: false }],
  strategy: { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: '25%' },
  onFailure: 'none',
  metaInfoParams: {
    memoryUnit: 'Gi',
    customParams: { a: 'b' },
    params: [{ name: 'note', type: 'string', value: '"two"' }],
    roles: [
      {
        name: 'web',
        baseConfig: {
          image: 'registry.example/web:2',
          priority: 1,
          replicas: 1,
          env: [{ name: 'A', value: 'b' }],
          useHostNetwork: false,
          others: [{ name: 'suffix', type: 'string', value: '"z"' }],
        },
        resources: {
          limitsMemory: 1,
          limitsCpu: 1,
          requestsMemory: '32Mi',
          requestsCpu: '20m',
          limitsGpu: 0,
          requestsGpu: 0,
          storageResources: [
            { name: 'data', value: { accessModes: ['ReadWriteOnce'], storageClass: 'standard', size: 1 } },
          ],
        },
      },
    ],
  },
};

/** Every field of a release request, whether or not the operation uses it. */
export const fullRequest = { name: '{fresh}', ...source, chartImage: '', ...rich };
const uploaded = { name: '{fresh}', ...rich };
const tenant = {
  tenantLabels: { mistake: 'none' },
  tenantAnnotations: { mistake: 'none' },
  tenantQuotas: [
    {
      quotaName: 'q',
      hard: {
        limitCpu: '40',
        limitMemory: '80Gi',
        requestsCpu: '20',
        requestsMemory: '40Gi',
        requestsStorage: '100Gi',
        pods: '100',
      },
      others: { 'count/services': '50' },
    },
  ],
};
const page = { limit: '10' };
const apply = { waitReady: 'false', allowMissing: 'true', crds: 'create' };
const upgrade = { ...apply, recreate: 'none', resetValues: 'false' };

/** A good request of every operation of the contract; an operation without one does not compile. */
export const goodRequests: Readonly<Record<OperationId, GoodRequest>> = {
  listReleases: {
    query: {
      ...page,
      labelselector: 'tier=web',
      view: 'summary',
      ready: 'true',
      q: 'a',
      sort: '-updated',
      phase: 'ready,paused',
      namespaces: 'demo,shop',
      facets: 'true',
    },
  },
  listNamespaceReleases: { query: { ...page, chart: 'sound', project: 'mall', view: 'names' } },
  getRelease: { query: { view: 'summary' } },
  installRelease: { query: apply, body: fullRequest },
  installReleaseWithChart: { query: apply, body: uploaded },
  upgradeRelease: { query: upgrade, body: { ...fullRequest, name: '{release}' } },
  upgradeReleaseWithChart: { query: upgrade, body: { ...uploaded, name: '{release}' } },
  dryRunRelease: { query: { validate: 'server', hooks: 'true', diff: 'true' }, body: fullRequest },
  dryRunReleaseWithChart: { query: { validate: 'client' }, body: uploaded },
  dryRunReleaseWithChartAlias: { body: uploaded },
  estimateResources: { body: fullRequest },
  estimateResourcesWithChart: { body: uploaded },
  previewRelease: { query: { crds: 'create', validate: 'server' }, body: fullRequest },
  deleteRelease: { query: { deletePvcs: 'true', hooks: 'false' } },
  pauseRelease: { query: { dryrun: 'false' } },
  recoverRelease: {},
  restartRelease: { query: { mode: 'rolling' } },
  adoptRelease: {},
  detachRelease: { query: { dryrun: 'true' } },
  rollback: { query: { revision: '1', hooks: 'true' } },
  runTests: { query: { name: 'none' } },
  upgradeReleases: {
    query: { namespace: '{namespace}', labelselector: 'tier=web', limit: '5', chartVersion: '0.1.0' },
  },
  changeReleases: {
    path: { action: 'restart' },
    query: { namespace: '{namespace}', labelselector: 'tier=web', limit: '5', mode: 'rolling' },
  },
  showDrift: {},
  listRevisions: { query: page },
  getRevision: {},
  compareRevisions: { query: { from: '1', to: '1' } },
  showManifest: { query: { revision: '1', hooks: 'true' } },
  showValues: { query: { revision: '1', origin: 'true' } },
  showNotes: { query: { revision: '1' } },
  getReleaseChart: { query: { revision: '1' } },
  listReleaseEvents: { query: { limit: '5' } },
  getReleaseObject: {
    query: { kind: 'ReleaseConfig', name: '{release}', apiVersion: 'apiextensions.transwarp.io/v1beta1' },
  },
  listProjects: { query: { ...page, sort: '-name', view: 'summary', q: 'a', labelselector: 'tier=web' } },
  listNamespaceProjects: { query: page },
  getProject: { query: { view: 'summary' } },
  createProject: {
    path: { project: '{fresh}' },
    query: { waitReady: 'false' },
    body: { commonValues: { note: 'common' }, releases: [{ ...source, ...rich, name: '{fresh}' }] },
  },
  dryRunProject: {
    path: { project: '{fresh}' },
    query: { validate: 'client', hooks: 'true', crds: 'false' },
    body: { commonValues: { note: 'common' }, releases: [{ ...source, ...rich, name: '{fresh}' }] },
  },
  estimateProject: {
    path: { project: '{fresh}' },
    query: { sum: 'true' },
    body: { commonValues: { note: 'common' }, releases: [{ ...source, ...rich, name: '{fresh}' }] },
  },
  exportProject: { query: { secrets: 'false' } },
  exportRelease: { query: { secrets: 'false' } },
  exportNamespace: { query: { secrets: 'false' } },
  applyProject: {
    query: { dryrun: 'false', waitReady: 'false', remove: 'false', onFailure: 'stop', refresh: 'false' },
    body: {
      commonValues: { note: 'common' },
      releases: [{ ...source, ...rich, name: 'of-{project}' }],
    },
  },
  addMember: {
    path: { project: '{fresh}' },
    query: { waitReady: 'false', adopt: 'false' },
    body: { ...source, ...rich, name: '{fresh}' },
  },
  addMembers: {
    path: { project: '{fresh}' },
    query: { waitReady: 'false' },
    body: { commonValues: { note: 'common' }, releases: [{ ...source, ...rich, name: '{fresh}' }] },
  },
  upgradeMember: { query: { waitReady: 'false' }, body: { ...source, ...rich, name: 'of-{project}' } },
  removeMember: { path: { release: 'of-{project}' }, query: { unwire: 'true', ignoreNotFound: 'true' } },
  pauseProject: {},
  recoverProject: {},
  restartProject: { query: { mode: 'auto' } },
  deleteProject: { query: { deletePvcs: 'true' } },
  getDependencies: { query: { namespace: '{namespace}' } },
  streamEvents: { query: { namespace: '{namespace}', type: 'release' } },
  listEvents: { query: { namespace: '{namespace}', release: 'web', type: 'release', limit: '5' } },
  listTasks: {
    query: {
      ...page,
      namespace: '{namespace}',
      state: 'succeeded',
      operation: 'install',
      project: 'mall',
      since: '2026-03-01T00:00:00Z',
      until: '2026-03-01T12:00:00Z',
      sort: 'createdAt',
      q: 'a',
    },
  },
  getTask: {},
  cancelTask: {},
  listRepositories: {},
  addRepository: {
    query: { check: 'false' },
    body: {
      name: '{fresh}',
      url: 'https://charts.example/mistaken',
      username: 'someone',
      password: 'secret',
      token: '',
      caPem: '',
      insecureSkipTlsVerify: false,
      passCredentialsAll: false,
    },
  },
  checkRepository: {},
  removeRepository: { path: { repo: '{fresh}' }, query: { ignoreNotFound: 'true' } },
  listCharts: { query: { chart: 'sound', q: 'sound', versions: 'latest', limit: '5' } },
  listChartVersions: { path: { chart: 'sound' }, query: { limit: '1' } },
  searchCharts: { query: { q: 'sound', limit: '5' } },
  getChart: { path: { chart: 'sound' }, query: { 'chart-version': '0.1.0', namespace: '{namespace}' } },
  getChartImage: { query: { 'chart-image': '{image}', namespace: '{namespace}' } },
  getChartIcon: { path: { chart: 'sound' }, query: { 'chart-version': '0.1.0', namespace: '{namespace}' } },
  getChartAdvantage: { path: { chart: 'sound' }, query: { 'chart-version': '0.1.0', namespace: '{namespace}' } },
  getChartArchitecture: { path: { chart: 'sound' }, query: { 'chart-version': '0.1.0', namespace: '{namespace}' } },
  getChartArchive: { path: { chart: 'sound' }, query: { 'chart-version': '0.1.0', namespace: '{namespace}' } },
  getChartFile: {
    path: { chart: 'sound' },
    query: { path: 'transwarp-meta/metainfo.yaml', 'chart-version': '0.1.0', namespace: '{namespace}' },
  },
  inspectChart: { body: {} },
  lintChart: { body: {} },
  listNodes: { query: { ...page, labelselector: '!none', q: 'n', sort: '-cpu' } },
  getNode: {},
  labelNode: { body: { addLabels: { mistake: 'none' }, removeLabels: ['mistaken'] } },
  taintNode: {
    query: { dryrun: 'true' },
    body: {
      addTaints: [{ key: 'mistake', value: 'none', effect: 'PreferNoSchedule' }],
      removeTaints: [{ key: 'mistaken', effect: 'NoSchedule' }],
    },
  },
  annotateNode: { body: { addAnnotations: { mistake: 'none' }, removeAnnotations: ['mistaken'] } },
  listPods: {
    query: { ...page, labelselector: '!none', q: 'a', sort: '-name', release: 'web', node: '{node}', phase: 'Running' },
  },
  getPod: {},
  getPodLogs: { query: { tail: '10', container: 'web', previous: 'false', timestamps: 'true', sinceSec: '60' } },
  listPodEvents: {},
  restartPod: { path: { pod: 'fleeting' }, query: { force: 'true' } },
  listSecrets: { query: { ...page, labelselector: '!none', q: 'a', sort: '-name', internal: 'true' } },
  getSecret: {},
  createSecret: {
    body: { name: '{fresh}', type: 'Opaque', data: { a: 'aGVsbG8=' }, stringData: { b: 'c' }, immutable: false },
  },
  updateSecret: { body: { name: '{secret}', data: { a: '***' }, stringData: { b: 'c' }, immutable: false } },
  deleteSecret: { path: { secret: '{fresh}' }, query: { ignoreNotFound: 'true' } },
  listClaims: { query: { ...page, labelselector: '!none', q: 'a', sort: '-name' } },
  getClaim: {},
  deleteClaim: { path: { claim: '{fresh}' }, query: { dryrun: 'false', ignoreNotFound: 'true' } },
  deleteClaims: { query: { labelselector: 'none=at-all', limit: '5', dryrun: 'false' } },
  listStorageClasses: { query: { ...page, labelselector: '!none', q: 'a', sort: '-name' } },
  getStorageClass: {},
  listTenants: { query: { ...page, labelselector: '!none', q: 'a', sort: '-name' } },
  getTenant: { path: { tenant: 'default' } },
  createTenant: {
    path: { tenant: '{namespace}' },
    query: { ignoreExisting: 'true', limitRange: 'true' },
    body: tenant,
  },
  updateTenant: {
    path: { tenant: '{namespace}' },
    query: { removeQuotas: 'true' },
    body: { tenantLabels: { mistake: 'none' }, tenantAnnotations: { mistake: 'none' } },
  },
  deleteTenant: { path: { tenant: '{fresh}' }, query: { ignoreNotFound: 'true', dryrun: 'true' } },
  listPlugins: {},
  getServerStatus: {},
  getSession: {},
  getAccess: { query: { namespace: 'default', limit: '10' } },
  readiness: {},
  liveness: {},
  livenessAlias: {},
  metrics: {},
  openApi: {},
};
