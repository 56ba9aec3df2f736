import { Type, type Static } from 'typebox';
import type { ManifestDocument } from '../kube/manifest-document.ts';

/** Selects workloads of a release by kind, name or both; an omitted field matches all. */
export const WorkloadSelector = Type.Object(
  { kind: Type.Optional(Type.String({ minLength: 1 })), name: Type.Optional(Type.String({ minLength: 1 })) },
  { description: 'A workload by kind, by name or by both.' },
);

/** The optional argument that restricts a plugin to some workloads. */
export const workloads = Type.Optional(
  Type.Array(WorkloadSelector, {
    maxItems: 100,
    description: 'Only these workloads; without it every object that makes pods.',
  }),
);

/** Whether a document is selected; without any selector all are. Kinds compare case-insensitively. */
export function isSelected(
  { kind, name }: Pick<ManifestDocument, 'kind' | 'name'>,
  selectors: readonly Static<typeof WorkloadSelector>[] | undefined,
): boolean {
  return (
    selectors === undefined ||
    selectors.some(
      (selector) =>
        (selector.kind === undefined || selector.kind.toLowerCase() === kind.toLowerCase()) &&
        (selector.name === undefined || selector.name === name),
    )
  );
}
