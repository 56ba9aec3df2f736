import { DNS_SUBDOMAIN, LABEL_NAME } from '../../../contract/schemas/name-syntax.ts';

const NAME = new RegExp(LABEL_NAME);
const PREFIX = new RegExp(DNS_SUBDOMAIN);
const MAX_PREFIX_LENGTH = 253;

/** Whether Kubernetes accepts the key of a label: a name, optionally after a DNS subdomain and a slash. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  const prefix = key.slice(0, Math.max(slash, 0));
  return NAME.test(key.slice(slash + 1)) && (slash < 0 || (prefix.length <= MAX_PREFIX_LENGTH && PREFIX.test(prefix)));
}

/** Whether Kubernetes accepts the value of a label; the empty one is valid. */
export function isLabelValue(value: string): boolean {
  return value === '' || NAME.test(value);
}
