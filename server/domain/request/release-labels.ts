import { isLabelKey, isLabelValue } from '../kube/label-syntax.ts';
import { problem } from '../errors/problem-error.ts';

/** Label that ties a release to its project; only project operations set it (decision 6: release labels). */
export const PROJECT_LABEL = 'Project-Name';
/** Labels that Helm's storage sets on its records. */
const HELM_LABELS = new Set(['name', 'owner', 'status', 'version', 'createdAt', 'modifiedAt']);

/**
 * Merges the labels of a request into the recorded ones; an empty value removes the label, like in the original Walm.
 */
export function mergeLabels(recorded: Record<string, string>, request: Record<string, string>): Record<string, string> {
  const merged = { ...recorded, ...request };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}

/**
 * Labels that requests removed, sorted: a removed label stays removed even if the chart's own ReleaseConfig has it,
 * until a request sets it again.
 */
export function mergeRemovedLabels(recorded: readonly string[], request: Record<string, string>): string[] {
  const removed = Object.keys(request).filter((key) => request[key] === '');
  return [...new Set([...recorded, ...removed])].filter((key) => (request[key] ?? '') === '').toSorted();
}

/** The labels that a revision has from the chart's own ReleaseConfig, and not from requests. */
export function shippedLabels({
  labels,
  releaseLabels,
}: Record<'labels' | 'releaseLabels', Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !Object.hasOwn(releaseLabels, key)));
}

/** @throws ProblemError LABEL_INVALID unless Kubernetes accepts every label and none is reserved */
export function checkLabels(labels: Record<string, string>): void {
  for (const [key, value] of Object.entries(labels)) {
    if (key === PROJECT_LABEL) {
      throw problem('LABEL_INVALID', `the label ${PROJECT_LABEL} is reserved: it says which project a release is in`);
    }
    if (!isLabelKey(key)) {
      throw problem('LABEL_INVALID', `${JSON.stringify(key)} in releaseLabels is not a valid label key`);
    }
    if (!isLabelValue(value)) {
      throw problem(
        'LABEL_INVALID',
        `${JSON.stringify(value)} in releaseLabels is not a valid value of the label ${key}`,
      );
    }
  }
}

/** The labels of Helm's record of a release: the release's own without those that Helm sets itself. */
export function helmLabels(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !HELM_LABELS.has(key)));
}
