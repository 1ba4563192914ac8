import type { JobError } from '../../../domain/jobs/job.ts';
import { t } from '../../../language/t.ts';
import { detached, harmless, idOf, textOf, type WireObject } from '../wire-values.ts';

/** Characters. */
const maxMessageLength = 4_000;
const maxTracebackLines = 100;
/** Characters of a line. */
const maxTracebackLine = 1_000;

/**
 * Reads what an `execution_error` (socket or history) says of a failure. Of a long traceback the end is
 * kept, where the cause is. The inputs and outputs it also carries are dropped: printed tensors.
 */
export function decodeJobError(data: WireObject): JobError {
  const message = textOf(data.exception_message, maxMessageLength)?.trim();
  const exceptionType = textOf(data.exception_type, 200);
  return {
    nodeId: idOf(data.node_id),
    nodeType: textOf(data.node_type, 200),
    exceptionType,
    message: message || exceptionType || t('host.no_error_text'),
    traceback: tracebackOf(data.traceback),
  };
}

function tracebackOf(value: unknown): string[] {
  const lines = typeof value === 'string' ? lastPart(value).split('\n') : value;
  if (!Array.isArray(lines)) return [];
  const kept: string[] = [];
  for (const line of lines.slice(-maxTracebackLines))
    if (typeof line === 'string') kept.push(harmless(line, maxTracebackLine).trimEnd());
  return kept;
}

function lastPart(text: string): string {
  return detached(text.slice(-maxTracebackLines * maxTracebackLine));
}
