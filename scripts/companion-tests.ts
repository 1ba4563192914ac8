import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface CompanionTestResult {
  passed: number;
  failed: number;
  skipped: number;
  /** In words, for people. */
  summary: string;
}

/** Runs the Python tests of the companion node, where there is a Python to run them. */
export async function testCompanion(root: string): Promise<CompanionTestResult> {
  const python = await findPython();
  if (!python) return { passed: 0, failed: 0, skipped: 1, summary: 'skipped: no Python 3.9 or newer' };
  const { code, output } = await run(python, ['-m', 'unittest', 'discover'], join(root, 'companion'));
  const result = readUnittest(output, code);
  if (result.failed > 0) console.error(output.trimEnd());
  return result;
}

/** Reads the last lines of `unittest`: `Ran 50 tests in 1.0s`, then `OK` or `FAILED (failures=1, …)`. */
export function readUnittest(output: string, code: number | null): CompanionTestResult {
  const ran = Number(/^Ran (\d+) tests? in /m.exec(output)?.[1] ?? 0);
  const verdict = /^(?:OK|FAILED)(?: \((.*)\))?\s*$/m.exec(output)?.[1] ?? '';
  const count = (what: string) => Number(new RegExp(`(?:^|, )${what}=(\\d+)`).exec(verdict)?.[1] ?? 0);
  const failed = count('failures') + count('errors') + count('unexpected successes');
  const skipped = count('skipped');
  if (failed === 0 && (code !== 0 || ran === 0))
    return { passed: 0, failed: 1, skipped: 0, summary: `no result, exit code ${code}:\n${output}` };
  const passed = Math.max(0, ran - failed - skipped);
  return { passed, failed, skipped, summary: `${passed} of ${ran} passed` };
}

/** The name of a Python that is new enough, or null. */
async function findPython(): Promise<string | null> {
  for (const name of process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']) {
    const { code } = await run(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'], '.');
    if (code === 0) return name;
  }
  return null;
}

function run(
  command: string,
  args: string[],
  folder: string,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  return new Promise((done) => {
    child.once('error', (cause) => done({ code: null, output: cause.message }));
    child.once('close', (code) => done({ code, output }));
  });
}
