import { beforeEach, expect, test } from 'vitest';
import { person } from '../../../test/harness/fakes/person.ts';
import { recordedRevision } from '../../../test/harness/fakes/recorded-revision.ts';
import { taskWith } from '../../../test/harness/fakes/tasks.ts';
import { createMemoryHelm, type MemoryHelm } from '../../adapters/memory/helm-releases.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import type { SealState } from '../../domain/seals/seal-state.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { createGuardUnattended } from './guard-unattended.ts';
import { createJudgeRevisions } from './judge-revisions.ts';

const ann = person('ann');
const at = '2026-01-01T00:00:00Z';
const sealedBy = (by: typeof ann): SealState => ({ sealed: true, by, at, operation: 'upgrade' });
const unattended = taskWith({ caller: ann, unattended: { since: at } });

let helm: MemoryHelm;
beforeEach(() => (helm = createMemoryHelm(createManualClock())));

const revision = (number: number, seal: SealState): HelmRelease =>
  recordedRevision({ namespace: 'shop', revision: number, seal, judged: { text: `of ${number}` } as never });

function judge(task: typeof unattended, current: HelmRelease, newest = current.revision) {
  const rules = { mode: 'on', asksWhoCalls: true, serviceAccount: '', identityMaxAgeMs: 0 } as const;
  const guard = createGuardUnattended({ rules, clock: createManualClock() });
  return createJudgeRevisions({ engine: helm, guard })(task, { current, newest }, {});
}

test('a task of a user may act on everything', async () => {
  expect(
    await judge(taskWith({ caller: ann }), revision(1, { sealed: false, reason: 'it was edited' })),
  ).toBeUndefined();
});

test('one of Walm itself acts on what is sealed, by whom it acts for, and says by what it was judged', async () => {
  expect(await judge(unattended, revision(1, sealedBy(ann)))).toEqual([{ text: 'of 1' }]);
  const edited = revision(1, { sealed: false, reason: 'it was edited' });
  await expect(judge(unattended, edited)).rejects.toMatchObject({ code: 'RELEASE_NOT_SEALED' });
  await expect(judge(unattended, revision(1, sealedBy(person('eve'))))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('a later attempt that failed has to be sealed, too, as far as it is still there', async () => {
  const applied = revision(1, sealedBy(ann));
  expect(await judge(unattended, applied, 2)).toEqual([{ text: 'of 1' }]);
  helm.record(revision(2, sealedBy(ann)));
  expect(await judge(unattended, applied, 2)).toMatchObject([{ text: 'of 1' }, { revision: 2 }]);
  helm.record(revision(3, { sealed: false, reason: 'it was edited' }));
  await expect(judge(unattended, applied, 3)).rejects.toMatchObject({ code: 'RELEASE_NOT_SEALED' });
});
