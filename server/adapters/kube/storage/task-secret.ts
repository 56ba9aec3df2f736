import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';
import type { JsonValue } from '../../../domain/json/json.ts';
import { asObject, asString } from '../../../domain/json/json-reading.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { readTask, writeTask } from '../../../domain/tasks/read-task.ts';
import type { Task } from '../../../domain/tasks/task.ts';
import type { StoredTask, TaskPass } from '../../../ports/storage/task-store.ts';
import type { TextSeal } from '../../../ports/storage/text-seal.ts';

/** Type of the Secrets that hold tasks. */
export const TASK_SECRET_TYPE = 'walm.io/task.v1';

const NAME_PREFIX = 'walm-task-';
/** Kubernetes' limit for the data of a Secret, without the seal that lies beside the task and what the task still notes. */
const SECRET_BYTES = 1024 * 1024 - 16 * 1024;
const TASK_BYTES = 64 * 1024 * 1024;
/** What gzip adds at most to what it cannot compress, for a Secret's worth of it. */
const GZIP_BYTES = 1024;

/** What is no larger is packed and unpacked at once: that takes less time than a thread's turn, and keeps the order. */
const AT_ONCE_BYTES = 64 * 1024;
const gzipLater = promisify(gzip);
const gunzipLater = promisify(gunzip);

async function compress(bytes: Buffer): Promise<Buffer> {
  return bytes.length <= AT_ONCE_BYTES ? gzipSync(bytes) : gzipLater(bytes);
}

async function decompress(bytes: Buffer): Promise<Buffer> {
  return isSmall(bytes)
    ? gunzipSync(bytes, { maxOutputLength: AT_ONCE_BYTES })
    : gunzipLater(bytes, { maxOutputLength: TASK_BYTES });
}

/** By the length that gzip notes at the end of what it packed. */
function isSmall(packed: Buffer): boolean {
  return (
    packed.length <= AT_ONCE_BYTES && packed.length >= 4 && packed.readUInt32LE(packed.length - 4) <= AT_ONCE_BYTES
  );
}

/** Name of the Secret that holds a task. */
export function taskSecretName(id: string): string {
  return NAME_PREFIX + id;
}

/** The id of the task that a Secret holds. */
export function taskIdOf(secretName: string): string {
  return secretName.slice(NAME_PREFIX.length);
}

/** What the seal of a task covers: the name of its Secret, and everything in it. */
function sealedText(name: string, coded: string): string {
  return `${name}\n${coded}`;
}

/**
 * A task as a Secret, sealed; `version` makes the API server refuse to overwrite a newer one. Throws BODY_TOO_LARGE, and
 * what the seal throws.
 */
export async function encodeTask(
  task: Task,
  namespace: string,
  seal: TaskPass['seal'],
  version?: number,
): Promise<object> {
  const packed = await packTask(task, writeTask(task));
  const name = taskSecretName(task.id);
  const coded = packed.toString('base64');
  const sealed = await seal(sealedText(name, coded));
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      labels: {
        'app.kubernetes.io/managed-by': 'walm',
        'walm.io/namespace': task.namespace,
        'walm.io/release': task.release,
        'walm.io/state': task.state,
      },
      ...(version !== undefined && { resourceVersion: String(version) }),
    },
    type: TASK_SECRET_TYPE,
    data: { task: coded, seal: Buffer.from(sealed).toString('base64') },
  };
}

/** Refuses a task that no Secret can hold. Throws BODY_TOO_LARGE */
export async function refuseLargeTask(task: Task): Promise<void> {
  const json = writeTask(task);
  // gzip adds a few bytes at most: most tasks need not be compressed to know.
  if (Buffer.byteLength(json) > SECRET_BYTES - GZIP_BYTES) {
    await packTask(task, json);
  }
}

async function packTask(task: Task, json: string): Promise<Buffer> {
  const packed = await compress(Buffer.from(json));
  if (packed.length > SECRET_BYTES) {
    throw problem(
      'BODY_TOO_LARGE',
      `the request for release ${task.namespace}/${task.release} takes ${packed.length} bytes compressed, and a task ` +
        `holds at most ${SECRET_BYTES}: send less configValues`,
      { bytes: packed.length, limitBytes: SECRET_BYTES },
    );
  }
  return packed;
}

/** What a Secret of the tasks' type is: a task that a Walm of this cluster wrote, or why it is none for this one. */
export type DecodedTask = StoredTask | { refused: string; newer: boolean };

/**
 * Reads a Secret of the tasks' type. Nothing of one without a right seal is looked at; one that is damaged stops nothing
 * else. Throws what the seal throws.
 */
export async function decodeTask(secret: KubeObject, seal: Pick<TextSeal, 'whyUnsealed'>): Promise<DecodedTask> {
  const data = asObject(secret.data);
  const coded = asString(data['task']);
  const made = Buffer.from(asString(data['seal']), 'base64').toString();
  const why = await seal.whyUnsealed(sealedText(secret.metadata.name, coded), made);
  if (why !== null) {
    return { refused: why, newer: false };
  }
  try {
    const json = JSON.parse((await decompress(Buffer.from(coded, 'base64'))).toString()) as JsonValue;
    const read = readTask(json, taskIdOf(secret.metadata.name));
    return 'task' in read ? { task: read.task, version: Number(secret.metadata.resourceVersion) } : read;
  } catch {
    return { refused: 'it does not hold a task that can be read: it is no JSON', newer: false };
  }
}
