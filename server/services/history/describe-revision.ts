import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import {
  type DescribedRecord,
  recordOf,
  type RecordSources,
  sourcesOfRecord,
} from '../../domain/release/described-record.ts';
import type { RecordedRevision } from '../../domain/release/recorded-revision.ts';
import type { RecordContext, ReleaseRecord } from '../../domain/release/release-record.ts';
import type { PlacedJob } from '../jobs/placed-job.ts';
import { viewOf } from './kept-secrets.ts';

/**
 * Builds the record of a revision without blocking other requests: large ones are built in a thread.
 * @throws ProblemError RELEASE_UNREADABLE if that takes too much time or memory
 */
export type DescribeRevision = (revision: RecordedRevision, context: RecordContext) => Promise<ReleaseRecord>;

const TOO_MUCH = 'to look for what is secret in it takes more time or memory than it may';

export function createDescribeRevision(describe: PlacedJob<RecordSources, DescribedRecord>): DescribeRevision {
  return async function describeRevision(revision, context) {
    const sources = sourcesOfRecord(revision, context);
    try {
      return recordOf(await describe(sources, viewOf(revision)), sources);
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'BODY_TOO_COMPLEX') {
        const { namespace, name, revision: number } = revision;
        const text = `revision ${number} of release ${name} in namespace ${namespace} cannot be read: ${TOO_MUCH}`;
        throw problem('RELEASE_UNREADABLE', text, { reason: TOO_MUCH, revision: number });
      }
      throw error;
    }
  };
}
