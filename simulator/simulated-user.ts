import { type Clock, Timers } from './clock.ts';
import type { Random } from './random.ts';
import type { Scenario } from './scenarios.ts';
import type { ServerProcess } from './server-process.ts';
import { caption, type DemoPrompt, PromptSource, soundscape } from './workflows.ts';

/** What can happen to the line between server and clients. */
export interface Connection {
  drop(): void;
  setMute(mute: boolean): void;
  setReachable(reachable: boolean): Promise<void>;
  restart(): Promise<void>;
}

/** The id under which the simulated user's browser is connected, as far as the server knows. */
export const userClientId = '5d0a3f4e-demo-4b1c-9c2f-simulated-user';

/** How often the user looks at the queue, in ms. */
const glanceInterval = 700;

/** Keeps the server busy the way its scenario says. */
export class SimulatedUser {
  readonly #scenario: Scenario;
  readonly #server: () => ServerProcess;
  readonly #timers: Timers;
  readonly #random: Random;
  readonly #prompts: PromptSource;
  readonly #speed: number;
  #submitted = 0;
  #isResting = false;

  constructor(scenario: Scenario, server: () => ServerProcess, clock: Clock, random: Random, speed: number) {
    this.#scenario = scenario;
    this.#server = server;
    this.#timers = new Timers(clock);
    this.#random = random;
    this.#prompts = new PromptSource(random.fork('prompts'));
    this.#speed = speed;
  }

  /** Starts submitting, beginning with a full queue. */
  begin(connection: Connection): void {
    if (this.#scenario.kind === 'none') return;
    this.#fillQueue();
    this.#timers.every(glanceInterval, () => this.#glance());
    if (this.#scenario.isFlaky) this.#timers.after(9_000, () => this.#disturb(connection));
  }

  /** Submits what the user would have submitted next. */
  submitNext(): void {
    const { title: _, graph, workflow } = this.#nextPrompt();
    this.#submitted += 1;
    this.#server().submit({
      prompt: graph,
      client_id: userClientId,
      extra_data: { extra_pnginfo: { workflow } },
    });
  }

  stop(): void {
    this.#timers.clear();
  }

  #glance(): void {
    const { queue } = this.#server();
    if (this.#isResting) return;
    if (queue.remaining === 0 && this.#scenario.kind !== 'small and fast') {
      // A short break now and then: the charts come down and the machine cools.
      this.#isResting = true;
      this.#timers.after(this.#random.between(2_000, 6_000) / this.#speed, () => {
        this.#isResting = false;
        this.#fillQueue();
      });
      return;
    }
    const { backlog, kind } = this.#scenario;
    if (kind === 'small and fast') this.#fillQueue();
    else if (queue.pending.length < backlog && this.#random.chance(0.12)) this.submitNext();
    if (kind === 'troubled') this.#meddle();
  }

  #fillQueue(): void {
    while (this.#server().queue.remaining <= this.#scenario.backlog) this.submitNext();
  }

  #nextPrompt(): DemoPrompt {
    const count = this.#submitted;
    switch (this.#scenario.kind) {
      case 'small and fast':
        return this.#prompts.next({
          checkpoint: 'v1-5-pruned-emaonly-fp16.safetensors',
          steps: 40,
          width: 576,
          height: 384,
          batch: 1,
          upscale: false,
          ending: 'pictures',
        });
      case 'troubled': {
        const failures = ['wrong value', 'out of memory', 'shapes do not match', 'missing file'];
        const failure = failures[Math.floor(count / 2) % failures.length];
        return this.#prompts.next({
          steps: 12,
          batch: 1,
          checkpoint: 'sd_xl_base_1.0.safetensors',
          ...(count % 2 === 1 && failure ? { failure } : {}),
        });
      }
      default:
        if (count % 11 === 5) {
          return caption(
            'Caption for the gallery',
            'Mist over the lake, the peaks still asleep.\n湖上晨雾。',
          );
        }
        if (count % 13 === 4) return soundscape('Ambient pad', 3);
        if (count % 17 === 12) return this.#prompts.next({ failure: 'out of memory', batch: 4 });
        // The first one shows a result soon: a newcomer should not have to wait.
        return count === this.#scenario.history ? this.#prompts.first() : this.#prompts.next();
    }
  }

  /** In the troubled scenario the user also changes their mind. */
  #meddle(): void {
    const server = this.#server();
    if (this.#random.chance(0.05)) server.interrupt();
    const [first] = server.queue.pending;
    if (first && this.#random.chance(0.04)) server.cancel(first[1]);
  }

  /** Something goes wrong with the connection, again and again. */
  #disturb(connection: Connection): void {
    const trouble = this.#random.integer(4);
    if (trouble === 0) connection.drop();
    if (trouble === 1) {
      connection.setMute(true);
      this.#timers.after(11_000, () => connection.setMute(false));
    }
    if (trouble === 2) {
      void connection.setReachable(false);
      this.#timers.after(4_000, () => void connection.setReachable(true));
    }
    if (trouble === 3) void connection.restart();
    const pause = trouble === 1 ? 20_000 : 9_000;
    this.#timers.after(pause + this.#random.between(0, 6_000), () => this.#disturb(connection));
  }
}
