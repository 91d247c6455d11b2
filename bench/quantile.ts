/** The value that this share of the values does not exceed; undefined for an empty list. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** The middle value of a list, of two the larger one; 0 if the list is empty. */
export const median = (values: readonly number[]): number => quantile(values, 0.5) ?? 0;
