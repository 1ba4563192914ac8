/** For tests: a session bus without a process, and a panel on it that does what Xfce's does. */
import { z } from 'zod';
import type { BusAnswer, BusCall, NameState, SessionBus } from '../bus.ts';
import { menuInterface } from '../dbus-menu.ts';
import { itemInterface, itemPath } from '../status-notifier-item.ts';

const variant = z.tuple([z.string(), z.unknown()]);
const properties = z.array(z.tuple([z.string(), variant]));
const row = z.tuple([z.string(), z.tuple([z.number(), properties, z.tuple([])])]);
const layout = z.tuple([z.number(), z.tuple([z.number(), properties, z.array(row)])]);
const wordsUpdated = z.tuple([z.array(z.tuple([z.number(), properties])), z.tuple([])]);

export class FakeBus implements SessionBus {
  /** What was told to everybody, from old to new. */
  readonly signals: string[] = [];
  readonly panels: FakePanel[] = [];
  isClosed = false;
  /** Set, it is what a watcher says to every item. */
  refusal: Error | null = null;
  readonly #objects = new Map<string, (call: BusCall) => BusAnswer>();
  readonly #watches = new Set<(state: NameState) => void>();
  #watcher: NameState = 'free';

  async call({ member }: { member: string }): Promise<readonly unknown[]> {
    if (member === 'RequestName') return [1];
    if (this.refusal) throw this.refusal;
    for (const panel of this.panels) panel.read();
    this.registrations += 1;
    return [];
  }
  registrations = 0;

  emit({ member }: { member: string }, answer?: BusAnswer): void {
    this.signals.push(member);
    for (const panel of this.panels) panel.hear(member, answer?.values ?? []);
  }
  serve(path: string, answer: (call: BusCall) => BusAnswer): void {
    this.#objects.set(path, answer);
  }
  watchName(_name: string, listener: (state: NameState) => void): () => void {
    this.#watches.add(listener);
    queueMicrotask(() => listener(this.#watcher));
    return () => this.#watches.delete(listener);
  }
  close(): void {
    this.isClosed = true;
  }

  /** Panels come and go. */
  watcherIs(state: NameState): void {
    this.#watcher = state;
    for (const listener of this.#watches) listener(state);
  }
  /** Calls an object as another program would; throws what it answers as an error. */
  ask(path: string, name: string, member: string, args: unknown[] = [], wantsAnswer = true): unknown[] {
    const object = this.#objects.get(path);
    if (!object) throw new Error(`nothing at ${path}`);
    return object({ sender: ':1.1', path, interface: name, member, args, wantsAnswer }).values;
  }
  read(path: string, name: string, property: string): unknown {
    const [value] = this.ask(path, 'org.freedesktop.DBus.Properties', 'Get', [name, property]);
    return variant.parse(value)[1];
  }
}

/**
 * A panel that reads the menu anew when it is told of another layout. As libdbusmenu makes it (Xfce 4.18), it asks
 * before it shows the menu without hearing the answer, and never says that it is closed; one that `hears` is
 * as GNOME's AppIndicator extension.
 */
export class FakePanel {
  readonly bus: FakeBus;
  readonly hears: boolean;
  rows: { id: number; label: string; isEnabled: boolean }[] = [];
  isOpen = false;
  /** How often the menu was built anew while it was open, after it had been shown. */
  disturbances = 0;

  constructor(bus: FakeBus, { hears = false } = {}) {
    this.bus = bus;
    this.hears = hears;
    bus.panels.push(this);
  }
  get #menuPath(): string {
    return z.string().parse(this.bus.read(itemPath, itemInterface, 'Menu'));
  }
  get toolTip(): string {
    const [, , title] = z
      .tuple([z.string(), z.array(z.unknown()), z.string(), z.string()])
      .parse(this.bus.read(itemPath, itemInterface, 'ToolTip'));
    return title;
  }
  get labels(): string[] {
    return this.rows.map(({ label }) => label);
  }
  read(): void {
    const [, [, , rows]] = layout.parse(
      this.bus.ask(this.#menuPath, menuInterface, 'GetLayout', [0, -1, []]),
    );
    this.rows = rows.map(([, [id, given]]) => ({
      id,
      label: textOf(given, 'label') ?? '—',
      isEnabled: isEnabled(given),
    }));
    if (this.isOpen) this.disturbances += 1;
  }
  hear(member: string, values: unknown[]): void {
    if (member === 'LayoutUpdated') this.read();
    if (member !== 'ItemsPropertiesUpdated') return;
    for (const [id, given] of wordsUpdated.parse(values)[0]) {
      const known = this.rows.find((candidate) => candidate.id === id);
      if (known)
        Object.assign(known, { label: textOf(given, 'label') ?? known.label, isEnabled: isEnabled(given) });
    }
  }
  open(): void {
    if (this.hears) {
      this.bus.ask(this.#menuPath, menuInterface, 'Event', [0, 'opened', 0, 1]);
      const [isOld] = this.bus.ask(this.#menuPath, menuInterface, 'AboutToShow', [0]);
      if (isOld === true) this.read();
    } else this.bus.ask(this.#menuPath, menuInterface, 'AboutToShowGroup', [[0]], false);
    this.isOpen = true;
  }
  /** By Escape or a click beside it. */
  dismiss(): void {
    this.isOpen = false;
    if (this.hears) this.bus.ask(this.#menuPath, menuInterface, 'Event', [0, 'closed', 0, 1]);
  }
  /** Clicks a row of the open menu as it was read; throws if it is not there or greyed out. */
  press(text: string): void {
    const found = this.rows.find(({ label, isEnabled: enabled }) => enabled && label.includes(text));
    if (!found) throw new Error(`no item “${text}” among ${this.labels.join(' | ')}`);
    this.isOpen = false;
    this.bus.ask(this.#menuPath, menuInterface, 'Event', [found.id, 'clicked', 0, 1]);
  }
  click(): void {
    this.bus.ask(itemPath, itemInterface, 'Activate', [1276, 12], false);
  }
}

function textOf(given: z.infer<typeof properties>, name: string): string | undefined {
  const value = given.find(([key]) => key === name)?.[1][1];
  return typeof value === 'string' ? value : undefined;
}

function isEnabled(given: z.infer<typeof properties>): boolean {
  return given.find(([key]) => key === 'enabled')?.[1][1] !== false;
}
