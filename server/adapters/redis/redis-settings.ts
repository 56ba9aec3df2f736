/** How to reach a Redis server. */
export type RedisSettings = {
  host: string;
  port: number;
  /** Of an ACL; absent: the default user. */
  username?: string;
  /** Absent: no login. */
  password?: string;
  db: number;
  /** Absent: no TLS. PEM texts; absent `ca` means the system's authorities, `verify` false accepts any certificate. */
  tls?: { ca?: string; cert?: string; key?: string; verify: boolean };
  /** Longest wait for a connection, and for one answer, in milliseconds. */
  connectTimeoutMs: number;
  commandTimeoutMs: number;
  /** Longest pause between two attempts to connect, in milliseconds. */
  maxBackoffMs: number;
};
