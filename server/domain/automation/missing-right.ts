import type { AccessQuestion } from '../access/access-question.ts';

/** What an API server says when it refuses somebody something. */
const REFUSAL =
  /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)"| at the cluster scope)/;
const VERBS: ReadonlySet<string> = new Set(['get', 'list', 'create', 'update', 'delete', 'patch', 'watch']);

/**
 * The right that a refusal names, from the details of Walm's own refusals or the words of the API server's; undefined
 * where neither tells. It is only ever asked about.
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
