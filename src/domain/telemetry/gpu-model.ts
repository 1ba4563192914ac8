/**
 * What people call a GPU, by what drivers and PyTorch call it: `RTX 4090` for `cuda:0 NVIDIA GeForce RTX 4090 :
 * cudaMallocAsync`, `A100 · MIG 1g.10gb` for a slice; null if the name tells nothing.
 */
export function gpuModel(name: string | null): string | null {
  if (name === null) return null;
  const [, card = '', slice = null] = /^(.*?)(?:\s+(MIG\s\S+))?$/.exec(name.trim()) ?? [];
  const model = bare(card);
  if (model === '' || /^(?:cpu|mps|gpu)$/i.test(model)) return slice;
  return slice === null ? model : `${model.replace(/ \d+GB$/, '')} · ${slice}`;
}

/** Without the device's number and allocator, trade marks, makers and what goes without saying. */
function bare(name: string): string {
  const words = name
    .trim()
    .replace(/^[a-z]+:\d+(?:\s+|$)/i, '')
    .replace(/\s+:\s+\w+$/, '')
    .replace(/\((?:R|TM|C)\)|[®™]/gi, '')
    // `Navi 31 [Radeon RX 7900 XTX]` in the lists of PCI devices.
    .replace(/^.*\[(.+)\]$/, '$1')
    .replace(/^(?:NVIDIA|AMD|Advanced Micro Devices,? Inc\.?|ATI)\s+/i, '')
    .replace(/^GeForce\s+/i, '')
    .replace(/^Intel(?: Corporation)?\s+(?=Arc|Iris)/i, '')
    .replace(/\s+/g, ' ')
    .trim();
  return (
    words
      .replace(/^Intel(?: Corporation)? UHD Graphics/i, 'Intel UHD')
      .replace(/^(Arc \w+|Iris \w+) Graphics$/i, '$1')
      .replace(/-(?:SXM\d?|PCIe?|NVL)(?=-|$)/gi, '')
      // `A100-80GB`, `H100 80GB HBM3`
      .replace(/[- ](\d+GB)(?: HBM\w*)?$/i, ' $1')
      .replace(/ (?:Generation|Laptop GPU|GPU)$/i, (end) => (/Laptop/i.test(end) ? ' Laptop' : ''))
      .trim()
  );
}
