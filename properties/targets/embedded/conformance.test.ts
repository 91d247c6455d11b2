import { conformance } from 'mmspec/vitest';

// The kit's own conforming implementations, tested with the function that users of vitest call.
conformance('embedded:lazy', { seed: 1, steps: 400_000 });
conformance('embedded:eager', { seed: 1, steps: 400_000 });
