import type { HelmAdapter } from '../../ports/gate/gated-adapters.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';
import { type Around, UNWRAPPED, wrapVerbs } from './wrap-verbs.ts';

const MEASURED = 'measured';

/** Whether the duration of a verb is measured; the table has to name every verb. */
const MEASURES = {
  fetchChart: MEASURED,
  checkChart: MEASURED,
  inspectChart: MEASURED,
  lintChart: MEASURED,
  listRepository: MEASURED,
  packRecordedChart: UNWRAPPED,
  render: MEASURED,
  install: MEASURED,
  upgrade: MEASURED,
  rewriteRelease: MEASURED,
  uninstall: MEASURED,
  settle: UNWRAPPED,
  removeFailedInstall: UNWRAPPED,
  testRelease: MEASURED,
  foretellRemoval: UNWRAPPED,
  compareLive: MEASURED,
  getRelease: MEASURED,
  getReleases: MEASURED,
  listReleases: UNWRAPPED,
  releaseHistory: MEASURED,
  listResources: UNWRAPPED,
  mergeKeys: UNWRAPPED,
  onDiscoveryChanged: UNWRAPPED,
  renewTerm: UNWRAPPED,
  info: UNWRAPPED,
  stop: UNWRAPPED,
} as const satisfies Record<keyof HelmAdapter, typeof MEASURED | typeof UNWRAPPED>;

/** The engine, with the duration and outcome of its calls measured. */
export function measureEngine(engine: HelmAdapter, metrics: Metrics): HelmAdapter {
  const duration = metrics.histogram(
    'walm_engine_call_duration_seconds',
    'Time from a call of the engine to its answer.',
    ['method', 'outcome'],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  );

  const timed: Around<typeof MEASURED> = async ({ verb: method, args }, act) => {
    const startedAt = performance.now();
    let outcome = 'failed';
    try {
      const result = await act(args);
      outcome = 'ok';
      return result;
    } finally {
      duration.observe({ method, outcome }, (performance.now() - startedAt) / 1000);
    }
  };

  return wrapVerbs<HelmAdapter, typeof MEASURED>(engine, MEASURES, timed);
}
