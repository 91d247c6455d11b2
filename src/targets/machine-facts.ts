/** Which kernel on which machine a target is: for reports, so that a reader can repeat the run. */
export interface MachineFacts {
  /** As `uname -r` prints it. */
  readonly release: string;
  /** When, and as which build, it was compiled: as `uname -v` prints it. Undefined if the image does not tell. */
  readonly compiled?: string;
  /** The version of its package, or `build HASH` for a kernel that the user built. */
  readonly version: string;
  /** The commit of its sources, with `-dirty` after uncommitted changes; undefined if they are in no git repository. */
  readonly commit?: string;
  /** Options of its configuration that change what a test sees: `KASAN`, `NR_CPUS=64`. */
  readonly options?: readonly string[];
  /** CPUs that the guest brought up. */
  readonly cpus: number;
  /** What runs the guest, with its version: `QEMU 7.2.22`. */
  readonly emulator: string;
  /** How it runs the guest's instructions: `tcg, thread=single`. */
  readonly accelerator: string;
}
