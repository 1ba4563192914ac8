import { expect, it } from 'vitest';
import { NodeClasses } from './node-classes.ts';

const prompt = (...given: [title: string, classType: string][]) => ({
  promptId: 'p',
  title: given[0]?.[0] ?? null,
  titles: { given: given.map(([title, classType]) => ({ title, classType })), otherwise: 'Save Image' },
});

function classes(names: Record<string, string>) {
  const asked: string[] = [];
  let isBroken = false;
  let now = 0;
  const known = new NodeClasses({
    async ask(classType) {
      asked.push(classType);
      if (isBroken) throw new Error('no answer');
      return names[classType] ?? null;
    },
    elapsed: () => now,
  });
  const titleOf = async (...given: [string, string][]) => (await known.settle([prompt(...given)]))[0]?.title;
  return {
    asked,
    titleOf,
    known,
    setBroken: (broken: boolean) => {
      isBroken = broken;
    },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('what ComfyUI calls a node is not a title that a person gave', async () => {
  const { titleOf } = classes({ VAEDecodeTiled: 'VAE Decode (Tiled)', ImageScaleBy: 'Upscale Image By' });
  expect(await titleOf(['Upscale Image By', 'ImageScaleBy'])).toBe('Save Image');
  expect(await titleOf(['Upscale Image By', 'ImageScaleBy'], ['Grandma', 'ImageScaleBy'])).toBe('Grandma');
  // One that the server does not know may be called anything.
  expect(await titleOf(['Upscale Image By', 'Gone'])).toBe('Upscale Image By');
});

it('a class is asked for once, and none behind a title that was given', async () => {
  const { titleOf, asked } = classes({ A: 'Alpha', B: 'Beta' });
  await titleOf(['Mine', 'A'], ['Beta', 'B']);
  await titleOf(['Mine', 'A']);
  expect(asked).toEqual(['A']);
});

it('words have to do while classes cannot be asked for', async () => {
  const { titleOf, asked, setBroken, pass } = classes({ A: 'Alpha' });
  setBroken(true);
  expect(await titleOf(['Alpha', 'A'])).toBe('Alpha');
  await titleOf(['Alpha', 'A']);
  expect(asked).toHaveLength(1);
  setBroken(false);
  pass(600_000);
  expect(await titleOf(['Alpha', 'A'])).toBe('Save Image');
});

it('a queue of many classes does not wait for all of them', async () => {
  const { known, asked } = classes({});
  await known.settle(Array.from({ length: 500 }, (_, n) => prompt([`Title ${n}`, `Class ${n}`])));
  expect(asked.length).toBeLessThanOrEqual(20);
});
