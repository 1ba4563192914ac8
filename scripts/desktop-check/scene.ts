import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { startTap, type Tap } from '../../test/tap.ts';
import type { AppProgram } from './checked-app.ts';
import { findSessionBus, type SessionBus } from './desktop/session-bus.ts';
import type { CheckOptions } from './options.ts';
import type { Recorder } from './recorder.ts';

/** Everything that a check needs around the app. */
export interface Scene {
  options: CheckOptions;
  program: AppProgram;
  record: Recorder;
  /** The ComfyUI that the app watches, with the companion node in it. */
  simulator: Simulator;
  /** Between the app and it. */
  tap: Tap;
  /** The session bus of a Linux desktop, or why it cannot be heard. */
  bus: SessionBus | { reason: string };
  close(): Promise<void>;
}

export async function setScene(about: Pick<Scene, 'options' | 'program' | 'record'>): Promise<Scene> {
  const simulator = await startSimulator({ scenario: 'idle', companion: true, film: film() });
  const tap = await startTap(simulator.port);
  const found = process.platform === 'linux' ? findSessionBus() : { reason: 'only Linux has a session bus' };
  return {
    ...about,
    simulator,
    tap,
    bus: 'bus' in found ? found.bus : found,
    async close() {
      await tap.close();
      await simulator.stop();
    },
  };
}

/**
 * A video of 20 s and 160 × 90 pixels, a test pattern of ffmpeg's (`testsrc`, VP8), with 8 MiB of nothing in its
 * middle (an EBML Void element). Without that Chromium has all of it at once, and never asks for a part.
 */
function film(): Buffer {
  return gunzipSync(readFileSync(join(import.meta.dirname, 'clip.webm.gz')));
}
