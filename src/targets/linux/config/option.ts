/** An option of a kernel's configuration, and why a target needs it. */
export interface KernelOption {
  /** Without `CONFIG_`. */
  readonly name: string;
  /** `y`: built in. `m`: built in, or as a module. `n`: off. */
  readonly value: 'y' | 'm' | 'n';
  /** What a target needs it for, or what is missing without it; of an option that must be off, what it prevents. */
  readonly why: string;
  /** Options without which Kconfig does not offer this one. They are in the list, too, before it. */
  readonly parents?: readonly string[];
  /** True if the kernel is a target without it, but one that can do less. */
  readonly optional?: true;
}

/** An option that must be built in. */
export const builtIn = (name: string, why: string, ...parents: readonly string[]): KernelOption => ({
  name,
  value: 'y',
  why,
  ...(parents.length > 0 ? { parents } : {}),
});

/** An option that may be a module. */
export const orModule = (name: string, why: string, ...parents: readonly string[]): KernelOption => ({
  ...builtIn(name, why, ...parents),
  value: 'm',
});

/** An option that must be off. */
export const off = (name: string, why: string): KernelOption => ({ name, value: 'n', why });

/** The same option for a kernel that is a target without it, but can do less. */
export const optional = (option: KernelOption): KernelOption => ({ ...option, optional: true });
