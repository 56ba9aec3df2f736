import { defineConfig } from 'vitest/config';

const EVERYWHERE = '{contract,server,cli,tools,test}/**';
const IGNORED = ['**/node_modules/**', 'tools/import-law-canary/**'];

/**
 * When a test counts as hanging, in milliseconds. This is not a measure of the tested code, because a slow machine is
 * no defect.
 */
const HANGING = { testTimeout: 600_000, hookTimeout: 600_000 };

/**
 * One project per kind of environment that a test needs, chosen by the file's suffix: none (`.test.ts`), the engine's
 * binary (`.engine.test.ts`), a Redis server or a Kafka broker (`.redis.test.ts`, `.kafka.test.ts`), or the sandbox's
 * control plane (`.kube.test.ts` and everything in test/integration).
 */
export default defineConfig({
  test: {
    teardownTimeout: 120_000,
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${EVERYWHERE}/*.test.ts`],
          ...HANGING,
          exclude: [
            ...IGNORED,
            '**/*.{engine,kube,redis,kafka,integration,compat,faults,chaos,hostile,tenant,simulation,walmctl}.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'engine',
          include: [`${EVERYWHERE}/*.engine.test.ts`],
          exclude: IGNORED,
          ...HANGING,
        },
      },
      {
        test: {
          name: 'kube',
          include: [`${EVERYWHERE}/*.kube.test.ts`],
          exclude: IGNORED,
          globalSetup: ['test/harness/programs/sandbox.ts'],
          ...HANGING,
        },
      },
      {
        test: {
          name: 'compat',
          include: ['test/compat/**/*.compat.test.ts'],
          exclude: IGNORED,
          globalSetup: ['test/harness/programs/sandbox.ts'],
          ...HANGING,
        },
      },
      {
        test: {
          name: 'walmctl',
          include: ['test/walmctl/*.walmctl.test.ts'],
          exclude: IGNORED,
          globalSetup: ['test/walmctl/world.ts'],
          ...HANGING,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/*.faults.test.ts'],
          exclude: IGNORED,
          // Scenarios in parallel: the next one uses the worlds that the last kills of one leave idle.
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
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
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
          ...HANGING,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.integration.test.ts'],
          exclude: IGNORED,
          globalSetup: ['test/harness/programs/surroundings.ts'],
          ...HANGING,
        },
      },
    ],
  },
});
