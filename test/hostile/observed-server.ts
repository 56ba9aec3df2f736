import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { settleAllocator } from '../../server/process/allocator.ts';
import { serve } from '../../server/serve.ts';
import { createLoopDelayRecord } from './loop-delay.ts';
import { createLoopProfile } from './loop-profile.ts';
import { OBSERVE, OBSERVED_FILES, type Observed } from './observation.ts';

const EVERY_MS = 5;
/** Delays that are worth a profile, if profiles are wanted. */
const PROFILED_MS = 50;

// As server/main.ts does.
settleAllocator(process);

/**
 * The real server, which writes its measurements into the folder that is its first argument, whenever it gets the
 * signal.
 */
const [folder = '', ...args] = process.argv.slice(2);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const record = createLoopDelayRecord(EVERY_MS);
const profiles = process.env['HOSTILE_PROFILES'] ?? '';
const profile = profiles === '' ? undefined : createLoopProfile(profiles);
let last = performance.now();
let lastCpu = process.threadCpuUsage();
setInterval(() => {
  const now = performance.now();
  const cpu = process.threadCpuUsage();
  const computedMs = (cpu.user + cpu.system - lastCpu.user - lastCpu.system) / 1000;
  // Time that the thread did not compute is time without a processor, which is the machine's doing.
  record.add(Math.min(now - last - EVERY_MS, computedMs));
  last = now;
  lastCpu = cpu;
}, EVERY_MS).unref();

process.on(OBSERVE, () => {
  const loop = record.take();
  profile?.next(`${Date.now()}-max-${Math.round(loop.max)}`, loop.max > PROFILED_MS);
  collectGarbage();
  // Memory that only a second collection frees, such as what finalizers release.
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  const question = readFileSync(join(folder, OBSERVED_FILES.question), 'utf8');
  const [id = '', snapshot] = question.split('\n');
  if (snapshot !== undefined && snapshot !== '') writeHeapSnapshot(snapshot);
  const answer: Observed = { id, loop, heapMi: (heapUsed + external) / 2 ** 20 };
  const file = join(folder, OBSERVED_FILES.answer);
  writeFileSync(`${file}.new`, JSON.stringify(answer));
  renameSync(`${file}.new`, file);
  // The collection is the observer's doing, not the server's.
  record.take();
  last = performance.now();
  lastCpu = process.threadCpuUsage();
});

await serve(args);
