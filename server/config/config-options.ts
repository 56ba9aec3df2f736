import { Type, type Static } from 'typebox';

/** Facts of every option: the default, one sentence of help, and where it can be given. */
interface OptionFacts<T> {
  readonly default: T;
  /** One sentence for `--help` and the reference page. */
  readonly help: string;
  /** Unit of a number. */
  readonly unit?: string;
  /** An environment variable that other tools use too; read if the option is given nowhere else. */
  readonly sharedVariable?: string;
}

export type TextOption = OptionFacts<string> & { readonly kind: 'text' };
export type IntegerOption = OptionFacts<number> & {
  readonly kind: 'integer';
  readonly minimum: number;
  readonly maximum: number;
};
export type FlagOption = OptionFacts<boolean> & { readonly kind: 'flag' };
export type ChoiceOption<T extends string> = OptionFacts<T> & {
  readonly kind: 'choice';
  readonly values: readonly T[];
};
/** A list of names: a list in the file, elsewhere separated by commas. */
export type NamesOption = OptionFacts<string[]> & { readonly kind: 'names' };
/** A list that can only be given in the file. */
export type RepositoriesOption = OptionFacts<RepositoryConfig[]> & { readonly kind: 'repositories' };

export type Option = TextOption | IntegerOption | FlagOption | ChoiceOption<string> | NamesOption | RepositoriesOption;

/** A chart repository of the configuration. Never logged: it may contain credentials. */
export const RepositoryConfig = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    url: Type.String({ minLength: 1 }),
    username: Type.Optional(Type.String()),
    password: Type.Optional(Type.String()),
    caFile: Type.Optional(Type.String()),
    insecureSkipTlsVerify: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type RepositoryConfig = Static<typeof RepositoryConfig>;

function text(help: string, fallback = '', facts: { sharedVariable?: string } = {}): TextOption {
  return { kind: 'text', default: fallback, help, ...facts };
}

function integer(help: string, fallback: number, unit: string, minimum = 0, maximum = 2 ** 40): IntegerOption {
  return { kind: 'integer', default: fallback, help, unit, minimum, maximum };
}

/** Node's timers wait 24 days at most, and longer ones fire at once. */
const MAX_SEC = 24 * 86_400;

/** A duration in seconds. */
function seconds(help: string, fallback: number, minimum = 1, maximum = MAX_SEC): IntegerOption {
  return integer(help, fallback, 'seconds', minimum, maximum);
}

function flag(help: string, fallback = false): FlagOption {
  return { kind: 'flag', default: fallback, help };
}

function choice<const T extends string>(help: string, values: readonly [T, ...T[]]): ChoiceOption<T> {
  return { kind: 'choice', default: values[0], help, values };
}

const MiB = 1024 * 1024;

/**
 * Every option of the server. `http.port` is `http: {port: …}` in the file, `WALM_HTTP_PORT` in the environment and
 * `--http-port` as a flag; flags take precedence over the environment, and the environment over the file. Help,
 * reference page and the type of the configuration are derived from this table.
 */
export const optionTable = {
  http: {
    host: text('Address to listen on; auth.mode=none allows only loopback addresses.', '127.0.0.1'),
    port: integer('Port to listen on; 0 chooses a free port.', 9999, '', 0, 65535),
    requestTimeoutSec: seconds('Maximum time for a client to send a whole request.', 300),
    headerTimeoutSec: seconds('Maximum time for a client to send the headers of a request.', 20),
    bodyIdleSec: seconds('Maximum pause while a client sends a JSON body.', 30),
    answerIdleSec: seconds('Maximum pause while a client reads an answer; its connection is closed then.', 30),
    connectionsPerAddress: integer(
      'Maximum open connections per client address; further ones are closed. 0 means no limit, for servers behind a proxy.',
      256,
      'connections',
    ),
    keepAliveSec: seconds('Time after which an idle connection is closed.', 72),
    headerBytes: integer('Maximum total size of the headers of a request.', 16_384, 'bytes', 1024, MiB),
  },
  auth: {
    mode: choice(
      'none: every client has the rights of the server itself. kubernetes: every request needs a bearer token; the cluster authenticates it (TokenReview) and authorizes the caller (SubjectAccessReview), and Helm impersonates the caller.',
      ['none', 'kubernetes'],
    ),
  },
  automation: {
    mode: choice(
      'on: Walm upgrades dependent releases when outputs change and handles failed rollouts, with the rights of the user who changed the release last. off: Walm does neither.',
      ['on', 'off'],
    ),
    serviceAccount: text(
      'Name of a service account in the namespace of each release, which automatic changes impersonate; empty: the user who changed the release last. Needs auth.mode=kubernetes.',
    ),
    identityMaxAgeDays: integer(
      'Automatic changes impersonate a user at most this long after their last request for the release; 0 means no limit.',
      0,
      'days',
      0,
      36_500,
    ),
  },
  seal: {
    keyFile: text(
      'JSON file with the seal keys: an object of key id to base64 of at least 32 bytes; the key with the greatest id signs. Empty: the keys are in the Secret walm-seal-key of the system namespace, created at the first start.',
    ),
  },
  kubernetes: {
    kubeconfig: text('Path of the kubeconfig; empty: ~/.kube/config.', '', { sharedVariable: 'KUBECONFIG' }),
    context: text('Context of the kubeconfig; empty: its current context.'),
    inCluster: flag('Connect with the service account of the pod that the server runs in.'),
    systemNamespace: text("Namespace for Walm's own objects: tasks, the leader's lease, keys.", 'walm-system'),
  },
  watchNamespaces: {
    kind: 'names',
    default: [],
    help: 'Namespaces that Walm watches and changes; it then needs no rights in other namespaces and no cluster-wide rights. None: all namespaces.',
  } satisfies NamesOption as NamesOption,
  dataDir: text('Folder for chart archives, created with mode 0700. Everything in it can be rebuilt.', '.walm'),
  spillDir: text(
    'Folder for large documents passed between server and engine; empty: /dev/shm if it exists, else dataDir.',
  ),
  instanceId: text(
    'Name of this replica in the leader election and in logs; empty: a generated name, kept in dataDir.',
  ),
  engine: {
    path: text('Path of the walm-engine program; empty: bin/walm-engine next to the server.'),
  },
  jsonnetConfig: {
    commonTemplateFilesPath: text(
      'Folder with the common library of jsonnet charts (it contains `ksonnet.beta.2`), imported as applib/ksonnet-lib; empty: none.',
    ),
  },
  repoList: {
    kind: 'repositories',
    default: [],
    help: 'Chart repositories and registries: name, url (https://, http://, oci://, or oci+http:// for a registry without TLS), and optionally username, password, caFile, insecureSkipTlsVerify. The repository named `stable` is the default.',
  } satisfies RepositoriesOption as RepositoriesOption,
  compatibility: choice(
    'Format of answers: the present one, or that of the original Walm; docs/decisions/behaviour.md#decision-22 lists the differences.',
    ['current', 'original'],
  ),
  metaInfo: {
    memoryUnit: choice('Unit of memory sizes given as numbers in metaInfoParams and metaInfoValues.', ['Gi', 'Mi']),
  },
  history: {
    max: integer('Maximum revisions kept per release; 0 keeps all.', 10, 'revisions'),
  },
  operationTimeoutSec: seconds('Default timeout of Helm for the hooks and waits of one operation.', 300),
  rolloutDeadlineSec: seconds(
    'A rollout counts as failed when a new pod has been crashing, unable to pull its image or unschedulable for this time.',
    600,
  ),
  plugins: {
    metadataDomains: {
      kind: 'names',
      default: [],
      help: 'Domains (with their subdomains) whose labels and annotations callers may set with plugins, in addition to those allowed by default (docs/guide/plugins.md). Domains of Kubernetes, Helm and Walm are refused.',
    } satisfies NamesOption as NamesOption,
  },
  pauseDaemonSets: flag('Pausing a release also removes the pods of its DaemonSets from all nodes.', true),
  tasks: {
    parallel: integer(
      'Maximum number of releases changed in parallel; at most half of them for changed dependencies, and three of four for one caller.',
      8,
      'tasks',
      1,
      1000,
    ),
    retentionSec: seconds('Time after which a finished task is removed.', 86_400, 60, 3650 * 86_400),
    foreignLockSec: seconds(
      'Time after which an unfinished operation of another Helm client counts as abandoned.',
      900,
    ),
  },
  events: {
    resendSec: seconds('Interval within which every release is published again to Kafka.', 300),
    configTopic: text('Kafka topic for the configuration of releases.', 'release-config'),
    statusTopic: text('Kafka topic for the status of releases.', 'release-status'),
  },
  cache: {
    resyncSec: seconds('Interval within which everything in Redis is compared with the cluster.', 300),
  },
  redisConfig: {
    addr: text('host:port of the Redis that mirrors releases and tasks for other programs; empty: no Redis.'),
    username: text('User name for a Redis with an ACL.'),
    password: text('Password for Redis; empty: no login.'),
    db: integer('Number of the Redis database.', 0, '', 0, 65535),
    tls: flag('Use TLS for Redis; implied by caFile and certFile.'),
    caFile: text('PEM file with the CA certificates for Redis; empty: those of the system.'),
    certFile: text('PEM file with the client certificate, for a Redis that requires one.'),
    keyFile: text('PEM file with the private key of the client certificate.'),
    verifySsl: flag('Verify the certificate of Redis.', true),
    timeoutMs: integer('Timeout for connecting to Redis, and for each command.', 1_000, 'milliseconds', 10, 60_000),
  },
  kafkaConfig: {
    enable: flag('Publish changes of releases to Kafka.'),
    brokers: text('Bootstrap brokers, host:port, separated by commas.', '127.0.0.1:9092'),
    tls: flag('Use TLS for the brokers; implied by caFile and certFile.'),
    caFile: text('PEM file with the CA certificates for the brokers; empty: those of the system.'),
    certFile: text('PEM file with the client certificate, for brokers that require one.'),
    keyFile: text('PEM file with the private key of the client certificate.'),
    verifySsl: flag('Verify the certificates of the brokers.', true),
    saslMechanism: choice('SASL mechanism for logging in to the brokers.', [
      'none',
      'PLAIN',
      'SCRAM-SHA-256',
      'SCRAM-SHA-512',
    ]),
    username: text('User name for SASL.'),
    password: text('Password for SASL.'),
  },
  leadership: {
    leaseSec: seconds('Time without a renewal after which another replica becomes the leader.', 15, 3),
    renewSec: seconds('Interval at which the leader renews its lease.', 5),
  },
  limits: {
    bodyBytes: integer('Maximum size of a JSON body.', 4 * MiB, 'bytes', 1024),
    jsonDepth: integer('Maximum nesting depth of a JSON body.', 64, 'levels', 10, 1000),
    jsonValues: integer(
      'Maximum number of values (objects, arrays, strings, numbers, …) in a JSON body.',
      50_000,
      'values',
      1000,
    ),
    parseSec: seconds('Maximum CPU time for parsing a JSON body.', 5),
    bodyBytesInFlight: integer(
      'Maximum total size of JSON bodies in memory, of all callers together.',
      64 * MiB,
      'bytes',
      MiB,
    ),
    bodyBytesPerCaller: integer(
      'Maximum total size of JSON bodies in memory per caller (per client address with auth.mode=none).',
      8 * MiB,
      'bytes',
      MiB,
    ),
    answerBytesInFlight: integer(
      'Maximum total size of unread responses; beyond it callers with unread responses must wait.',
      64 * MiB,
      'bytes',
      MiB,
    ),
    answerBytesPerCaller: integer(
      'Maximum size of unread responses per caller, or per client address if callers are unknown.',
      8 * MiB,
      'bytes',
      MiB,
    ),
    requestsPerCaller: integer(
      'Maximum requests in flight per caller, including those that wait for an operation; event streams have their own limit.',
      64,
      'requests',
      1,
    ),
    streamsPerCaller: integer('Maximum open event streams per caller.', 50, 'streams', 1),
    tasksPerNamespace: integer('Maximum unfinished tasks per namespace.', 100, 'tasks', 1),
    tasksPerCaller: integer('Maximum unfinished tasks per caller.', 200, 'tasks', 1),
    accessReviews: integer(
      'Maximum concurrent access reviews (SubjectAccessReview); each caller gets at most a quarter of them, and further ones wait.',
      64,
      'reviews',
      4,
    ),
    tokenReviews: integer('Maximum concurrent token reviews (TokenReview) of unknown tokens.', 32, 'reviews', 1),
    archiveBytes: integer('Maximum compressed size of a chart archive.', 20 * MiB, 'bytes', 1024),
    decompressedBytes: integer(
      'Maximum decompressed size of a chart, including nested archives.',
      100 * MiB,
      'bytes',
      1024,
    ),
    fileBytes: integer('Maximum size of one file of a chart.', 5 * MiB, 'bytes', 1024),
    downloadBytes: integer('Maximum size of one download.', 100 * MiB, 'bytes', 1024),
    dataBytes: integer(
      'Maximum size of all chart archives in dataDir; beyond it the least recently used are removed.',
      2048 * MiB,
      'bytes',
      MiB,
    ),
    recordBytes: integer('Maximum decompressed size of one Helm release record.', 32 * MiB, 'bytes', MiB),
    renderSec: seconds('Maximum time for rendering a chart.', 30),
  },
  addresses: {
    refusePrivate: flag('Refuse chart repositories and registries at private IP addresses.'),
    refuseLoopback: flag(
      'Refuse chart repositories and registries on the host of the server, at any of its addresses.',
    ),
    failureSec: integer(
      'Uniform delay before a failed download is reported with auth.mode=kubernetes, so that timing does not reveal which ports are open; also the timeout for a server to start its response. 0: no delay.',
      10,
      'seconds',
      0,
      60,
    ),
  },
  log: {
    level: choice('Minimum level of log lines.', ['info', 'trace', 'debug', 'warn', 'error', 'fatal']),
    format: choice('JSON lines or readable text; auto: text on a terminal.', ['auto', 'json', 'text']),
  },
  audit: {
    file: text('File that receives a JSON line for every change, in addition to the log; empty: none.'),
  },
  shutdownSec: seconds('Maximum time for running operations to finish when the server stops.', 30),
} as const satisfies OptionTree;

/** Options by section; a section is a table of its own. */
export interface OptionTree {
  readonly [name: string]: Option | OptionTree;
}

/** Whether an entry of the table is an option, not a section. */
export function isOption(entry: Option | OptionTree): entry is Option {
  return typeof entry['kind'] === 'string';
}

type ValueOf<O> =
  O extends ChoiceOption<infer T>
    ? T
    : O extends RepositoriesOption
      ? RepositoryConfig[]
      : O extends NamesOption
        ? readonly string[]
        : O extends IntegerOption
          ? number
          : O extends FlagOption
            ? boolean
            : O extends TextOption
              ? string
              : { readonly [K in keyof O]: ValueOf<O[K]> };

/** The complete configuration of the server: options that were not given have their defaults. */
export type Config = ValueOf<typeof optionTable>;

/** One option with its names. */
export interface NamedOption {
  /** As in the file, with dots: `http.port`. */
  readonly key: string;
  /** `WALM_HTTP_PORT`. */
  readonly variable: string;
  /** `http-port`, without the dashes. */
  readonly flag: string;
  readonly option: Option;
}

/** All options in the order of the table. */
export function listOptions(tree: OptionTree = optionTable, prefix = ''): NamedOption[] {
  return Object.entries(tree).flatMap(([name, entry]): NamedOption[] => {
    const key = prefix + name;
    if (!isOption(entry)) {
      return listOptions(entry, `${key}.`);
    }
    const words = key.replaceAll('.', '-').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return [{ key, variable: `WALM_${words.replaceAll('-', '_').toUpperCase()}`, flag: words, option: entry }];
  });
}
