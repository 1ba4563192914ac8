import { type Simulator, startSimulator } from '../../../simulator/simulator.ts';
import type { Server } from '../../domain/server.ts';
import { t } from '../../language/t.ts';

/** The id of the demo's server, in every host. */
export const demoServerId = 'demo';

/** The demo's server as it is watched. */
export function demoServer(url: string): Server {
  return {
    id: demoServerId,
    name: t('host.demo'),
    color: 'purple',
    url,
    enabled: true,
    authentication: { kind: 'none' },
    certificate: null,
    outputFolder: null,
    demo: true,
  };
}

/** The built-in simulated ComfyUI, on a free loopback port. */
export interface Demo {
  /** Starts it, or finds it running; gives its address. */
  start(): Promise<string>;
  stop(): Promise<void>;
}

export function createDemo(): Demo {
  let running: Promise<Simulator> | null = null;
  return {
    async start() {
      running ??= startSimulator({ scenario: 'showcase' });
      return (await running).url;
    },
    async stop() {
      const stopping = running;
      running = null;
      await (await stopping)?.stop();
    },
  };
}
