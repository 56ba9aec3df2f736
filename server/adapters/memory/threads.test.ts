import { perform } from '../../../test/fixtures/thread-jobs.ts';
import { threadsConformance } from '../../ports/runtime/threads.conformance.ts';
import { createMemoryThreads } from './threads.ts';

threadsConformance('memory', () => createMemoryThreads(perform));
