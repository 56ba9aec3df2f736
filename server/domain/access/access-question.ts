import { resourceName, type Resource, type Right } from '../../../contract/schemas/access.ts';
import type { Caller } from './caller.ts';

/** Whether somebody may do something, at one place of the cluster. */
export interface AccessQuestion extends Resource {
  /** A verb of Kubernetes. */
  readonly verb: string;
  /** Empty: in all namespaces, or a resource that is in none. */
  readonly namespace: string;
  /** Empty: any, or one that does not exist yet. */
  readonly name: string;
}

/** The right in a namespace, and on a name where it has one; new and listed objects are asked about without. */
export function questionOf(right: Right, namespace: string, name = ''): AccessQuestion {
  const isNamed = right.verb !== 'create' && right.verb !== 'list';
  return { verb: right.verb, group: right.group, resource: right.resource, namespace, name: isNamed ? name : '' };
}

/** What is refused, in the words of the API server's own refusals. */
export function refusalText({ user }: Caller, question: AccessQuestion): string {
  const { verb, namespace, name } = question;
  const what = `${verb} ${resourceName(question)}${name === '' ? '' : ` ${JSON.stringify(name)}`}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return `user ${JSON.stringify(user)} cannot ${what} ${where}`;
}
