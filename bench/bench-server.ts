import type { Server } from '../src/domain/server.ts';
import { testServer } from '../src/domain/testing/builders.ts';

/** The server that measurements are about. */
export const benchServer: Server = { ...testServer, id: 'bench', name: 'Bench' };
