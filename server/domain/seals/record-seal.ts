import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { nullable } from '../../../contract/schemas/json.ts';
import type { Caller } from '../access/caller.ts';
import type { JsonObject } from '../json/json.ts';
import { sortedJson } from '../json/sorted-json.ts';
import { type SealState, unsealed } from './seal-state.ts';
import type { SealSigner } from './seal-signer.ts';

/** The engine's facts about a revision: the place of its record, and a digest of each part as Helm stores it. */
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

/**
 * What is sealed besides the facts. `namespaceUid` distinguishes the namespace from an earlier one of the same name.
 */
export type SealWords = {
  namespaceUid: string;
  /** Whose change it is; null is Walm itself. */
  by: Caller | null;
  /** RFC 3339. */
  at: string;
  operation: string;
};

/** A seal with a valid signature. Whether it is this namespace's can only be checked with the cluster. */
export type OpenedSeal = { state: SealState & { sealed: true }; namespaceUid: string };

const VERSION = 1;
const PREFIX = `v${VERSION}`;
/** Maximum characters of a seal in an annotation: the largest identity, with every character escaped, in base64. */
const MAX_SEAL_LENGTH = 192 * 1024;

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

/** The name of each fact in the message that it differs from what was sealed. */
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
 * Creates the seal of a revision: one word, `v1.<key id>.<payload>.<signature>`. The signature covers everything before
 * it, and the payload, JSON with sorted keys in base64url, contains everything known about the revision.
 */
export function writeSeal(facts: SealFacts, words: SealWords, signer: SealSigner): string {
  const { kid } = signer;
  const payload = sortedJson({ v: VERSION, kid, ...facts, ...words } as unknown as JsonObject);
  const signed = `${PREFIX}.${kid}.${Buffer.from(payload).toString('base64url')}`;
  return `${signed}.${signer.sign(signed)}`;
}

/**
 * Verifies the seal of a revision and compares it with the revision. Nothing is parsed before the signature is
 * verified.
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

/**
 * The contents of a seal come from the author of the record: the id of its key is shown only if it is short and plain.
 */
function shownKid(kid: string): string {
  return /^[\w-]{1,64}$/.test(kid) ? `"${kid}"` : 'of another name';
}
