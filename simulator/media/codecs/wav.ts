import { Random } from '../../random.ts';

const rate = 22_050;

/** A soft chord as a mono WAV file (PCM, 16 bits), another one for every seed. */
export function encodeChord(seed: number, seconds: number): Buffer {
  const random = new Random(seed);
  const root = 110 * 2 ** (random.integer(12) / 12);
  const voices = [1, random.pick([1.189, 1.26]), 1.498, 2].map((ratio) => root * ratio);
  const count = Math.max(1, Math.round(rate * Math.min(10, seconds)));
  const file = Buffer.alloc(44 + count * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + count * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(count * 2, 40);
  for (let index = 0; index < count; index += 1) {
    const time = index / rate;
    const swell = Math.sin((Math.PI * index) / count) ** 0.7;
    const sum = voices.reduce((total, pitch) => total + Math.sin(2 * Math.PI * pitch * time), 0);
    file.writeInt16LE(Math.round((sum / voices.length) * swell * 12_000), 44 + index * 2);
  }
  return file;
}
