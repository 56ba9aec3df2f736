import type { Caller } from '../../domain/access/caller.ts';
import type { ReleaseValues, ValueOrigin } from '../../../contract/schemas/release-history.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import { asObject } from '../../domain/json/json-reading.ts';
import { metainfoOf } from '../../domain/metainfo/chart-metainfo.ts';
import { shownConfigValues, subchartNames } from '../../domain/history/shown-revision.ts';
import { valueOrigins } from '../../domain/history/value-origins.ts';
import { sharerOf } from '../../domain/access/sharer.ts';
import type { EngineCall } from '../../ports/helm/engine-call.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { ChartFacts } from '../charts/chart-facts.ts';
import type { RevisionReader, RevisionReading } from './read-revision.ts';

export type ShowValuesDeps = {
  reader: RevisionReader;
  restoreRecorded: (namespace: string, digest: string, as: Caller | null) => Promise<void>;
  chartFacts: (digest: string, call?: EngineCall) => Promise<ChartFacts>;
};

/** Which revision (the newest if absent), and whether to report the origin of every value. */
export type ValuesChoice = { revision?: number; origin: boolean };

/** Shows the values of a revision, secrets as `***`. @throws ProblemError RELEASE_NOT_FOUND, REVISION_NOT_FOUND */
export type ShowValues = (
  reading: RevisionReading,
  choice: ValuesChoice,
  signal: AbortSignal,
) => Promise<ReleaseValues>;

export function createShowValues({ reader, restoreRecorded, chartFacts }: ShowValuesDeps): ShowValues {
  /**
   * `values.yaml` of the chart itself; null if its archive is not available, because Helm records the values merged
   * with others.
   */
  async function chartValues(
    { namespace, releaseConfig }: HelmRelease,
    caller: Caller | null,
    call: EngineCall,
  ): Promise<JsonObject | null> {
    const source = readReleaseFacts(releaseConfig)?.source ?? null;
    if (source === null) {
      return null;
    }
    try {
      await restoreRecorded(namespace, source.digest, caller);
      return (await chartFacts(source.digest, call)).values;
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'CHART_NOT_RECORDED') {
        return null;
      }
      throw error;
    }
  }

  function origins(revision: HelmRelease, computed: JsonObject, config: JsonObject, chart: JsonObject | null) {
    const facts = readReleaseFacts(revision.releaseConfig);
    const paths = new Map((metainfoOf(revision.metaFiles)?.dependencies ?? []).map(({ name, alias }) => [name, alias]));
    return valueOrigins(computed, {
      configValues: config,
      injected: facts?.dependenciesConfigValues ?? {},
      commonValues: facts?.commonValues ?? {},
      chart,
      subcharts: subchartNames(revision.chartMetadata),
      aliases: (facts?.injected ?? []).map(({ key, provider }) => ({ key, provider, path: paths.get(key) ?? [key] })),
    });
  }

  return async function showValues(reading, choice, signal) {
    const { revision, secrets } = await reader.read(reading, choice.revision, signal);
    const computedValues = secrets.values(revision.computedValues);
    const configValues = shownConfigValues(revision, secrets);
    let valueOrigins: ValueOrigin[] | undefined;
    if (choice.origin) {
      const chart = await chartValues(revision, reading.caller, {
        signal,
        requestId: reading.requestId,
        sharer: sharerOf(reading.caller, reading.namespace),
      });
      valueOrigins = origins(revision, computedValues, configValues, chart && asObject(secrets.masker.json(chart)));
    }
    return {
      revision: revision.revision,
      configValues,
      computedValues,
      ...(valueOrigins !== undefined && { origins: valueOrigins }),
    };
  };
}
