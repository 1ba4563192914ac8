import { freemem, platform } from 'node:os';
import type { MediaLibrary } from '../media/media-library.ts';
import type { TelemetryModel } from '../telemetry-model.ts';
import type { JsonObject } from './json.ts';
import { statsDevices } from './telemetry-messages.ts';

/**
 * The answer of `/system_stats`, in the form of ComfyUI 0.27; the output folder is named only if it is real. One that
 * says it runs on this computer has its system and its free RAM.
 */
export function systemStats({
  telemetry,
  isHere,
  library,
  port,
}: {
  readonly telemetry: TelemetryModel;
  readonly isHere: boolean;
  readonly library: MediaLibrary;
  readonly port: number;
}): JsonObject {
  const machine = telemetry.figures();
  const devices = statsDevices(machine);
  const isMac = devices.some(({ type }) => type === 'mps');
  const { outputDirectory } = library;
  return {
    system: {
      os: isHere ? platform() : isMac ? 'darwin' : 'linux',
      ram_total: machine.ramTotal,
      ram_free: isHere ? freemem() : machine.ramTotal - machine.ramUsed,
      comfyui_version: '0.27.0',
      required_frontend_version: '1.45.20',
      installed_templates_version: '0.11.6',
      required_templates_version: '0.11.6',
      comfy_package_versions: [
        { name: 'comfyui-frontend-package', installed: '1.45.20', required: '1.45.20' },
        { name: 'comfyui-workflow-templates', installed: '0.11.6', required: '0.11.6' },
      ],
      python_version: '3.12.11 (main, Jun  4 2026, 17:36:27) [GCC 13.3.0]',
      pytorch_version: '2.13.0+cu130',
      embedded_python: false,
      deploy_environment: 'local-git',
      argv: [
        'main.py',
        '--port',
        String(port),
        ...(outputDirectory ? ['--output-directory', outputDirectory] : []),
      ],
    },
    devices,
  };
}
