import { constants, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { maskManifest } from '../domain/masking/masked-manifest.ts';
import { maskerFrom, type SecretText } from '../domain/masking/masker.ts';
import { ProblemError } from '../domain/errors/problem-error.ts';
import { readOperationBody, type BodyReadingInput } from '../api/requests/read-operation-body.ts';
import type { Job, JobOutcome } from '../ports/runtime/threads.ts';
import {
  describeRecordJob,
  findSecretsJob,
  hideLayersJob,
  hideRecordedJob,
  hideShippedJob,
  runPluginsJob,
  writeYamlJob,
} from '../services/jobs/job-kinds.ts';
import { performWritten } from '../services/jobs/placed-job.ts';

// On Linux priorities are per thread: with few processors, the event loop comes before the threads it waits for.
if (!isMainThread) {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
}

/** The jobs of the server's threads, by name: computations that a caller or a chart can make expensive. */
const jobs: Readonly<Record<string, (input: Job['input']) => unknown>> = {
  readBody: (input) => {
    const { body, warnings } = readOperationBody(input as unknown as BodyReadingInput);
    // As one string: copying value by value would block the event loop for as long as parsing it.
    return { json: body === undefined ? undefined : JSON.stringify(body), warnings };
  },
  maskManifests: (input) => {
    const { manifests, secrets } = input as unknown as { manifests: string[]; secrets: SecretText[] | null };
    const masker = maskerFrom(secrets);
    return manifests.map((manifest) => maskManifest(manifest, masker));
  },
  [describeRecordJob.name]: performWritten(describeRecordJob),
  [findSecretsJob.name]: performWritten(findSecretsJob),
  [hideLayersJob.name]: performWritten(hideLayersJob),
  [hideRecordedJob.name]: performWritten(hideRecordedJob),
  [hideShippedJob.name]: performWritten(hideShippedJob),
  [runPluginsJob.name]: performWritten(runPluginsJob),
  [writeYamlJob.name]: performWritten(writeYamlJob),
};

/** Performs one job; refusals are outcomes, any other exception is a defect. */
export function perform({ name, input }: Job): JobOutcome<unknown> {
  const job = jobs[name];
  if (job === undefined) {
    throw new Error(`there is no job ${name}`);
  }
  try {
    return { value: job(input) };
  } catch (error) {
    if (error instanceof ProblemError) {
      const { code, message, details, object } = error;
      return { problem: { code, message, details: { ...details }, ...(object && { object: { ...object } }) } };
    }
    throw error;
  }
}
