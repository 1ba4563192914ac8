import type { MachineName } from './graphics-cards.ts';

/** What a simulated server is like and how its simulated user behaves. */
export interface Scenario {
  /** One line for the command line's help. */
  readonly summary: string;
  /** Which GPUs it has; of the workshop's as many as `gpus`. */
  readonly machine: MachineName;
  /** How many GPUs the machine has, as far as there are so many. */
  readonly gpus: number;
  /** Whether the Crystools extension is installed. */
  readonly crystools: boolean;
  /** Finished prompts to find at the start. */
  readonly history: number;
  /** Pending prompts the user keeps in the queue; 0 means that nothing is submitted. */
  readonly backlog: number;
  /** Whether the monitor's companion node is installed, unless the caller decides otherwise. */
  readonly companion: boolean;
  /** Whether it says that it runs on this computer: then its memory is that of this computer. */
  readonly isHere?: boolean;
  /** The driver loses the last GPU now and then. */
  readonly losesGpu?: boolean;
  readonly kind: 'varied' | 'small and fast' | 'troubled' | 'none';
  /** The connection fails now and then. */
  readonly isFlaky?: boolean;
}

const quietScenario: Scenario = {
  summary: 'nothing runs until a client posts a prompt',
  machine: 'workshop',
  gpus: 1,
  crystools: true,
  history: 0,
  backlog: 0,
  companion: false,
  kind: 'none',
};

const showcaseScenario: Scenario = {
  ...quietScenario,
  summary: 'an endless, varied day at the studio: the demo',
  history: 6,
  backlog: 2,
  companion: true,
  kind: 'varied',
};

export const scenarios = {
  showcase: showcaseScenario,
  idle: quietScenario,
  busy: {
    ...showcaseScenario,
    summary: '100 prompts in the queue, fast steps, many messages',
    history: 12,
    backlog: 100,
    kind: 'small and fast',
  },
  errors: {
    ...showcaseScenario,
    summary: 'prompts that fail, run out of memory, are interrupted or cancelled',
    history: 4,
    kind: 'troubled',
  },
  'multi-gpu': { ...showcaseScenario, summary: 'the showcase on a machine with four GPUs', gpus: 4 },
  'no-crystools': {
    ...showcaseScenario,
    summary: 'the showcase on a server without Crystools',
    crystools: false,
  },
  'no-extension': {
    ...showcaseScenario,
    summary: 'the showcase on this computer, without Crystools and without the companion',
    crystools: false,
    companion: false,
    isHere: true,
  },
  amd: {
    ...showcaseScenario,
    summary: 'the showcase with a Radeon, of which Crystools knows nothing, and one in the processor',
    machine: 'amd',
    gpus: 2,
  },
  apple: {
    ...showcaseScenario,
    summary: 'the showcase on a Mac, of which only memory is measured',
    machine: 'apple',
  },
  'eight-gpus': {
    ...showcaseScenario,
    summary: 'the showcase on a rented machine with eight equal GPUs',
    machine: 'rack',
    gpus: 8,
  },
  'gpu-lost': {
    ...showcaseScenario,
    summary: 'the showcase with two GPUs, of which the driver loses one now and then',
    machine: 'pair',
    gpus: 2,
    losesGpu: true,
  },
  flaky: { ...showcaseScenario, summary: 'the showcase over a connection that keeps failing', isFlaky: true },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios).filter(isScenarioName);

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}
