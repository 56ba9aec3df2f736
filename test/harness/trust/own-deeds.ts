import type { AuditEvent } from './audit-log.ts';

/** The identity whose requests are checked: Walm's own, without impersonation. */
export interface OwnIdentityFacts {
  user: string;
  systemNamespace: string;
}

/** A request outside the rules that one test allows, with the reason. */
export interface KnownException {
  because: string;
  is(event: AuditEvent): boolean;
}

const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection', 'apply']);
const RELEASE_CONFIGS = 'apiextensions.transwarp.io';
/** Annotations by which Walm marks a live ReleaseConfig. */
const MARKS = new Set(['walm.io/rolled-out']);
/** Reviews: requests that store nothing. */
const QUESTIONS = new Set([
  'tokenreviews',
  'subjectaccessreviews',
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
]);

/** Helm's records and chart archives, by their names. */
const RECORD_OR_ARCHIVE = /^(sh\.helm\.release\.v1\..+\.v\d+|walm-chart-[0-9a-f]{64}-\d+-of-\d+)$/;

/** The lists and watches of Secrets for the live view, by their selectors. */
const VIEWS: readonly { labelSelector: string | RegExp; fieldSelector: string | RegExp }[] = [
  // Helm's records: the metadata of all, whatever their labels, and the content of one release.
  { labelSelector: '', fieldSelector: 'type=helm.sh/release.v1' },
  { labelSelector: /(^|,)owner=helm(,|$)/, fieldSelector: '' },
  // The records of one release that the view does not have, or not yet.
  { labelSelector: /^owner=helm,name=[^,]+$/, fieldSelector: 'type=helm.sh/release.v1' },
  // Secrets with the name of a record, whatever their labels.
  { labelSelector: '', fieldSelector: /^metadata\.name=sh\.helm\.release\.v1\.[^,]+\.v\d+$/ },
  // Archives of charts: metadata only.
  { labelSelector: /^walm\.io\/chart(=|$)/, fieldSelector: 'type=walm.io/chart.v1' },
  // Secrets that belong to releases, for their status.
  { labelSelector: 'app.kubernetes.io/managed-by=Helm', fieldSelector: '' },
  // Secrets of others from which outputs are read: metadata only.
  { labelSelector: 'app.kubernetes.io/managed-by!=Helm', fieldSelector: /^type!=helm\.sh\/release\.v1,/ },
];

/**
 * Requests that Walm made in its own name and must not make, described once each. Allowed are: everything in its own
 * namespace, the definition of ReleaseConfigs, marks on live ReleaseConfigs, and reads of Secrets elsewhere for the
 * live view. A write that the API server refused counts, too.
 */
export function wrongDeeds(
  events: readonly AuditEvent[],
  own: OwnIdentityFacts,
  known: readonly KnownException[] = [],
): string[] {
  const wrong = events.filter(
    (event) => isOwn(event, own) && !isAllowed(event, own) && !known.some((exception) => exception.is(event)),
  );
  return [...new Set(wrong.map(told))].toSorted();
}

/** Whether Walm made the request in its own name. */
export function isOwn(event: AuditEvent, { user }: OwnIdentityFacts): boolean {
  return event.user === user && event.impersonated === undefined;
}

function isAllowed(event: AuditEvent, { systemNamespace }: OwnIdentityFacts): boolean {
  const { verb, resource, namespace, name } = event;
  if (namespace === systemNamespace || (resource === 'namespaces' && name === systemNamespace)) return true;
  if (WRITES.has(verb)) return QUESTIONS.has(resource) || isDefinition(event) || isMark(event);
  return resource !== 'secrets' || isOfTheView(event);
}

/** The definition of ReleaseConfigs, which Walm installs. */
function isDefinition({ resource, name }: AuditEvent): boolean {
  return resource === 'customresourcedefinitions' && name === `releaseconfigs.${RELEASE_CONFIGS}`;
}

/** A patch that changes only Walm's mark annotations. */
function isMark({ verb, group, resource, subresource, request }: AuditEvent): boolean {
  if (verb !== 'patch' || group !== RELEASE_CONFIGS || resource !== 'releaseconfigs' || subresource !== '')
    return false;
  const patch = request as { metadata?: { annotations?: Record<string, unknown> } } | undefined;
  const annotations = patch?.metadata?.annotations;
  if (annotations === undefined) return false;
  const [fields, ofMetadata] = [Object.keys(patch ?? {}), Object.keys(patch?.metadata ?? {})];
  return fields.length === 1 && ofMetadata.length === 1 && Object.keys(annotations).every((key) => MARKS.has(key));
}

function isOfTheView({ verb, name, uri }: AuditEvent): boolean {
  if (verb === 'get') return RECORD_OR_ARCHIVE.test(name);
  const query = new URL(uri, 'https://api').searchParams;
  const fits = (wanted: string | RegExp, parameter: string): boolean => {
    const found = query.get(parameter) ?? '';
    return typeof wanted === 'string' ? wanted === found : wanted.test(found);
  };
  return VIEWS.some(
    ({ labelSelector, fieldSelector }) => fits(labelSelector, 'labelSelector') && fits(fieldSelector, 'fieldSelector'),
  );
}

function told({ verb, resource, group, subresource, namespace, name, uri, code }: AuditEvent): string {
  const what = `${resource}${group === '' ? '' : `.${group}`}${subresource === '' ? '' : `/${subresource}`}`;
  const query = new URL(uri, 'https://api').search;
  const selected = name === '' && !WRITES.has(verb) ? decodeURIComponent(query) : '';
  return `${verb} ${what} ${namespace}/${name}${selected} answered ${code}`;
}
