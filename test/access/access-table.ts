import type { OperationId } from '../../contract/operations/operations.ts';

/** The callers. `own` is the namespace that the table is about, `other` a second one. */
export const identities = {
  nobody: 'without a token',
  stranger: 'with a token that the cluster does not know',
  powerless: 'with a valid token and no right at all',
  viewer: '`walm-view` in `own`',
  editor: '`walm-edit` and Kubernetes rights to Secrets, ConfigMaps and workloads, in `own`',
  neighbour: 'the same in `other`',
  single: '`get` on one release of `own`, by its name, and nothing else: a limited service account',
  'cluster-viewer': '`walm-view` everywhere',
  admin: 'everything everywhere',
} as const;
export type Identity = keyof typeof identities;

/** The possible results of a request. */
export const outcomes = {
  answered: 'is answered',
  filtered: 'is answered with what lies in namespaces that the caller may list',
  unauthenticated: '401 `UNAUTHENTICATED`',
  forbidden: '403 `FORBIDDEN`',
} as const;
export type Outcome = keyof typeof outcomes;

type Outcomes = Readonly<Record<Identity, Outcome>>;

/** One operation as the test calls it; `{own}` and other placeholders are filled in. */
export type AccessRow = {
  outcomes: Outcomes;
  /** Query of the request. */
  query?: Readonly<Record<string, string | number | boolean>>;
  /** JSON body, or fields of the form with an archive. */
  body?: Readonly<Record<string, unknown>>;
  /** Path parameters other than the usual ones. */
  path?: Readonly<Record<string, string>>;
};

/** The identities named may; every other caller with a valid token is refused. */
function only(...allowed: Identity[]): Outcomes {
  const all = Object.keys(identities) as Identity[];
  const known = all.map((identity): [Identity, Outcome] => [
    identity,
    allowed.includes(identity) ? 'answered' : 'forbidden',
  ]);
  return {
    ...(Object.fromEntries(known) as Record<Identity, Outcome>),
    nobody: 'unauthenticated',
    stranger: 'unauthenticated',
  };
}

const everybody = only(...(Object.keys(identities) as Identity[]));
const withoutToken: Outcomes = { ...everybody, nobody: 'answered', stranger: 'answered' };
const filtered: Outcomes = {
  ...everybody,
  powerless: 'filtered',
  viewer: 'filtered',
  editor: 'filtered',
  neighbour: 'filtered',
  single: 'filtered',
};
const readers = only('viewer', 'editor', 'single', 'cluster-viewer', 'admin');
const listers = only('viewer', 'editor', 'cluster-viewer', 'admin');
/** Helm's records are Secrets. */
const recordReaders = only('editor', 'admin');
const editors = only('editor', 'admin');

/** A revision that no release has: a caller with the right gets a conflict, and nothing changes. */
const never = { expectedRevision: 999_999 };
const order = { name: 'web', repoName: 'stable', chartName: 'small' };

/**
 * Every operation of the contract: who may call it on objects in `own`. An operation without a row does not compile.
 */
export const accessTable: Readonly<Record<OperationId, AccessRow>> = {
  listReleases: { outcomes: filtered },
  listNamespaceReleases: { outcomes: listers },
  getRelease: { outcomes: readers },
  installRelease: { outcomes: editors, body: order },
  installReleaseWithChart: { outcomes: editors, body: { name: 'web' } },
  upgradeRelease: { outcomes: editors, query: never, body: order },
  upgradeReleaseWithChart: { outcomes: editors, query: never, body: { name: 'web' } },
  dryRunRelease: { outcomes: editors, body: { ...order, name: 'dry' } },
  dryRunReleaseWithChart: { outcomes: editors, body: { name: 'dry' } },
  dryRunReleaseWithChartAlias: { outcomes: editors, body: { name: 'dry' } },
  estimateResources: { outcomes: editors, body: { ...order, name: 'dry' } },
  estimateResourcesWithChart: { outcomes: editors, body: { name: 'dry' } },
  previewRelease: { outcomes: editors, body: { ...order, name: 'dry' } },
  deleteRelease: { outcomes: editors, query: never },
  pauseRelease: { outcomes: editors, query: never },
  recoverRelease: { outcomes: editors, query: never },
  restartRelease: { outcomes: editors, query: never },
  adoptRelease: { outcomes: editors, query: never },
  detachRelease: { outcomes: editors, query: never },
  rollback: { outcomes: editors, query: { ...never, revision: 1 } },
  runTests: { outcomes: editors, query: never },
  upgradeReleases: {
    outcomes: filtered,
    query: { labelselector: '!none', dryrun: true, chartVersion: '0.1.0' },
  },
  changeReleases: {
    outcomes: filtered,
    query: { labelselector: '!none', dryrun: true, force: true },
    path: { action: 'restart' },
  },
  showDrift: { outcomes: recordReaders },
  listRevisions: { outcomes: recordReaders },
  getRevision: { outcomes: recordReaders },
  compareRevisions: { outcomes: recordReaders },
  showManifest: { outcomes: recordReaders },
  showValues: { outcomes: recordReaders },
  showNotes: { outcomes: recordReaders },
  getReleaseChart: { outcomes: recordReaders },
  listReleaseEvents: { outcomes: only('admin') },
  getReleaseObject: { outcomes: readers, query: { kind: 'ReleaseConfig', name: 'web' } },
  listProjects: { outcomes: filtered },
  listNamespaceProjects: { outcomes: listers },
  getProject: { outcomes: listers },
  createProject: { outcomes: editors, body: { releases: [order] } },
  dryRunProject: { outcomes: editors, body: { releases: [order] } },
  estimateProject: { outcomes: editors, body: { releases: [order] } },
  exportProject: { outcomes: recordReaders },
  exportRelease: { outcomes: recordReaders },
  exportNamespace: { outcomes: recordReaders },
  applyProject: { outcomes: editors, query: { dryrun: true }, body: { releases: [order] } },
  addMember: { outcomes: editors, body: order },
  addMembers: { outcomes: editors, body: { releases: [order] } },
  upgradeMember: { outcomes: editors, path: { project: 'none' }, body: order },
  removeMember: { outcomes: editors, path: { project: 'none' } },
  pauseProject: { outcomes: editors, path: { project: 'none' } },
  recoverProject: { outcomes: editors, path: { project: 'none' } },
  restartProject: { outcomes: editors, path: { project: 'none' } },
  deleteProject: { outcomes: editors, path: { project: 'none' } },
  getDependencies: { outcomes: filtered },
  streamEvents: { outcomes: filtered },
  listEvents: { outcomes: filtered },
  listTasks: { outcomes: filtered },
  getTask: { outcomes: readers },
  cancelTask: { outcomes: editors },
  listRepositories: { outcomes: everybody },
  addRepository: { outcomes: only('admin'), body: { name: 'search', url: 'https://charts.example' } },
  checkRepository: { outcomes: everybody },
  removeRepository: { outcomes: only('admin'), path: { repo: 'none' } },
  listCharts: { outcomes: everybody },
  listChartVersions: { outcomes: everybody },
  searchCharts: { outcomes: everybody, query: { q: 'small' } },
  getChart: { outcomes: everybody },
  getChartImage: { outcomes: everybody, query: { 'chart-image': '{image}' } },
  getChartIcon: { outcomes: everybody },
  getChartAdvantage: { outcomes: everybody },
  getChartArchitecture: { outcomes: everybody },
  getChartArchive: { outcomes: everybody },
  getChartFile: { outcomes: everybody, query: { path: 'README.md' } },
  inspectChart: { outcomes: everybody, body: {} },
  lintChart: { outcomes: everybody, body: {} },
  listNodes: { outcomes: only('admin') },
  getNode: { outcomes: only('admin') },
  labelNode: { outcomes: only('admin'), path: { node: 'none' }, body: {} },
  taintNode: { outcomes: only('admin'), path: { node: 'none' }, body: {} },
  annotateNode: { outcomes: only('admin'), path: { node: 'none' }, body: {} },
  listPods: { outcomes: editors },
  getPod: { outcomes: editors },
  getPodLogs: { outcomes: only('admin') },
  listPodEvents: { outcomes: only('admin') },
  restartPod: { outcomes: editors },
  listSecrets: { outcomes: editors },
  getSecret: { outcomes: editors },
  createSecret: { outcomes: editors, body: { name: 'table-secret' } },
  updateSecret: { outcomes: editors, body: { name: 'table-secret', type: 'another' } },
  deleteSecret: { outcomes: editors, path: { secret: 'none' } },
  listClaims: { outcomes: only('admin') },
  getClaim: { outcomes: only('admin') },
  deleteClaim: { outcomes: only('admin'), path: { claim: 'none' } },
  deleteClaims: { outcomes: only('admin'), query: { labelselector: 'none=at-all', dryrun: true } },
  listStorageClasses: { outcomes: only('admin') },
  getStorageClass: { outcomes: only('admin') },
  listTenants: { outcomes: only('admin') },
  getTenant: { outcomes: only('admin') },
  createTenant: { outcomes: only('admin'), path: { tenant: 'kube-none' }, body: {} },
  updateTenant: { outcomes: only('admin'), path: { tenant: 'none' }, body: {} },
  deleteTenant: { outcomes: only('admin'), path: { tenant: 'none' } },
  listPlugins: { outcomes: everybody },
  getServerStatus: { outcomes: everybody },
  readiness: { outcomes: withoutToken },
  liveness: { outcomes: withoutToken },
  livenessAlias: { outcomes: withoutToken },
  metrics: { outcomes: withoutToken },
  openApi: { outcomes: withoutToken },
  getSession: { outcomes: withoutToken },
  getAccess: { outcomes: everybody },
};
