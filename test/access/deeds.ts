import type { OperationId } from '../../contract/operations/operations.ts';
import { works } from './access-charts.ts';
import type { AccessRow } from './access-table.ts';

/** A request of an operation. */
export type Deed = { id: OperationId; archive?: Buffer } & Pick<AccessRow, 'query' | 'body' | 'path'>;

const worked = { name: 'worked', repoName: 'stable', chartName: 'works', releaseLabels: { deed: 'done' } };
/** Changes of objects of the cluster that are in no namespace, or need more than rights to releases. */
export const CLUSTER_DEEDS: readonly Deed[] = [
  { id: 'labelNode', body: { addLabels: { deed: 'done' } } },
  { id: 'labelNode', body: { removeLabels: ['deed'] } },
  { id: 'taintNode', body: { removeTaints: [{ key: 'deed' }] } },
  { id: 'annotateNode', body: { removeAnnotations: ['deed'] } },
  { id: 'deleteClaim', path: { claim: 'table-claim' }, query: { dryrun: true } },
  { id: 'createTenant', path: { tenant: 'table-tenant' }, body: { tenantLabels: { deed: 'done' } } },
  { id: 'updateTenant', path: { tenant: 'table-tenant' }, body: { tenantQuotas: [{ quotaName: 'q' }] } },
  { id: 'deleteTenant', path: { tenant: 'table-tenant' } },
  { id: 'addRepository', query: { check: false }, body: { name: 'deed', url: 'https://charts.example' } },
  { id: 'checkRepository' },
  { id: 'removeRepository', path: { repo: 'deed' } },
  { id: 'deleteClaims', query: { labelselector: 'none=at-all' } },
];
const shop = { path: { project: 'deeds' } };
/** Changes of one release and one project of a namespace, in an order in which each finds what it needs. */
export const deedsIn = (namespace: string): readonly Deed[] => [
  { id: 'inspectChart', body: { name: 'worked' } },
  { id: 'lintChart', body: { name: 'worked' } },
  { id: 'dryRunRelease', body: worked },
  { id: 'dryRunReleaseWithChart', body: { name: 'worked' } },
  { id: 'dryRunReleaseWithChartAlias', body: { name: 'worked' } },
  { id: 'previewRelease', body: worked },
  { id: 'estimateResources', body: worked },
  { id: 'estimateResourcesWithChart', body: { name: 'worked' } },
  { id: 'installRelease', body: worked },
  { id: 'upgradeRelease', body: { ...worked, configValues: { a: 'b' } } },
  { id: 'upgradeReleaseWithChart', body: { name: 'worked', configValues: { a: 'c' } }, archive: works.bytes },
  { id: 'pauseRelease' },
  { id: 'recoverRelease' },
  { id: 'restartRelease' },
  { id: 'rollback', query: { revision: 1 } },
  { id: 'adoptRelease' },
  { id: 'runTests' },
  { id: 'changeReleases', path: { action: 'restart' }, query: { labelselector: 'deed=done', namespace } },
  { id: 'upgradeReleases', query: { releases: `${namespace}/worked`, chartVersion: '0.1.0' } },
  { id: 'detachRelease' },
  { id: 'deleteRelease' },
  { id: 'installReleaseWithChart', body: { name: 'worked' }, archive: works.bytes },
  { id: 'dryRunProject', ...shop, body: { releases: [{ ...worked, name: 'part' }] } },
  { id: 'estimateProject', ...shop, body: { releases: [{ ...worked, name: 'part' }] } },
  { id: 'createProject', ...shop, body: { releases: [{ ...worked, name: 'part' }] } },
  { id: 'applyProject', ...shop, query: { dryrun: true }, body: { releases: [{ ...worked, name: 'part' }] } },
  { id: 'applyProject', ...shop, body: { releases: [{ ...worked, name: 'part', configValues: { a: 'b' } }] } },
  { id: 'pauseProject', ...shop },
  { id: 'recoverProject', ...shop },
  { id: 'restartProject', ...shop },
  { id: 'addMember', ...shop, body: { ...worked, name: 'added' } },
  { id: 'addMembers', ...shop, body: { releases: [{ ...worked, name: 'added-too' }] } },
  { id: 'upgradeMember', ...shop, body: { ...worked, name: 'added', configValues: { a: 'd' } } },
  { id: 'removeMember', path: { ...shop.path, release: 'added' } },
  { id: 'deleteProject', ...shop },
  { id: 'createSecret', body: { name: 'worked', stringData: { a: 'b' } } },
  { id: 'updateSecret', body: { name: 'worked', stringData: { a: 'c' } } },
  { id: 'deleteSecret', path: { secret: 'worked' } },
  { id: 'restartPod', path: { pod: 'table-pod' }, query: { force: true } },
];
