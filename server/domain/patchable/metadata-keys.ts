import { LABEL_NAME } from '../../../contract/schemas/name-syntax.ts';
import type { JsonValue } from '../json/json.ts';
import { asString } from '../json/json-reading.ts';

/** Names below a domain that affect only how their readers display objects; `*`: all of the domain. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  'app.kubernetes.io': ['component', 'name', 'part-of', 'version'],
  'cert-manager.io': ['cluster-issuer', 'issuer'],
  'kubectl.kubernetes.io': ['default-container', 'restartedAt'],
  'kubernetes.io': ['ingress.class', 'tls-acme'],
  'nginx.ingress.kubernetes.io': [
    'backend-protocol',
    'enable-cors',
    'force-ssl-redirect',
    'proxy-body-size',
    'proxy-connect-timeout',
    'proxy-read-timeout',
    'proxy-send-timeout',
    'rewrite-target',
    'ssl-redirect',
    'use-regex',
  ],
  'prometheus.io': ['*'],
  // Reserved for documentation: no software uses them.
  'example.com': ['*'],
  'example.org': ['*'],
};

/** Names without a domain that grant rights or change pods, or by which Helm and Walm recognise their own objects. */
const POWERFUL = new Set(['aadpodidbinding', 'auto-gen', 'istio-injection', 'project-name', 'sidecar-injection']);
const NAME = new RegExp(LABEL_NAME);
/** Characters that cannot end a directive of a proxy's configuration into which a value is pasted. */
const ONE_WORD = /^[-\w ,./:$()|*?^+~=@&%]*$/;

/** The rule for labels and annotations set by callers, in words. */
export const HARMLESS_KEYS =
  `any text, for a key without a domain, or below one of ${Object.keys(HARMLESS).join(', ')} ` +
  '(some names only), or below a domain of `plugins.metadataDomains`; never a key of Kubernetes, Helm, Walm or pod security';

/**
 * Why a caller may not set (or remove) a label or an annotation; null if they may. Keys are harmless only if no
 * software is known to act on them: others choose profiles and identities of pods, inject containers, or tell Helm and
 * Walm what belongs to whom. `domains` are those that the operator declared harmless.
 */
export function metadataKeyFault(key: string, value: JsonValue | undefined, domains: readonly string[]): string | null {
  const slash = key.indexOf('/');
  const [domain, name] = [key.slice(0, Math.max(slash, 0)), key.slice(slash + 1)];
  if (!NAME.test(name) || (slash >= 0 && domain === '')) {
    return 'is not a label or annotation key';
  }
  if (value !== undefined && typeof value !== 'string') {
    return 'has to be a text';
  }
  if (slash < 0) {
    const isHelms = name.toLowerCase() === 'owner' && asString(value).toLowerCase() === 'helm';
    return POWERFUL.has(name.toLowerCase()) || isHelms ? 'has a meaning for the platform' : null;
  }
  if (isOf(domain, RESERVED) || !isOf(domain, domains)) {
    const names = Object.hasOwn(HARMLESS, domain) ? (HARMLESS[domain] ?? []) : [];
    if (!names.includes('*') && !names.includes(name)) {
      return `is of a domain that others act on, or may (${HARMLESS_KEYS})`;
    }
  }
  return domain.endsWith('ingress.kubernetes.io') && !ONE_WORD.test(value ?? '')
    ? 'has characters that could end the directive of a proxy'
    : null;
}

/** No operator can allow these: what they decide is not up to callers. */
const RESERVED = ['kubernetes.io', 'k8s.io', 'helm.sh', 'walm.io', 'transwarp.io'];

function isOf(domain: string, domains: readonly string[]): boolean {
  return domains.some((each) => domain === each || domain.endsWith(`.${each}`));
}
