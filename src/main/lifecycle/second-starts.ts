import { app } from 'electron';
import { z } from 'zod';
import { safeParse } from '../../domain/text/safe-parse.ts';
import { type CommandLine, parseCommandLine } from '../../host/program/command-line.ts';

/** What a second start asks of the first one: Chromium may reorder and add to the command line it hands over. */
const startRequestSchema = z.object({
  servers: z.array(z.string().max(2_048)).max(50),
  demo: z.boolean(),
  hidden: z.boolean(),
});
export type StartRequest = z.infer<typeof startRequestSchema>;

/** What later starts ask of this one. */
export interface SecondStarts {
  /** Hears of every request from now on, and of those that came before. */
  onRequest(run: (request: StartRequest | null) => void): void;
}

export function startRequestOf({ servers, demo, hidden }: CommandLine): StartRequest {
  return { servers, demo, hidden };
}

/**
 * Listens to later starts. To be called as soon as this one is known to be the first: the next may come while
 * it is still starting, and then waits.
 */
export function followSecondStarts(): SecondStarts {
  const waiting: (StartRequest | null)[] = [];
  let run: ((request: StartRequest | null) => void) | null = null;
  app.on('second-instance', (_event, argv, _workingDirectory, sent) => {
    const request = requestOfSecondInstance(argv, sent);
    if (run) run(request);
    else waiting.push(request);
  });
  return {
    onRequest(next) {
      run = next;
      for (const request of waiting.splice(0)) next(request);
    },
  };
}

/** Null if it cannot be read, for example because the second one is of another version. */
function requestOfSecondInstance(argv: readonly string[], sent: unknown): StartRequest | null {
  const request = safeParse(startRequestSchema, sent);
  if (request.success) return request.data;
  // The program's own path, wherever it stands, is no option.
  const parsed = parseCommandLine(argv, 'electron');
  return parsed.ok ? parsed.value : null;
}
