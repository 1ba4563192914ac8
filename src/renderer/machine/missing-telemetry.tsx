import { isCpuOnly, type ServerFacts } from '../../domain/server.ts';
import type { TelemetrySource } from '../../domain/telemetry/machine-state.ts';
import type { TelemetrySample } from '../../domain/telemetry/telemetry.ts';

interface MissingTelemetryProps {
  facts: ServerFacts;
  source: TelemetrySource | null;
  /** The newest sample, if there is one. */
  last: TelemetrySample | null;
  connected: boolean;
  /** Whether figures are only read, since the socket does not get through. */
  polled?: boolean;
}

/** Says which figures are missing, and how to get them. */
export function MissingTelemetry({ facts, source, last, connected, polled = false }: MissingTelemetryProps) {
  if (!connected) {
    return source === null ? (
      <p className="panel-empty">Figures appear as soon as the server is connected.</p>
    ) : null;
  }
  const cpuOnly = isCpuOnly(facts.devices);
  if (polled && source !== null)
    return (
      <p className="hint">
        <b>{cpuOnly ? 'CPU load and disk' : 'GPU load, temperature, CPU and disk'} are not available.</b> They
        come over the WebSocket, which does not get through.
      </p>
    );
  if (source === 'crystools')
    return !cpuOnly && last && isVramAlone(last) ? (
      <p className="hint">
        <b>GPU load and temperature are not available.</b> Crystools does not measure this GPU; VRAM is what
        ComfyUI itself tells.
      </p>
    ) : null;
  if (source === null && facts.crystools !== 'absent')
    return (
      <p className="panel-empty">
        Waiting for the first figures.
        {!cpuOnly && ' GPU load and temperature come from the ComfyUI-Crystools extension.'}
      </p>
    );
  return (
    <div className="hint">
      <p>
        <b>{cpuOnly ? 'CPU load and disk' : 'GPU load, temperature, CPU and disk'} are not available.</b>{' '}
        ComfyUI itself tells only {cpuOnly ? 'RAM' : 'RAM and VRAM'}.
      </p>
      <p>
        To see the rest, open ComfyUI-Manager, install “ComfyUI-Crystools” and restart ComfyUI. Nothing has to
        be set up here.
      </p>
    </div>
  );
}

/** Crystools knows NVIDIA's GPUs; of others only ComfyUI reports something. */
function isVramAlone({ gpus }: TelemetrySample): boolean {
  return (
    gpus.some(({ vramUsed }) => vramUsed !== null) &&
    gpus.every(({ loadPercent, temperatureC }) => loadPercent === null && temperatureC === null)
  );
}
