import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isScenarioName, type ScenarioName, scenarioNames, scenarios } from './scenarios.ts';
import { startSimulator } from './simulator.ts';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'error'; readonly message: string }
  | {
      readonly kind: 'run';
      readonly port: number;
      readonly scenario: ScenarioName;
      readonly speed: number;
      readonly seed: number;
    };

export const helpText = `Usage: npm run simulate -- [options]

Runs a simulated ComfyUI on this machine. No model and no GPU is needed.

  --port N         port on 127.0.0.1 (default 8188, 0 takes a free one)
  --scenario NAME  how the server behaves (default showcase):
${scenarioNames.map((name) => `                     ${name.padEnd(13)} ${scenarios[name].summary}`).join('\n')}
  --speed X        how many times faster steps are (default 1)
  --seed N         the same seed gives the same prompts and pictures (default 1)
  --help           shows this text`;

/** Understands the arguments after the script's name. */
export function commandOf(args: readonly string[]): Command {
  const refuse = (message: string): Command => ({ kind: 'error', message: `${message} Try --help.` });
  let values: { port: string; scenario: string; speed: string; seed: string; help: boolean };
  try {
    values = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8188' },
        scenario: { type: 'string', default: 'showcase' },
        speed: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const [firstSentence = 'Unknown option'] = String(error instanceof Error ? error.message : error).split(
      '. ',
    );
    return refuse(`${firstSentence}.`);
  }
  if (values.help) return { kind: 'help' };
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    return refuse(`--port must be a number from 0 to 65535, not "${values.port}".`);
  }
  if (!isScenarioName(values.scenario)) {
    return refuse(`There is no scenario "${values.scenario}"; there are ${scenarioNames.join(', ')}.`);
  }
  const speed = Number(values.speed);
  if (!(speed > 0 && speed <= 1000)) {
    return refuse(`--speed must be a number above 0 and up to 1000, not "${values.speed}".`);
  }
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) return refuse(`--seed must be a whole number, not "${values.seed}".`);
  return { kind: 'run', port, scenario: values.scenario, speed, seed };
}

/** Runs until the process is asked to end; gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const command = commandOf(args);
  if (command.kind === 'help') {
    console.log(helpText);
    return 0;
  }
  if (command.kind === 'error') {
    console.error(command.message);
    return 2;
  }
  const { port, scenario, speed, seed } = command;
  try {
    const simulator = await startSimulator({ port, scenario, speed, seed });
    console.log(`Simulated ComfyUI: ${simulator.url} (scenario ${scenario})`);
    await new Promise((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    await simulator.stop();
    return 0;
  } catch (error) {
    console.error(explanation(error, port));
    return 1;
  }
}

function explanation(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken, perhaps by a real ComfyUI. Choose another with --port, or --port 0 for any free one.`;
  }
  if (code === 'EACCES')
    return `Port ${port} needs more rights than you have. Choose one above 1023 with --port.`;
  return `The simulator could not start: ${error instanceof Error ? error.message : String(error)}`;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
