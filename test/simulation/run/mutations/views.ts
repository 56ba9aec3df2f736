import { KINDS, withLoad } from '../emphasis.ts';
import type { Mutation } from '../mutation.ts';

/** Faults of what a replica knows of the cluster. */
export const VIEWS: readonly Mutation[] = [
  {
    fault: 'a watch goes on where it was though that is forgotten',
    under: KINDS.usual,
    patch: {
      file: 'server/adapters/kube/watch/object-watch.ts',
      from: "if (hasStatus(error, 410) || (error instanceof KubeApiError && error.reason === 'Expired')) {\n      resourceVersion = '';",
      to: "if (hasStatus(error, 410) || (error instanceof KubeApiError && error.reason === 'Expired')) {\n      resourceVersion = String(Number(resourceVersion) + 1);",
    },
  },
  {
    fault: 'a record is not read again that has changed',
    under: KINDS.usual,
    patch: {
      file: 'server/reconcilers/releases/live-view.ts',
      from: 'const isRead = readId === id &&',
      to: 'const isRead = readId !== undefined &&',
    },
  },
  {
    fault: 'a key that is queued while it runs is forgotten',
    under: KINDS.usual,
    patch: {
      file: 'server/reconcilers/loop/reconciler.ts',
      from: '    queued.add(key);\n    pump();',
      to: '    if (!running.has(key)) queued.add(key);\n    pump();',
    },
  },
  {
    fault: 'a watch that fell silent is believed',
    under: withLoad(KINDS.brokenWatches, 'life', 'life'),
    patch: {
      file: 'server/adapters/kube/watch/watch-silence.ts',
      from: "given.abort(new KubeApiError(0, 'Timeout', `nothing was heard from the API server for ${quietMs / 1000} s`));",
      to: '',
    },
  },
  {
    fault: 'a failed look is not repeated',
    patch: {
      file: 'server/reconcilers/loop/reconciler.ts',
      from: '        enqueueAfter(key, retryMs(key));\n',
      to: '',
    },
  },
  {
    fault: 'records that are gone stay after a list',
    under: withLoad(KINDS.brokenWatches, 'sharers', 'life'),
    patch: {
      file: 'server/domain/indexes/helm-record-index.ts',
      from: '      before.forEach((key) => releases.delete(key));\n',
      to: '',
    },
  },
  {
    fault: 'a watch goes on behind what it was not told',
    patch: {
      file: 'server/adapters/kube/watch/object-watch.ts',
      from: 'resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;',
      to: "resourceVersion = event.object.metadata.resourceVersion ? String(Number(event.object.metadata.resourceVersion) + (event.type === 'BOOKMARK' ? 0 : 1)) : resourceVersion;",
    },
  },
  {
    fault: 'objects that are gone stay after a list',
    patch: {
      file: 'server/domain/indexes/object-index.ts',
      from: 'const gone = ',
      to: 'const gone: KubeObject[] = []; void ',
    },
  },
  {
    fault: 'a slow read overtakes what was observed',
    patch: {
      file: 'server/reconcilers/releases/live-view.ts',
      from: 'if (observations.get(key) !== observed) {\n      return { requeueAfterMs: 0 };\n    }\n    await keep(record);',
      to: 'await keep(record);',
    },
  },
  {
    fault: 'a record that was observed is taken back by older news',
    patch: {
      file: 'server/reconcilers/releases/live-view.ts',
      from: 'expected !== undefined && isBehind(expected, records.latest(key))) {\n      const leftMs',
      to: 'expected !== undefined && expected.until < 0 && isBehind(expected, records.latest(key))) {\n      const leftMs',
    },
  },
  {
    fault: 'the applied revision in memory is that of an older record',
    patch: {
      file: 'server/reconcilers/releases/live-view.ts',
      from: '    if (known?.revision === revision) {',
      to: '    if (known !== undefined) {',
    },
  },
];
