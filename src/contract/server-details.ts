import { z } from 'zod';
import {
  authenticationSchema,
  connectionProblemSchema,
  deviceSchema,
  maxLoginHeaders,
  presenceSchema,
  serverColors,
} from '../domain/server.ts';

const secretSchema = z
  .string()
  .max(8_192)
  .regex(/^\P{Cc}*$/u);

/** What can be set about a server besides its address and name. */
export const serverDetailsSchema = z.object({
  /** Null takes the next colour that is free. */
  color: z.enum(serverColors).nullable(),
  authentication: authenticationSchema,
  /** Token, password or header value; null keeps the one that is stored. Never sent back to a page. */
  secret: secretSchema.nullable(),
  /** The values of the further headers in their order; null keeps the one that is stored for that name. */
  moreSecrets: z
    .array(secretSchema.nullable())
    .max(maxLoginHeaders - 1)
    .optional(),
  certificate: z.string().max(20_000).nullable(),
  /** One that the server has already, or that `chooseOutputFolder` gave; null for none. */
  outputFolder: z.string().min(1).max(4_096).nullable(),
});
export type ServerDetails = z.infer<typeof serverDetailsSchema>;

/** A certificate that a server presented and no known authority vouches for. */
const presentedCertificateSchema = z.object({
  pem: z.string().max(20_000),
  /** SHA-256 in hexadecimal pairs, as browsers show it. */
  fingerprint: z.string(),
  /** Who it was made out to. */
  subject: z.string(),
  /** Ms since the epoch. */
  validUntil: z.number(),
});
export type PresentedCertificate = z.infer<typeof presentedCertificateSchema>;

/** What a connection test found out. */
export const serverTestSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    comfyVersion: z.string().nullable(),
    devices: z.array(deviceSchema),
    crystools: presenceSchema,
    companion: presenceSchema,
    companionVersion: z.string().nullable(),
    /** Whether it could run the companion node. */
    canRunCompanion: z.boolean().optional(),
    /** From request to answer, ms. */
    roundTrip: z.number(),
    /** What keeps the socket from getting through; null if nothing does. */
    socket: connectionProblemSchema.nullable(),
  }),
  z.object({
    ok: z.literal(false),
    problem: connectionProblemSchema,
    /** Offered to be trusted, when the problem is that no known authority vouches for it. */
    certificate: presentedCertificateSchema.nullable(),
  }),
]);
export type ServerTest = z.infer<typeof serverTestSchema>;

/** Where a server's companion node belongs, or one sentence that says why it cannot be put there. */
export const companionPlaceSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), path: z.string() }),
  z.object({ ok: z.literal(false), reason: z.string() }),
]);
export type CompanionPlace = z.infer<typeof companionPlaceSchema>;
