import type { AccessQuestion } from '../access/access-question.ts';

/** The message of an API server that refuses a request. */
const REFUSAL =
  /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)"| at the cluster scope)/;
const VERBS: ReadonlySet<string> = new Set(['get', 'list', 'create', 'update', 'delete', 'patch', 'watch']);

/**
 * The missing right according to a refusal: from the details of Walm's own refusals or the message of the API server;
 * undefined if neither names it. The result is only used for further access reviews.
 */
export function missingRight(message: string, details: Readonly<Record<string, unknown>>): AccessQuestion | undefined {
  const text = (key: string) => (typeof details[key] === 'string' ? details[key] : '');
  if (isVerb(text('verb')) && text('resource') !== '') {
    const [verb, group, resource] = [text('verb'), text('group'), text('resource')];
    return { verb, group, resource, namespace: text('namespace'), name: text('name') };
  }
  const [, verb = '', resource = '', group = '', namespace = ''] = REFUSAL.exec(message) ?? [];
  return isVerb(verb) ? { verb, group, resource, namespace, name: '' } : undefined;
}

function isVerb(text: string): boolean {
  return VERBS.has(text);
}
