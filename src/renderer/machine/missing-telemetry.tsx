import {
  type CompanionStanding,
  canRunCompanion,
  companionStanding,
  leastComfyVersion,
} from '../../domain/companion.ts';
import { isCpuOnly, type ServerFacts } from '../../domain/server.ts';
import type { TelemetrySource } from '../../domain/telemetry/machine-state.ts';
import { t } from '../../language/t.ts';
import { Icon } from '../ui/controls/icon.tsx';
import type { GpuFacts } from './gpus/gpu-explanation.ts';

interface MissingTelemetryProps {
  facts: ServerFacts;
  /** The best source that speaks; null if none does. */
  source: TelemetrySource | null;
  /** The GPUs that ComfyUI computes on. */
  gpus: readonly GpuFacts[];
  connected: boolean;
  /** Whether figures are only read, since the socket does not get through. */
  polled?: boolean;
  onInstall: () => void;
}

/** Says which figures are missing and why, and how to get them where that is possible. */
export function MissingTelemetry({
  facts,
  source,
  gpus,
  connected,
  polled = false,
  onInstall,
}: MissingTelemetryProps) {
  const cpuOnly = isCpuOnly(facts.devices);
  if (!connected)
    return source === null ? <p className="panel-empty">{t('machine.missing.unconnected')}</p> : null;
  if (source === null && facts.rest !== 'absent')
    return <p className="panel-empty">{t('machine.missing.waiting')}</p>;
  const isVramTold = gpus.some(({ sample }) => sample?.vramUsed != null);
  const offer = <Offer facts={facts} source={source} cpuOnly={cpuOnly} onInstall={onInstall} />;
  if (source === 'companion' || source === 'local') {
    const why = cpuOnly ? null : missingLoad(gpus);
    if (why === null) return null;
    if (isFound(gpus))
      return <p className="panel-empty">{t('machine.missing.load_because', { reason: why })}</p>;
    return (
      <div className="hint">
        <p>
          <b>{t('machine.missing.gpu')}</b>{' '}
          {t(source === 'local' ? 'machine.missing.here' : 'machine.missing.node')}
          {isVramTold && ` ${t('machine.missing.vram_told')}`}
        </p>
        {source === 'local' && offer}
      </div>
    );
  }
  if (source === 'crystools')
    return !cpuOnly && missingLoad(gpus) !== null ? (
      <div className="hint">
        <p>
          <b>{t('machine.missing.gpu')}</b>{' '}
          {t(isVramTold ? 'machine.missing.crystools_vram' : 'machine.missing.crystools')}
        </p>
        {offer}
      </div>
    ) : null;
  return (
    <div className="hint">
      <p>
        <b>{t(cpuOnly ? 'machine.missing.cpu_disk' : 'machine.missing.most')}</b>{' '}
        {polled
          ? t('machine.missing.socket')
          : t(isVramTold ? 'machine.missing.comfy_vram' : 'machine.missing.comfy_ram')}
      </p>
      {!polled && offer}
    </div>
  );
}

/** Whether who measures knows any of the GPUs. */
function isFound(gpus: readonly GpuFacts[]): boolean {
  return gpus.some(
    ({ gpu }) =>
      Object.values(gpu.sources).some((source) => source === 'companion' || source === 'local') ||
      gpu.missing.loadPercent !== undefined ||
      gpu.missing.all !== undefined,
  );
}

/** Why the load of no GPU is known; null if one of them is, or nothing at all is known of them. */
function missingLoad(gpus: readonly GpuFacts[]): string | null {
  if (gpus.some(({ sample }) => sample === undefined || sample.loadPercent !== null)) return null;
  const reason = gpus.find(({ gpu }) => gpu.missing.loadPercent !== undefined)?.gpu.missing.loadPercent;
  if (reason !== undefined) return reason;
  // That VRAM is not known is known of a GPU, too.
  const isKnown = ({ gpu, sample }: GpuFacts) =>
    sample?.vramUsed != null || gpu.missing.vramUsed !== undefined;
  return gpus.some((facts) => facts.gpu.goneSince === null && isKnown(facts))
    ? t('machine.missing.driver')
    : null;
}

interface OfferProps {
  facts: ServerFacts;
  source: TelemetrySource | null;
  cpuOnly: boolean;
  onInstall: () => void;
}

/** What would measure the rest: our node first, which knows every maker's GPUs. */
function Offer({ facts, source, cpuOnly, onInstall }: OfferProps) {
  if (facts.customNodesOff) return <p>{t('machine.missing.no_custom_nodes')}</p>;
  const standing = companionStanding(facts);
  const canRun = canRunCompanion(facts);
  const canInstall = canRun && (standing === 'absent' || standing === 'outdated');
  return (
    <>
      <p>{companionText(standing, canRun)}</p>
      {canInstall && (
        <button type="button" className="button small hint-action" onClick={onInstall}>
          <Icon name="plus" />
          {t(standing === 'absent' ? 'machine.missing.install' : 'machine.missing.update')}
        </button>
      )}
      {facts.crystools === 'absent' && standing !== 'installed' && (
        <p>
          {t('machine.missing.manager', { other: canRun ? 'yes' : 'no' })}
          {!cpuOnly && ` ${t('machine.missing.nvidia_alone')}`}
        </p>
      )}
      {source !== 'crystools' && facts.crystools === 'present' && (
        <p>{t('machine.missing.crystools_silent')}</p>
      )}
    </>
  );
}

function companionText(standing: CompanionStanding, canRun: boolean): string {
  if (standing === 'installed') return t('machine.missing.companion_silent');
  if (standing === 'outdated') return t('machine.missing.companion_old');
  return canRun
    ? t('machine.missing.companion')
    : t('machine.missing.companion_from', { version: leastComfyVersion });
}
