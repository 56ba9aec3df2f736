import type { ReleaseRequest } from '../../../contract/release-request.ts';
import type { Warning } from '../../../contract/warning.ts';
import { writeMetaInfoParams } from '../../domain/metainfo-params.ts';
import { problem } from '../../domain/problem-error.ts';
import { unknownPluginWarnings } from '../../domain/release-plugins.ts';
import { maskedPaths } from '../../domain/secret-values.ts';
import type { ChartFacts } from '../charts/chart-facts.ts';

/** Plugins that Walm has, by their names in lower case: none so far. */
const KNOWN_PLUGINS: ReadonlySet<string> = new Set();

/**
 * Brings a request into the form that is kept: the parameters that its chart's metainfo maps are written into its
 * values (decision 15), and what has no effect is warned of.
 * @throws ProblemError VALUES_INVALID, also for a secret that says "as it was" where nothing stands (decision 4)
 */
export function prepareRequest(
  request: ReleaseRequest,
  chart: ChartFacts,
): { request: ReleaseRequest; warnings: Warning[] } {
  const { metaInfoParams = {}, configValues = {}, ...rest } = request;
  const written = writeMetaInfoParams(configValues, metaInfoParams, chart.metainfo, chart.values);
  const [masked] = maskedPaths(written.values, chart.secrets);
  if (masked !== undefined) {
    throw problem(
      'VALUES_INVALID',
      `configValues.${masked.join('.')} is ***, and there is no value to keep: send one`,
      {
        path: `/configValues/${masked.join('/')}`,
      },
    );
  }
  const plugins = (request.plugins ?? []).map(({ name }) => ({ name }));
  return {
    request: { ...rest, configValues: written.values },
    warnings: [...written.warnings, ...unknownPluginWarnings(plugins, KNOWN_PLUGINS)],
  };
}
