/**
 * Milliseconds of processor time that this process has used. Other processes on the machine distort it less than they
 * distort the time by the clock.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
