/** The name of the call in the text of a step, whether the call exists or not; undefined if the text is not a step. */
export const callNameIn = (step: string): string | undefined =>
  /^@[0-9]+ (?:[avm][0-9]+ = )?([a-z_0-9]+)/.exec(step)?.[1];
