/** What is called so in every language. */
const names = `ComfyUI Comfy Monitor KSampler Crystools PyTorch Python GitHub Electron Chromium Node SHA-256 HTTP REST URL IP
  GPU GPUs CPU RAM VRAM CFG LoRA LoRAs PNG CSV UUID ID B kB KiB MB MiB GB GiB TB TiB it s ms min h W Wh kWh MHz °C Ctrl Alt Esc`;
/** Words that German has of English, or both of the same root. */
export const alsoGerman =
  'Demo optional in Swap Server Header Orange Version Name System Updates Update Downloads Token Seed Prompt Prompts Workflow Sampler Text Details Status Video Audio Animation Min Max Model Port Linux Windows Traceback';

/** Whether a text holds words besides names; values and tags are none. */
export function hasWords(text: string, others = ''): boolean {
  const known = new Set(`${names} ${others}`.split(/\s+/));
  return text
    .replace(/\{[^{}]*\}|<[^>]*>/g, ' ')
    .split(/[^\p{L}\p{N}°-]+/u)
    .some((word) => /\p{L}/u.test(word) && !known.has(word));
}
