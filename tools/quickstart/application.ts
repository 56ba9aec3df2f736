import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { createWalmApi } from '../../test/harness/clients/walm-api.ts';
import type { ApiAnswer } from '../../test/harness/clients/walm-api.ts';
import { ROOT } from '../source-files.ts';
import { startProgress } from './progress-line.ts';

const READY_TIMEOUT_MS = 180_000;
const POLL_MS = 300;

function refused(what: string, { status, text }: ApiAnswer): Error {
  return new Error(`${what} was answered with ${status}: ${text}`);
}

/**
 * Installs examples/requests/install-NAME.json unless the release exists, and waits until it is Ready, printing what it
 * waits for. The server that installs may be another one than the server that shows the release.
 */
export async function installExample(server: string, namespace: string, name: string, shown = server): Promise<void> {
  const progress = startProgress(name);
  const found = await createWalmApi(server).get(namespace, name);
  if (found.status === 404) {
    const body = readFileSync(join(ROOT, `examples/requests/install-${name}.json`), 'utf8');
    const answer = await createWalmApi(server).send('POST', `/api/v1/release/${namespace}`, {
      query: { createNamespace: true },
      body,
      headers: { 'content-type': 'application/json' },
    });
    if (answer.status !== 200) throw refused(`the install of ${namespace}/${name}`, answer);
  } else if (found.status !== 200) {
    throw refused(`the question for ${namespace}/${name}`, found);
  }

  const api = createWalmApi(shown);
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let message = 'it is not known there';
  for (;;) {
    const answer = await api.get(namespace, name);
    // Another server may learn of the release a moment later.
    const late = answer.status === 404 && shown !== server;
    if (answer.status !== 200 && !late) throw refused(`the question for ${namespace}/${name}`, answer);
    if (answer.status === 200) ({ message } = answer.body);
    if (answer.status === 200 && answer.body.ready) break;
    if (Date.now() > deadline) throw new Error(`${namespace}/${name} is not Ready: ${message}`);
    progress.update(message);
    await delay(POLL_MS);
  }
  const through = found.status === 404 ? `, installed through ${server}` : '';
  progress.done(shown === server ? 'Ready' : `Ready, says ${shown}${through}`);
}
