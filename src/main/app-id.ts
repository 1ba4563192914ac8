import type { Installation } from './updates/installation.ts';

/** Under this name Windows knows the app and its notifications, macOS its bundle, and Linux its desktop entries. */
export const appId = 'app.comfy-monitor';

/** Windows starts the app by this when a notification of an earlier run is clicked. */
export const toastActivatorClsid = '{5B1F0D0E-6C0B-4C3B-9A57-3D4C1E0F8A21}';

/** What Windows knows a program by. */
interface WindowsIdentity {
  appId: string;
  toastActivatorClsid: string;
}

/**
 * The portable program and Electron with our code are others for Windows: they must not take over what belongs to
 * an installed copy.
 */
const others: Partial<Record<Installation['kind'], WindowsIdentity>> = {
  'windows-portable': {
    appId: `${appId}.portable`,
    toastActivatorClsid: '{E4A1C6B7-2F58-4D0A-8B13-70C9D5A6F32E}',
  },
  development: {
    appId: `${appId}.development`,
    toastActivatorClsid: '{747EA756-1913-43E5-A2E0-6F4BD0BA4DA4}',
  },
};

export function windowsIdentity(kind: Installation['kind']): WindowsIdentity {
  return others[kind] ?? { appId, toastActivatorClsid };
}
