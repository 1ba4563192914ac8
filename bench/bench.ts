/** `npm run bench`: measurements as JSON lines. Figures depend on the machine; ratios much less. */
import { join } from 'node:path';
import { buildIfNeeded } from '../scripts/build.ts';
import { measureLargeMessage, measureManyNodes, measureSnapshot } from './large-costs.ts';
import { measureLayoutShift } from './layout-shift.ts';
import { measureMachineCost } from './machine-cost.ts';
import { measureMessageCost } from './message-cost.ts';
import { measureOutlookError } from './outlook-error.ts';
import { recordedSession, simulatedSessions } from './outlook-runs.ts';
import { measurePageCost } from './page-cost.ts';
import { measurePollCost } from './poll-cost.ts';
import { measureTenServers } from './ten-servers.ts';

print('message cost', measureMessageCost());
print('large message', measureLargeMessage());
print('many nodes', measureManyNodes());
print('snapshot', measureSnapshot());
for (const error of measureOutlookError([...simulatedSessions(8), recordedSession()]))
  print('outlook error', error);
print('machine cost', await measureMachineCost());
print('poll cost', await measurePollCost(10));
print('poll cost', await measurePollCost(1_000));
if (await buildIfNeeded(join(import.meta.dirname, '..'))) {
  print('page cost', await measurePageCost('idle', 20));
  print('page cost', await measurePageCost('showcase', 20));
  print('page cost', await measurePageCost('busy', 20));
  for (const figures of await measureLayoutShift(60)) print('layout shift', figures);
  print('ten servers', await measureTenServers());
} else process.exitCode = 1;

function print(name: string, figures: object): void {
  console.log(JSON.stringify({ name, ...figures }));
}
