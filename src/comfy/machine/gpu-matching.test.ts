import { describe, expect, it } from 'vitest';
import { type GpuIdentity, makerOf, placesOf, sameName } from './gpu-matching.ts';

const nobody: GpuIdentity = {
  uuid: null,
  pciAddress: null,
  name: null,
  isIntegrated: null,
  device: null,
  vramTotal: null,
  vramUsed: null,
};
const gpu = (known: Partial<GpuIdentity>): GpuIdentity => ({ ...nobody, ...known });

describe('the places of GPUs', () => {
  it('are by the driver’s id, in whatever order they are listed', () => {
    const [a, b] = [gpu({ uuid: 'a', name: 'RTX 3090' }), gpu({ uuid: 'b', name: 'RTX 3090' })];
    expect(placesOf([b, a], [a, b])).toEqual([1, 0]);
    expect(placesOf([b], [a, b]), 'one was lost').toEqual([1]);
    expect(placesOf([gpu({ uuid: 'c', name: 'RTX 3090' })], [a, b]), 'another one').toEqual(['new']);
  });

  it('are by the PCI address where no id is told, but not of slices of one card', () => {
    const known = [gpu({ uuid: 'a', pciAddress: '0000:01:00.0' }), gpu({ pciAddress: '0000:02:00.0' })];
    expect(
      placesOf([gpu({ pciAddress: '0000:02:00.0' }), gpu({ pciAddress: '0000:01:00.0' })], known),
    ).toEqual([1, 0]);
    const slice = (uuid: string) => gpu({ uuid, pciAddress: '0000:01:00.0', name: 'A100 MIG 1g.10gb' });
    expect(placesOf([slice('MIG-2'), slice('MIG-1')], [slice('MIG-1'), slice('MIG-2')])).toEqual([1, 0]);
    expect(placesOf([slice('MIG-3')], [slice('MIG-1')])).toEqual(['new']);
  });

  it('are found at once, however odd the names are that a server makes up', () => {
    const odd = Array.from({ length: 32 }, () => gpu({ name: `[${'ab/'.repeat(39)}z]` }));
    const begun = performance.now();
    // Comparing each with each over and over took a second.
    expect(
      placesOf(
        odd,
        odd.map((one) => ({ ...one })),
      ),
    ).toEqual([...odd.keys()]);
    expect(performance.now() - begun).toBeLessThan(300);
  });

  it('are by name and memory in their order where nothing else is told', () => {
    const known = [
      gpu({ uuid: 'a', name: 'NVIDIA GeForce RTX 4090', vramTotal: 24_564 }),
      gpu({ uuid: 'b', name: 'AMD Radeon Graphics', vramTotal: 512 }),
      gpu({ uuid: 'c', name: 'NVIDIA GeForce RTX 3090', vramTotal: 24_576 }),
    ];
    const stats = [
      gpu({ name: 'cuda:0 NVIDIA GeForce RTX 3090 : cudaMallocAsync', device: 0, vramTotal: 24_100 }),
      gpu({ name: 'cuda:1 NVIDIA GeForce RTX 4090 : native', device: 1, vramTotal: 24_200 }),
    ];
    expect(placesOf(stats, known)).toEqual([2, 0]);
    const twins = [gpu({ name: 'RTX 3090', uuid: 'a' }), gpu({ name: 'RTX 3090', uuid: 'b' })];
    expect(placesOf([gpu({ name: 'RTX 3090' }), gpu({ name: 'RTX 3090' })], twins)).toEqual([0, 1]);
  });

  it('of the nameless are in their order, the integrated one that has no size aside', () => {
    const known = [
      gpu({ name: 'RTX 4090', vramTotal: 24_000 }),
      gpu({ name: 'RTX 4090', vramTotal: 24_000 }),
      gpu({ name: 'UHD Graphics 770' }),
    ];
    expect(placesOf([gpu({ vramTotal: 24_000 }), gpu({ vramTotal: 24_000 })], known)).toEqual([0, 1]);
  });

  it('of one of several equal cards is where the VRAM is as full, else nobody’s', () => {
    const twin = (uuid: string, vramUsed: number) =>
      gpu({ uuid, name: 'RTX 3090', vramTotal: 24_000, vramUsed });
    const stats = (vramUsed: number) =>
      gpu({ name: 'cuda:0 RTX 3090', device: 0, vramTotal: 24_000, vramUsed });
    const known = [twin('a', 300), twin('b', 18_000)];
    expect(placesOf([stats(18_100)], known)).toEqual([1]);
    expect(placesOf([stats(9_000)], known), 'none is as full').toEqual([null]);
    expect(placesOf([stats(300)], [twin('a', 300), twin('b', 310)]), 'both are').toEqual([null]);
    // The other way round: of the cards that are found now, one was known before.
    expect(placesOf([twin('a', 300), twin('b', 18_000)], [stats(18_100)])).toEqual(['new', 0]);
    expect(placesOf([twin('a', 300), twin('b', 310)], [stats(300)])).toEqual([0, 'new']);
    // Once found, the number that PyTorch gave it decides.
    expect(placesOf([stats(300)], [twin('a', 300), { ...twin('b', 300), device: 0 }])).toEqual([1]);
  });

  it('of PyTorch’s devices are by their numbers, whatever the driver calls them', () => {
    const known = [
      gpu({ name: 'cuda:0 AMD Radeon Graphics', device: 0, vramTotal: 64_000 }),
      gpu({ name: 'cuda:1 AMD Instinct MI210', device: 1, vramTotal: 65_000 }),
    ];
    const driver = [
      gpu({
        pciAddress: '0000:03:00.0',
        name: 'Aldebaran/MI200 [Instinct MI250X/MI250]',
        device: 1,
        vramTotal: 65_500,
      }),
      gpu({ pciAddress: '0000:c4:00.0', name: 'Phoenix1', device: 0, isIntegrated: true, vramTotal: 512 }),
    ];
    expect(placesOf(driver, known)).toEqual([1, 0]);
  });

  it('are new for what is of another kind', () => {
    const known = [gpu({ name: 'RTX 4090', vramTotal: 24_000 })];
    expect(placesOf([gpu({ name: 'RTX 4060', vramTotal: 8_000 })], known)).toEqual(['new']);
    expect(placesOf([gpu({ vramTotal: 8_000 })], known)).toEqual(['new']);
    expect(placesOf([], known)).toEqual([]);
  });
});

describe('the same model', () => {
  it.each([
    ['cuda:0 NVIDIA GeForce RTX 4090 : cudaMallocAsync', 'NVIDIA GeForce RTX 4090'],
    ['xpu:0 Intel(R) Arc(TM) A770 Graphics', 'Intel Arc A770'],
    ['CUDA 0: AMD Radeon RX 7900 XTX', 'Radeon RX 7900 XTX'],
    ['Navi 31 [Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M]', 'cuda:0 AMD Radeon RX 7900 XTX : native'],
    ['xpu:0 Intel(R) Arc(TM) 140V GPU (16GB)', 'Intel Arc 140V'],
    ['AMD GPU 744c', 'AMD Radeon RX 7900 XTX'],
    ['AMD Radeon Graphics', 'AMD Radeon 890M'],
    ['NVIDIA A100-SXM4-80GB MIG 1g.10gb', 'cuda:0 NVIDIA A100-SXM4-80GB MIG 1g.10gb : native'],
  ])('%s is %s', (one, other) => {
    expect(sameName(one, other)).toBe(true);
    expect(sameName(other, one)).toBe(true);
  });

  it.each([
    ['NVIDIA GeForce RTX 4090', 'NVIDIA GeForce RTX 4090 D'],
    ['NVIDIA GeForce RTX 4060', 'NVIDIA GeForce RTX 4060 Ti'],
    ['NVIDIA GeForce RTX 4090', 'NVIDIA GeForce RTX 4090 Laptop GPU'],
    ['AMD Radeon RX 7900 XT', 'AMD Radeon RX 7900 XTX'],
    ['Navi 21 [Radeon RX 6800/6800 XT / 6900 XT]', 'AMD Radeon RX 7900 XTX'],
    ['AMD Radeon Graphics', 'NVIDIA GeForce RTX 4090'],
  ])('%s is not %s', (one, other) => {
    expect(sameName(one, other)).toBe(false);
  });

  it('has a maker', () => {
    expect(
      ['NVIDIA A100', 'Radeon VII', 'Intel(R) UHD Graphics', 'Apple M3', 'thing', null].map(makerOf),
    ).toEqual(['NVIDIA', 'AMD', 'Intel', 'Apple', null, null]);
  });
});
