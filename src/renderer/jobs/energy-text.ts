import { type Job, jobElapsed } from '../../domain/jobs/job.ts';
import { formatDecimal, formatWhole } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';

/** What the GPUs used while a job ran: `12.4 Wh`; null where it was not measured well enough. */
export function energyText({ energyJoules }: Pick<Job, 'energyJoules'>): string | null {
  return energyJoules === null ? null : formatWattHours(energyJoules / 3_600);
}

/** The same with the mean power: `12.4 Wh, 380 W on average`. */
export function energyDetails(job: Job): string | null {
  const energy = energyText(job);
  const elapsed = job.finishedAt === null ? null : jobElapsed(job, job.finishedAt);
  if (energy === null || job.energyJoules === null || elapsed === null || elapsed <= 0) return energy;
  const watts = formatWhole(Math.round(job.energyJoules / (elapsed / 1_000)));
  return t('jobs.energy_details', { energy, watts });
}

/** Three digits are as many as the drivers' watts are good for. */
function formatWattHours(wattHours: number): string {
  if (wattHours < 0.1) return `< ${formatDecimal(0.1, 1)} Wh`;
  if (wattHours < 99.95) return `${formatDecimal(wattHours, 1)} Wh`;
  if (wattHours < 999.5) return `${Math.round(wattHours)} Wh`;
  return `${formatDecimal(wattHours / 1_000, 2)} kWh`;
}
