import type { Server } from '../src/shared/server.ts';

/** The server that measurements are about. */
export const benchServer: Server = {
  id: 'bench',
  name: 'Bench',
  color: 'blue',
  url: 'http://127.0.0.1:8188',
  enabled: true,
  authentication: { kind: 'none' },
  certificate: null,
  demo: false,
};
