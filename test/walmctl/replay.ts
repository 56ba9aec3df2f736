import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, inject, test } from 'vitest';

import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { SCENARIOS } from './command-lines.ts';
import { openShell, type Shell } from './shell.ts';
import { answerOf, maskRun, readTranscript, writeTranscript } from './transcript.ts';

/** The address that the recorded command lines of the original have. */
const ORIGINAL_SERVER = '127.0.0.1:29001';
const CANARY = 'canary7d0f3cwalmctltoken';

/** How the scenarios are replayed. */
export interface Replay {
  /** Folder with the `node` that walmctl runs on; undefined: that of the tests. */
  readonly node?: string;
  /** Stands behind the names of namespaces, so that two replays on one cluster do not meet. */
  readonly suffix: string;
}

/**
 * Each scenario is a text of commands and of what they print, masked where it differs from run to run. `UPDATE=1` writes
 * what they print now on the Node of the tests; the difference is then read like any other change.
 */
export function replayScenarios({ node, suffix }: Replay): void {
  const { server, bin, charts, kubeconfig } = inject('walmctl');
  const shells: Shell[] = [];
  const kube = createKubeClient(kubeconfig);

  afterAll(() => {
    shells.forEach((shell) => shell.close());
    kube.close();
  });

  describe('transcripts', () => {
    test.each(SCENARIOS)('$name', async ({ name, file }) => {
      const written = name.replace(/^\d+-/, 'cli-');
      const namespaces = [written, 'demo', 'cli-made'];
      await createNamespace(kube, `${written}${suffix}`);
      const shell = openShell(
        bin,
        { WALMCTL_SERVER: server, WALMCTL_NAMESPACE: `${written}${suffix}`, WALMCTL_TOKEN: CANARY, CHARTS: charts },
        node,
      );
      shells.push(shell);
      const recorded = readTranscript(readFileSync(file, 'utf8'));
      const mask = (text: string): string =>
        maskRun(text, [
          [charts, '$CHARTS'],
          [shell.home, '~'],
          ...namespaces.map((namespace) => [`${namespace}${suffix}`, namespace] as const),
        ]);
      const entries: { command: string; answer: string }[] = [];
      let printed = '';
      for (const { command } of recorded.entries) {
        const own = command
          .replaceAll(ORIGINAL_SERVER, new URL(server).host)
          .replaceAll(new RegExp(`\\b(${namespaces.join('|')})(?![A-Za-z0-9])`, 'g'), `$1${suffix}`);
        const ran = await shell.run(own);
        printed += `${ran.out}${ran.err}`;
        entries.push({ command, answer: answerOf(ran, mask) });
      }
      const now = writeTranscript({ comment: recorded.comment, entries });
      if (process.env['UPDATE'] === '1' && node === undefined) writeFileSync(file, now);
      expect(now).toBe(writeTranscript(readTranscript(readFileSync(file, 'utf8'))));
      // A token in the environment is in no output, no settings and no cache.
      expect(printed).not.toContain(CANARY);
      expect(filesBelow(shell.home)).not.toContain(CANARY);
    });
  });
}

/** The texts of all files below a folder. */
function filesBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}
