import { connect } from 'node:tls';
import { isSameAddress } from '../../comfy/link/address.ts';
import { connectionProblem } from '../../comfy/link/connection-problem.ts';
import { trySocket } from '../../comfy/link/reconnecting-socket.ts';
import type { ServerAccess } from '../../comfy/link/server-access.ts';
import { socketProblem } from '../../comfy/link/server-link.ts';
import { factsOf } from '../../comfy/machine/telemetry-reader.ts';
import { ComfyRest } from '../../comfy/rest/comfy-rest.ts';
import { redactionOf } from '../../comfy/rest/redaction.ts';
import { RestError } from '../../comfy/rest/rest-request.ts';
import { harmless } from '../../comfy/wire/wire-values.ts';
import {
  type PresentedCertificate,
  type ServerTest,
  serverTestSchema,
} from '../../contract/server-details.ts';
import { canRunCompanion } from '../../domain/companion.ts';
import { defaultServerUrl } from '../../domain/server-address.ts';
import { causeText } from '../../domain/text/cause-text.ts';

/** Asks a server who it is, without watching it. Never rejects. */
export async function testServer(access: ServerAccess): Promise<ServerTest> {
  const found = await ask(access);
  return redactionOf(access.headers).value(found, (safe) => serverTestSchema.parse(safe));
}

async function ask(access: ServerAccess): Promise<ServerTest> {
  const rest = new ComfyRest({ access });
  const startedAt = performance.now();
  try {
    const stats = await rest.systemStats();
    const roundTrip = performance.now() - startedAt;
    const [crystools, companionVersion, socket] = await Promise.all([
      rest.hasCrystools(),
      rest.companionVersion().catch(() => null),
      trySocket(access),
    ]);
    return {
      ok: true,
      comfyVersion: stats.comfyVersion,
      devices: stats.devices,
      crystools: crystools ? 'present' : 'absent',
      companion: companionVersion === null ? 'absent' : 'present',
      companionVersion,
      canRunCompanion: canRunCompanion(factsOf(stats)),
      roundTrip,
      socket: socket && socketProblem(socket),
    };
  } catch (cause) {
    const problem =
      cause instanceof RestError ? cause.problem : connectionProblem('unreachable', causeText(cause));
    const certificate = problem.kind === 'tls' ? await presentedCertificate(access.url) : null;
    return { ok: false, problem, certificate };
  }
}

/** The addresses that ComfyUI itself and its desktop app use on this computer. */
const usualAddresses = [defaultServerUrl, 'http://127.0.0.1:8000'];

/** Looks for servers on this computer that are not among those `watched`. Nothing is added by itself. */
export async function findServers(
  watched: readonly string[],
  addresses: readonly string[] = usualAddresses,
): Promise<{ url: string; comfyVersion: string | null }[]> {
  const looked = await Promise.all(
    addresses
      .filter((url) => !watched.some((known) => isSameAddress(known, url)))
      .map(async (url) => {
        const rest = new ComfyRest({ access: { url, headers: {}, certificate: null } });
        const stats = await rest.systemStats({ signal: AbortSignal.timeout(3_000) }).catch(() => null);
        return stats ? [{ url, comfyVersion: stats.comfyVersion }] : [];
      }),
  );
  return looked.flat();
}

/** The certificate that a server presents, whoever vouches for it; null if there is none. */
function presentedCertificate(url: string): Promise<PresentedCertificate | null> {
  const { hostname, port } = new URL(url);
  return new Promise((done) => {
    // Nothing but the handshake happens here; no secret is sent to a server that no known authority vouches for.
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? 443 : Number(port),
      servername: /^[\d.]+$|:/.test(hostname) ? '' : hostname,
      rejectUnauthorized: false,
      timeout: 5_000,
    });
    const end = (certificate: PresentedCertificate | null) => {
      socket.destroy();
      done(certificate);
    };
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      end(
        certificate
          ? {
              pem: certificate.toString(),
              fingerprint: certificate.fingerprint256,
              subject: harmless(certificate.subject ?? '', 500),
              validUntil: certificate.validToDate.getTime(),
            }
          : null,
      );
    });
    socket.once('error', () => end(null));
    socket.once('timeout', () => end(null));
  });
}
