import { type ServerFacts, type Unreadable, unknownFacts } from '../domain/server.ts';

/** What is known of a server besides its jobs, put together from several readers. */
export class KnownFacts {
  readonly #onChange: (facts: ServerFacts) => void;
  #facts: ServerFacts = unknownFacts;

  constructor(onChange: (facts: ServerFacts) => void) {
    this.#onChange = onChange;
  }

  learn(facts: Partial<ServerFacts>): void {
    const learnt = { ...this.#facts, ...facts };
    if (JSON.stringify(learnt) === JSON.stringify(this.#facts)) return;
    this.#facts = learnt;
    this.#onChange(learnt);
  }

  /** What cannot be read now. Jobs and machine are read apart from each other. */
  noteUnreadable(of: 'jobs' | 'stats', unreadable: readonly Unreadable[]): void {
    const isOther = ({ source }: Unreadable) => (source === 'system_stats') !== (of === 'stats');
    const others = this.#facts.unreadable.filter(isOther);
    this.learn({ unreadable: of === 'jobs' ? [...unreadable, ...others] : [...others, ...unreadable] });
  }
}
