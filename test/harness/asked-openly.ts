import type { ClusterObject } from './clients/kube-client.ts';

/** A request with a secret where nobody should write one: Walm keeps that for the next change, and shows it to nobody. */
export function askedOpenly(secret: string) {
  return {
    releaseLabels: { team: secret },
    outputs: { [secret]: `service:${secret}.address` },
    plugins: [{ name: 'LabelPod', args: { labelsToAdd: { team: secret } } }],
  };
}

/** A ReleaseConfig without what is kept there as it was asked for. */
export function withoutRequest({ metadata, spec, ...rest }: ClusterObject): object {
  const { releaseLabels: _, outputs: __, plugins: ___, ...computed } = spec as Record<string, unknown>;
  return { ...rest, name: metadata.name, annotations: metadata.annotations, computed };
}
