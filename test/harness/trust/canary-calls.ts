import type { OperationId } from '../../../contract/operations/operations.ts';
import type { Canary } from '../canary-encodings.ts';
import { type ApiAnswer, type WalmApi } from '../clients/walm-api.ts';

/** Distinct secrets, one for each kind of secret. */
const canary = (name: string, core: string): Canary => ({ name, core });
export const CANARIES = {
  password: canary('a writeOnly value', 'cnrypass81c2'),
  token: canary('a value of the format password', 'cnrytoken5f3'),
  pin: canary('a secret number', '4815162342'),
  double: canary('a secret number as templates write it', '4.815162342e'),
  odd: canary('a secret that has to be escaped', 'cnryodd9b44'),
  lines: canary('a line of a secret that has several', 'cnryline3d71cnryline'),
  admin: canary('a password of the metainfo', 'cnryadmin0e6'),
  made: canary('what a Secret of the chart holds', 'cnrymade77e0'),
  plain: canary('an unmarked value that the chart puts into a Secret', 'cnryplain55d0'),
  login: canary('what a Secret of the chart holds in JSON', 'cnrylogin31c'),
  given: canary('a secret output of a provider', 'cnrygiven2a9'),
  read: canary("an output from a provider's Secret", 'cnryread66b1'),
  former: canary('a secret of an earlier revision', 'cnryformer44'),
} as const;

/**
 * Values of the canary chart that contain every canary; `password` is the one that differed in the earlier revision.
 */
export function values(password: string, more: Record<string, unknown> = {}) {
  const auth = {
    password,
    token: CANARIES.token.core,
    pin: Number(CANARIES.pin.core),
    odd: `"${CANARIES.odd.core}" <&+/=> it's \\ 100% é`,
    lines: `first line of it, long enough\n${CANARIES.lines.core}\n\tlast line of it, long enough`,
  };
  const plain = { login: CANARIES.plain.core, url: `http://u:${CANARIES.plain.core}@h` };
  return { auth, plain, admin: { secret: CANARIES.admin.core }, url: `http://u:${password}@h`, ...more };
}

const failing = ['template', 'schema', 'type', 'cluster', 'yaml', 'hook'] as const;

/** Values for which the chart, its schema, the API server or a hook fails with a message that contains the values. */
export function refusedValues(fail: (typeof failing)[number]): Record<string, unknown> {
  const good = values(CANARIES.password.core);
  switch (fail) {
    case 'schema':
      return { ...good, auth: { ...good.auth, token: `${CANARIES.token.core}!` } };
    case 'type':
      return { ...good, auth: { ...good.auth, password: [CANARIES.password.core], lines: { a: CANARIES.lines.core } } };
    default:
      return { ...good, fail };
  }
}

/**
 * How each operation is called on release web of a namespace; an operation of the contract without a row does not
 * compile.
 */
export function createCanaryCalls(namespace: string, chart: Buffer) {
  const at = `/api/v1/release/${namespace}/name/web`;
  const order = (name: string, configValues: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    namespace,
    body: { name, configValues, ...more },
    archive: chart,
  });
  function install(api: WalmApi, method: string, path: string, body: Record<string, unknown>): Promise<ApiAnswer> {
    return api.send(method, `/api/v1/release/${namespace}${path}`, {
      body: JSON.stringify({ configValues: values(CANARIES.password.core), name: 'none', ...body }),
      headers: { 'content-type': 'application/json' },
    });
  }

  const previewProject = (api: WalmApi, path: string, query: Record<string, boolean>): Promise<ApiAnswer> =>
    api.send('POST', `/api/v1/project/${namespace}/name/shop/dryrun${path}`, {
      query,
      body: JSON.stringify({
        commonValues: values(CANARIES.password.core),
        releases: [{ name: 'none', repoName: 'stable', chartName: 'none' }],
      }),
      headers: { 'content-type': 'application/json' },
    });

  const member = { name: 'none', repoName: 'stable', chartName: 'none', configValues: values(CANARIES.password.core) };
  const change = (api: WalmApi, method: string, path: string, body: object): Promise<ApiAnswer> =>
    api.send(method, path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const changeMember = (api: WalmApi, method: string, path: string, body: object): Promise<ApiAnswer> =>
    change(api, method, `/api/v1/project/${namespace}/name/shop${path}`, body);

  /** A plan of releases that are there: what changes of their values is shown. */
  const planOf = (api: WalmApi, name: string): Promise<ApiAnswer> =>
    api.send('PUT', `/api/v1/project/${namespace}/name/shop`, {
      query: { dryrun: true, adopt: true },
      body: JSON.stringify({ releases: [{ name, configValues: values(CANARIES.password.core) }] }),
      headers: { 'content-type': 'application/json' },
    });

  const calls: Record<OperationId, (api: WalmApi) => Promise<ApiAnswer>[]> = {
    listReleases: (api) => [api.list(), api.list(undefined, { view: 'summary' })],
    listNamespaceReleases: (api) => [api.list(namespace)],
    getRelease: (api) => ['web', 'source', 'failed'].map((name) => api.get(namespace, name)),
    installRelease: (api) => [install(api, 'POST', '', { repoName: 'stable', chartName: 'none' })],
    installReleaseWithChart: (api) =>
      [...failing].map((fail) => api.install(order(`not-${fail}`, refusedValues(fail)))),
    upgradeRelease: (api) =>
      [...failing].map((fail) => install(api, 'PUT', '', { name: 'web', configValues: refusedValues(fail) })),
    upgradeReleaseWithChart: (api) => [...failing].map((fail) => api.upgrade(order('web', refusedValues(fail)))),
    dryRunRelease: (api) => [
      install(api, 'POST', '/dryrun', { name: 'web' }),
      install(api, 'POST', '/dryrun?diff=true', { name: 'web', configValues: values('another-password') }),
      ...[...failing].map((fail) =>
        install(api, 'POST', '/dryrun', { name: 'web', configValues: refusedValues(fail) }),
      ),
    ],
    dryRunReleaseWithChart: (api) => [
      api.dryRun({ ...order('new', values(CANARIES.password.core)), query: { hooks: true } }),
      api.dryRun({ ...order('web', values(CANARIES.password.core)), query: { diff: true } }),
      ...[...failing].map((fail) => api.dryRun(order('new', refusedValues(fail)))),
    ],
    dryRunReleaseWithChartAlias: () => [],
    previewRelease: (api) => [
      install(api, 'POST', '/preview', { name: 'web', configValues: values('another-password') }),
      install(api, 'POST', '/preview?validate=client', { name: 'web', configValues: refusedValues('cluster') }),
      ...[...failing].map((fail) =>
        install(api, 'POST', '/preview', { name: 'web', configValues: refusedValues(fail) }),
      ),
    ],
    deleteRelease: (api) => [api.remove(namespace, 'source')],
    pauseRelease: (api) => [api.send('POST', `${at}/pause`)],
    recoverRelease: (api) => [api.send('POST', `${at}/recover`)],
    restartRelease: (api) => [api.send('POST', `${at}/restart`)],
    adoptRelease: (api) => [api.send('POST', `${at}/adopt`)],
    detachRelease: () => [],
    upgradeReleases: (api) => [
      api.send(
        'POST',
        `/api/v1/bulk/upgrade?namespace=${namespace}&labelselector=a%21%3Db&dryrun=true&chartVersion=9.9.9`,
      ),
    ],
    changeReleases: (api) => [
      api.send('POST', `/api/v1/bulk/restart?namespace=${namespace}&labelselector=a%21%3Db&dryrun=true`),
    ],
    estimateResources: (api) => [install(api, 'POST', '/dryrun/resources', { name: 'web' })],
    estimateResourcesWithChart: () => [],
    listRevisions: (api) => [api.send('GET', `${at}/history`)],
    getRevision: (api) => [1, 2, 3, 4, 5, 6].map((revision) => api.send('GET', `${at}/history/${revision}`)),
    compareRevisions: (api) => [api.send('GET', `${at}/diff`), api.send('GET', `${at}/diff?from=1&to=2`)],
    showManifest: (api) => [api.send('GET', `${at}/manifest?hooks=true`), api.send('GET', `${at}/manifest?revision=1`)],
    showValues: (api) => [api.send('GET', `${at}/values?origin=true`), api.send('GET', `${at}/values?revision=1`)],
    showNotes: (api) => [api.send('GET', `${at}/notes`), api.send('GET', `${at}/notes?revision=1`)],
    showDrift: (api) => [api.send('GET', `${at}/drift`)],
    runTests: (api) => [api.send('POST', `${at}/test`)],
    rollback: (api) => [api.send('POST', `${at}/rollback?revision=1`)],
    listRepositories: (api) => [api.send('GET', '/api/v1/chart/repolist')],
    addRepository: (api) => [
      change(api, 'POST', '/api/v1/chart/repo', {
        name: 'canary',
        url: 'http://127.0.0.1:1',
        username: 'canary',
        password: CANARIES.password.core,
      }),
    ],
    checkRepository: (api) => [api.send('POST', '/api/v1/chart/repo/stable/check')],
    removeRepository: (api) => [api.send('DELETE', '/api/v1/chart/repo/none')],
    listCharts: (api) => [api.send('GET', '/api/v1/chart/stable/list')],
    listChartVersions: (api) => [api.send('GET', '/api/v1/chart/stable/chart/none/versions')],
    searchCharts: (api) => [api.send('GET', '/api/v1/chart/search?q=none')],
    getChart: (api) => [api.send('GET', '/api/v1/chart/stable/chart/none')],
    getChartImage: (api) => [api.send('GET', '/api/v1/chart/image?chart-image=127.0.0.1:1/none:1')],
    getChartIcon: (api) => [api.send('GET', '/api/v1/chart/stable/chart/none/icon')],
    getChartAdvantage: (api) => [api.send('GET', '/api/v1/chart/stable/chart/none/advantage')],
    getChartArchitecture: (api) => [api.send('GET', '/api/v1/chart/stable/chart/none/architecture')],
    getChartArchive: () => [],
    getChartFile: (api) => [api.send('GET', '/api/v1/chart/stable/chart/none/file?path=README.md')],
    inspectChart: () => [],
    lintChart: () => [],
    streamEvents: () => [],
    listEvents: (api) => [api.send('GET', '/api/v1/events/past?limit=1000')],
    getReleaseChart: () => [],
    listReleaseEvents: (api) => [api.send('GET', `${at}/events`)],
    getReleaseObject: (api) =>
      ['Deployment', 'Ingress', 'CronJob', 'PersistentVolumeClaim', 'ServiceAccount']
        .flatMap((kind) => [0, 1, 2, 3].map((index) => `${kind} web-${index}`))
        .concat('Secret web-made', 'ConfigMap web-config', 'Job web-test', 'ReleaseConfig web')
        .map((object) => {
          const [kind = '', name = ''] = object.split(' ');
          return api.send('GET', `${at}/object`, { query: { kind, name } });
        }),
    getDependencies: (api) => [api.send('GET', '/api/v1/dependency')],
    listNodes: (api) => [api.send('GET', '/api/v1/node')],
    getNode: (api) => [api.send('GET', '/api/v1/node/none')],
    labelNode: (api) => [change(api, 'POST', '/api/v1/node/none/labels', { addLabels: { a: '' } })],
    taintNode: (api) => [change(api, 'POST', '/api/v1/node/none/taints?dryrun=true', {})],
    annotateNode: (api) => [change(api, 'POST', '/api/v1/node/none/annotations', {})],
    listPods: (api) => [api.send('GET', `/api/v1/pod/${namespace}`)],
    getPod: (api) => [api.send('GET', `/api/v1/pod/${namespace}/name/none`)],
    // What a container writes is shown as it is.
    getPodLogs: () => [],
    listPodEvents: (api) => [api.send('GET', `/api/v1/pod/${namespace}/name/none/events`)],
    restartPod: (api) => [api.send('POST', `/api/v1/pod/${namespace}/name/none/restart`)],
    // A value that cannot be stored is not in the message about it.
    createSecret: (api) => [
      change(api, 'POST', `/api/v1/secret/${namespace}`, {
        name: 'none',
        data: { a: `***${CANARIES.password.core}` },
      }),
    ],
    updateSecret: (api) => [
      change(api, 'PUT', `/api/v1/secret/${namespace}`, { name: 'none', stringData: { a: CANARIES.password.core } }),
    ],
    deleteSecret: (api) => [api.send('DELETE', `/api/v1/secret/${namespace}/name/none`)],
    listSecrets: (api) => [api.send('GET', `/api/v1/secret/${namespace}?internal=true`)],
    // It shows the values of a Secret to who may get it: `cluster-reads.integration.test.ts`.
    getSecret: () => [],
    listClaims: (api) => [api.send('GET', `/api/v1/pvc/${namespace}`)],
    getClaim: (api) => [api.send('GET', `/api/v1/pvc/${namespace}/name/none`)],
    deleteClaim: (api) => [api.send('DELETE', `/api/v1/pvc/${namespace}/name/none`)],
    deleteClaims: (api) => [api.send('DELETE', `/api/v1/pvc/${namespace}?labelselector=a%21%3Db&dryrun=true`)],
    listStorageClasses: (api) => [api.send('GET', '/api/v1/storageclass')],
    getStorageClass: (api) => [api.send('GET', '/api/v1/storageclass/none')],
    listTenants: (api) => [api.send('GET', '/api/v1/tenant')],
    getTenant: (api) => [api.send('GET', `/api/v1/tenant/${namespace}`)],
    createTenant: (api) => [change(api, 'POST', `/api/v1/tenant/${namespace}`, {})],
    updateTenant: (api) => [change(api, 'PUT', '/api/v1/tenant/none', {})],
    deleteTenant: (api) => [api.send('DELETE', `/api/v1/tenant/${namespace}?dryrun=true`)],
    listPlugins: (api) => [api.send('GET', '/api/v1/plugin')],
    listProjects: (api) => [api.send('GET', '/api/v1/project')],
    listNamespaceProjects: (api) => [api.send('GET', `/api/v1/project/${namespace}`)],
    getProject: (api) => [api.send('GET', `/api/v1/project/${namespace}/name/shop`)],
    createProject: (api) => [api.send('POST', `/api/v1/project/${namespace}/name/shop`)],
    dryRunProject: (api) => [previewProject(api, '', { diff: true }), previewProject(api, '', { diff: false })],
    estimateProject: (api) => [previewProject(api, '/resources', { sum: true })],
    exportRelease: (api) => [api.send('GET', `${at}/export`)],
    exportNamespace: (api) => [api.send('GET', `/api/v1/release/${namespace}/export`)],
    exportProject: (api) => [api.send('GET', `/api/v1/project/${namespace}/name/shop/export`)],
    applyProject: (api) => [changeMember(api, 'PUT', '', { releases: [member] }), planOf(api, 'web')],
    addMember: (api) => [changeMember(api, 'POST', '/instance', member)],
    addMembers: (api) => [changeMember(api, 'POST', '/project', { releases: [member] })],
    upgradeMember: (api) => [changeMember(api, 'PUT', '/instance', member)],
    removeMember: (api) => [api.send('DELETE', `/api/v1/project/${namespace}/name/shop/instance/none`)],
    pauseProject: (api) => [api.send('POST', `/api/v1/project/${namespace}/name/none/pause`)],
    recoverProject: (api) => [api.send('POST', `/api/v1/project/${namespace}/name/none/recover`)],
    restartProject: (api) => [api.send('POST', `/api/v1/project/${namespace}/name/none/restart`)],
    deleteProject: (api) => [api.send('DELETE', `/api/v1/project/${namespace}/name/none`)],
    listTasks: (api) => [api.send('GET', '/api/v1/task')],
    getTask: () => [],
    cancelTask: (api) => [api.send('POST', '/api/v1/task/none/cancel')],
    readiness: (api) => [api.send('GET', '/readiness')],
    liveness: (api) => [api.send('GET', '/liveness')],
    livenessAlias: (api) => [api.send('GET', '/liveniess')],
    getSession: (api) => [api.send('GET', '/api/v1/session')],
    getAccess: (api) => [
      api.send('GET', '/api/v1/access'),
      api.send('GET', '/api/v1/access', { query: { namespace } }),
    ],
    getServerStatus: (api) => [api.send('GET', '/api/v1/status')],
    metrics: (api) => [api.send('GET', '/metrics')],
    openApi: (api) => [api.send('GET', '/api/v1/openapi.json')],
  };
  return { calls, order, install };
}
