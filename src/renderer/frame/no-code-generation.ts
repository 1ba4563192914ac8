import { z } from 'zod';

// The page's Content-Security-Policy forbids the code generation that zod speeds itself up with. Said
// in a module of its own: zod tries it out when the first schema is made, which is while modules load.
z.config({ jitless: true });
