/** A patch that does not fit the object it is for; the message is a sentence without the object's name. */
export class PatchFailed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'PatchFailed';
  }
}
