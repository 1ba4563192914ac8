/** Reads large answers in a thread of its own; `answer-reader.ts` starts it and hands them over one by one. */
import { parentPort } from 'node:worker_threads';
import type { AnswerJob } from './answer-reader.ts';
import { type AnswerName, readBody } from './rest-answers.ts';

parentPort?.on('message', ({ name, context, body }: AnswerJob<AnswerName>) => {
  parentPort?.postMessage(readBody(name, context, body));
});
parentPort?.postMessage('ready');
