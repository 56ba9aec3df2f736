/** How to connect to a Redis server. */
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
  /** Timeout for connecting, and for one command, in milliseconds. */
  connectTimeoutMs: number;
  commandTimeoutMs: number;
  /** Longest delay between two attempts to connect, in milliseconds. */
  maxBackoffMs: number;
};
