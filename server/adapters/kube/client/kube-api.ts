import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../../domain/access/caller.ts';
import type { JsonObject, JsonValue } from '../../../domain/json/json.ts';
import { asObject, asObjects, asString } from '../../../domain/json/json-reading.ts';
import { asKubeObject, type KubeObject } from '../../../domain/kube/kube-object.ts';
import { KubeApiError } from './kube-api-error.ts';
import { createKubeConnection, type KubeTarget } from './kube-connection.ts';
import { errorOfStatus, type KubeRequest, readText, sendKubeRequest } from './kube-request.ts';
import { readWatchLines } from './watch-lines.ts';

/** The context of a call. `as`: the identity to impersonate; null, or absent, is Walm itself. */
export type KubeCall = { signal?: AbortSignal; timeoutMs?: number; as?: Caller | null };

/** What to list. `metadataOnly` fetches `PartialObjectMetadata`: no spec, status or data is transferred. */
export type ListQuery = {
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  metadataOnly?: boolean;
};

/** A page of objects; `continue` is `""` on the last one. A watch continues from `resourceVersion`. */
export type KubeList = { resourceVersion: string; continue: string; items: KubeObject[] };

/** What to watch, and from where. `sendInitialEvents` first returns everything that exists, as ADDED events. */
export type WatchQuery = Omit<ListQuery, 'limit' | 'continue'> & {
  resourceVersion?: string;
  sendInitialEvents?: boolean;
  /** The API server ends the watch after this time, with a bookmark 2 s before. */
  timeoutSeconds?: number;
};

/**
 * One event of a watch. A BOOKMARK's object contains only a resourceVersion (and, once, the initial-events-end mark).
 */
export type WatchEvent = { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; object: KubeObject };

/** The kinds of patches. */
export type PatchType = 'merge' | 'json' | 'strategic';

/** `preconditions` make the API server refuse (409) if the object is a different one. */
export type RemoveOptions = {
  propagation?: 'Foreground' | 'Background' | 'Orphan';
  preconditions?: { uid?: string; resourceVersion?: string };
  gracePeriodSeconds?: number;
};

/** `force` takes over fields of other managers. */
export type ApplyOptions = { fieldManager: string; force?: boolean };

/** The verbs of the Kubernetes API server that change nothing. */
export type KubeReader = {
  get(path: string, call?: KubeCall): Promise<KubeObject>;
  list(path: string, query?: ListQuery, call?: KubeCall): Promise<KubeList>;
  /**
   * Calls back for each event, in order, until the API server ends the watch (resolves) or fails (rejects; 410 if the
   * resourceVersion is too old). `onActivity` is called for every chunk that arrives.
   */
  watch(
    path: string,
    query: WatchQuery,
    handlers: { onEvent: (event: WatchEvent) => void; onActivity?: () => void },
    call?: KubeCall,
  ): Promise<void>;
  /** Text of a path that does not return an object: logs, `/readyz`, `/version`. */
  text(path: string, query?: KubeRequest['query'], call?: KubeCall): Promise<string>;
  /** An answer of any length, to be read by the caller as it comes, and destroyed: a log that is followed. */
  open(path: string, query?: KubeRequest['query'], call?: KubeCall): Promise<IncomingMessage>;
  /** Uses new connections from now on, if the old ones may be dead. */
  renewConnections(): void;
};

/** The verbs of the Kubernetes API server that change objects, or create what is only answered, such as reviews. */
export type KubeWriter = {
  create(path: string, object: object, call?: KubeCall): Promise<KubeObject>;
  /** Fails with 409 if `metadata.resourceVersion` is given and outdated. */
  replace(path: string, object: object, call?: KubeCall): Promise<KubeObject>;
  patch(path: string, patch: JsonValue, type: PatchType, call?: KubeCall): Promise<KubeObject>;
  /** Server-side apply. */
  apply(path: string, object: object, options: ApplyOptions, call?: KubeCall): Promise<KubeObject>;
  /** Returns the last state of the object, or a `Status`. */
  remove(path: string, options?: RemoveOptions, call?: KubeCall): Promise<KubeObject>;
};

/**
 * The verbs of the Kubernetes API server, on paths from `resourcePath`, with Walm's own identity unless a call says
 * otherwise. Every method throws `KubeApiError`, or the signal's reason when aborted. Who writes for others gets a
 * `FencedKube` instead, and who only reads a `KubeReader` (write-paths.test.ts lists the exceptions).
 */
export type KubeApi = KubeReader &
  KubeWriter & {
    /** Closes every connection. */
    close(): void;
  };

const METADATA_ONLY = 'as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST_ONLY = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const PATCH_CONTENT: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

async function readObject(response: IncomingMessage, call: KubeCall): Promise<JsonObject> {
  const text = await readText(response, call);
  try {
    return asObject(JSON.parse(text) as JsonValue);
  } catch (error) {
    // Truncated, or from a proxy in front of the cluster: it is unknown what was done.
    throw new KubeApiError(0, 'Unreachable', 'the response of the API server is not JSON', [], error);
  }
}

/** Items of a typed list come without apiVersion and kind; both follow from the list's own. */
function listOf(body: JsonObject): KubeList {
  const metadata = asObject(body['metadata']);
  const envelope = { apiVersion: asString(body['apiVersion']), kind: asString(body['kind']).replace(/List$/, '') };
  return {
    resourceVersion: asString(metadata['resourceVersion']),
    continue: asString(metadata['continue']),
    items: asObjects(body['items']).map((item) => asKubeObject(item, envelope)),
  };
}

/** Creates a client for the API of one cluster. Nothing is sent before the first call. */
export function createKubeApi(target: KubeTarget): KubeApi {
  const connection = createKubeConnection(target);

  async function exchange(request: KubeRequest, call: KubeCall = {}): Promise<KubeObject> {
    return asKubeObject(await readObject(await sendKubeRequest(connection, { ...request, ...call }), call));
  }

  return {
    get: (path, call) => exchange({ method: 'GET', path }, call),
    async list(path, { metadataOnly = false, ...query } = {}, call = {}) {
      const headers = metadataOnly ? { Accept: `application/json;${METADATA_LIST_ONLY}` } : {};
      return listOf(
        await readObject(await sendKubeRequest(connection, { method: 'GET', path, query, headers, ...call }), call),
      );
    },
    create: (path, body, call) => exchange({ method: 'POST', path, body }, call),
    replace: (path, body, call) => exchange({ method: 'PUT', path, body }, call),
    patch: (path, body, type, call) =>
      exchange({ method: 'PATCH', path, body, headers: { 'Content-Type': PATCH_CONTENT[type] } }, call),
    apply: (path, body, { fieldManager, force = false }, call) =>
      exchange(
        {
          method: 'PATCH',
          path,
          body,
          query: { fieldManager, force },
          headers: { 'Content-Type': 'application/apply-patch+yaml' },
        },
        call,
      ),
    remove: (path, { propagation, preconditions, gracePeriodSeconds } = {}, call) =>
      exchange(
        {
          method: 'DELETE',
          path,
          body: {
            apiVersion: 'v1',
            kind: 'DeleteOptions',
            ...(propagation && { propagationPolicy: propagation }),
            ...(preconditions && { preconditions }),
            ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
          },
        },
        call,
      ),
    async watch(path, { metadataOnly = false, sendInitialEvents, ...query }, { onEvent, onActivity }, call = {}) {
      const response = await sendKubeRequest(connection, {
        method: 'GET',
        path,
        query: {
          ...query,
          watch: true,
          allowWatchBookmarks: true,
          ...(sendInitialEvents === true && { sendInitialEvents, resourceVersionMatch: 'NotOlderThan' }),
        },
        headers: metadataOnly ? { Accept: `application/json;${METADATA_ONLY}` } : {},
        ...call,
      });
      await readWatchLines(response, call.signal, onActivity, (line) => {
        const { type, object } = JSON.parse(line) as { type: WatchEvent['type'] | 'ERROR'; object: JsonObject };
        if (type === 'ERROR') {
          throw errorOfStatus(object);
        }
        onEvent({ type, object: asKubeObject(object) });
      });
    },
    text: async (path, query, call = {}) =>
      readText(await sendKubeRequest(connection, { method: 'GET', path, ...(query && { query }), ...call }), call),
    open: (path, query, call = {}) =>
      sendKubeRequest(connection, { method: 'GET', path, ...(query && { query }), ...call }),
    renewConnections: () => connection.renew(),
    close: () => connection.close(),
  };
}
