import { readSources } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

/** A text that the sources must not contain, except in files matching `except`. */
interface WordRule {
  name: string;
  pattern: RegExp;
  in: RegExp;
  except?: RegExp;
  remedy: string;
}

const TYPESCRIPT = /\.(ts|tsx|mjs)$/;
const CODE = /\.(ts|tsx|mjs|go|sh)$/;
/** This check and its test must contain the words that they refuse. */
const SELF = /^tools\/check-words(\.test)?\.ts$/;

const RULES: readonly WordRule[] = [
  {
    name: 'bound of another name',
    pattern: /\b(MOST|LONGEST|DEEPEST|LARGEST|FEWEST|LEAST|SHORTEST)(_[A-Z_]+)?\b/,
    in: TYPESCRIPT,
    remedy: 'bounds are called MAX_… and MIN_…, with their unit where they have one',
  },
  {
    name: 'bound of another name in Go',
    pattern: /\bmost(, \w+)? :?= |\bmost u?int/,
    in: /\.go$/,
    remedy: 'bounds are called max…, with their unit where they have one',
  },
  {
    name: 'person without a name',
    pattern: /\b([Ss]omebody|[Nn]obody has)\b/,
    in: /^(cli|contract|server)\/(?!.*\.(test|conformance)\.ts$).*\.ts$|^docs\/guide\/|^docs\/architecture\.md$|^README\.md$/,
    remedy: 'name the subject: the caller, another caller, another client',
  },
  {
    name: 'word of another language',
    pattern:
      /\b(sights?|sightings?)\b|[a-z]Sight(s|ing)?\b|\b[a-z]*[tT]roubles?\b(?! for)|\b[a-z]*[sS]tand-?[iI]ns?(?![a-z])/,
    in: /^(server|contract|engine)\/.*\.(ts|go)$/,
    remedy:
      'say what is seen (visible namespaces, snapshot, state), problem (to callers) or error (to us), and placeholder',
  },
  {
    name: 'comment in a private dialect',
    pattern:
      /(^\s*(\/\/|\/?\*)|\s\/\/ ).*\b([Ss]omebody|[Ww]hoever|[Ee]verybody|[Nn]obody|[Ww]hat became of|of ours|lest|hence|thereby|for ever|is told|tells of|(?<!`)anew)\b/,
    in: /^(server|contract|engine|sandbox|tools|test)\/.*\.(ts|go)$/,
    remedy:
      'name the subject: the caller, the leader, the watch, the engine; and say again, forever, because, the result',
  },
  {
    name: 'name in a private dialect',
    pattern:
      /\b(const|let|var|func|function|type|interface)\s+(\(\w* ?\*?\w+\) )?\{?\[?[a-zA-Z]*(anew|Anew|doomed|Doomed|begun|Begun|overcome|Overcome|[tT]roubles?)\b|\b(anew|doomed|begun|told|heard) :=|\b(most|longest|deepest|largest)[A-Z]\w* +=/,
    in: CODE,
    remedy: 'say again, toDelete, started, problem, received; bounds are called max… and min…',
  },
  {
    name: 'negation of another language',
    pattern:
      /(?<![Tt]here )(?<![Ww]here )\b(is|are|was|were) no (?!(longer|more|less|such|one|other|way|better|local|active|reason|answer)\b)[a-zA-Z]/,
    in: /^(cli|contract|server|engine|sandbox|tools|test)\/.*\.(ts|go)$|^docs\/(guide|reference)\/|^docs\/architecture\.md$/,
    // Patches quote other files; recorded texts are not ours.
    except: /^test\/(compat|simulation\/run\/mutations)\/|^server\/domain\/masking\/masker\.test\.ts$/,
    remedy: 'say that it is not a …, or what it is instead',
  },
  {
    name: 'unfinished work',
    pattern: /\b(TODO|FIXME|HACK|XXX)\b/,
    in: /\.(ts|tsx|mjs|go|sh|md|ya?ml|json)$|^Makefile$/,
    remedy: 'finish it, or open an issue and leave no note',
  },
  {
    name: 'path of one machine',
    pattern: /(?<![\w.:/}-])\/(work|root)\//,
    in: /./,
    remedy: 'derive it from the checkout, the state folder or os.tmpdir()',
  },
  {
    name: 'module mock',
    pattern: /\bvi\.(mock|doMock|hoisted)\(/,
    in: TYPESCRIPT,
    remedy: 'hand the code a memory adapter of the port instead',
  },
  {
    name: 'focused or skipped test',
    pattern: /\b(it|test|describe)\.(only|todo)\b/,
    in: /\.test\.ts$|\.conformance\.ts$/,
    remedy: 'run them all',
  },
  {
    name: 'test that sleeps',
    pattern: /new Promise(<\w+>)?\(\(\w+\) => setTimeout\(/,
    in: /\.test\.ts$|\.conformance\.ts$/,
    remedy: 'wait for a condition with eventually, or untilQuiet; a memory adapter has a clock that the test moves',
  },
  {
    name: 'test that depends on the speed of the machine',
    pattern: /\bperformance\.now\(\)|\bDate\.now\(\) - [a-z]|- Date\.now\(\)|\bhrtime\b|\bcpuUsage\(|\btimed\(/,
    in: /\.test\.ts$|\.conformance\.ts$/,
    // Files with fake timers, and the files whose subject is time.
    except: /^server\/adapters\/system\/(system-clock|event-loop-delay)\.test\.ts$|^test\/bench\//,
    remedy:
      'count work (requests, turns of the event loop, processorCost), or compare with asQuickAsBefore or againWhenSlow; ' +
      'what is promised in seconds is held by make bench',
  },
  {
    name: 'short wait',
    pattern:
      /\bvi\.wait(For|Until)\(|\bexpect\s*\.poll\(|\bwithinMs: \d{1,2}_\d{3}\b(?!_)|\bwithinMs: \d{1,5}\b(?!_)|^\s*\}, \d{4,}\);$|^\s*\}, \d+_\d{3}\);$|, \{ timeout: [\d_]+ \}, (async )?\(/,
    in: /^test\/.*\.ts$|\.test\.ts$|\.conformance\.ts$/,
    except: /^test\/(bench|chaos)\//,
    remedy: 'wait with eventually, and let it and the suite say when something hangs: a slow machine is not a fault',
  },
  {
    name: 'Go test that depends on the speed of the machine',
    pattern: /\btime\.Since\(/,
    in: /_test\.go$/,
    // Files that use synctest's time, compare two times of the same run, or are a benchmark.
    except: /^engine\/(fair\/gate|jsonnet\/real_charts|seal\/bench)_test\.go$|^sandbox\/e2e\/workloads_test\.go$/,
    remedy: 'count allocations or processor time, or let the deadline of the tests end what hangs',
  },
  {
    name: 'environment read',
    pattern: /\bprocess\.env\b/,
    in: TYPESCRIPT,
    except: /^(server\/config\/config\.ts|cli\/main\.ts|test\/|tools\/)|\.test\.ts$/,
    remedy: 'add an option to server/config/config.ts and pass its value',
  },
  {
    name: 'process exit',
    pattern: /\bprocess\.exit\(/,
    in: TYPESCRIPT,
    remedy: 'set process.exitCode and let what runs end',
  },
  {
    name: 'expected compiler error',
    pattern: /@ts-expect-error/,
    in: TYPESCRIPT,
    except: /\.test\.ts$/,
    remedy: 'only a test may show that something does not compile',
  },
  {
    name: 'cast to what only the gate makes',
    // A permit, a port behind the gate, or one as adapters provide it: as a cast, as a type predicate, or by way of
    // another type.
    pattern:
      /^(?!\s*(\*|\/\*|\/\/)).*(\b(as|is) (?!const\b)(unknown as )?[^;,()]*\b(\w*Pass|PassedCall|HelmEngine|HelmWriter|Cluster|ClusterPorts|Ports|Gate|Writers|GatedAdapters|\w*Adapter|TaskStore|TaskWriter|Claims|ClaimWriter|Workloads|WorkloadWriter|Namespaces|NamespaceWriter|ObjectWriter|ChartArchiveStore|ChartArchiveWriter|DeliveryMarks|DeliveryMarkWriter|RolloutMarks|RolloutMarkWriter|KubeApi|KubeWriter|FencedKube)\b(?!\.ts)|\bas (unknown as )?never\b)/,
    in: /^server\/(?!composition\/).*\.ts$/,
    except: /\.(test|conformance)\.ts$|^server\/ports\/gate\/passes\.ts$/,
    remedy: 'take the port that the gate returns, and write through it (docs/architecture.md, The gate)',
  },
  {
    name: 'pass that is made outside of the gate',
    pattern: /\bissuePass\b/,
    in: /^server\/.*\.ts$/,
    except: /\.test\.ts$|^server\/(composition\/wrappers\/gate|ports\/gate\/passes)\.ts$/,
    remedy: 'take the port that the gate returns, and write through it (docs/architecture.md, The gate)',
  },
  {
    name: 'cast in the composition',
    // What is wired to what is the compiler's to check: there, a cast to any type can take the gate away.
    pattern:
      /^(?!\s*(\*|\/\*|\/\/|import\b)).*(\bas ([A-Z{(['"]|readonly\b|unknown\b|never\b|object\b|typeof\b|keyof\b|ReturnType\b)|\): (asserts )?\w+ is )/,
    in: /^server\/composition\/.*\.ts$/,
    except: /\.test\.ts$|^server\/composition\/(wrappers\/(gate|wrap-verbs)|thread-jobs)\.ts$/,
    remedy: 'give the value the type that it has',
  },
  {
    name: 'silenced compiler or linter',
    pattern: /@ts-(ignore|nocheck)|(eslint|oxlint)-disable|\bas any\b|\/\/nolint/,
    in: CODE,
    remedy: 'fix what it reports',
  },
];

/** Returns every place where a file contains what it must not contain, as `path:line: what: remedy`. */
export function checkWords(files: readonly SourceFile[]): string[] {
  const found: string[] = [];
  for (const { path, text } of files) {
    if (SELF.test(path)) continue;
    const rules = RULES.filter((rule) => rule.in.test(path) && rule.except?.test(path) !== true);
    for (const [index, line] of text.split('\n').entries()) {
      for (const rule of rules) {
        if (rule.pattern.test(line)) found.push(`${path}:${index + 1}: ${rule.name}: ${rule.remedy}`);
      }
    }
  }
  return found;
}

if (import.meta.main) {
  const files = readSources(/(^|\/)(Makefile|run)$|\.(ts|tsx|mjs|go|sh|ya?ml|json|md|tpl)$/);
  const found = checkWords(files);
  for (const line of found) console.error(line);
  console.log(`${files.length} files, ${found.length} findings`);
  if (found.length > 0 || files.length === 0) process.exitCode = 1;
}
