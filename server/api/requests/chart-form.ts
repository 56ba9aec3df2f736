import type { Readable } from 'node:stream';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { type BodyIntake, declaredLength } from '../http/body-intake.ts';
import type { ChartFolder, IncomingArchive } from '../../ports/helm/chart-folder.ts';
import { cutName } from '../../domain/bounds/cut-name.ts';
import { nearestName } from '../../domain/fields/nearest-name.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';

/** The folder of archives, and the maximum size of the parts of a form. */
export interface ChartFormLimits {
  readonly charts: Pick<ChartFolder, 'receive' | 'remove'>;
  readonly archiveBytes: number;
  readonly bodyBytes: number;
  readonly intake: BodyIntake;
}

/** An archive in the chart folder that has not been checked yet. */
export interface ReceivedArchive {
  /** Lower-case hexadecimal sha256 of its bytes. */
  readonly digest: string;
  /** File name given by the client. */
  readonly fileName: string;
}

/** The contents of a form. Either `keep` or `discard` must be called. */
export interface ChartForm {
  /** The part `release`. */
  readonly release: string | undefined;
  /** The part `body`, undefined if missing or empty. */
  readonly body: Uint8Array | undefined;
  /** A warning for each other part, which is ignored. */
  readonly warnings: Warning[];
  /** Of the archive; undefined if there is none. */
  readonly digest: string | undefined;
  /**
   * Keeps the archive in the chart folder.
   * @throws ProblemError CHART_ARCHIVE_MISSING
   */
  keep(): Promise<ReceivedArchive>;
  /** Removes the archive. */
  discard(): Promise<void>;
}

const PARTS: readonly string[] = ['release', 'chart', 'body'];
/** Warnings about ignored parts of one form. */
const MAX_WARNINGS = 10;
const maxNameBytes = 1024;
/** For boundaries, headers of parts, and ignored parts. */
const OVERHEAD_BYTES = 1024 * 1024;

/**
 * Reads a form with the parts `release`, `chart` and `body` in any order; others are ignored with a warning. The archive is streamed
 * to the chart folder, never held in memory, and discarded on every failure.
 * @throws ProblemError CONTENT_TYPE_UNSUPPORTED, BODY_MALFORMED, BODY_TOO_LARGE, CHART_TOO_LARGE; after the whole form
 * has been read, so that a client which sends before it reads gets its response
 */
export async function receiveChartForm(request: FastifyRequest, limits: ChartFormLimits): Promise<ChartForm> {
  if (!request.isMultipart()) {
    throw problem('CONTENT_TYPE_UNSUPPORTED', "request Content-Type isn't multipart/form-data", {
      types: ['multipart/form-data'],
    });
  }
  limitForm(request, limits);
  const names: string[] = [];
  const bodies: Buffer[] = [];
  const given = new Set<string>();
  const ignored = new Set<string>();
  let archive: (IncomingArchive & { fileName: string }) | undefined;
  let failure: ProblemError | undefined;
  try {
    for await (const part of request.parts({
      isPartAFile: () => true,
      limits: { fileSize: Math.max(limits.archiveBytes, limits.bodyBytes) + 1, parts: 100, headerPairs: 100 },
    })) {
      if (part.type !== 'file') {
        continue;
      }
      try {
        if (failure !== undefined || !PARTS.includes(part.fieldname)) {
          ignored.add(cutName(part.fieldname));
          await readOver(part.file);
        } else if (given.size === given.add(part.fieldname).size) {
          throw problem('BODY_MALFORMED', `the form has more than one part ${part.fieldname}`);
        } else if (part.fieldname === 'chart') {
          archive = { ...(await limits.charts.receive(archiveOf(part, limits))), fileName: part.filename ?? '' };
        } else if (part.fieldname === 'release') {
          names.push(decodeUtf8(await receiveText(request, part, maxNameBytes, limits.intake)));
        } else {
          bodies.push(await receiveText(request, part, limits.bodyBytes, limits.intake));
        }
      } catch (error) {
        failure ??= asProblem(error);
        await readOver(part.file);
      }
    }
  } catch (error) {
    failure ??= asProblem(error);
  }
  const discard = async () => archive?.discard();
  if (failure !== undefined) {
    await discard();
    throw failure;
  }
  return {
    release: names[0],
    body: bodies[0]?.length === 0 ? undefined : bodies[0],
    warnings: [...ignored].slice(0, MAX_WARNINGS).map(ignoredPart),
    digest: archive?.digest,
    discard,
    async keep() {
      if (archive === undefined) {
        throw problem('CHART_ARCHIVE_MISSING', 'http: no such file');
      }
      await archive.keep();
      return { digest: archive.digest, fileName: archive.fileName };
    },
  };
}

function ignoredPart(name: string): Warning {
  const suggestion = nearestName(name, PARTS);
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
  return { code: 'FIELD_UNKNOWN', message: `unknown part ${name} of the form is ignored${hint}`, path: `/${name}` };
}

/**
 * Stops a form that is larger than its parts may be together: the rest is read for a limited time, so that a client
 * which only sends gets its response.
 * @throws ProblemError BODY_TOO_LARGE if the declared length is too large
 */
function limitForm(request: FastifyRequest, { archiveBytes, bodyBytes }: ChartFormLimits): void {
  const limit = 2 * (archiveBytes + bodyBytes) + OVERHEAD_BYTES;
  const tooLargeForm = () => problem('BODY_TOO_LARGE', `the form is larger than ${limit} bytes`, { limit });
  if ((declaredLength(request) ?? 0) > limit) {
    throw tooLargeForm();
  }
  let bytes = 0;
  request.raw.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limit) {
      request.raw.destroy(tooLargeForm());
    }
  });
}

/**
 * The bytes of an archive.
 * @throws ProblemError CHART_TOO_LARGE as soon as the limit is exceeded
 */
async function* archiveOf({ file }: MultipartFile, { archiveBytes }: ChartFormLimits): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of unowned(file)) {
    bytes += chunk.length;
    if (bytes > archiveBytes) {
      throw tooLarge(archiveBytes);
    }
    yield chunk;
  }
}

async function receiveText(request: FastifyRequest, part: MultipartFile, limit: number, intake: BodyIntake) {
  try {
    return await intake.read(request, part.file, limit);
  } catch (error) {
    throw error instanceof ProblemError && error.code === 'BODY_TOO_LARGE'
      ? problem('BODY_TOO_LARGE', `the part ${part.fieldname} is larger than ${limit} bytes`, { limit })
      : error;
  }
}

/** The bytes of a stream, without closing it when the reader stops early: the rest of the form still has to be read. */
async function* unowned(stream: Readable): AsyncGenerator<Buffer> {
  yield* stream.iterator({ destroyOnReturn: false });
}

async function readOver(stream: Readable): Promise<void> {
  for await (const _chunk of unowned(stream)) {
    // The bytes are dropped.
  }
}

/**
 * Decodes bytes as text.
 * @throws ProblemError BODY_MALFORMED if they are not UTF-8
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw problem('BODY_MALFORMED', 'the body is not UTF-8');
  }
}

function tooLarge(limit: number): ProblemError {
  return problem('CHART_TOO_LARGE', `the chart archive is larger than ${limit} bytes`, { limit });
}

/** Errors of the form's syntax, and a disconnected client, are the client's; errors of the file system are internal. */
function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) {
    return error;
  }
  if (error instanceof Error && 'syscall' in error) {
    throw error;
  }
  return problem(
    'BODY_MALFORMED',
    `the form cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  );
}
