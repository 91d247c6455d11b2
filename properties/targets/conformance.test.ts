import { conformance } from 'mmspec/vitest';

// The kit's own conforming implementations, by the front end that users have.
conformance('embedded:lazy', { seed: 1, steps: 400_000 });
conformance('embedded:eager', { seed: 1, steps: 400_000 });
