import type { SealSigner } from './seal-signer.ts';

const PREFIX = 'v1';

/** Creates a detached seal of a text: `v1.<key id>.<signature>`. */
export function sealText(text: string, signer: SealSigner): string {
  return `${PREFIX}.${signer.kid}.${signer.sign(signed(signer.kid, text))}`;
}

/** Null if the seal is of exactly this text; otherwise why it is not valid. */
export function whyTextUnsealed(text: string, seal: string, signer: SealSigner): string | null {
  if (seal === '') {
    return 'it carries no seal';
  }
  const [version, kid, signature, ...more] = seal.split('.');
  if (version !== PREFIX || kid === undefined || signature === undefined || more.length > 0) {
    return 'its seal is none that this Walm makes';
  }
  switch (signer.check(kid, signed(kid, text), signature)) {
    case 'right':
      return null;
    case 'wrong':
      return 'its seal is not of this content';
    case 'unknown key':
      return 'its seal was made with a key that is not among the seal keys';
  }
}

function signed(kid: string, text: string): string {
  return `${PREFIX}.${kid}.${text}`;
}
