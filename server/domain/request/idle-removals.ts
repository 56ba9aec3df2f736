import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { cutName } from '../bounds/cut-name.ts';
import { toPointer } from '../../../contract/json-pointer.ts';
import type { Metainfo } from '../metainfo/metainfo.ts';
import { parseValuePath, readValuePath } from '../values/value-path.ts';
import type { RecordedRequest } from './release-request.ts';

/** What a request can remove something from; `labels` are also those that the chart brought. */
export type RemovableParts = Pick<
  RecordedRequest,
  'configValues' | 'releaseLabels' | 'dependencies' | 'outputs' | 'strategy' | 'project'
> & { labels?: Readonly<Record<string, string>> };

/**
 * The warnings about what a request removes although it is not there, each with the place in the request. A member of a
 * project refuses in this way to be connected with what its chart depends on, which is no reason for a warning.
 */
export function idleRemovals(
  request: ReleaseRequest,
  recorded: RemovableParts,
  metainfo: Pick<Metainfo, 'outputs' | 'dependencies'> | null,
): Warning[] {
  const { unset = [], releaseLabels = {}, dependencies = {}, outputs = {}, strategy } = request;
  const labels = { ...recorded.labels, ...recorded.releaseLabels };
  const declared = recorded.project === '' ? [] : (metainfo?.dependencies ?? []).map(({ name }) => name);
  const missing = removedIn(dependencies, recorded.dependencies).filter((key) => !declared.includes(key));
  return [
    ...unset.flatMap((path, index) =>
      readValuePath(recorded.configValues, parseValuePath(path)) === undefined
        ? [warning('VALUE_NOT_SET', `no value is recorded at ${cutName(path)}`, ['unset', `${index}`])]
        : [],
    ),
    ...removedIn(releaseLabels, labels).map((key) =>
      warning('LABEL_NOT_SET', `the release has no label ${cutName(key)}: if its chart brings it, it is left out`, [
        'releaseLabels',
        key,
      ]),
    ),
    ...missing.map((key) =>
      warning('DEPENDENCY_NOT_SET', `the release has no dependency ${cutName(key)}: removing it has no effect`, [
        'dependencies',
        key,
      ]),
    ),
    ...removedIn(outputs, recorded.outputs).map((key) => {
      const reason = Object.hasOwn(metainfo?.outputs ?? {}, key)
        ? 'is the one of the chart and stays: only its expression can be replaced'
        : 'is not there: removing it has no effect';
      return warning('OUTPUT_NOT_SET', `output ${cutName(key)} ${reason}`, ['outputs', key]);
    }),
    ...(strategy !== undefined && Object.keys(strategy).length === 0 && recorded.strategy === null
      ? [
          warning('STRATEGY_NOT_SET', 'the release has no strategy of its own: an empty one has no effect', [
            'strategy',
          ]),
        ]
      : []),
  ];
}

/** The keys that a request removes with an empty text, of those that are not there. */
function removedIn(request: Readonly<Record<string, string>>, present: Readonly<Record<string, string>>): string[] {
  return Object.keys(request).filter((key) => request[key] === '' && !Object.hasOwn(present, key));
}

function warning(code: string, message: string, path: readonly string[]): Warning {
  return { code, message, path: toPointer(path) };
}
