export { type GeneratorOptions, generator } from './generator.ts';
export { type Options, optionsFor, optionsWith } from './options.ts';
export { ParallelGenerator } from './parallel.ts';
export { generate, SequentialGenerator } from './sequential.ts';
