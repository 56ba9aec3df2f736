import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { nullable } from '../../../contract/schemas/json.ts';
import type { Caller } from '../access/caller.ts';
import type { JsonObject } from '../json/json.ts';
import { sortedJson } from '../json/sorted-json.ts';
import { type SealState, unsealed } from './seal-state.ts';
import type { SealSigner } from './seal-signer.ts';

/** What the engine tells of a revision: the place of its record, and a digest of each part as Helm keeps it. */
export type SealFacts = {
  namespace: string;
  name: string;
  revision: number;
  chartDigest: string;
  configDigest: string;
  manifestDigest: string;
  hooksDigest: string;
  factsDigest: string;
};

/** What is sealed beside the facts. `namespaceUid` tells the namespace from one that had its name before. */
export type SealWords = {
  namespaceUid: string;
  /** In whose name; null is Walm itself. */
  by: Caller | null;
  /** RFC 3339. */
  at: string;
  operation: string;
};

/** A seal whose signature is right. Whether it is this namespace's can only be told by asking the cluster. */
export type OpenedSeal = { state: SealState & { sealed: true }; namespaceUid: string };

const VERSION = 1;
const PREFIX = `v${VERSION}`;
/** What a seal may take in an annotation, in characters. */
const MAX_SEAL_LENGTH = 64 * 1024;

const Payload = Compile(
  Type.Object({
    v: Type.Literal(VERSION),
    kid: Type.String(),
    namespace: Type.String(),
    name: Type.String(),
    revision: Type.Integer(),
    chartDigest: Type.String(),
    configDigest: Type.String(),
    manifestDigest: Type.String(),
    hooksDigest: Type.String(),
    factsDigest: Type.String(),
    namespaceUid: Type.String({ minLength: 1 }),
    by: nullable(Type.Unsafe<Caller>(Type.Object({ user: Type.String({ minLength: 1 }) }))),
    at: Type.String(),
    operation: Type.String(),
  }),
);

/** What each fact is called where it is not what was sealed. */
const FACT_NAMES: Record<keyof SealFacts, string> = {
  namespace: 'namespace',
  name: 'release',
  revision: 'revision',
  chartDigest: 'chart',
  configDigest: 'values',
  manifestDigest: 'manifest',
  hooksDigest: 'hooks',
  factsDigest: 'ReleaseConfig',
};

/**
 * Makes the seal of a revision: one word, `v1.<key id>.<payload>.<signature>`. The signature is of everything before it,
 * and the payload, JSON with sorted keys in base64url, of everything that is told of the revision.
 */
export function writeSeal(facts: SealFacts, words: SealWords, signer: SealSigner): string {
  const { kid } = signer;
  const payload = sortedJson({ v: VERSION, kid, ...facts, ...words } as unknown as JsonObject);
  const signed = `${PREFIX}.${kid}.${Buffer.from(payload).toString('base64url')}`;
  return `${signed}.${signer.sign(signed)}`;
}

/**
 * Opens the seal that a revision carries and compares it with what the revision is. Nothing is parsed before the
 * signature is known to be right.
 */
export function openSeal(
  text: string,
  facts: SealFacts,
  signer: SealSigner,
): OpenedSeal | (SealState & { sealed: false }) {
  const [version, kid, payload, signature, ...more] = text.length > MAX_SEAL_LENGTH ? [] : text.split('.');
  if (version !== PREFIX || kid === undefined || payload === undefined || signature === undefined || more.length > 0) {
    return unsealed('its seal is none that this Walm makes');
  }
  switch (signer.check(kid, `${version}.${kid}.${payload}`, signature)) {
    case 'unknown key':
      return unsealed(`its seal was made with the key ${shownKid(kid)}, which is not among the seal keys`);
    case 'wrong':
      return unsealed('its seal was not made with a seal key of this cluster, or was changed');
    case 'right':
      break;
  }
  const claims = parsed(payload);
  if (!Payload.Check(claims) || claims.kid !== kid) {
    return unsealed('its seal is none that this Walm makes');
  }
  const names = Object.keys(FACT_NAMES) as (keyof SealFacts)[];
  const other = names.find((name) => claims[name] !== facts[name]);
  if (other !== undefined) {
    return unsealed(`it differs from what was sealed: ${FACT_NAMES[other]}`);
  }
  const { by, at, operation, namespaceUid } = claims;
  return { state: { sealed: true, by, at, operation }, namespaceUid };
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** What a seal says comes from whoever wrote the record: the id of its key is shown only where it is short and plain. */
function shownKid(kid: string): string {
  return /^[\w-]{1,64}$/.test(kid) ? `"${kid}"` : 'of another name';
}
