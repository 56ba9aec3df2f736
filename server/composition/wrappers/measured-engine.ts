import type { HelmEngine } from '../../ports/helm/helm-engine.ts';
import type { Metrics } from '../../ports/runtime/metrics.ts';

/** The engine, with the duration and the outcome of every call measured. */
export function measureEngine(engine: HelmEngine, metrics: Metrics): HelmEngine {
  const duration = metrics.histogram(
    'walm_engine_call_duration_seconds',
    'Time from a call of the engine to its answer.',
    ['method', 'outcome'],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  );

  async function timed<T>(method: string, answer: Promise<T>): Promise<T> {
    const begun = performance.now();
    let outcome = 'failed';
    try {
      const result = await answer;
      outcome = 'ok';
      return result;
    } finally {
      duration.observe({ method, outcome }, (performance.now() - begun) / 1000);
    }
  }

  return {
    ...engine,
    fetchChart: (source, call) => timed('fetchChart', engine.fetchChart(source, call)),
    checkChart: (digest, call) => timed('checkChart', engine.checkChart(digest, call)),
    inspectChart: (digest, call) => timed('inspectChart', engine.inspectChart(digest, call)),
    listRepository: (source, part, call) => timed('listRepository', engine.listRepository(source, part, call)),
    render: (request, call) => timed('render', engine.render(request, call)),
    install: (request, call) => timed('install', engine.install(request, call)),
    upgrade: (request, call) => timed('upgrade', engine.upgrade(request, call)),
    rewriteRelease: (request, call) => timed('rewriteRelease', engine.rewriteRelease(request, call)),
    testRelease: (request, call) => timed('testRelease', engine.testRelease(request, call)),
    compareLive: (target, call) => timed('compareLive', engine.compareLive(target, call)),
    uninstall: (request, call) => timed('uninstall', engine.uninstall(request, call)),
    getRelease: (target, revision, call) => timed('getRelease', engine.getRelease(target, revision, call)),
    getReleases: (wanted, detail) => timed('getReleases', engine.getReleases(wanted, detail)),
    releaseHistory: (target, call) => timed('releaseHistory', engine.releaseHistory(target, call)),
  };
}
