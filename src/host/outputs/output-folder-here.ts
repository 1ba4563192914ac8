import type { ComfyRest } from '../../comfy/rest/comfy-rest.ts';
import type { Server } from '../../domain/server.ts';
import { outputFolders } from './output-folder.ts';

/**
 * The folder in which a server that runs on this computer keeps its outputs: what the user chose, or the first that its
 * command line or its folders lead to. Null if nothing does. Never rejects.
 */
export async function outputFolderHere(
  { outputFolder }: Pick<Server, 'outputFolder'>,
  rest: Pick<ComfyRest, 'customNodeFolders'>,
  argv: readonly string[],
): Promise<string | null> {
  if (outputFolder !== null) return outputFolder;
  const [named] = outputFolders(argv, []);
  if (named !== undefined) return named;
  const customNodes = await rest.customNodeFolders().catch(() => []);
  return outputFolders(argv, customNodes)[0] ?? null;
}
