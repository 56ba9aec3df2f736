import { resourceName, type Resource, type Right } from '../../../contract/schemas/access.ts';
import type { Caller } from './caller.ts';

/** Whether a caller has a right, in one place of the cluster. */
export interface AccessQuestion extends Resource {
  /** A verb of Kubernetes. */
  readonly verb: string;
  /** Empty: in all namespaces, or a cluster-scoped resource. */
  readonly namespace: string;
  /** Empty: any, or an object that does not exist yet. */
  readonly name: string;
}

/**
 * The right in a namespace, and on a name if the object has one; new and listed objects are reviewed without a name.
 */
export function questionOf(right: Right, namespace: string, name = ''): AccessQuestion {
  const isNamed = right.verb !== 'create' && right.verb !== 'list';
  return { verb: right.verb, group: right.group, resource: right.resource, namespace, name: isNamed ? name : '' };
}

/** The refusal, in the words of the API server's own refusals. */
export function refusalText({ user }: Caller, question: AccessQuestion): string {
  const { verb, namespace, name } = question;
  const what = `${verb} ${resourceName(question)}${name === '' ? '' : ` ${JSON.stringify(name)}`}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return `user ${JSON.stringify(user)} cannot ${what} ${where}`;
}
