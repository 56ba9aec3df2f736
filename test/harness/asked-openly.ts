import type { ClusterObject } from './clients/kube-client.ts';

/**
 * A request with a secret in fields that should not contain one: Walm keeps the field for the next change, and never
 * shows it.
 */
export function askedOpenly(secret: string) {
  return {
    releaseLabels: { team: secret },
    outputs: { [secret]: `service:${secret}.address` },
    plugins: [{ name: 'LabelPod', args: { labelsToAdd: { team: secret } } }],
  };
}

/** A ReleaseConfig without the fields that keep the original request. */
export function withoutRequest({ metadata, spec, ...rest }: ClusterObject): object {
  const { releaseLabels: _, outputs: __, plugins: ___, ...computed } = spec as Record<string, unknown>;
  return { ...rest, name: metadata.name, annotations: metadata.annotations, computed };
}
