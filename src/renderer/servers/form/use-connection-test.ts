import { useCallback, useRef, useState } from 'react';
import type { CallRequest } from '../../../contract/bridge/calls.ts';
import type { ServerTest } from '../../../contract/server-details.ts';
import { useHost } from '../../session/use-host.ts';

/** Where a connection test stands. */
export type TestStage =
  | { stage: 'none' }
  | { stage: 'running' }
  | { stage: 'done'; result: ServerTest }
  | { stage: 'failed'; message: string };

export interface ConnectionTesting {
  test: TestStage;
  run(request: CallRequest<'testServer'>): void;
  /** Forgets the result, for example because what was tested has changed. */
  reset(): void;
}

/** Runs connection tests; only the newest one counts. */
export function useConnectionTest(): ConnectionTesting {
  const { ask } = useHost('inline');
  const [test, setTest] = useState<TestStage>({ stage: 'none' });
  const newest = useRef(0);

  const run = useCallback(
    async (request: CallRequest<'testServer'>) => {
      newest.current += 1;
      const mine = newest.current;
      setTest({ stage: 'running' });
      const reply = await ask('testServer', request);
      if (newest.current !== mine) return;
      setTest(
        reply.ok ? { stage: 'done', result: reply.value } : { stage: 'failed', message: reply.failure },
      );
    },
    [ask],
  );
  const reset = useCallback(() => {
    newest.current += 1;
    setTest({ stage: 'none' });
  }, []);
  return { test, run, reset };
}
