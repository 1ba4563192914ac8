import { app } from 'electron';
import { z } from 'zod';
import { safeParse } from '../../domain/text/safe-parse.ts';
import { type CommandLine, parseCommandLine } from '../../host/program/command-line.ts';

/** What a second start tells the first one: Chromium may reorder and add to the command line it hands over. */
const wishSchema = z.object({
  servers: z.array(z.string().max(2_048)).max(50),
  demo: z.boolean(),
  hidden: z.boolean(),
});
export type Wish = z.infer<typeof wishSchema>;

/** What later starts ask of this one. */
export interface SecondStarts {
  /** Hears of every wish from now on, and of those that came before anybody could fulfil them. */
  fulfil(run: (wish: Wish | null) => void): void;
}

export function tellFirstInstance({ servers, demo, hidden }: CommandLine): Wish {
  return { servers, demo, hidden };
}

/**
 * Listens to later starts. To be called as soon as this one is known to be the first: the next may come while
 * it is still starting, and then waits.
 */
export function followSecondStarts(): SecondStarts {
  const waiting: (Wish | null)[] = [];
  let run: ((wish: Wish | null) => void) | null = null;
  app.on('second-instance', (_event, argv, _workingDirectory, told) => {
    const wish = wishOfSecondInstance(argv, told);
    if (run) run(wish);
    else waiting.push(wish);
  });
  return {
    fulfil(next) {
      run = next;
      for (const wish of waiting.splice(0)) next(wish);
    },
  };
}

/** Null if it cannot be told, for example because the second one is of another version. */
function wishOfSecondInstance(argv: readonly string[], told: unknown): Wish | null {
  const wish = safeParse(wishSchema, told);
  if (wish.success) return wish.data;
  // The program's own path, wherever it stands, is no option.
  const parsed = parseCommandLine(argv, 'electron');
  return parsed.ok ? parsed.value : null;
}
