import { absent, type ExpectedRelease } from '../../model/expected-release.ts';
import type { SimulatedRequest } from '../simulated-api.ts';
import type { Actor } from './actor.ts';
import type { How } from './changes.ts';
import { afterChange } from './expected-change.ts';
import { chartValues } from './requests.ts';

/** A project's releases, each after the one that it depends on. */
export const MEMBERS: readonly { name: string; provider?: string }[] = [
  { name: 'base' },
  { name: 'middle', provider: 'base' },
  { name: 'top', provider: 'middle' },
];
const PROJECT = 'project';
const MAX_PAUSE_MS = 5_000;

/** A project that is created and deleted repeatedly, sometimes cancelled half-way. */
export function createProjectLife({ world: { random, sleep }, changes, isOver }: Actor, namespace: string) {
  const path = { namespace, project: PROJECT };
  let members: ExpectedRelease[] = MEMBERS.map(({ name }) => absent(namespace, name));
  const whole = absent(namespace, PROJECT);

  async function create(value: string): Promise<void> {
    const releases = MEMBERS.map(({ name, provider }) => ({
      name,
      chartName: 'app',
      outputs: { value: 'values:value' },
      ...(provider !== undefined && { dependencies: { db: provider } }),
      configValues: chartValues({ namespace, name }, { value }),
    }));
    await make({ id: 'createProject', path, body: { releases } }, { exists: true, value });
  }

  const remove = (how?: How) =>
    make({ id: 'deleteProject', path, query: { ignoreNotFound: 'true' } }, { exists: false }, how);

  /** Whether the change succeeded, or there was nothing to delete. */
  async function make(
    request: SimulatedRequest,
    wanted: { exists: boolean; value?: string },
    besides: How = random.next() < 0.25 ? { cancelAfterMs: random.between(0, 4_000) } : {},
  ): Promise<boolean> {
    // An abandoned or cancelled task leaves releases behind that occupy the names.
    const how: How = {
      pardoned: ['PROJECT_EXISTS', 'RELEASE_EXISTS', 'PROJECT_NOT_FOUND', 'CANCELLED'],
      ...besides,
    };
    const { isDone, isCancelled, code } = await changes.make(whole, request, {}, how);
    if (code === 'PROJECT_EXISTS' || code === 'RELEASE_EXISTS' || code === 'PROJECT_NOT_FOUND')
      return code === 'PROJECT_NOT_FOUND';
    if (isDone || isCancelled || code !== '') members = members.map((one) => afterChange(one, wanted, isDone));
    return isDone;
  }

  return async function project(): Promise<void> {
    let isHalfGone = false;
    for (let count = 1; !isOver(); count += 1) {
      const isThere = members.some(({ exists }) => exists.has(true));
      if (isThere) isHalfGone = !(await remove());
      else await create(`v${count}`);
      await sleep(random.between(0, MAX_PAUSE_MS));
    }
    // Objects removed by a cancelled deletion stay missing until the next change.
    while (isHalfGone) isHalfGone = !(await remove({}));
    changes.load.projects.push({ namespace, name: PROJECT, members });
    changes.load.expected.push(
      ...members.map((one, at) => {
        const { provider } = MEMBERS[at] ?? {};
        return { ...one, ...(provider !== undefined && { provider }) };
      }),
    );
  };
}
