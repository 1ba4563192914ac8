/** A call that a process on the bus makes to an object of ours. Nothing in it has been checked. */
export interface BusCall {
  /** Names the connection that calls. */
  sender: string;
  path: string;
  interface: string;
  member: string;
  args: readonly unknown[];
  /** False if the caller will not hear the answer. */
  wantsAnswer: boolean;
}

/** The answer to a call; the values fit the signature. */
export interface BusAnswer {
  signature: string;
  values: unknown[];
}

/** Why a call cannot be answered, as D-Bus names it. */
export class BusError extends Error {
  override readonly name: `org.freedesktop.DBus.Error.${'UnknownMethod' | 'InvalidArgs' | 'PropertyReadOnly' | 'Failed'}`;
  constructor(kind: 'UnknownMethod' | 'InvalidArgs' | 'PropertyReadOnly' | 'Failed', message: string) {
    super(message);
    this.name = `org.freedesktop.DBus.Error.${kind}`;
  }
}

/** Whether a name on the bus has an owner, or that there is no bus that could be asked. */
export type NameState = 'owned' | 'free' | 'no bus';

/** The user's session bus, as far as a tray needs it. */
export interface SessionBus {
  /** Calls a method; rejects if it fails or is not answered within seconds. */
  call(
    to: { destination: string; path: string; interface: string; member: string },
    answer?: BusAnswer,
  ): Promise<readonly unknown[]>;
  /** Tells everybody who listens. Lost while there is no connection. */
  emit(from: { path: string; interface: string; member: string }, answer?: BusAnswer): void;
  /** Answers calls to an object; a thrown `BusError` is sent to the caller. */
  serve(path: string, answer: (call: BusCall) => BusAnswer): void;
  /** Tells whether a name has an owner now, and whenever another one takes it. Returns how to stop that. */
  watchName(name: string, listener: (state: NameState) => void): () => void;
  close(): void;
}
