import { processTree } from '../processes.ts';
import type { BusMessage, SessionBus } from './session-bus.ts';

/** The services that keep passwords on Linux desktops. */
const services = ['org.freedesktop.secrets', 'org.kde.kwalletd', 'org.kde.kwalletd5', 'org.kde.kwalletd6'];
const interfaces = [
  'org.freedesktop.Secret.Service',
  'org.freedesktop.Secret.Collection',
  'org.freedesktop.Secret.Item',
  'org.freedesktop.portal.Secret',
  'org.kde.KWallet',
];

/** What asks a user for a password, or would; merely finding out what there is does not. */
const opening =
  /^(OpenSession|Unlock|SearchItems|CreateItem|CreateCollection|GetSecrets?|RetrieveSecret|open|openAsync|openPath|readPassword|writePassword|readEntry)$/;

export interface KeyStoreEar {
  /** What the processes of an app asked the key store for, in the bus's words. */
  callsOf(root: number): Promise<string[]>;
  stop(): void;
}

/** Hears from now on who asks for a key store. */
export async function hearKeyStore(bus: SessionBus): Promise<KeyStoreEar> {
  const calls: { sender: string; what: string; pid: Promise<number> }[] = [];
  const rules = [
    ...services.map((name) => `type='method_call',destination='${name}'`),
    ...interfaces.map((name) => `type='method_call',interface='${name}'`),
    "type='method_call',member='StartServiceByName'",
  ];
  const stop = await bus.listen(rules, (message) => {
    const what = keyStoreCall(message);
    // At once: who asks may be gone later.
    if (what !== null)
      calls.push({ sender: message.sender, what, pid: bus.processOf(message.sender).catch(() => -1) });
  });
  return {
    async callsOf(root) {
      const tree = new Set((await processTree(root)).map(({ pid }) => pid));
      const known = await Promise.all(calls.map(async ({ what, pid }) => ({ what, pid: await pid })));
      return known.filter(({ pid }) => tree.has(pid)).map(({ what }) => what);
    },
    stop,
  };
}

/** The words for a call that opens a key store, or starts one; null for any other message. */
export function keyStoreCall({ member, destination, interface: name, args }: BusMessage): string | null {
  if (member === 'StartServiceByName') {
    const wanted = services.find((service) => service === args[0]);
    return wanted ? `start of ${wanted}` : null;
  }
  const isStore = services.includes(destination) || interfaces.includes(name);
  return isStore && opening.test(member) ? `${name}.${member}` : null;
}
