import type { RevisionSummary } from '../../../contract/schemas/release-history.ts';
import { UNREADABLE } from '../revisions/helm-status.ts';
import { asString } from '../json/json-reading.ts';
import type { JsonValue } from '../json/json.ts';
import { NO_SECRETS } from '../masking/masker.ts';
import type { ProblemError } from '../errors/problem-error.ts';
import { parseReleaseKey, type ReleaseKey } from '../names/release-key.ts';
import type { ReleaseRecord } from './release-record.ts';

/** Maximum characters shown of a reason: it may quote what a tenant wrote. */
const REASON_LENGTH = 512;

/** Whether all that is known of a release is that its newest record cannot be read, and why (`description`). */
export function isUnreadable({ status }: Pick<ReleaseRecord, 'status'>): boolean {
  return status === UNREADABLE;
}

/** Why a record cannot be read, in short. */
export function unreadableReason({ message, details }: Pick<ProblemError, 'message' | 'details'>): string {
  const reason = asString((details as Record<string, JsonValue> | undefined)?.['reason']);
  return (reason === '' ? message : reason).slice(0, REASON_LENGTH);
}

/** What a history shows of a revision that cannot be read. */
export function unreadableRevision(summary: Pick<RevisionSummary, 'revision' | 'description'>): RevisionSummary {
  const { revision, description } = summary;
  return {
    revision,
    status: UNREADABLE,
    applied: false,
    chartName: '',
    chartVersion: '',
    chartAppVersion: '',
    updated: '',
    description,
    cause: description,
    caller: null,
    task: null,
    outside: true,
    warnings: [],
  };
}

/** The placeholder for a release whose newest record cannot be read: its name, and why. */
export function unreadableRecord(key: ReleaseKey, revision: number, reason: string): ReleaseRecord {
  return {
    key,
    ...parseReleaseKey(key),
    revision,
    status: UNREADABLE,
    description: reason,
    updated: '',
    chartName: '',
    chartVersion: '',
    chartAppVersion: '',
    configValues: {},
    computedValues: {},
    metaInfoValues: null,
    objects: [],
    facts: null,
    outputs: {},
    outside: null,
    earlier: '',
    attempt: null,
    seal: { sealed: false, reason: 'its record cannot be read' },
    paused: false,
    tests: 0,
    notes: '',
    // Nothing of its content is shown except the reason, which quotes no values.
    masker: NO_SECRETS,
  };
}
