import { conformance } from 'mmspec/vitest';
import { describe } from 'vitest';

// The kit's own conforming implementations, tested with the function that users of vitest call.
conformance('embedded:lazy', { seed: 1, steps: 100_000 });
conformance('embedded:eager', { seed: 1, steps: 100_000 });

describe('at full size', { tags: ['long'] }, () => {
  conformance('embedded:lazy', { seed: 1, steps: 400_000 });
  conformance('embedded:eager', { seed: 1, steps: 400_000 });
});
