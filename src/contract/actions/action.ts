import type { MonitorState } from '../../domain/monitor-state.ts';
import type { MediaFile } from '../../domain/outputs/executed-output.ts';
import type { CallRequest, CallResponse, HostCall } from '../bridge/calls.ts';
import type { OpenResult } from '../output-details.ts';

/** What each action is about, by its name. */
interface ActionSubjects {
  show: Nothing;
  settings: Nothing;
  servers: Nothing;
  add_server: Nothing;
  help: Nothing;
  mini_mode: Nothing;
  wall_mode: Nothing;
  /** ComfyUI's own page, in a browser. */
  open_server: { serverId: string };
  /** Counted from 0, in the order of the list. */
  select_server: { index: number };
  step_server: { by: 1 | -1 };
  all_servers: Nothing;
  show_job: JobName;
  /** `at`, if known, is when it came, ms since the epoch by the clock of the state. */
  open_output: JobName & { file: MediaFile; at?: number };
  reveal_output: JobName & { file: MediaFile };
  interrupt: JobName;
  /** A prompt that waits. */
  cancel_job: JobName;
  /** With how many prompts wait. */
  clear_queue: { serverId: string; count: number };
  free_memory: { serverId: string };
  retry: { serverId: string };
  start_demo: Nothing;
  stop_demo: Nothing;
  pause_notifications: { until: 'hour' | 'tomorrow' };
  resume_notifications: Nothing;
  restart_to_update: Nothing;
  quit: Nothing;
}

type Nothing = object;
interface JobName {
  serverId: string;
  promptId: string;
}

export type ActionName = keyof ActionSubjects;

/** An action and what it is about: what a menu item holds, and what a key stands for. */
export type ActionRequest<N extends ActionName = ActionName> = {
  [K in N]: { do: K } & ActionSubjects[K];
}[N];

/** What is asked before something is done that cannot be undone. */
export interface Question {
  title: string;
  detail: string;
  /** What does it, and what leaves everything as it is. */
  confirm: string;
  keep: string;
}

/** Of the icons that the page draws. */
type ActionIcon =
  | 'bell'
  | 'chip'
  | 'cross'
  | 'folder'
  | 'mini'
  | 'open'
  | 'plus'
  | 'question'
  | 'retry'
  | 'server'
  | 'settings'
  | 'stop'
  | 'trash'
  | 'wall';

/** A key of the page. With Ctrl or Cmd keys are the browser's, unless `withCommand` claims that, too. */
export interface Shortcut {
  /** Its character in lower case. */
  key: string;
  withCommand?: boolean;
  request: KeyRequest;
}

/** Actions of which the page finds what they are about: the shown server, or the prompt that runs on it. */
type AboutShown = 'interrupt' | 'open_server';

/** What a key stands for. */
export type KeyRequest =
  | Exclude<ActionRequest, { do: AboutShown }>
  | { do: 'interrupt' }
  | { do: 'open_server' };

/** The keys of an action, and what the help says of them. */
export interface ActionKeys {
  group: 'Everywhere' | 'Several servers';
  what: string;
  keys: readonly Shortcut[];
  /** What stands between the first and the last of them in the help; without it each will do. */
  joint?: string;
}

/** Something that users can do, in whatever place they do it. */
export interface Action<N extends ActionName> {
  /** As buttons and menus name it. */
  label: string;
  icon?: ActionIcon;
  keys?: ActionKeys;
  /** Why it cannot be done now, in a sentence; null if it can. A menu may be older than the state. */
  obstacle?(request: ActionRequest<N>, state: MonitorState): string | null;
  /** What is asked before it is done: always, or after a key only, which is pressed by accident more easily. */
  question?: {
    asked: 'always' | 'after a key';
    of(request: ActionRequest<N>, state: MonitorState): Question;
  };
  /** Does it; rejects with `BridgeError` if the host refuses. */
  run(request: ActionRequest<N>, place: ActionPlace): void | Promise<void>;
}

/** What an action needs of the place where it is run: the page, or the desktop around it. */
export interface ActionPlace {
  state(): MonitorState;
  /** Asks the host; rejects with `BridgeError` if it refuses. */
  call<N extends HostCall>(name: N, request: CallRequest<N>): Promise<CallResponse<N>>;
  /** Ms since the epoch, by the clock on the wall. */
  wallNow(): number;
  confirm(question: Question): Promise<boolean>;
  say(sentence: string): void;
  /** Brings into view: the window as it is, or one of the dialogs in it. */
  open(what: 'window' | 'settings' | 'servers' | 'new server' | 'help'): void;
  miniMode(): void;
  /** Shows all servers in large figures on the whole screen, or leaves that. */
  wallMode(): void;
  showJob(serverId: string, promptId: string): void;
  /** Shows all servers, or one; by its id, its place in the list, or how far it is from the shown one. */
  showServer(which: { serverId: string } | { all: true } | { index: number } | { by: 1 | -1 }): void;
  /** Opens an output without the host's help; null where the host opens it in the system's viewer. */
  openOutputHere: ((request: ActionRequest<'open_output'>) => void) | null;
  /** Opens a server's address without the host's help; null where the host has the system's browser open it. */
  openPageHere: ((address: string) => void) | null;
  /** How it went to open or reveal an output. */
  opened(request: ActionRequest<'open_output' | 'reveal_output'>, result: OpenResult): void;
  quit(): void;
}
