/** How to reach a Kafka cluster. */
export type KafkaSettings = {
  /** `host:port` of brokers to begin with. */
  brokers: readonly string[];
  /** Absent: no TLS. */
  tls?: {
    /** PEM of the authorities to trust beside none: absent means the system's. */
    ca?: string;
    /** PEM of the client's certificate and key, for brokers that ask for one. */
    cert?: string;
    key?: string;
    /** False accepts any certificate. */
    verify: boolean;
  };
  /** Absent: no login. */
  sasl?: { mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'; username: string; password: string };
  /** Longest wait for one connection or one answer, in milliseconds. */
  timeoutMs: number;
  /** Longest wait for the acknowledgement of one batch, in milliseconds. */
  publishTimeoutMs: number;
};
