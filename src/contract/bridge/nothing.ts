import { z } from 'zod';

/** Where a call or push carries nothing. JSON and some ways of IPC have no `undefined`. */
export const nothing = z.preprocess((value) => value ?? undefined, z.void());
