/** How often words change of which only the numbers do, ms: who reads them reads on. */
export const numbersRest = 5_000;

/** Whether words in a place that a desktop draws anew for each change are to be replaced by others, `age` ms after they were. */
export function areWordsDue(shown: string, next: string, age: number): boolean {
  return shown !== next && (withoutNumbers(shown) !== withoutNumbers(next) || age >= numbersRest);
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, '0');
}
