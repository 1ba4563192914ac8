import { useCallback, useRef, useState } from 'react';
import type { CallRequest } from '../../../contract/calls.ts';
import type { ServerTest } from '../../../contract/server-details.ts';
import { useBridge } from '../../session/session-context.tsx';
import { failureText } from '../../ui/call-failure.ts';

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
  const bridge = useBridge();
  const [test, setTest] = useState<TestStage>({ stage: 'none' });
  const newest = useRef(0);

  const run = useCallback(
    (request: CallRequest<'testServer'>) => {
      newest.current += 1;
      const mine = newest.current;
      const finish = (stage: TestStage) => {
        if (newest.current === mine) setTest(stage);
      };
      setTest({ stage: 'running' });
      bridge.call('testServer', request).then(
        (result) => finish({ stage: 'done', result }),
        (cause: unknown) => finish({ stage: 'failed', message: failureText(cause) }),
      );
    },
    [bridge],
  );
  const reset = useCallback(() => {
    newest.current += 1;
    setTest({ stage: 'none' });
  }, []);
  return { test, run, reset };
}
