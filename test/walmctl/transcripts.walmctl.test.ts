import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { SCENARIOS } from './command-lines.ts';
import { INTENDED_DIFFERENCES } from './intended-differences.ts';
import { replayScenarios } from './replay.ts';
import { readTranscript } from './transcript.ts';

const RECORDED = new URL('../../../shared/reference/cli/', import.meta.url);

replayScenarios({ suffix: '' });

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
