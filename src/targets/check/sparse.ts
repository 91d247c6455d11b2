import type { Check } from './check.ts';

const address = '/0x[0-9a-f]+/';

/** Checks of sparse areas, and of functions that are called for their pages. */
export const SPARSE: readonly Check[] = [
  {
    name: 'sparse areas',
    sentence: 'Pages that are mapped in a sparse area are read back; a range that leaves the area is refused.',
    async run(talk) {
      talk.needs('get_vm_area', 'vm_area_map_pages', 'vm_area_unmap_pages', 'free_vm_area');
      const second = talk.bytes(1);
      await talk.expect([
        `@0 a0 = get_vm_area ${talk.bytes(2)} => ${address}`,
        '@0 read a0 => fault',
        `@0 vm_area_map_pages a0 a0+${second} f2 => 0`,
        `@0 vm_area_map_pages a0 a0+${second} f2 f3 => -ERANGE`,
        `@0 read a0+${second} => f2`,
        `@0 vm_area_unmap_pages a0 a0+${second} ${second} => ok`,
        `@0 read a0+${second} => fault`,
        '@0 free_vm_area a0 => ok',
      ]);
    },
  },
  {
    name: 'functions on pages',
    sentence: 'A function maps the pages of a range in a sparse area, up to one that is mapped already.',
    async run(talk) {
      talk.needs('get_vm_area', 'apply_to_page_range', 'free_vm_area');
      const second = talk.bytes(1);
      await talk.expect([
        `@0 a0 = get_vm_area ${talk.bytes(2)} => ${address}`,
        `@0 apply_to_page_range a0 a0+${second} f2 => 0`,
        '@0 apply_to_page_range a0 a0 f3 f4 => -EBUSY left 1',
        '@0 read a0 => f3',
        `@0 read a0+${second} => f2`,
        '@0 free_vm_area a0 => ok',
      ]);
    },
  },
  {
    name: 'functions on mapped pages',
    sentence: 'A function unmaps the pages of a range that are mapped in a sparse area, up to one of a certain frame.',
    async run(talk) {
      talk.needs('get_vm_area', 'vm_area_map_pages', 'apply_to_existing_page_range', 'free_vm_area');
      const [second, third, all] = [talk.bytes(1), talk.bytes(2), talk.bytes(4)];
      await talk.expect([
        `@0 a0 = get_vm_area ${all} => ${address}`,
        '@0 vm_area_map_pages a0 a0 f2 => 0',
        `@0 vm_area_map_pages a0 a0+${third} f3 f4 => 0`,
        `@0 apply_to_existing_page_range a0 a0 f4 ${all} => -EBUSY left 1`,
        '@0 read a0 => fault',
        `@0 read a0+${third} => fault`,
        `@0 apply_to_existing_page_range a0 a0+${second} f2 ${third} => 0`,
        `@0 read a0+${talk.bytes(3)} => f4`,
        '@0 free_vm_area a0 => ok',
      ]);
    },
  },
];
