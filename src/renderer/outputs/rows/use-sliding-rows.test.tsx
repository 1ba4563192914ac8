import { render } from '@testing-library/react';
import { useRef } from 'react';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { GalleryMeasures } from './output-rows.ts';
import { useSlidingRows } from './use-sliding-rows.ts';

const measures: GalleryMeasures = { width: 320, height: 100, gap: 8, narrowest: 112 };
const narrower: GalleryMeasures = { ...measures, width: 240 };

/** Each row of jobs below the last, as a gallery has them. */
function Gallery({ rows, size }: { rows: string[][]; size: GalleryMeasures }) {
  const container = useRef<HTMLDivElement>(null);
  useSlidingRows(container, { rows, measures: size });
  return (
    <div ref={container}>
      {rows.flat().map((id) => (
        <div key={id} id={id} className="output-group" />
      ))}
    </div>
  );
}

/** A gallery of one job a row, 108 px each, and what slid in it since: job, and from where. */
function openGallery(wantsMotion: boolean) {
  const moves: string[] = [];
  vi.stubGlobal('Animation', class {});
  vi.stubGlobal('matchMedia', (query: string) => ({ media: query, matches: !wantsMotion }));
  vi.spyOn(HTMLElement.prototype, 'offsetTop', 'get').mockImplementation(function (this: HTMLElement) {
    return [...(this.parentElement?.children ?? [])].indexOf(this) * 108;
  });
  const { animate } = HTMLElement.prototype;
  onTestFinished(() => {
    HTMLElement.prototype.animate = animate;
  });
  HTMLElement.prototype.animate = function (this: HTMLElement, frames) {
    const from = Array.isArray(frames) ? frames[0]?.translate : undefined;
    moves.push(`${this.id} from ${from}`);
    return new Animation();
  };
  const { rerender } = render(<Gallery rows={[['b'], ['a']]} size={measures} />);
  return {
    moves,
    show: (rows: string[][], size = measures) => rerender(<Gallery rows={rows} size={size} />),
  };
}

it('lets jobs slide from where they were when others came in, and nothing else', () => {
  const { moves, show } = openGallery(true);
  expect(moves).toEqual([]);
  show([['c'], ['b'], ['a']]);
  expect(moves).toEqual(['b from 0px -108px', 'a from 0px -108px']);
  show([['c'], ['b'], ['a'], ['older']]);
  expect(moves).toHaveLength(2);
});

it('moves nothing for whoever wants no motion', () => {
  const { moves, show } = openGallery(false);
  show([['c'], ['b'], ['a']]);
  expect(moves).toEqual([]);
});

it('puts jobs anew in another width, and slides again in that', () => {
  const { moves, show } = openGallery(true);
  show([['c'], ['b'], ['a']], narrower);
  expect(moves).toEqual([]);
  show([['d'], ['c'], ['b'], ['a']], narrower);
  expect(moves).toHaveLength(3);
});
