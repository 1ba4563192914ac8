/** Has Electron's own installer bring its runtime, tells how far it is, and notices when nothing comes any more. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import electron from 'electron/package.json' with { type: 'json' };
import { z } from 'zod';

/**
 * A download that stands still for so long is given up, ms. It is no measure of the network: where there is
 * none, connecting fails at once, or after the ten seconds that Node's fetch gives it. It is for connections that
 * stand and are silent for a while: a mirror that gets the file itself first, or lost packets, which TCP sends again
 * after growing pauses of up to some twenty seconds before it counts as slow. Unpacking may take as long as it takes.
 */
const patience = 30_000;

/** What the installing process sends to this one. */
const progressSchema = z.discriminatedUnion('doing', [
  z.object({
    doing: z.literal('downloading'),
    /** Bytes. */
    received: z.number(),
    /** Bytes; null where the server did not tell. */
    total: z.number().nullable(),
  }),
  z.object({ doing: z.literal('unpacking') }),
]);
export type Progress = z.infer<typeof progressSchema>;

/**
 * Installs the runtime into `node_modules`, under all the settings that Electron's installer knows (mirrors, cache,
 * checksums, platform). Resolves to why that failed, without a full stop; null for success.
 */
export function installElectron(
  root: string,
  {
    environment = process.env,
    patienceMs = patience,
  }: { environment?: NodeJS.ProcessEnv; patienceMs?: number } = {},
): Promise<string | null> {
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  const child = fork(join(import.meta.dirname, 'install-electron.ts'), [installer, String(patienceMs)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: installerEnvironment(environment),
  });
  const line = progressLine(`Installing Electron ${electron.version}, once`);
  child.on('message', (message) => line.show(progressSchema.parse(message)));
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += String(chunk);
  });
  return new Promise((done) => {
    const end = (failure: string | null): void => {
      line.end();
      done(failure);
    };
    child.once('error', (cause) => end(cause.message));
    child.once('close', (code, signal) => {
      if (code === 0) end(null);
      else end(messageIn(complaint) ?? `its installer ended with ${signal ?? `code ${code}`}`);
    });
  });
}

/** The message of the error that Node printed, or else the first line. */
function messageIn(complaint: string): string | null {
  const [, message] =
    /^\w*Error(?: \[\w+\])?: (.*)$/m.exec(complaint) ?? /^\s*(\S.*)$/m.exec(complaint) ?? [];
  return message?.trim().replace(/\.$/, '') || null;
}

/**
 * Electron's installer uses a proxy only when it is set to, and does not know those of npm. Whoever has named one
 * reaches nothing without it.
 */
export function installerEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const first = (...names: string[]) => names.map((name) => environment[name]).find(Boolean);
  const http = first('http_proxy', 'HTTP_PROXY', 'npm_config_proxy');
  const https = first('https_proxy', 'HTTPS_PROXY', 'npm_config_https_proxy', 'npm_config_proxy');
  const none = first('no_proxy', 'NO_PROXY', 'npm_config_noproxy');
  if (!http && !https) return environment;
  return {
    ELECTRON_GET_USE_PROXY: 'true',
    ...environment,
    ...(http ? { http_proxy: http } : {}),
    ...(https ? { https_proxy: https } : {}),
    ...(none ? { no_proxy: none } : {}),
  };
}

/** Shows in place on a terminal how far it is, and one line at the start elsewhere. */
function progressLine(text: string): { show(progress: Progress): void; end(): void } {
  const { stdout } = process;
  stdout.write(stdout.isTTY ? `${text} …` : `${text} …\n`);
  return {
    show(progress) {
      // What was written before may have been longer.
      if (stdout.isTTY) stdout.write(`\r${text}: ${inWords(progress)}\u001b[K`);
    },
    end() {
      if (stdout.isTTY) stdout.write('\n');
    },
  };
}

export function inWords(progress: Progress): string {
  if (progress.doing === 'unpacking') return 'unpacking';
  const { received, total } = progress;
  return `downloading, ${total ? `${Math.floor((received / total) * 100)}%` : `${Math.floor(received / 1e6)} MB`}`;
}
