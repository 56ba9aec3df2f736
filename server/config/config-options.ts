import { Type, type Static } from 'typebox';

/** What every option says about itself: the default, one sentence, and where it can be given. */
interface OptionFacts<T> {
  readonly default: T;
  /** One sentence for `--help` and the reference page. */
  readonly help: string;
  /** Unit of a number. */
  readonly unit?: string;
  /** A variable of the environment that other tools use too; read when the option is given nowhere else. */
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
/** A list of names: in the file a list, elsewhere separated by commas. */
export type NamesOption = OptionFacts<string[]> & { readonly kind: 'names' };
/** A list that only the file can give. */
export type RepositoriesOption = OptionFacts<RepositoryConfig[]> & { readonly kind: 'repositories' };

export type Option = TextOption | IntegerOption | FlagOption | ChoiceOption<string> | NamesOption | RepositoriesOption;

/** A chart repository of the configuration. Never logged: it may hold credentials. */
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

/** Timers of Node wait 24 days at most, and end at once beyond that. */
const MAX_SEC = 24 * 86_400;

/** A time in seconds that something waits for, or that passes between two events. */
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
 * `--http-port` as a flag; flags win over the environment, the environment over the file. Help, reference page and
 * the type of the configuration come from this table.
 */
export const optionTable = {
  http: {
    host: text('Address to listen on; with auth.mode=none only loopback is allowed.', '127.0.0.1'),
    port: integer('Port to listen on; 0 takes a free one.', 9999, '', 0, 65535),
    requestTimeoutSec: seconds('Time a client has to send a request.', 300),
    headerTimeoutSec: seconds('Time a client has to send the headers of a request.', 20),
    bodyIdleSec: seconds('Maximum time between two pieces of a JSON body.', 30),
    connectionsPerAddress: integer(
      'Maximum open connections per address, further ones are closed; 0 is no limit, for a proxy that all callers come through.',
      256,
      'connections',
    ),
    keepAliveSec: seconds('Time an idle connection stays open.', 72),
    headerBytes: integer('Maximum size of the headers of a request.', 16_384, 'bytes', 1024, MiB),
  },
  auth: {
    mode: choice(
      'none: everybody who reaches the server may do what the server may. kubernetes: every request needs a bearer token that the cluster knows (TokenReview), the cluster says what its owner may do (SubjectAccessReview), and Helm acts as the owner.',
      ['none', 'kubernetes'],
    ),
  },
  automation: {
    mode: choice(
      'on: Walm gives releases what their providers publish and answers failed rollouts by itself, in the name of who made the release what it is. off: it leaves both to people.',
      ['on', 'off'],
    ),
    serviceAccount: text(
      'Name of a service account: automatic changes of a release are made as the account of this name in its namespace; empty is the person who changed the release last. Only with auth.mode=kubernetes.',
    ),
    identityMaxAgeDays: integer(
      'Walm acts in the name of a person for this time after what they asked for; 0 is for ever.',
      0,
      'days',
      0,
      36_500,
    ),
  },
  seal: {
    keyFile: text(
      'File with the keys of the seals, JSON: base64 of at least 32 bytes by key id; the greatest id signs. Empty keeps them in the Secret walm-seal-key of the system namespace, which is made at the first start.',
    ),
  },
  kubernetes: {
    kubeconfig: text('Kubeconfig of the cluster; empty is ~/.kube/config.', '', { sharedVariable: 'KUBECONFIG' }),
    context: text('Context of the kubeconfig; empty is its current one.'),
    inCluster: flag('Use the service account of the pod that the server runs in.'),
    systemNamespace: text("Walm's own namespace: tasks and leadership.", 'walm-system'),
  },
  watchNamespaces: {
    kind: 'names',
    default: [],
    help: 'The only namespaces that Walm watches and changes: it then needs no rights in others, and none on the cluster. None means all.',
  } satisfies NamesOption as NamesOption,
  dataDir: text('Folder for chart archives; made with mode 0700. Everything in it can be rebuilt.', '.walm'),
  spillDir: text(
    'Where large documents pass between server and engine; empty is memory (/dev/shm) where there is one, else dataDir.',
  ),
  instanceId: text(
    'Name of this replica in the leader election and in logs; empty is a generated one that is kept in dataDir.',
  ),
  engine: {
    path: text('The walm-engine program; empty is bin/walm-engine beside the server.'),
  },
  jsonnetConfig: {
    commonTemplateFilesPath: text(
      'Folder with the common library of jsonnet charts (it holds `ksonnet.beta.2`), which they find as applib/ksonnet-lib; empty is none.',
    ),
  },
  repoList: {
    kind: 'repositories',
    default: [],
    help: 'Chart repositories and registries: name, url (https://, http://, oci://, or oci+http:// for a registry that speaks plain http), and where needed username, password, caFile, insecureSkipTlsVerify. The one named `stable` is the default.',
  } satisfies RepositoriesOption as RepositoriesOption,
  compatibility: choice(
    'How to answer: as Walm does now, or as the original Walm did; docs/decisions/behaviour.md#decision-22 lists the differences.',
    ['current', 'original'],
  ),
  metaInfo: {
    memoryUnit: choice('Unit of memory that metaInfoParams and metaInfoValues give as a number.', ['Gi', 'Mi']),
  },
  history: {
    max: integer('Revisions that Helm keeps of each release; 0 keeps all.', 10, 'revisions'),
  },
  operationTimeoutSec: seconds("Helm's timeout for hooks and waits of one operation.", 300),
  rolloutDeadlineSec: seconds(
    'A rollout has failed when a new pod crashes, cannot pull its image or finds no node for this time.',
    600,
  ),
  plugins: {
    metadataDomains: {
      kind: 'names',
      default: [],
      help: 'Domains whose labels and annotations callers may set by plugins, those below them included, beside the ones that are known to be harmless (docs/guide/plugins.md); those of Kubernetes, Helm and Walm cannot be given away.',
    } satisfies NamesOption as NamesOption,
  },
  pauseDaemonSets: flag('Pausing a release takes its DaemonSets off all nodes, too.', true),
  tasks: {
    parallel: integer(
      'Releases that are changed at the same time, at most half of them because what they depend on changed.',
      8,
      'tasks',
      1,
      1000,
    ),
    retentionSec: seconds('Time a finished task can be read.', 86_400, 60, 3650 * 86_400),
    foreignLockSec: seconds('After this time an operation begun by another Helm counts as dead.', 900),
  },
  events: {
    resendSec: seconds('Every release is published again within this time.', 300),
    configTopic: text('Kafka topic of what releases consist of.', 'release-config'),
    statusTopic: text('Kafka topic of how releases are doing.', 'release-status'),
  },
  cache: {
    resyncSec: seconds('Everything in Redis is compared with the cluster within this time.', 300),
  },
  redisConfig: {
    addr: text('Redis that copies of releases and tasks are written to: host:port; empty is none.'),
    username: text('User of the login, for a Redis with an ACL.'),
    password: text('Password of the login; empty is no login.'),
    db: integer('Number of the database.', 0, '', 0, 65535),
    tls: flag('Speak TLS to Redis; so does a caFile or certFile.'),
    caFile: text("PEM file of the authorities that signed Redis' certificate; empty is the system's."),
    certFile: text('PEM file of the client certificate, for a Redis that asks for one.'),
    keyFile: text('PEM file of its key.'),
    verifySsl: flag("Verify Redis' certificate.", true),
    timeoutMs: integer(
      'Maximum wait for a connection to Redis, and for one answer.',
      1_000,
      'milliseconds',
      10,
      60_000,
    ),
  },
  kafkaConfig: {
    enable: flag('Publish the changes of releases to Kafka.'),
    brokers: text('Bootstrap brokers: host:port, separated by commas.', '127.0.0.1:9092'),
    tls: flag('Speak TLS to the brokers; so does a caFile or certFile.'),
    caFile: text("PEM file of the authorities that signed the brokers' certificates; empty is the system's."),
    certFile: text('PEM file of the client certificate, for brokers that ask for one.'),
    keyFile: text('PEM file of its key.'),
    verifySsl: flag("Verify the brokers' certificates.", true),
    saslMechanism: choice('How to log in to the brokers.', ['none', 'PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']),
    username: text('User of the login.'),
    password: text('Password of the login.'),
  },
  leadership: {
    leaseSec: seconds('Time without renewal after which another replica takes over.', 15, 3),
    renewSec: seconds('Pause between two renewals.', 5),
  },
  limits: {
    bodyBytes: integer('Maximum size of a JSON body.', 4 * MiB, 'bytes', 1024),
    jsonDepth: integer('Maximum depth of a JSON body.', 64, 'levels', 10, 1000),
    jsonValues: integer(
      'Maximum number of values (objects, arrays, texts and the rest) in a JSON body.',
      50_000,
      'values',
      1000,
    ),
    parseSec: seconds('Maximum processor time for reading a JSON body.', 5),
    bodyBytesInFlight: integer(
      'Maximum size of the JSON bodies of all callers in memory at the same time.',
      64 * MiB,
      'bytes',
      MiB,
    ),
    bodyBytesPerCaller: integer(
      'The same per caller, or per address where callers are not known.',
      8 * MiB,
      'bytes',
      MiB,
    ),
    requestsPerCaller: integer(
      'Maximum requests in flight per caller, waiting ones among them; event streams are counted by themselves.',
      64,
      'requests',
      1,
    ),
    streamsPerCaller: integer('Maximum open event streams per caller.', 50, 'streams', 1),
    tasksPerNamespace: integer('Maximum unfinished tasks per namespace.', 100, 'tasks', 1),
    tasksPerCaller: integer('Maximum unfinished tasks per caller.', 200, 'tasks', 1),
    accessReviews: integer(
      'Maximum access reviews sent to the cluster at the same time; one caller has a quarter of them, and further ones wait their turn.',
      64,
      'questions',
      4,
    ),
    tokenReviews: integer('Maximum token reviews of unknown tokens at the same time.', 32, 'tokens', 1),
    archiveBytes: integer('Maximum size of a chart archive, compressed.', 20 * MiB, 'bytes', 1024),
    decompressedBytes: integer(
      'Maximum size of a chart, decompressed, nested archives included.',
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
    recordBytes: integer("Maximum size of one of Helm's records, decompressed.", 32 * MiB, 'bytes', MiB),
    renderSec: seconds('Maximum time for rendering a chart.', 30),
  },
  addresses: {
    refusePrivate: flag('Refuse chart repositories and registries at private addresses too.'),
    refuseLoopback: flag(
      'Refuse chart repositories and registries on the machine of the server too, by whichever of its addresses.',
    ),
    failureSec: integer(
      'Time that it takes to tell that there is no chart or schema at an address that a caller, a chart or an index named, whatever is there, with auth.mode=kubernetes; servers have as long to begin an answer. 0 tells at once, and time then tells what is open.',
      10,
      'seconds',
      0,
      60,
    ),
  },
  log: {
    level: choice('Minimum level that is logged.', ['info', 'trace', 'debug', 'warn', 'error', 'fatal']),
    format: choice('JSON lines, or text for people; auto is text on a terminal.', ['auto', 'json', 'text']),
  },
  audit: {
    file: text('File that gets a line of JSON for every change, beside the log; empty is none.'),
  },
  shutdownSec: seconds('Time that running work has to finish when the server stops.', 30),
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

/** The server's configuration, complete: what was not given has its default. */
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
