/** How to connect to a Kafka cluster. */
export type KafkaSettings = {
  /** `host:port` of the bootstrap brokers. */
  brokers: readonly string[];
  /** Absent: no TLS. */
  tls?: {
    /** PEM of the trusted CAs; absent: the system's. */
    ca?: string;
    /** PEM of the client's certificate and key, for brokers that require one. */
    cert?: string;
    key?: string;
    /** False accepts any certificate. */
    verify: boolean;
  };
  /** Absent: no login. */
  sasl?: { mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'; username: string; password: string };
  /** Timeout of one connection or one response, in milliseconds. */
  timeoutMs: number;
  /** Timeout for the acknowledgement of one batch, in milliseconds. */
  publishTimeoutMs: number;
};
