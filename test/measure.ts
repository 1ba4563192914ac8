/** Waits for something and prints how long it took: how fast it is matters, on any machine. */
export async function measure(what: string, wait: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await wait();
  const took = Math.round(performance.now() - startedAt);
  process.stderr.write(`measured: ${what}: ${took} ms\n`);
  return took;
}
