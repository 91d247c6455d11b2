export type { Certificate } from './certificate.ts';
export { type Certified, type CertifyOptions, certifyBatched, certifyNow } from './certify.ts';
export { type Minimum, type MinimumOptions, minimum, settled } from './minimum.ts';
