import { english, type TextKey } from '../../language/english.ts';
import { t } from '../../language/t.ts';

/**
 * Why something is not measured, as the host, ComfyUI and the companion tell it: in English, for they do not know who
 * reads it. `{detail}` stands for what differs.
 */
const reasons = [
  'machine.reason.gone',
  'machine.reason.ioreg',
  'machine.reason.macos_gpu',
  'machine.reason.macos',
  'machine.reason.impossible',
  'machine.reason.impossible_companion',
  'machine.reason.mismatch',
  'machine.reason.no_driver',
  'machine.reason.no_nvidia',
  'machine.reason.smi_says',
  'machine.reason.smi_nothing',
  'machine.reason.smi_silent',
  'machine.reason.smi_no_number',
  'machine.reason.slice',
  'machine.reason.slice_load',
  'machine.reason.slices',
  'machine.reason.lost',
  'machine.reason.driver_version',
  'machine.reason.driver',
  'machine.reason.driver_companion',
  'machine.reason.administrators',
  'machine.reason.intel_administrators',
  'machine.reason.driver_error',
  'machine.reason.driver_error_code',
  'machine.reason.driver_no_number',
  'machine.reason.driver_no_value',
  'machine.reason.driver_nothing',
  'machine.reason.driver_says',
  'machine.reason.driver_silent',
  'machine.reason.no_sensor',
  'machine.reason.not_started',
  'machine.reason.process_ended',
  'machine.reason.endless',
  'machine.reason.silent',
  'machine.reason.asleep',
  'machine.reason.windows',
  'machine.reason.windows_says',
  'machine.reason.counters',
  'machine.reason.mac_ram',
  'machine.reason.directml',
  'machine.reason.next_sample',
  'machine.reason.second_sample',
  'machine.reason.disk',
  'machine.reason.system_figures',
  'machine.reason.kernel',
  'machine.reason.no_own_memory',
] as const satisfies readonly TextKey[];

interface KnownReason {
  key: TextKey;
  pattern: RegExp;
}

/** The reasons with a detail, which are few; the others are looked up. */
const detailed: KnownReason[] = [];
const plain = new Map<string, TextKey>();
for (const key of reasons) {
  const text = english[key].replaceAll("''", "'");
  const [before = '', after] = text.split('{detail}');
  if (after === undefined) plain.set(text, key);
  else detailed.push({ key, pattern: new RegExp(`^${literally(before)}(.*)${literally(after)}$`, 's') });
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Why something is not measured, in the language spoken; as it is where nobody translated it. */
export function reasonText(reason: string): string {
  const key = plain.get(reason);
  if (key !== undefined) return t(key);
  for (const { key, pattern } of detailed) {
    const detail = pattern.exec(reason)?.[1];
    if (detail !== undefined) return t(key, { detail: reasonText(detail) });
  }
  return reason;
}
