/** Why a conversation cannot go on. */
export interface Incident {
  /**
   * `ended`: the target is gone; `deadline`: it did not answer in time; `forbidden`: it sent what the protocol forbids.
   */
  readonly kind: 'ended' | 'deadline' | 'forbidden';
  readonly message: string;
  /** How many programs were in flight: any of them may be the cause. */
  readonly suspects: number;
}

/** The target sent something that the protocol forbids. */
export class ForbiddenAnswer extends Error {
  override readonly name = 'ForbiddenAnswer';
}
