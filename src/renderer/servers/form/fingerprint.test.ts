import { expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';

it('is the SHA-256 of the bytes inside, whatever their lines', async () => {
  // The SHA-256 of "abc", from FIPS 180-4: any bytes will do.
  expect(await fingerprintOf(`-----BEGIN CERTIFICATE-----\nYW\nJj\n-----END CERTIFICATE-----\n`)).toBe(
    'BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD',
  );
});

it('is refused for what is no certificate', async () => {
  await expect(fingerprintOf('-----BEGIN CERTIFICATE-----\n§\n-----END')).rejects.toThrow();
});
