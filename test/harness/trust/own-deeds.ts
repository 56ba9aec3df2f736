import type { AuditEvent } from './audit-log.ts';

/** Whose deeds are judged: Walm's own identity, where it impersonates nobody. */
export interface OwnIdentityFacts {
  user: string;
  systemNamespace: string;
}

/** A deed that is not in the rules and is allowed in one test, with the reason. */
export interface KnownException {
  because: string;
  is(event: AuditEvent): boolean;
}

const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection', 'apply']);
const RELEASE_CONFIGS = 'apiextensions.transwarp.io';
/** What Walm marks a live ReleaseConfig with. */
const MARKS = new Set(['walm.io/rolled-out']);
/** Questions, not writes: nothing is kept of them. */
const QUESTIONS = new Set([
  'tokenreviews',
  'subjectaccessreviews',
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
]);

/** Helm's records, by the name that Helm gives them; archives of charts, by the name that Walm gives them. */
const RECORD_OR_ARCHIVE = /^(sh\.helm\.release\.v1\..+\.v\d+|walm-chart-[0-9a-f]{64}-\d+-of-\d+)$/;

/** The lists and watches of Secrets by which the view is kept, by their selectors. */
const VIEWS: readonly { labelSelector: string | RegExp; fieldSelector: string | RegExp }[] = [
  // Helm's records: of all of them the metadata only, whatever their labels say, of one release what Helm keeps of it.
  { labelSelector: '', fieldSelector: 'type=helm.sh/release.v1' },
  { labelSelector: /(^|,)owner=helm(,|$)/, fieldSelector: '' },
  // What stands beside these, in the place of a record, whatever its labels say.
  { labelSelector: '', fieldSelector: /^metadata\.name=sh\.helm\.release\.v1\.[^,]+\.v\d+$/ },
  // Archives of charts: metadata only.
  { labelSelector: /^walm\.io\/chart(=|$)/, fieldSelector: 'type=walm.io/chart.v1' },
  // Secrets that belong to releases, for the state of these.
  { labelSelector: 'app.kubernetes.io/managed-by=Helm', fieldSelector: '' },
  // Secrets of others that outputs are taken from: metadata only.
  { labelSelector: 'app.kubernetes.io/managed-by!=Helm', fieldSelector: /^type!=helm\.sh\/release\.v1,/ },
];

/**
 * What Walm did in its own name that it must not do, in words, each once. Allowed are: everything in its own namespace,
 * the definition of ReleaseConfigs, marks on live ReleaseConfigs, and of Secrets elsewhere what the view is made of. A
 * write that the API server refused is a deed, too: it was meant.
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

/** Whether Walm did it in its own name. */
export function isOwn(event: AuditEvent, { user }: OwnIdentityFacts): boolean {
  return event.user === user && event.impersonated === undefined;
}

function isAllowed(event: AuditEvent, { systemNamespace }: OwnIdentityFacts): boolean {
  const { verb, resource, namespace, name } = event;
  if (namespace === systemNamespace || (resource === 'namespaces' && name === systemNamespace)) return true;
  if (WRITES.has(verb)) return QUESTIONS.has(resource) || isDefinition(event) || isMark(event);
  return resource !== 'secrets' || isOfTheView(event);
}

/** The definition of ReleaseConfigs, which Walm brings along. */
function isDefinition({ resource, name }: AuditEvent): boolean {
  return resource === 'customresourcedefinitions' && name === `releaseconfigs.${RELEASE_CONFIGS}`;
}

/** A patch of nothing but annotations that are Walm's marks. */
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
