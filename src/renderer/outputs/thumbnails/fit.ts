/** Whether a picture fills a place of nearly its shape (width ÷ height) without a loss that shows. */
export function isAlike(ratio: number, place: number): boolean {
  return Math.abs(Math.log(ratio / place)) < 0.04;
}
