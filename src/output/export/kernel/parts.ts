/** Which optional parts of a module a program needs. */
export interface Parts {
  /** Some step makes a kernel area. */
  readonly areas: boolean;
  /** Some step is a call on user space: the module needs an address space and objects. */
  readonly vmas: boolean;
  /** Some step takes addresses from a block of its CPU (`vm_map_ram`). */
  readonly fromBlocks: boolean;
  /** Steps of a parallel block overlap. */
  readonly overlap: boolean;
  /** A block has a schedule, which the module forces. */
  readonly scheduled: boolean;
  /** A step changes who can write to an area. */
  readonly protects: boolean;
  /** The violation is a warning: the module watches the kernel's log. */
  readonly log: boolean;
  /** Some step uses the address `null` or `hole`. */
  readonly nil: boolean;
  readonly hole: boolean;
}
