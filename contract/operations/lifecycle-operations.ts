import { may } from '../schemas/access.ts';
import { operation } from './parts/operation.ts';
import { doneOrPreview, pausedOrPreview, previewQuery } from './parts/change-preview.ts';
import { accepted, done, idempotency } from './parts/release-answers.ts';
import { mutationQuery, quickQuery } from './parts/query-parameters.ts';
import { RestartMode } from '../schemas/restart-mode.ts';
import { detachErrors, restartErrors, rewriteErrors } from './parts/release-errors.ts';

/** The operations on a running release. */
export const lifecycleOperations = {
  pauseRelease: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/name/{release}/pause',
    tag: 'release',
    access: may('update'),
    summary: 'Pause a release',
    description:
      'Deployments, StatefulSets and ReplicaSets are scaled to 0, CronJobs and unfinished Jobs are suspended, DaemonSets select no node. Claims and all other objects stay; `notPaused` lists objects that may keep running. Nothing is rendered again. Upgrades of a paused release leave it paused. Pausing a paused release changes nothing.',
    query: { ...mutationQuery, ...previewQuery },
    requestHeaders: idempotency,
    responses: { 200: pausedOrPreview, 202: accepted },
    errors: rewriteErrors,
    errorPrefix: 'failed to pause release {release}: ',
  }),
  recoverRelease: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/name/{release}/recover',
    tag: 'release',
    access: may('update'),
    summary: 'Recover a paused release',
    description: 'Restores exactly what the pause changed. Recovering a release that is not paused changes nothing.',
    query: mutationQuery,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: rewriteErrors,
    errorPrefix: 'failed to recover release {release}: ',
  }),
  restartRelease: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/name/{release}/restart',
    tag: 'release',
    access: may('update'),
    summary: 'Restart the pods of a release',
    description:
      'Restarts the pods of its Deployments, StatefulSets and DaemonSets, never those of Jobs. Does not create a revision. Returns when the restart has started, not when the new pods are ready.',
    query: { ...quickQuery, mode: RestartMode },
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: restartErrors,
    errorPrefix: 'failed to restart release {release}: ',
  }),
  adoptRelease: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/name/{release}/adopt',
    tag: 'release',
    access: may('update'),
    summary: 'Adopt a release that another Helm client created or changed',
    description:
      "Writes a revision with Walm's facts out of the recorded manifest. What Walm knew of the release before comes true again. Every other change through Walm adopts, too.",
    query: mutationQuery,
    requestHeaders: idempotency,
    responses: { 200: done, 202: accepted },
    errors: rewriteErrors,
    errorPrefix: 'failed to adopt release {release}: ',
  }),
  detachRelease: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/name/{release}/detach',
    tag: 'release',
    access: may('update'),
    summary: 'Detach a release from Walm and leave it to Helm',
    description:
      'Writes a last revision without a ReleaseConfig. The objects of the release stay unchanged; Walm then shows the release as a foreign one, and it can be adopted again.',
    query: { ...mutationQuery, ...previewQuery },
    requestHeaders: idempotency,
    responses: { 200: doneOrPreview, 202: accepted },
    errors: detachErrors,
    errorPrefix: 'failed to detach release {release}: ',
  }),
};
