export type { Certificate } from './certificate.ts';
export { certifyBatched, certifyNow } from './certify.ts';
export type { Certified, CertifyOptions } from './certifying.ts';
export { type Minimum, type MinimumOptions, minimum, settled } from './minimum.ts';
