const gib = 1024 ** 3;

/** A GPU that a simulated machine can have; VRAM in bytes, power in watts, temperatures in °C, clocks in MHz. */
export interface GraphicsCard {
  /** As PyTorch and drivers name it. */
  readonly name: string;
  readonly vram: number;
  readonly powerLimit: number;
  readonly temperatureLimit: number;
  readonly coreClock: number;
  readonly memoryClock: number;
  /** What measures it: NVIDIA's library, the files of Linux, or PyTorch alone. */
  readonly driver: 'nvml' | 'amdgpu' | 'pytorch';
  /** Part of the processor. */
  readonly isIntegrated?: boolean;
  /** Whether ComfyUI computes on it. Default: true. */
  readonly isUsed?: boolean;
}

function nvidia(name: string, vram: number, powerLimit: number): GraphicsCard {
  return {
    name: `NVIDIA ${name}`,
    vram: Math.round(vram * gib),
    powerLimit,
    temperatureLimit: 90,
    coreClock: 2_520,
    memoryClock: 10_501,
    driver: 'nvml',
  };
}

const radeon: GraphicsCard = {
  name: 'AMD Radeon RX 7900 XTX',
  vram: 24 * gib,
  powerLimit: 339,
  temperatureLimit: 100,
  coreClock: 2_304,
  memoryClock: 1_249,
  driver: 'amdgpu',
};

const integratedRadeon: GraphicsCard = {
  ...radeon,
  name: 'AMD Radeon Graphics',
  vram: 0.5 * gib,
  powerLimit: 30,
  coreClock: 2_200,
  isIntegrated: true,
  isUsed: false,
};

const apple: GraphicsCard = {
  name: 'Apple M3 Max',
  vram: 64 * gib,
  powerLimit: 60,
  temperatureLimit: 100,
  coreClock: 1_400,
  memoryClock: 3_200,
  driver: 'pytorch',
  isIntegrated: true,
};

const workshop = [
  nvidia('GeForce RTX 4090', 23.99, 450),
  nvidia('GeForce RTX 3090', 23.69, 350),
  nvidia('RTX A6000', 47.54, 300),
  nvidia('GeForce RTX 4060 Ti', 15.99, 165),
];
const rack = Array.from({ length: 8 }, () => nvidia('H100 80GB HBM3', 79.65, 700));

/** The GPUs of the machines that can be simulated, in the order of their drivers. */
export const machines = {
  workshop,
  pair: workshop.slice(0, 2),
  rack,
  amd: [radeon, integratedRadeon],
  apple: [apple],
} as const satisfies Record<string, readonly GraphicsCard[]>;

export type MachineName = keyof typeof machines;
