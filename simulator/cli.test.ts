import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commandOf, helpText } from './cli.ts';
import { scenarioNames } from './scenarios.ts';

describe('the arguments', () => {
  it('have defaults', () => {
    expect(commandOf([])).toEqual({ kind: 'run', port: 8188, scenario: 'showcase', speed: 1, seed: 1 });
  });

  it('are understood', () => {
    expect(commandOf(['--port', '0', '--scenario=busy', '--speed', '4', '--seed', '12'])).toEqual({
      kind: 'run',
      port: 0,
      scenario: 'busy',
      speed: 4,
      seed: 12,
    });
  });

  it.each([
    [['--colour', 'red'], /Unknown option '--colour'/],
    [['extra'], /extra/],
    [['--port', 'http'], /--port must be a number/],
    [['--port', '70000'], /--port must be a number/],
    [['--scenario', 'party'], /no scenario "party".*showcase/],
    [['--speed', '0'], /--speed must be/],
    [['--seed', '1.5'], /--seed must be/],
    [['--port'], /port/],
  ])('%j are refused in one line', (args, message) => {
    const command = commandOf(args);
    expect(command).toMatchObject({ kind: 'error', message: expect.stringMatching(message) });
    expect(command).not.toMatchObject({ message: expect.stringContaining('\n') });
  });

  it('are explained with every scenario', () => {
    expect(commandOf(['--help'])).toEqual({ kind: 'help' });
    for (const name of scenarioNames) expect(helpText).toContain(name);
  });
});

describe('the command', () => {
  it('prints its address, serves, and ends cleanly when asked to', async () => {
    const child = start('--port', '0', '--scenario', 'idle');
    const [line] = await once(child.stdout, 'data');
    const url = /Simulated ComfyUI: (http:\/\/127\.0\.0\.1:\d+) \(scenario idle\)/.exec(String(line))?.[1];
    const answer = await fetch(`${url}/queue`);
    expect(await answer.json()).toEqual({ queue_running: [], queue_pending: [] });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('says which port is taken and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = address && typeof address === 'object' ? address.port : 0;
    const child = start('--port', String(port));
    const [message] = await once(child.stderr, 'data');
    expect(String(message)).toMatch(new RegExp(`^Port ${port} is taken`));
    expect(await once(child, 'exit')).toEqual([1, null]);
    other.close();
  });

  it('exits with 2 when its arguments are nonsense', async () => {
    const child = start('--nonsense');
    const [message] = await once(child.stderr, 'data');
    expect(String(message).trim().split('\n')).toHaveLength(1);
    expect(await once(child, 'exit')).toEqual([2, null]);
  });
});

function start(...args: string[]) {
  const script = fileURLToPath(new URL('cli.ts', import.meta.url));
  return spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}
