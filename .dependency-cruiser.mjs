/**
 * The arrows between the layers (ARCHITECTURE.md lists them). A layer imports itself and the layers before it.
 * There are no exceptions: code that does not fit belongs in another layer.
 */

const REFERENCE = ['notation', 'clauses', 'profiles', 'model', 'calls', 'judge', 'contract.ts'];
const KIT = ['common', 'targets', 'programs', 'findings', 'run', 'output', 'cli'];
/**
 * Inside src/programs: what all of them ask about calls and arguments; goals; all programs of a few steps; random
 * programs; smaller programs; the proof that nothing smaller fails; the fast-check arbitrary, which generates and
 * shrinks.
 */
const PROGRAMS = ['arguments.ts', 'look.ts', 'states', 'enumerate', 'generate', 'shrink', 'certify', 'arbitrary.ts'];

const pathOf = (root, layer) => `^${root}/${layer.replace('.', '\\.')}${layer.includes('.') ? '$' : '/'}`;

/** One rule for each layer: it imports no layer that comes after it. */
const upward = (root, layers) =>
  layers.slice(0, -1).map((layer, i) => ({
    name: `${root}-${layer}-imports-downwards-only`,
    comment: `${root}/${layer} imports only what comes before it: ${[...layers.slice(0, i), 'itself'].join(', ')}.`,
    severity: 'error',
    from: { path: pathOf(root, layer) },
    to: { path: layers.slice(i + 1).map((above) => pathOf(root, above)) },
  }));

export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Two files that import each other, directly or through others, are one idea in two rooms.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...upward('reference', REFERENCE),
    ...upward('src', KIT),
    ...upward('src/programs', PROGRAMS),
    {
      name: 'reference-is-pure',
      comment: 'The oracle imports nothing outside itself: no I/O, no package, no part of the kit.',
      severity: 'error',
      from: { path: '^reference/' },
      to: { pathNot: '^reference/' },
    },
    {
      name: 'naive-imports-the-notation-only',
      comment: 'The second specification is written apart from the first, or both could be wrong in the same way.',
      severity: 'error',
      from: { path: '^reference/naive/' },
      to: { path: '^reference/', pathNot: '^reference/(naive|notation)/' },
    },
    {
      name: 'oracle-does-not-import-naive',
      comment: 'Only tests compare the two specifications.',
      severity: 'error',
      from: { path: '^(reference|src)/', pathNot: '^reference/naive/' },
      to: { path: '^reference/naive/' },
    },
    {
      name: 'simulator-does-not-judge',
      comment: 'What is tested shares no line with what judges it.',
      severity: 'error',
      from: { path: '^fixtures/' },
      to: { path: '^(reference|src|properties|bench)/' },
    },
    {
      name: 'kit-does-not-import-tests-or-benchmarks',
      severity: 'error',
      from: { path: '^(src|reference|fixtures)/' },
      to: { path: '^(properties|bench|docs|examples)/' },
    },
    {
      name: 'layers-do-not-import-the-entry-points',
      comment: 'src/index.ts and src/vitest.ts are what users import; the kit itself does not.',
      severity: 'error',
      from: { path: '^(src/[^/]+/|reference/|fixtures/simulator/|bench/)' },
      to: { path: '^src/[^/]+\\.ts$|^mmspec(/|$)|^dist/' },
    },
    {
      name: 'shipped-code-imports-shipped-packages',
      comment: 'Users of the package get its dependencies, not its devDependencies.',
      severity: 'error',
      from: { path: '^(src|reference|fixtures/simulator)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'no-unresolved-import',
      comment: 'Tests and examples import the package by its own name, as users do.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^mmspec(/|$)' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    // `mmspec` resolves to the built kit where there is one.
    doNotFollow: { path: 'node_modules|^dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
