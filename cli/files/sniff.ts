import type { JsonObject } from './json-object.ts';

/** What a file is. `doubt`: its keys do not decide. */
export type FileKind = 'request' | 'project' | 'values' | 'doubt';

/** Fields of a release request, in lower case. */
const FIELDS: ReadonlySet<string> = new Set([
  'kind',
  'name',
  'namespace',
  'reponame',
  'chartname',
  'chartversion',
  'chartimage',
  'configvalues',
  'unset',
  'resetvalues',
  'dependencies',
  'releaselabels',
  'outputs',
  'plugins',
  'strategy',
  'onfailure',
  'metainfoparams',
]);
/** Fields that values hardly have. */
const TELLING: ReadonlySet<string> = new Set([
  'chartname',
  'chartimage',
  'reponame',
  'chartversion',
  'configvalues',
  'metainfoparams',
  'releaselabels',
]);

/** Decides from the outermost keys what a file is. */
export function sniff(content: JsonObject): FileKind {
  const keys = Object.keys(content).map((key) => key.toLowerCase());
  const kind = content['kind'];
  if (kind === 'Project' || keys.includes('releases')) return 'project';
  const others = keys.filter((key) => !FIELDS.has(key));
  const isTelling = keys.some((key) => TELLING.has(key)) || kind === 'Release';
  if (isTelling) return others.length === 0 ? 'request' : 'doubt';
  const isRequestLike = keys.some((key) => FIELDS.has(key));
  if (keys.length === 0) return 'values';
  return isRequestLike || others.length === 0 ? 'doubt' : 'values';
}
