import { expect, it } from 'vitest';
import { gpuModel } from './gpu-model.ts';

it.each([
  ['cuda:0 NVIDIA GeForce RTX 4090 : cudaMallocAsync', 'RTX 4090'],
  ['NVIDIA GeForce GTX 1080 Ti', 'GTX 1080 Ti'],
  ['NVIDIA GeForce RTX 3070 Laptop GPU', 'RTX 3070 Laptop'],
  ['NVIDIA RTX 6000 Ada Generation', 'RTX 6000 Ada'],
  ['Tesla T4', 'Tesla T4'],
  ['NVIDIA A100-SXM4-80GB', 'A100 80GB'],
  ['NVIDIA H100 80GB HBM3', 'H100 80GB'],
  ['NVIDIA A100-SXM4-80GB MIG 1g.10gb', 'A100 · MIG 1g.10gb'],
  ['NVIDIA H100 80GB HBM3 MIG 1g.10gb+me', 'H100 · MIG 1g.10gb+me'],
  ['AMD Radeon RX 7900 XTX', 'Radeon RX 7900 XTX'],
  ['Navi 31 [Radeon RX 7900 XT/7900 XTX]', 'Radeon RX 7900 XT/7900 XTX'],
  ['AMD Radeon(TM) Graphics', 'Radeon Graphics'],
  ['AMD Instinct MI300X', 'Instinct MI300X'],
  ['Intel(R) Arc(TM) A770 Graphics', 'Arc A770'],
  ['Intel(R) UHD Graphics 770', 'Intel UHD 770'],
  ['Intel(R) Iris(R) Xe Graphics', 'Iris Xe'],
  ['Apple M2 Max', 'Apple M2 Max'],
  ['Something Else 9', 'Something Else 9'],
])('calls %s what people call it', (name, model) => {
  expect(gpuModel(name)).toBe(model);
});

it.each([null, 'cpu', 'mps', '  ', 'cuda:0 '])('makes no model of %j', (name) => {
  expect(gpuModel(name)).toBeNull();
});
