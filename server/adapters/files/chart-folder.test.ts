import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { chartFolderConformance } from '../../ports/helm/chart-folder.conformance.ts';
import { createChartFolder } from './chart-folder.ts';

const parent = mkdtempSync(join(tmpdir(), 'walm-chart-folder-'));
afterAll(() => rmSync(parent, { recursive: true }));
let opened = 0;

chartFolderConformance('files', () => {
  opened += 1;
  return createChartFolder(join(parent, String(opened), 'charts'));
});
