import type { Caller } from '../../../domain/access/caller.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { type EvaluatedOutputs, objectsOfOutputs } from '../../../domain/outputs/evaluate-outputs.ts';
import { renderedOutputs } from '../../../domain/outputs/rendered-outputs.ts';
import type { Secrets } from '../../../ports/cluster/secrets.ts';
import type { DryRunRendering } from './render-dry-run.ts';

/**
 * What a release publishes once it is as it was rendered, secrets included; Secrets that it does not render are read as
 * the caller.
 */
export type OutputsAfter = (
  release: { namespace: string; name: string },
  rendering: Pick<DryRunRendering, 'outputs' | 'rendered'>,
  caller: Caller | null,
) => Promise<EvaluatedOutputs>;

export function createOutputsAfter(deps: { live: Pick<ClusterView, 'get'>; secrets: Secrets }): OutputsAfter {
  const { live, secrets } = deps;
  return async function outputsAfter({ namespace, name: release }, { outputs, rendered }, caller) {
    const wanted = objectsOfOutputs(outputs, { namespace, release }).filter(({ kind }) => kind === 'Secret');
    const found = await Promise.all(
      wanted.map(async ({ name }) => [name, await secrets.read(namespace, name, caller)] as const),
    );
    const known = new Map(found);
    const { documents, computedValues } = rendered;
    const secret = (name: string, field: string) => known.get(name)?.[field];
    return renderedOutputs({ namespace, release, outputs, documents, computedValues, view: live, secret });
  };
}
