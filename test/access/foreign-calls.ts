import type { OperationId } from '../../contract/operations/operations.ts';

/**
 * One call of an operation about a release whose record names objects of another namespace. `{release}` is replaced by
 * its name, which is also the name of its project and of a label `twin`.
 */
export interface ForeignCall {
  query?: Readonly<Record<string, string | number | boolean>>;
  body?: Readonly<Record<string, unknown>>;
  path?: Readonly<Record<string, string>>;
  /**
   * True: the answer is about more than this release, so that it cannot be compared with the one about a twin whose
   * objects do not exist.
   */
  wide?: true;
}

const plain = { name: '{release}', repoName: 'stable', chartName: 'plain' };
const member = { releases: [plain] };
const label = { labelselector: 'twin={release}' };
const other = { name: 'added-{release}', repoName: 'stable', chartName: 'plain' };
const bulk = (action: string, query = {}): ForeignCall => ({ path: { action }, query: { ...label, ...query } });
const wide: ForeignCall = { wide: true };
const theirs = 'elsewhere-theirs';
/** Its StatefulSet has this pod, and this claim. */
const pod = { namespace: theirs, pod: '{release}-0' };
const claim = { namespace: theirs, claim: 'data-{release}-0' };
const tenant = { tenant: theirs };
const KINDS: readonly (readonly [kind: string, apiVersion: string])[] = [
  ['ConfigMap', 'v1'],
  ['Secret', 'v1'],
  ['Service', 'v1'],
  ['Deployment', 'apps/v1'],
  ['StatefulSet', 'apps/v1'],
  ['Ingress', 'networking.k8s.io/v1'],
];

/**
 * Every operation of the contract, with the queries that show or change most. An operation without a row does not
 * compile.
 */
export const foreignCalls: Readonly<Record<OperationId, readonly ForeignCall[]>> = {
  listReleases: [wide, { query: label }, { query: { ...label, view: 'summary', facets: true } }],
  listNamespaceReleases: [wide, { query: label }, { query: { ...label, view: 'summary' } }],
  getRelease: [{}, { query: { view: 'summary' } }],
  installRelease: [{ body: plain }, { body: plain, query: { upsert: true, force: true, forceConflicts: true } }],
  installReleaseWithChart: [{ body: plain }, { body: plain, query: { upsert: true } }],
  upgradeRelease: [
    { body: plain },
    { body: { ...plain, configValues: { a: 'b' } }, query: { force: true, forceConflicts: true, recreate: 'delete' } },
    { body: plain, query: { hooks: false, resetValues: true, wait: true } },
  ],
  upgradeReleaseWithChart: [{ body: plain }, { body: plain, query: { forceConflicts: true } }],
  dryRunRelease: [{ body: plain }, { body: plain, query: { diff: true, hooks: true, validate: 'server' } }],
  dryRunReleaseWithChart: [{ body: plain, query: { diff: true, validate: 'server' } }],
  dryRunReleaseWithChartAlias: [{ body: plain, query: { diff: true, validate: 'server' } }],
  previewRelease: [{ body: plain, query: { validate: 'server' } }],
  deleteRelease: [
    { query: { dryrun: true, deletePvcs: true } },
    {},
    { query: { deletePvcs: true, force: true } },
    { query: { keepHistory: true, hooks: false } },
  ],
  pauseRelease: [{ query: { dryrun: true } }, {}, { query: { force: true } }],
  recoverRelease: [{}, { query: { force: true } }],
  restartRelease: [{}, { query: { mode: 'delete' } }],
  adoptRelease: [{}],
  detachRelease: [{ query: { dryrun: true } }, {}],
  upgradeReleases: [
    { query: { ...label, chartVersion: '9.9.9' } },
    { query: { releases: '{namespace}/{release}', chartVersion: '9.9.9' } },
  ],
  changeReleases: [
    bulk('pause', { dryrun: true }),
    bulk('pause'),
    bulk('recover'),
    bulk('restart'),
    bulk('adopt'),
    bulk('delete', { dryrun: true, deletePvcs: true }),
    bulk('delete', { deletePvcs: true }),
  ],
  estimateResources: [{ body: plain }],
  estimateResourcesWithChart: [{ body: plain }],
  listRevisions: [{}],
  getRevision: [{ path: { revision: '1' } }, { path: { revision: '2' } }],
  compareRevisions: [{ query: { from: 1, to: 2 } }],
  getReleaseChart: [{}, { query: { revision: 1 } }],
  listReleaseEvents: [{}],
  getReleaseObject: KINDS.map(([kind, apiVersion]) => ({
    query: { kind, apiVersion, name: '{release}', objectNamespace: theirs },
  })),
  showManifest: [{ query: { hooks: true } }, { query: { revision: 1 } }],
  showValues: [{ query: { origin: true } }],
  showNotes: [{}],
  showDrift: [{}],
  runTests: [{}],
  rollback: [
    { query: { revision: 1, dryrun: true } },
    { query: { revision: 1 } },
    { query: { revision: 1, hooks: false } },
  ],
  listRepositories: [{}],
  addRepository: [{ body: { name: 'search', url: 'https://charts.example' } }],
  checkRepository: [{}],
  removeRepository: [{ path: { repo: '{release}' } }],
  listCharts: [{}],
  listChartVersions: [{}],
  searchCharts: [{ query: { q: '{release}' } }],
  getChart: [{}],
  getChartImage: [{ query: { 'chart-image': '{image}' } }],
  getChartIcon: [{}],
  getChartAdvantage: [{}],
  getChartArchitecture: [{}],
  getChartArchive: [{}],
  getChartFile: [{ query: { path: 'README.md' } }],
  inspectChart: [{ body: plain }],
  lintChart: [{ body: plain }],
  streamEvents: [wide],
  listEvents: [wide, { query: { namespace: '{namespace}', release: '{release}' } }],
  getDependencies: [wide],
  listPlugins: [{}],
  listProjects: [wide],
  listNamespaceProjects: [wide],
  getProject: [{}],
  createProject: [{ body: member }],
  dryRunProject: [{ body: member, query: { diff: true, validate: 'server' } }],
  estimateProject: [{ body: member, query: { sum: true } }],
  exportProject: [{}, { query: { secrets: true } }],
  exportRelease: [{}, { query: { secrets: true } }],
  exportNamespace: [{}, { query: { secrets: true } }],
  applyProject: [
    { body: member, query: { plan: true } },
    { body: member, query: { dryrun: true, adopt: true } },
    { body: member },
    { body: { releases: [other] }, query: { remove: true, deletePvcs: true } },
  ],
  pauseProject: [{}, { query: { force: true } }],
  recoverProject: [{}, { query: { force: true } }],
  restartProject: [{}, { query: { mode: 'delete' } }],
  addMember: [{ body: other }, { body: plain, query: { adopt: true } }],
  addMembers: [{ body: { releases: [other] } }],
  upgradeMember: [{ body: plain }],
  removeMember: [{}, { query: { deletePvcs: true } }],
  deleteProject: [{}, { query: { deletePvcs: true } }],
  listTasks: [wide, { query: { release: '{release}' } }],
  getTask: [{}],
  cancelTask: [{}],
  readiness: [{}],
  liveness: [{}],
  livenessAlias: [{}],
  getServerStatus: [wide],
  metrics: [wide],
  openApi: [{}],
  getSession: [{}],
  getAccess: [{ query: { namespace: '{namespace}' } }],
  // About the cluster, as the caller, whatever a release says: named like its objects elsewhere.
  listNodes: [wide],
  getNode: [{ path: { node: '{release}' } }],
  labelNode: [{ path: { node: '{release}' }, body: { addLabels: { a: 'b' } } }],
  annotateNode: [{ path: { node: '{release}' }, body: { addAnnotations: { a: 'b' } } }],
  taintNode: [{ path: { node: '{release}' }, body: { addTaints: [{ key: 'a', effect: 'NoSchedule' }] } }],
  listPods: [wide, { path: { namespace: theirs } }],
  getPod: [{ path: pod }],
  getPodLogs: [{ path: pod }],
  listPodEvents: [{ path: pod }],
  restartPod: [{ path: pod }, { path: pod, query: { force: true } }],
  listClaims: [wide, { path: { namespace: theirs } }],
  getClaim: [{ path: claim }],
  deleteClaim: [{ path: claim, query: { dryrun: true } }, { path: claim }],
  deleteClaims: [
    { path: { namespace: theirs }, query: { labelselector: 'app={release}-db', dryrun: true } },
    { path: { namespace: theirs }, query: { labelselector: 'app={release}-db' } },
  ],
  listSecrets: [wide, { path: { namespace: theirs } }],
  getSecret: [{ path: { namespace: theirs, secret: '{release}' } }],
  createSecret: [{ path: { namespace: theirs }, body: { name: '{release}' } }],
  updateSecret: [{ path: { namespace: theirs }, body: { name: '{release}', data: { a: 'b' } } }],
  deleteSecret: [{ path: { namespace: theirs, secret: '{release}' } }],
  listStorageClasses: [wide],
  getStorageClass: [{ path: { class: '{release}' } }],
  listTenants: [wide],
  getTenant: [{ path: tenant }],
  createTenant: [{ path: tenant, query: { ignoreExisting: true }, body: {} }],
  updateTenant: [{ path: tenant, body: { tenantLabels: { a: 'b' } } }],
  deleteTenant: [{ path: tenant, query: { dryrun: true } }, { path: tenant }],
};
