import {
  type CompanionStanding,
  canRunCompanion,
  companionStanding,
  leastComfyVersion,
} from '../../domain/companion.ts';
import { isCpuOnly, type ServerFacts } from '../../domain/server.ts';
import type { TelemetrySource } from '../../domain/telemetry/machine-state.ts';
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
    return source === null ? (
      <p className="panel-empty">Figures appear as soon as the server is connected.</p>
    ) : null;
  if (source === null && facts.rest !== 'absent')
    return <p className="panel-empty">Waiting for the first figures.</p>;
  const isVramTold = gpus.some(({ sample }) => sample?.vramUsed != null);
  const offer = <Offer facts={facts} source={source} cpuOnly={cpuOnly} onInstall={onInstall} />;
  if (source === 'companion' || source === 'local') {
    const why = cpuOnly ? null : missingLoad(gpus);
    if (why === null) return null;
    if (isFound(gpus)) return <p className="panel-empty">GPU load is not measured: {why}.</p>;
    return (
      <div className="hint">
        <p>
          <b>GPU load and temperature are not available.</b> {notFound[source]}
          {isVramTold && ' VRAM is what ComfyUI itself tells.'}
        </p>
        {source === 'local' && offer}
      </div>
    );
  }
  if (source === 'crystools')
    return !cpuOnly && missingLoad(gpus) !== null ? (
      <div className="hint">
        <p>
          <b>GPU load and temperature are not available.</b>{' '}
          {isVramTold
            ? 'Crystools does not measure this GPU; VRAM is what ComfyUI itself tells.'
            : 'Crystools does not measure this GPU, nor does ComfyUI tell its VRAM.'}
        </p>
        {offer}
      </div>
    ) : null;
  const what = cpuOnly ? 'CPU load and disk' : 'GPU load, temperature, CPU and disk';
  return (
    <div className="hint">
      <p>
        <b>{what} are not available.</b>{' '}
        {polled
          ? 'They come over the WebSocket, which does not get through.'
          : `ComfyUI itself tells only ${isVramTold ? 'RAM and VRAM' : 'RAM'}.`}
      </p>
      {!polled && offer}
    </div>
  );
}

/** Where none of the GPUs that ComfyUI names was found by who measures. */
const notFound = {
  local: 'On this computer, nothing was found that tells of this GPU, such as NVIDIA’s nvidia-smi.',
  companion: 'Our node on the server finds no driver that tells of this GPU.',
};

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
    ? 'the driver of this GPU does not tell it'
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
  if (facts.customNodesOff)
    return <p>This ComfyUI was started without custom nodes: nothing in it can measure the rest.</p>;
  const standing = companionStanding(facts);
  const canRun = canRunCompanion(facts);
  const canInstall = canRun && (standing === 'absent' || standing === 'outdated');
  return (
    <>
      <p>{companionText(standing, canRun)}</p>
      {canInstall && (
        <button type="button" className="button small hint-action" onClick={onInstall}>
          <Icon name="plus" />
          {standing === 'absent' ? 'Install the companion node' : 'Update the companion node'}
        </button>
      )}
      {facts.crystools === 'absent' && standing !== 'installed' && (
        <p>
          {canRun ? 'The other way' : 'To see them'}: open ComfyUI-Manager, install “ComfyUI-Crystools” and
          restart ComfyUI.
          {!cpuOnly && ' It measures NVIDIA’s GPUs alone.'}
        </p>
      )}
      {source !== 'crystools' && facts.crystools === 'present' && (
        <p>Crystools is there, but sends no such figures.</p>
      )}
    </>
  );
}

function companionText(standing: CompanionStanding, canRun: boolean): string {
  if (standing === 'installed') return 'Our companion node is there, but has sent no figures.';
  if (standing === 'outdated')
    return 'The companion node there is older than this monitor; the newer one measures them.';
  return canRun
    ? 'Our companion node in ComfyUI measures on the server what its system tells. Nothing has to be set up here.'
    : `From ComfyUI ${leastComfyVersion} on, our companion node measures on the server what its system tells.`;
}
