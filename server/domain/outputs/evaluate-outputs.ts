import type { ClusterView } from '../kube/cluster-view.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { asNumber, asObject, asObjects, asString } from '../json/json-reading.ts';
import { isMarkedAs } from '../kube/helm-owner.ts';
import { type KubeObject, specOf, statusOf } from '../kube/kube-object.ts';
import { readValuePath } from '../values/value-path.ts';
import { type OutputExpression, parseOutputExpression } from './output-expression.ts';

/** What outputs are taken from: the values and objects of one release. */
export type OutputSources = {
  namespace: string;
  release: string;
  /** Computed values. */
  values: JsonObject;
  view: Pick<ClusterView, 'get'>;
  /** The value of a key of a Secret; undefined if there is none. */
  secret: (name: string, key: string) => string | undefined;
};

/** An output that is not available at the moment: a load balancer without address, a missing Service. */
export type MissingOutput = { name: string; reason: string };

/** Values by output name; missing outputs are left out of them. */
export type EvaluatedOutputs = { values: JsonObject; missing: MissingOutput[] };

const KINDS = { service: 'Service', configmap: 'ConfigMap', secret: 'Secret' } as const;

type Answer = { value: JsonValue } | { reason: string };

/**
 * The view of a release's outputs: of ConfigMaps only those that Helm's annotations mark as the release's own. Any other
 * ConfigMap of the namespace may be one that the release's user cannot read.
 */
export function viewOfRelease(
  view: Pick<ClusterView, 'get'>,
  { namespace, release: name }: Pick<OutputSources, 'namespace' | 'release'>,
): Pick<ClusterView, 'get'> {
  return {
    get(ref) {
      const object = view.get(ref);
      return ref.kind === 'ConfigMap' && object !== undefined && !isMarkedAs({ namespace, name }, object)
        ? undefined
        : object;
    },
  };
}

/** Evaluates every output; Service, ConfigMap and Secret are looked up in the release's own namespace. */
export function evaluateOutputs(outputs: Record<string, string>, sources: OutputSources): EvaluatedOutputs {
  const values: [string, JsonValue][] = [];
  const missing: MissingOutput[] = [];
  for (const [name, text] of Object.entries(outputs)) {
    const expression = parseOutputExpression(text);
    const answer =
      expression === null ? { reason: `${JSON.stringify(text)} cannot be understood` } : evaluate(expression, sources);
    if ('value' in answer) {
      values.push([name, answer.value]);
    } else {
      missing.push({ name, reason: answer.reason });
    }
  }
  return { values: Object.fromEntries(values), missing };
}

/** Kind and name of every object that the outputs are taken from, each once. */
export function objectsOfOutputs(
  outputs: Record<string, string>,
  release: Pick<OutputSources, 'namespace' | 'release'>,
): { kind: 'Service' | 'ConfigMap' | 'Secret'; name: string }[] {
  const found = Object.values(outputs).flatMap((text) => {
    const expression = parseOutputExpression(text);
    return expression === null || expression.from === 'values'
      ? []
      : [{ kind: KINDS[expression.from], name: nameIn(expression.name, release) }];
  });
  return [...new Map(found.map((one) => [`${one.kind} ${one.name}`, one])).values()];
}

function nameIn(name: string, { namespace, release }: Pick<OutputSources, 'namespace' | 'release'>): string {
  return name.replaceAll('$release', release).replaceAll('$namespace', namespace);
}

function evaluate(expression: OutputExpression, sources: OutputSources): Answer {
  switch (expression.from) {
    case 'values': {
      const value = readValuePath(sources.values, expression.path);
      return value === undefined ? { reason: `the values have no ${expression.path.join('.')}` } : { value };
    }
    case 'service': {
      const name = nameIn(expression.name, sources);
      const service = find('Service', name, sources);
      return service === undefined ? { reason: `there is no Service ${name}` } : ofService(service, expression);
    }
    case 'configmap': {
      const name = nameIn(expression.name, sources);
      const data = asObject(find('ConfigMap', name, sources)?.data);
      return Object.hasOwn(data, expression.key)
        ? { value: asString(data[expression.key]) }
        : { reason: `there is no key ${expression.key} in a ConfigMap ${name} of the release` };
    }
    case 'secret': {
      const name = nameIn(expression.name, sources);
      const value = sources.secret(name, expression.key);
      return value === undefined ? { reason: `there is no key ${expression.key} in a Secret ${name}` } : { value };
    }
    default:
      return expression satisfies never;
  }
}

function find(kind: string, name: string, { namespace, view }: OutputSources): KubeObject | undefined {
  return view.get({ apiVersion: 'v1', kind, namespace, name });
}

function ofService(service: KubeObject, { port, field }: Extract<OutputExpression, { from: 'service' }>): Answer {
  const { name, namespace = '' } = service.metadata;
  const host = `${name}.${namespace}.svc`;
  if (field === 'host') {
    return { value: host };
  }
  if (field === 'loadBalancer') {
    const [first] = asObjects(asObject(statusOf(service)['loadBalancer'])['ingress']);
    const address = asString(first?.['ip']) || asString(first?.['hostname']);
    return address === '' ? { reason: `Service ${name} has no load balancer address yet` } : { value: address };
  }
  const ports = asObjects(specOf(service)['ports']);
  const found = port === null ? ports[0] : ports.find((one) => asString(one['name']) === port);
  if (found === undefined) {
    return { reason: `Service ${name} has no port${port === null ? '' : ` ${port}`}` };
  }
  const number = asNumber(found[field === 'nodePort' ? 'nodePort' : 'port']);
  if (number === 0) {
    return { reason: `Service ${name} has no node port yet` };
  }
  return { value: field === 'address' ? `${host}:${number}` : number };
}
