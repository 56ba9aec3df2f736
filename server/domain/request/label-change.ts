import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';

/** Fields that identify the release, and say what to do with its labels. */
const LABEL_FIELDS: ReadonlySet<string> = new Set(['name', 'releaseLabels'] satisfies (keyof ReleaseRequest)[]);

/**
 * Whether a request changes labels and nothing else: then nothing is rendered, and values that the chart generates at
 * random stay (decision 2: label changes never render). Empty values, lists and strings count as absent.
 */
export function changesOnlyLabels(request: ReleaseRequest): boolean {
  const { releaseLabels = {} } = request;
  const others = Object.entries(request).filter(([field]) => !LABEL_FIELDS.has(field));
  return Object.keys(releaseLabels).length > 0 && others.every(([, value]) => isEmptyValue(value));
}

function isEmptyValue(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.keys(value).length === 0
    : value === undefined || value === null || value === '' || value === false;
}
