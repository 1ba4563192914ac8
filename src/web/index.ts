import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { causeMessage } from '../domain/text/cause-text.ts';
import { runsOn } from '../host/log/diagnostics.ts';
import { createLocalMachine } from '../host/machine/local-machine.ts';
import { createMonitorHost } from '../host/monitor-host.ts';
import { readPageFiles } from '../host/page/page-files.ts';
import { helpText, parseCommandLine } from '../host/program/command-line.ts';
import { endOnce, onEndSignal } from '../host/program/end-signals.ts';
import { environmentLanguages } from '../host/program/host-language.ts';
import { logToTerminal, outliveTerminal } from '../host/program/terminal.ts';
import { holdFolder } from '../host/storage/folder-hold.ts';
import { openBridges } from './bridge-socket.ts';
import { userDataDir } from './user-data.ts';
import { startWebServer } from './web-server.ts';

/** How long everything has for stopping before the monitor ends without it, ms. */
const patience = 2_500;

/** The browser host: the monitor as a page on loopback, for machines without desktop or Electron. */
async function main(args: readonly string[]): Promise<void> {
  const parsed = parseCommandLine(args);
  if (!parsed.ok) return quit(parsed.message, 2);
  const commandLine = parsed.value;
  if (commandLine.show === 'help') return say(helpText());
  if (commandLine.show === 'version') return say(manifest.version);

  const files = await readPageFiles(join(import.meta.dirname, '..', 'renderer'));
  const folder = commandLine.userDataDir ?? userDataDir(manifest.productName);
  // Until this process ends.
  await holdFolder(folder, 'browser', logToTerminal);
  const host = await createMonitorHost({
    userDataDir: folder,
    commandLine,
    info: {
      appVersion: manifest.version,
      platform: process.platform,
      runsOn: runsOn(process.versions),
      mediaBase: 'media',
    },
    desktop: null,
    machine: (log) => createLocalMachine({ log }),
    companionDir: join(import.meta.dirname, '..', 'companion'),
    languages: environmentLanguages(process.env),
    licencesFile: join(import.meta.dirname, '..', 'licences.txt'),
    log: logToTerminal,
  });
  const server = await startWebServer({ files, media: host.media, port: commandLine.port ?? 0 });
  const bridges = openBridges(server, host);
  say(`Monitor: ${server.url}`);

  onEndSignal(
    endOnce({
      steps: [() => bridges.close(), () => server.close(), () => host.stop()],
      patience,
      exit: () => process.exit(0),
      log: logToTerminal,
    }),
  );
}

function say(text: string): void {
  process.stdout.write(`${text.trimEnd()}\n`);
}

function quit(message: string, code: number): void {
  logToTerminal(message);
  process.exitCode = code;
}

outliveTerminal();
main(process.argv.slice(2)).catch((cause) => {
  logToTerminal(causeMessage(cause));
  process.exit(1);
});
