import type { ObjectReading } from './object-reader.ts';

/** Which part of the log of a container to read. */
export type LogQuery = {
  /** Name of the container; init containers and sidecars have logs, too. */
  container: string;
  /** Go on with what is written later, until the container ends. */
  follow: boolean;
  /** Of the container before its last restart. */
  previous: boolean;
  /** Begin each line with its time. */
  timestamps: boolean;
  /** Only this many lines from the end. */
  tail?: number;
  /** Only lines of the last so many seconds. */
  sinceSec?: number;
  /** Only lines since this time (RFC 3339). */
  sinceTime?: string;
  /** Only this many bytes, from the beginning of what is asked for. */
  limitBytes?: number;
};

/** Logs of containers, read from the cluster each time. */
export interface PodLogs {
  /**
   * Begins to read the log. Its bytes come as fast as they are taken, and no faster: what is not taken waits in the
   * cluster. They end when the log does, and fail when the signal of the reading is aborted, which also ends the request
   * to the cluster.
   * @throws ProblemError POD_NOT_FOUND, CONTAINER_NOT_FOUND, CONTAINER_WAITING, LOGS_UNAVAILABLE, FORBIDDEN,
   * CLUSTER_UNREACHABLE
   */
  open(
    pod: { namespace: string; name: string },
    query: LogQuery,
    reading: ObjectReading,
  ): Promise<AsyncIterable<Uint8Array>>;
}
