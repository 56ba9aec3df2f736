import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, inject, test } from 'vitest';

import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { SCENARIOS } from './command-lines.ts';
import { INTENDED_DIFFERENCES } from './intended-differences.ts';
import { openShell, type Shell } from './shell.ts';
import { answerOf, maskRun, readTranscript, writeTranscript } from './transcript.ts';

/** The address that the recorded command lines of the original have. */
const ORIGINAL_SERVER = '127.0.0.1:29001';
const RECORDED = new URL('../../../shared/reference/cli/', import.meta.url);
const CANARY = 'canary7d0f3cwalmctltoken';

const { server, bin, charts, kubeconfig } = inject('walmctl');
const shells: Shell[] = [];
const kube = createKubeClient(kubeconfig);

afterAll(() => {
  shells.forEach((shell) => shell.close());
  kube.close();
});

/** The texts of all files below a folder. */
function filesBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}

/**
 * Each scenario is a text of commands and of what they print, masked where it differs from run to run. `UPDATE=1` writes
 * what they print now; the difference is then read like any other change.
 */
describe('transcripts', () => {
  test.each(SCENARIOS)('$name', async ({ name, file }) => {
    const namespace = name.replace(/^\d+-/, 'cli-');
    await createNamespace(kube, namespace);
    const shell = openShell(bin, {
      WALMCTL_SERVER: server,
      WALMCTL_NAMESPACE: namespace,
      WALMCTL_TOKEN: CANARY,
      CHARTS: charts,
    });
    shells.push(shell);
    const recorded = readTranscript(readFileSync(file, 'utf8'));
    const mask = (text: string): string =>
      maskRun(text, [
        [charts, '$CHARTS'],
        [shell.home, '~'],
      ]);
    const entries: { command: string; answer: string }[] = [];
    let printed = '';
    for (const { command } of recorded.entries) {
      const ran = await shell.run(command.replaceAll(ORIGINAL_SERVER, new URL(server).host));
      printed += `${ran.out}${ran.err}`;
      entries.push({ command, answer: answerOf(ran, mask) });
    }
    const written = writeTranscript({ comment: recorded.comment, entries });
    if (process.env['UPDATE'] === '1') writeFileSync(file, written);
    expect(written).toBe(writeTranscript(readTranscript(readFileSync(file, 'utf8'))));
    // A token in the environment is in no output, no settings and no cache.
    expect(printed).not.toContain(CANARY);
    expect(filesBelow(shell.home)).not.toContain(CANARY);
  });
});

test.runIf(existsSync(RECORDED))(
  'the recorded command lines of the original are replayed, all that were recorded',
  () => {
    const start = 'walmctl -s 127.0.0.1:29001 -n demo ';
    const original = readdirSync(RECORDED).map(
      (name) => readTranscript(readFileSync(new URL(name, RECORDED), 'utf8')).entries[0]?.command,
    );
    expect(new Set(INTENDED_DIFFERENCES.map(({ command }) => `${start}${command}`))).toEqual(new Set(original));
    const replayed = SCENARIOS.filter(({ name }) => name === '7-original').map(({ file }) =>
      readFileSync(file, 'utf8'),
    );
    for (const command of original) expect(replayed.join('')).toContain(command);
  },
);
