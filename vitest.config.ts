import { defineConfig } from 'vitest/config';

const EVERYWHERE = '{contract,server,cli,tools,test}/**';
const IGNORED = ['**/node_modules/**', 'tools/import-law-canary/**'];

/**
 * One project per kind of surroundings a test needs, told by the file's suffix: nothing (`.test.ts`), the engine's
 * binary (`.engine.test.ts`), a Redis server or a Kafka broker (`.redis.test.ts`, `.kafka.test.ts`), or the sandbox's
 * control plane (`.kube.test.ts` and everything in test/integration).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${EVERYWHERE}/*.test.ts`],
          // A unit takes milliseconds; a machine that is busy with other suites may still stall one for seconds.
          testTimeout: 60_000,
          exclude: [
            ...IGNORED,
            '**/*.{engine,kube,redis,kafka,integration,compat,faults,chaos,hostile,tenant,simulation}.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'engine',
          include: [`${EVERYWHERE}/*.engine.test.ts`],
          exclude: IGNORED,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'kube',
          include: [`${EVERYWHERE}/*.kube.test.ts`],
          exclude: IGNORED,
          globalSetup: ['test/harness/programs/sandbox.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'compat',
          include: ['test/compat/**/*.compat.test.ts'],
          exclude: IGNORED,
          globalSetup: ['test/harness/programs/sandbox.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/*.faults.test.ts'],
          exclude: IGNORED,
          // Scenarios at a time: the next one has work for the worlds that the last kills of one leave idle.
          maxConcurrency: 2,
          testTimeout: 14_400_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'chaos',
          include: ['test/chaos/*.chaos.test.ts'],
          exclude: IGNORED,
          testTimeout: 7_200_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'simulation',
          include: ['test/simulation/*.simulation.test.ts'],
          exclude: IGNORED,
          // As many seeds as were asked for.
          testTimeout: 14_400_000,
        },
      },
      {
        test: {
          name: 'hostile',
          include: ['test/hostile/*.hostile.test.ts'],
          exclude: IGNORED,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'tenant',
          include: ['test/tenant/*.tenant.test.ts'],
          exclude: IGNORED,
          testTimeout: 7_200_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'services',
          include: [`${EVERYWHERE}/*.{redis,kafka}.test.ts`],
          exclude: IGNORED,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.integration.test.ts'],
          exclude: IGNORED,
          globalSetup: ['test/harness/programs/surroundings.ts'],
          // A test that hangs is rare, and one that is slow on a busy machine is not a fault.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
