import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, inject, test } from 'vitest';

import { replayScenarios } from './replay.ts';

const { node20 } = inject('walmctl');

// There is a Node 20 to install for Linux on x64 only.
describe.skipIf(node20 === undefined && !(process.platform === 'linux' && process.arch === 'x64'))(
  'on the oldest Node',
  () => {
    test('walmctl runs on Node 20', () => {
      expect(execFileSync(join(node20 ?? '', 'node'), ['--version'], { encoding: 'utf8' })).toMatch(/^v20\./);
    });

    replayScenarios({ node: node20 ?? '', suffix: '20' });
  },
);
