import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeComputer } from '../testing/fake-computer.ts';

const adapters = [
  {
    luid: '86661',
    name: 'AMD Radeon RX 7900 XTX',
    vendor: 0x1002,
    vram: '25753026560',
    shared: '34187513856',
  },
  {
    luid: '94592',
    name: 'Intel(R) UHD Graphics 770',
    vendor: 0x8086,
    vram: '134217728',
    shared: '34187513856',
  },
  { luid: '111', name: 'Microsoft Basic Render Driver', vendor: 0x1414, vram: '0', shared: '34187513856' },
  // Of a driver that was replaced.
  { luid: '222', name: 'AMD Radeon RX 580', vendor: 0x1002, vram: '8589934592', shared: '0' },
];
const memory = [
  { name: 'luid_0x00000000_0x00015285_phys_0', dedicated: '21474836480', shared: '104857600' },
  { name: 'luid_0x00000000_0x00017180_phys_0', dedicated: '0', shared: '367001600' },
  { name: 'luid_0x00000000_0x0000006F_phys_0', dedicated: '0', shared: '0' },
];
const engines = [
  { name: 'pid_9120_luid_0x00000000_0x00015285_phys_0_eng_5_engtype_Compute 0', load: '70' },
  { name: 'pid_4_luid_0x00000000_0x00015285_phys_0_eng_5_engtype_Compute 0', load: '21' },
  { name: 'pid_4_luid_0x00000000_0x00015285_phys_0_eng_0_engtype_3D', load: '60' },
];

/** Windows whose PowerShell prints these lines and stays. */
function windows(...lines: unknown[]) {
  const computer = fakeComputer();
  const said = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  computer.program(
    'powershell',
    `printf '%s' "$5" > '${computer.folder}/script'\ncat <<'E'\n${said}\nE\nexec sleep 60`,
  );
  return computer;
}

// The programs that these tests make are scripts of a shell.
const onUnix = describe.skipIf(process.platform === 'win32');

onUnix('GPUs of Windows without nvidia-smi', () => {
  it('are measured by the counters of the system, the load as the task manager shows it', async () => {
    const computer = windows({ adapters, memory, engines });
    const { gpus, ramTotal } = await computer.reading((reading) => reading.gpus.length > 0, {
      platform: 'win32',
    });
    expect(ramTotal).toBeGreaterThan(0);
    expect(gpus).toMatchObject([
      {
        name: 'AMD Radeon RX 7900 XTX',
        loadPercent: 91,
        vramUsed: 21_474_836_480,
        vramTotal: 25_753_026_560,
        sharedUsed: 104_857_600,
        temperatureC: null,
        missing: { temperatureC: 'Windows does not tell it', powerWatts: 'Windows does not tell it' },
      },
      { name: 'Intel(R) UHD Graphics 770', loadPercent: 0, sharedUsed: 367_001_600 },
    ]);
    expect(gpus).toHaveLength(2);
    const script = readFileSync(join(computer.folder, 'script'), 'utf8');
    expect(script).toContain(`Get-Process -Id ${process.pid}\n`);
    expect(script).not.toContain('"');
  });

  it('lose nothing but an entry that cannot be read', async () => {
    const odd = { luid: 'x', name: 7 };
    const computer = windows('WARNING: something else', {
      adapters: [odd, ...adapters],
      memory: [odd, ...memory],
      engines: [odd, null, ...engines],
    });
    const { gpus } = await computer.reading((reading) => reading.gpus.length > 0, { platform: 'win32' });
    expect(gpus.map(({ loadPercent }) => loadPercent)).toEqual([91, 0]);
  });

  it('are unmeasured, and that is logged once, while the counters fail', async () => {
    const failed = { error: 'Invalid class ' };
    const computer = windows({ adapters, memory, engines }, failed, failed);
    const { gpus } = await computer.reading((reading) => reading.gpus[0]?.missing.all !== undefined, {
      platform: 'win32',
    });
    expect(gpus[0]).toMatchObject({ name: 'AMD Radeon RX 7900 XTX', loadPercent: null, vramUsed: null });
    expect(computer.log.filter((line) => line.includes('Invalid class'))).toEqual([
      'GPUs are not measured now: Windows says “Invalid class”',
    ]);
  });

  it('are none where PowerShell cannot be run', async () => {
    const computer = fakeComputer();
    const { gpus } = await computer.reading(() => true, { platform: 'win32' });
    expect(gpus).toEqual([]);
    expect(computer.log).toContain('GPUs are not measured now: it cannot be started (ENOENT)');
  });
});
