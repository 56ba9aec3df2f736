import type { SealFacts } from '../../domain/seals/record-seal.ts';
import type { EngineCall } from '../helm/engine-call.ts';
import type { Term } from '../storage/leadership.ts';

declare const mark: unique symbol;

/**
 * The permit of one write. Only the gate of all writes issues it (server/composition/wrappers/gate.ts), and adapters
 * require it, so that they cannot be called without going through the gate. Its mark exists for the compiler alone and
 * is exported by no file: no object literal is a pass, and `make check` refuses casts to it. The adapters of the product
 * check each pass as well, in case the compiler was misled.
 */
export interface WritePass {
  readonly [mark]: true;
}

const issued = new WeakSet<WritePass>();

/** Makes a pass of an object. For the gate alone, and for tests of adapters: `make check` refuses other callers. */
export function issuePass<Added extends object>(added: Added): Added & WritePass {
  const pass = added as Added & WritePass;
  issued.add(pass);
  return pass;
}

/** @throws Error if the gate did not issue the pass, which is a defect of Walm */
export function checkPass(pass: WritePass): void {
  if (!issued.has(pass)) {
    throw new Error('a write has not gone through the gate (server/composition/wrappers/gate.ts)');
  }
}

/** The permit of an operation of Helm, which is many writes. */
export type HelmPass = WritePass & {
  /** The term within which the operation may write; null: any replica may perform it. */
  readonly term: Term | null;
  /** Returns the seal of the revision that is about to be written; null: it gets none. */
  readonly seal: ((facts: SealFacts) => Promise<string>) | null;
};

/** The call of an operation of Helm that went through the gate. */
export type PassedCall = EngineCall & HelmPass;

/** The permit to write a task, with its seal. */
export type TaskPass = WritePass & { readonly seal: (text: string) => Promise<string> };
