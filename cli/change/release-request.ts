import { isRecord, type JsonObject } from '../files/json-object.ts';
import { at, textAt } from '../render/read-value.ts';
import { editableRelease } from './edited-release.ts';

/** How the API shows a value that is secret. */
const HIDDEN = '***';

/** A release as the request that makes another one like it, and what cannot go with it. */
export interface MovableRelease {
  readonly request: JsonObject;
  /** Paths of secret values that are not in the request. */
  readonly hidden: readonly string[];
  /** Where the chart can be fetched; empty if only this server has it. */
  readonly chart: 'repository' | 'image' | 'kept';
}

/**
 * The request of a release, as the API answers it, without what only holds where it is: project, pause and history.
 * Secrets are left out, or kept as `***`, which where the release is leaves them as they are.
 */
export function movableRelease(release: unknown, secrets: 'left out' | 'kept' = 'left out'): MovableRelease {
  const { configValues, dependencies, releaseLabels, plugins, onFailure } = editableRelease(release);
  const hidden: string[] = [];
  const without = withoutHidden(configValues, '', hidden);
  const values = secrets === 'kept' ? configValues : without;
  const [repoName, chartImage] = [textAt(release, 'repoName'), textAt(release, 'chartImage')];
  const [chartName, chartVersion] = [textAt(release, 'chartName'), textAt(release, 'chartVersion')];
  const chart = chartImage !== '' ? 'image' : repoName !== '' ? 'repository' : 'kept';
  const strategy = at(release, 'strategy');
  return {
    request: {
      name: textAt(release, 'name'),
      ...(chart === 'image' && { chartImage }),
      ...(chart === 'repository' && { repoName, chartName, chartVersion }),
      ...filled('configValues', values),
      ...filled('dependencies', dependencies),
      ...filled('releaseLabels', releaseLabels),
      ...(Array.isArray(plugins) && plugins.length > 0 && { plugins: plugins as unknown[] }),
      ...(strategy !== undefined && { strategy }),
      ...(onFailure !== 'none' && { onFailure }),
    },
    hidden,
    chart,
  };
}

function filled(field: string, value: unknown): JsonObject {
  return isRecord(value) && Object.keys(value).length > 0 ? { [field]: value } : {};
}

/** A copy without the secret values; their paths are added to `hidden`. A list with one is left out whole. */
function withoutHidden(value: unknown, path: string, hidden: string[]): unknown {
  if (!isRecord(value)) return value;
  const copy: JsonObject = {};
  for (const [key, entry] of Object.entries(value)) {
    const below = path === '' ? key : `${path}.${key}`;
    if (hides(entry)) {
      hidden.push(below);
      continue;
    }
    const kept = withoutHidden(entry, below, hidden);
    Object.defineProperty(copy, key, { value: kept, writable: true, enumerable: true, configurable: true });
  }
  return copy;
}

function hides(value: unknown): boolean {
  return value === HIDDEN || (Array.isArray(value) && JSON.stringify(value, bigints).includes(`"${HIDDEN}"`));
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
