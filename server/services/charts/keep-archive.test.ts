import { createHash } from 'node:crypto';

import { beforeEach, describe, expect, it } from 'vitest';

import { person } from '../../../test/harness/fakes/person.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryChartArchives } from '../../adapters/memory/chart-archives.ts';
import { createMemoryChartFolder } from '../../adapters/memory/chart-folder.ts';
import type { ChartArchiveStore } from '../../ports/storage/chart-archive-store.ts';
import type { ChartFolder } from '../../ports/helm/chart-folder.ts';
import { createKeepArchive, createRestoreRecorded, type KeepArchive, type RestoreArchive } from './keep-archive.ts';
import { createKnownArchives } from './known-archives.ts';

const ann = person('ann');
const bytes = Buffer.from('an archive');
const digest = createHash('sha256').update(bytes).digest('hex');
let folder: ChartFolder;
let archives: ChartArchiveStore;
let keep: KeepArchive;
let restore: RestoreArchive;
let reads: string[];

beforeEach(() => {
  reads = [];
  folder = createMemoryChartFolder();
  const stored = createMemoryChartArchives({ clock: createManualClock(), isReferenced: () => false });
  archives = {
    ...stored,
    get: (namespace, wanted, as) => {
      reads.push(`${namespace} as ${as?.user ?? 'Walm'}`);
      return stored.get(namespace, wanted, as);
    },
  };
  const known = createKnownArchives();
  keep = createKeepArchive({ folder, archives, known });
  restore = createRestoreRecorded({ folder, archives, known });
});

describe('an archive that a record names', () => {
  it('is not taken from the chart folder if only another namespace, or no namespace yet, keeps it', async () => {
    await folder.write(digest, bytes);
    await keep('theirs', digest, { task: '', as: ann });
    await keep('walm-system', digest, { task: '', as: null });
    await expect(restore('shop', digest, ann)).rejects.toMatchObject({ code: 'CHART_NOT_RECORDED' });
    expect(reads).toEqual(['shop as ann']);
  });

  it('is read in its namespace once, as the caller, whether the folder has it or not', async () => {
    await archives.put('shop', { digest, bytes }, '', ann);
    for (let i = 0; i < 3; i++) await restore('shop', digest, ann);
    expect(reads).toEqual(['shop as ann']);
    expect(Buffer.from((await folder.read(digest)) ?? [])).toEqual(bytes);
    await folder.write(digest, bytes);
    await restore('shop', digest, person('bob'));
    expect(reads).toEqual(['shop as ann']);
  });

  it('is known where it was kept', async () => {
    await folder.write(digest, bytes);
    await keep('shop', digest, { task: '', as: ann });
    await restore('shop', digest, ann);
    expect(reads).toEqual([]);
  });
});

describe('known archives', () => {
  it('are the ones that were added last', () => {
    const known = createKnownArchives(2);
    for (const one of ['a', 'b', 'a', 'c']) known.add('shop', one);
    expect(['a', 'b', 'c'].map((one) => known.has('shop', one))).toEqual([true, false, true]);
    expect(known.has('other', 'a')).toBe(false);
  });
});
