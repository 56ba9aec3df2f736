import { may } from '../schemas/access.ts';
import { operation } from './operation.ts';
import { doneOrPreview, pausedOrPreview, previewQuery } from './change-preview.ts';
import { accepted, done, idempotency } from './release-answers.ts';
import { mutationQuery, quickQuery } from './query-parameters.ts';
import { RestartMode } from '../schemas/restart-mode.ts';
import { detachErrors, restartErrors, rewriteErrors } from './release-errors.ts';

/** The operations on a release that runs. */
export const lifecycleOperations = {
  pauseRelease: operation({
    method: 'POST',
    path: '/api/v1/release/{namespace}/name/{release}/pause',
    tag: 'release',
    access: may('update'),
    summary: 'Pause a release',
    description:
      'Deployments, StatefulSets and ReplicaSets get no replicas, CronJobs and unfinished Jobs are suspended, DaemonSets select no node; claims and everything else stay, and what may go on running is named in `notPaused`. Nothing is rendered again. Upgrades of a paused release leave it paused. A release that is paused already stays as it is.',
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
    description: 'Gives back exactly what the pause took. A release that is not paused stays as it is.',
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
      'Those of its Deployments, StatefulSets and DaemonSets, never of its Jobs. No new revision comes of it. Answers when the restart has begun, not when the new pods are ready.',
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
    summary: 'Adopt a release that plain Helm made or changed',
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
    summary: 'Leave a release to plain Helm',
    description:
      'Writes a last revision without ReleaseConfig. The release goes on as it is, shows up as a foreign one, and can be adopted again.',
    query: { ...mutationQuery, ...previewQuery },
    requestHeaders: idempotency,
    responses: { 200: doneOrPreview, 202: accepted },
    errors: detachErrors,
    errorPrefix: 'failed to detach release {release}: ',
  }),
};
