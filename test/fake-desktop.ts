import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

/** What the app shows on the desktop. */
const lookSchema = z.object({
  toolTip: z.string(),
  menu: z.array(z.string()),
  notifications: z.array(z.object({ title: z.string(), body: z.string() })),
  visibleWindows: z.number(),
});
export type DesktopLook = z.infer<typeof lookSchema>;

export const orderSchema = z.discriminatedUnion('do', [
  z.object({ id: z.number(), do: z.literal('look') }),
  z.object({ id: z.number(), do: z.literal('press'), label: z.string() }),
]);
const answerSchema = z.object({ id: z.number(), look: lookSchema });

/** The built main process, on a stand-in for Electron. */
export interface FakeDesktop {
  look(): Promise<DesktopLook>;
  /** Presses the item of the tray's menu whose label contains `label`. */
  press(label: string): void;
  /** Everything it printed so far, on either stream. */
  output(): string;
  /** Its exit code, once it has ended and said everything. */
  readonly ended: Promise<number | null>;
  kill(): Promise<void>;
}

export function startFakeDesktop(args: string[]): FakeDesktop {
  const root = join(import.meta.dirname, '..');
  const child = fork(join(root, 'out', 'main', 'index.js'), args, {
    execArgv: ['--import', new URL('on-fake-electron.ts', import.meta.url).href],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  const ended = once(child, 'close').then(([code]) => z.number().nullable().parse(code));
  let orders = 0;
  return {
    look() {
      orders += 1;
      return answerTo(child, orders, ended, () => output);
    },
    press(label) {
      orders += 1;
      child.send({ id: orders, do: 'press', label });
    },
    output: () => output,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function answerTo(
  child: ChildProcess,
  id: number,
  ended: Promise<number | null>,
  output: () => string,
): Promise<DesktopLook> {
  return new Promise((done, failed) => {
    void ended.then((code) => failed(new Error(`the app ended with code ${code}:\n${output()}`)));
    const listen = (message: unknown): void => {
      // The app itself also says a word, to whoever started it.
      const { data: answer } = answerSchema.safeParse(message);
      if (answer?.id !== id) return;
      child.off('message', listen);
      done(answer.look);
    };
    child.on('message', listen);
    child.send({ id, do: 'look' });
  });
}
