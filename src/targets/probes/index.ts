export type { Probeable } from './ask.ts';
export { type Difference, differences, explainTraits, printTraits, type TraitExplained } from './explain.ts';
export { type Inference, type Inferred, inferTraits, printInference } from './infer.ts';
