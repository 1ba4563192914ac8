import type { Server } from '../src/shared/server.ts';
import { testServer } from '../src/shared/testing.ts';

/** The server that measurements are about. */
export const benchServer: Server = { ...testServer, id: 'bench', name: 'Bench' };
