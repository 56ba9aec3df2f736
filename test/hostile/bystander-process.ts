import { constants, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import { createWalmApi, type ApiAnswer } from '../harness/clients/walm-api.ts';
import type { BystanderOrders } from './bystander.ts';
import { createExperienceRecord } from './experience.ts';
import { fromAddress } from './from-address.ts';

/**
 * Checks start at this rate however long earlier ones take, so that they meet the same delays as other callers.
 */
const CHECK_EVERY_MS = 25;
/** One caller may have 64 requests under way, one install or delete among them. */
const MAX_WAITING = 60;
const INSTALL_EVERY_MS = 250;

const { url, token, namespace, archive } = JSON.parse(process.argv[2] ?? '{}') as BystanderOrders;
// Created in this process, because the attacker's process is busy.
const api = createWalmApi(await fromAddress('127.0.0.2', url), token);
const chart = Buffer.from(archive, 'base64');
const record = createExperienceRecord(() => performance.now());

function wrong(what: string): (answer: ApiAnswer) => string | null {
  return ({ status, text }) => (status === 200 ? null : `${what} answered ${status} ${text.slice(0, 300)}`);
}

/**
 * If the measuring process itself waits for a processor, it cannot measure others: it gets a higher priority if
 * allowed.
 */
try {
  setPriority(constants.priority.PRIORITY_ABOVE_NORMAL);
} catch {
  // Not every user may raise the priority.
}

let looks = 0;
const over = new AbortController();
const looking = setInterval(() => {
  if (record.waiting() > MAX_WAITING) return;
  looks += 1;
  const answered =
    looks % 2 === 0
      ? record.time('gets', () => api.get(namespace, 'resident'), wrong('a look at a release'))
      : record.time('gets', () => api.list(namespace), wrong('a list'));
  void answered;
}, CHECK_EVERY_MS);

process.on('message', (asked) => {
  if (asked === 'restart') record.restart();
  process.send?.(record.take());
});
process.on('disconnect', () => {
  clearInterval(looking);
  over.abort();
});

for (let i = 0; !over.signal.aborted; i += 1) {
  const body = { name: `guest-${i}` };
  await record.time('installs', () => api.install({ namespace, body, archive: chart }), wrong('an install'));
  try {
    const problem = wrong('a delete')(await api.remove(namespace, body.name));
    if (problem !== null) record.addProblem(problem);
  } catch (error) {
    record.addProblem(`a delete failed: ${String(error)}`);
  }
  await pause(INSTALL_EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
}
