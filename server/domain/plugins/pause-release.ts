import { Type } from 'typebox';
import { pauseDocuments } from '../workloads/pause-documents.ts';
import { definePlugin } from './plugin.ts';

/** Pauses a release as long as the plugin is in its list. */
export const pauseRelease = definePlugin({
  name: 'PauseRelease',
  version: '1.0',
  description:
    'Runs nothing: Deployments, StatefulSets and ReplicaSets get no replicas, CronJobs and Jobs are suspended, DaemonSets select no node. The pause operation does the same without rendering the chart.',
  needsArgs: false,
  last: true,
  args: Type.Object({}),
  example: {},
  apply: (documents, _args, { pauseRules }) => ({
    changed: pauseDocuments(documents, pauseRules).changed,
    added: [],
    warnings: [],
  }),
});
