import { flushCompileCache } from 'node:module';

import { serve } from '../../server/serve.ts';
import { createFaultSteps } from './fault-steps.ts';
import { createHaltingFaultPoints } from './halting-fault-points.ts';

// Otherwise written at the end of a process, and this one is killed.
flushCompileCache();

/** The real server, with the fault points of the folder that is its first argument. */
const [folder = '', ...args] = process.argv.slice(2);
await serve(args, { writes: createFaultSteps(createHaltingFaultPoints(folder)) });
