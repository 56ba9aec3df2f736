import { nodeCrypto } from '../system/node-modules.ts';

/** One part of a form: a text, or a file. */
export interface FormPart {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly fileName?: string;
}

/** A form as the body of a request. */
export interface MultipartBody {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Writes a form as multipart/form-data; its boundary is random, so that no content can contain it. */
export function multipart(parts: readonly FormPart[]): MultipartBody {
  const boundary = `walmctl-${nodeCrypto().randomBytes(18).toString('hex')}`;
  const pieces: Buffer[] = [];
  for (const { name, content, fileName } of parts) {
    const file = fileName === undefined ? '' : `; filename="${fileName}"\r\ncontent-type: application/gzip`;
    pieces.push(
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    );
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(pieces) };
}
