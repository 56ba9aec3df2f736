/** A patch that does not apply to its object; the message is a sentence without the object's name. */
export class PatchFailed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'PatchFailed';
  }
}
