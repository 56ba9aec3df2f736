const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
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
