import { createMemoryThreads } from '../../../server/adapters/memory/threads.ts';
import { createJobs } from '../../../server/composition/releases/jobs.ts';
import { perform } from '../../../server/composition/thread-jobs.ts';

/** The jobs of the server, the large ones in a thread that is none. */
export const jobsHere = createJobs(createMemoryThreads(perform));
