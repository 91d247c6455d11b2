/** Why a check did not pass. */

/** A check failed: what was sent, expected and received. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
  readonly sent: string;
  readonly expected: string;
  readonly got: string;

  constructor(sent: string, expected: string, got: string) {
    super(`expected ${expected}, got ${got}`);
    this.sent = sent;
    this.expected = expected;
    this.got = got;
  }
}

/** A check does not apply to this adapter. The message says why. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
  /** The call that the adapter does not support, if that is why. */
  readonly call: string | undefined;

  constructor(message: string, call?: string) {
    super(message);
    this.call = call;
  }
}

/** The adapter meets the requirement, but its author should know something: the message. */
export class Note extends Error {
  override readonly name = 'Note';
}
