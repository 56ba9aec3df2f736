import { promisify } from 'node:util';
import { constants, gunzip, gunzipSync, gzip, gzipSync, type ZlibOptions } from 'node:zlib';
import type { JsonValue } from '../../../domain/json/json.ts';
import { asObject, asString } from '../../../domain/json/json-reading.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { readTask, writeTask } from '../../../domain/tasks/read-task.ts';
import type { Task } from '../../../domain/tasks/task.ts';
import type { TaskPass } from '../../../ports/gate/passes.ts';
import type { StoredTask } from '../../../ports/storage/task-store.ts';
import type { TextSeal } from '../../../ports/storage/text-seal.ts';

/** Type of the Secrets that contain tasks. */
export const TASK_SECRET_TYPE = 'walm.io/task.v1';

const NAME_PREFIX = 'walm-task-';
/** Kubernetes' limit for the data of a Secret, without the seal beside the task and what the task adds later. */
const SECRET_BYTES = 1024 * 1024 - 16 * 1024;
const TASK_BYTES = 64 * 1024 * 1024;
/** The maximum that gzip adds to incompressible data of the size of a Secret. */
const GZIP_BYTES = 1024;

/** Tasks up to this size are packed and unpacked in place: that takes less time than a thread, and keeps the order. */
const AT_ONCE_BYTES = 64 * 1024;
/** Half of what a Secret holds: up to it a task is packed fast, in a third of the time, and not as well as it could be. */
const FAST_ENOUGH_BYTES = SECRET_BYTES / 2;
const gzipLater = promisify<Buffer, ZlibOptions, Buffer>(gzip);
const gunzipLater = promisify(gunzip);

async function compress(bytes: Buffer): Promise<Buffer> {
  if (bytes.length <= AT_ONCE_BYTES) {
    return gzipSync(bytes);
  }
  const fast = await gzipLater(bytes, { level: constants.Z_BEST_SPEED });
  return fast.length <= FAST_ENOUGH_BYTES ? fast : gzipLater(bytes, {});
}

async function decompress(bytes: Buffer): Promise<Buffer> {
  return isSmall(bytes)
    ? gunzipSync(bytes, { maxOutputLength: AT_ONCE_BYTES })
    : gunzipLater(bytes, { maxOutputLength: TASK_BYTES });
}

/** By the length that gzip stores at the end of its output. */
function isSmall(packed: Buffer): boolean {
  return (
    packed.length <= AT_ONCE_BYTES && packed.length >= 4 && packed.readUInt32LE(packed.length - 4) <= AT_ONCE_BYTES
  );
}

/** Name of the Secret that contains a task. */
export function taskSecretName(id: string): string {
  return NAME_PREFIX + id;
}

/** The id of the task that a Secret contains. */
export function taskIdOf(secretName: string): string {
  return secretName.slice(NAME_PREFIX.length);
}

/** What the seal of a task covers: the name of its Secret, and everything in it. */
function sealedText(name: string, coded: string): string {
  return `${name}\n${coded}`;
}

/**
 * A task as a sealed Secret; `version` makes the API server refuse to overwrite a newer one. Throws BODY_TOO_LARGE, and
 * what sealing throws.
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

/** Refuses a task that does not fit into a Secret. Throws BODY_TOO_LARGE. */
export async function refuseLargeTask(task: Task): Promise<void> {
  const json = writeTask(task);
  // gzip adds a few bytes at most, so most tasks need not be compressed for this check.
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

/**
 * The contents of a Secret of the tasks' type: a task that a Walm of this cluster wrote, or why it is not valid for
 * this one.
 */
export type DecodedTask = StoredTask | { refused: string; newer: boolean };

/**
 * Reads a Secret of the tasks' type. Nothing of a Secret without a valid seal is parsed; a damaged one affects nothing
 * else. Throws what checking the seal throws.
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
    return { refused: 'it does not hold a task that can be read: it is not JSON', newer: false };
  }
}
