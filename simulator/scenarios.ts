/** What a simulated server is like and how its simulated user behaves. */
export interface Scenario {
  /** One line for the command line's help. */
  readonly summary: string;
  /** How many GPUs the machine has, 1–4. */
  readonly gpus: number;
  /** Whether the Crystools extension is installed. */
  readonly crystools: boolean;
  /** Finished prompts to find at the start. */
  readonly history: number;
  /** Pending prompts the user keeps in the queue; 0 means that nothing is submitted. */
  readonly backlog: number;
  /** Whether the monitor's companion node is installed, unless the caller decides otherwise. */
  readonly companion: boolean;
  readonly kind: 'varied' | 'small and fast' | 'troubled' | 'none';
  /** The connection fails now and then. */
  readonly isFlaky?: boolean;
}

const quietScenario: Scenario = {
  summary: 'nothing runs until a client posts a prompt',
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
  flaky: { ...showcaseScenario, summary: 'the showcase over a connection that keeps failing', isFlaky: true },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios).filter(isScenarioName);

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}
