import type { Installation } from '../host/installation.ts';

/** Under this name Windows knows the app and its notifications, macOS its bundle, and Linux its desktop entries. */
export const appId = 'app.comfy-monitor';

/** Windows starts the app by this when a notification of an earlier run is clicked. */
export const toastActivatorClsid = '{5B1F0D0E-6C0B-4C3B-9A57-3D4C1E0F8A21}';

/** The portable program is another one for Windows: it must not take over what belongs to an installed copy. */
const portable = {
  appId: `${appId}.portable`,
  toastActivatorClsid: '{E4A1C6B7-2F58-4D0A-8B13-70C9D5A6F32E}',
};

export function windowsIdentity(kind: Installation['kind']): typeof portable {
  return kind === 'windows-portable' ? portable : { appId, toastActivatorClsid };
}
