import type { ClusterView } from '../kube/cluster-view.ts';
import type { JsonObject } from '../json/json.ts';
import { asObject, asObjects, asString, valueAt } from '../json/json-reading.ts';
import { asKubeObject, type KubeObject, type ObjectRef, specOf } from '../kube/kube-object.ts';
import { type EvaluatedOutputs, evaluateOutputs, viewOfRelease } from './evaluate-outputs.ts';
import { readOutputSecrets, revealOutputs } from './output-secrets.ts';

/** What an upgrade would apply, and the present state. Contains secrets. */
export type RenderedOutputs = {
  namespace: string;
  release: string;
  /** Expressions by output name. */
  outputs: Record<string, string>;
  documents: readonly { kind: string; namespace: string; name: string; object: JsonObject }[];
  computedValues: JsonObject;
  view: Pick<ClusterView, 'get'>;
  /** The value of a key of a Secret that the release does not render. */
  secret: (name: string, key: string) => string | undefined;
};

/**
 * What a release would publish after an upgrade: from the rendered objects, and for what the cluster decides (node
 * ports, load balancers, objects of others) from the present ones.
 */
export function renderedOutputs(after: RenderedOutputs): EvaluatedOutputs {
  const { namespace, release, documents, computedValues, view } = after;
  const rendered = (kind: string, name: string) =>
    documents.find((one) => one.kind === kind && one.name === name && one.namespace === namespace)?.object;
  const config = documents.find(({ kind, name }) => kind === 'ReleaseConfig' && name === release)?.object ?? {};
  const truth = {
    values: computedValues,
    secret: (name: string, key: string) => secretValue(rendered('Secret', name), key) ?? after.secret(name, key),
  };
  const own = viewOfRelease(view, { namespace, release });
  const { values, missing } = evaluateOutputs(after.outputs, {
    namespace,
    release,
    ...truth,
    view: {
      get(ref: ObjectRef): KubeObject | undefined {
        const live = view.get(ref);
        const object = rendered(ref.kind, ref.name);
        return object === undefined ? own.get(ref) : applied(object, live, ref);
      },
    },
  });
  const hidden = readOutputSecrets(valueAt(config, 'spec', 'outputSecrets'));
  const shipped = revealOutputs(asObject(valueAt(config, 'spec', 'outputConfig')), hidden, truth);
  return { values: { ...shipped, ...values }, missing };
}

/** The object after the upgrade, with the node ports and the status that the cluster assigned. */
function applied(object: JsonObject, live: KubeObject | undefined, ref: ObjectRef): KubeObject {
  const known = live === undefined ? [] : asObjects(specOf(live)['ports']);
  const spec = asObject(object['spec']);
  const ports = asObjects(spec['ports']).map((port) => {
    const former = known.find((one) => one['port'] === port['port']);
    return former?.['nodePort'] === undefined ? port : { nodePort: former['nodePort'], ...port };
  });
  const { status = null } = live ?? {};
  const metadata = { ...asObject(object['metadata']), namespace: ref.namespace };
  return asKubeObject({ ...object, metadata, spec: { ...spec, ports }, status }, ref);
}

function secretValue(object: JsonObject | undefined, key: string): string | undefined {
  const text = asObject(object?.['stringData'])[key];
  if (text !== undefined) {
    return asString(text);
  }
  const data = asObject(object?.['data'])[key];
  return data === undefined ? undefined : Buffer.from(asString(data), 'base64').toString('utf8');
}
