import { type Bitmap, dot, type Ink } from './raster.ts';

/** Lettering drawn pixel by pixel: at these sizes an outline font would only be a blur. */
interface Font {
  width: number;
  height: number;
  /** One string per row, `#` for a pixel, by character. */
  glyphs: Readonly<Record<string, readonly string[]>>;
}

const small: Font = {
  width: 3,
  height: 5,
  glyphs: {
    0: ['###', '#.#', '#.#', '#.#', '###'],
    1: ['.#.', '##.', '.#.', '.#.', '###'],
    2: ['###', '..#', '###', '#..', '###'],
    3: ['###', '..#', '.##', '..#', '###'],
    4: ['#.#', '#.#', '###', '..#', '..#'],
    5: ['###', '#..', '###', '..#', '###'],
    6: ['###', '#..', '###', '#.#', '###'],
    7: ['###', '..#', '..#', '.#.', '.#.'],
    8: ['###', '#.#', '###', '#.#', '###'],
    9: ['###', '#.#', '###', '..#', '###'],
    '+': ['...', '.#.', '###', '.#.', '...'],
  },
};

const large: Font = {
  width: 5,
  height: 7,
  glyphs: {
    0: ['.###.', '##.##', '##.##', '##.##', '##.##', '##.##', '.###.'],
    1: ['..##.', '.###.', '..##.', '..##.', '..##.', '..##.', '.####'],
    2: ['.###.', '##.##', '...##', '..##.', '.##..', '##...', '#####'],
    3: ['.###.', '##.##', '...##', '..##.', '...##', '##.##', '.###.'],
    4: ['...##', '..###', '.####', '##.##', '#####', '...##', '...##'],
    5: ['#####', '##...', '####.', '...##', '...##', '##.##', '.###.'],
    6: ['.###.', '##...', '####.', '##.##', '##.##', '##.##', '.###.'],
    7: ['#####', '...##', '...##', '..##.', '..##.', '.##..', '.##..'],
    8: ['.###.', '##.##', '##.##', '.###.', '##.##', '##.##', '.###.'],
    9: ['.###.', '##.##', '##.##', '##.##', '.####', '...##', '.###.'],
    '+': ['.....', '..#..', '..#..', '#####', '..#..', '..#..', '.....'],
  },
};

/** A way to set a text; measures in pixels. */
export interface Lettering {
  width: number;
  height: number;
  draw(bitmap: Bitmap, left: number, top: number, ink: Ink): void;
}

/** The largest way to set `text` (digits and `+`) within the room given, in pixels. */
export function fitLettering(text: string, room: { width: number; height: number }): Lettering {
  const ways = [1, 2, 3, 4].flatMap((scale) => [letter(text, small, scale), letter(text, large, scale)]);
  const fitting = ways.filter((way) => way.width <= room.width && way.height <= room.height);
  return fitting.sort((a, b) => b.height - a.height)[0] ?? letter(text, small, 1);
}

function letter(text: string, font: Font, scale: number): Lettering {
  const advance = (font.width + 1) * scale;
  return {
    width: text.length * advance - scale,
    height: font.height * scale,
    draw(bitmap, left, top, ink) {
      [...text].forEach((character, index) => {
        (font.glyphs[character] ?? []).forEach((row, y) => {
          [...row].forEach((pixel, x) => {
            if (pixel !== '#') return;
            for (let dy = 0; dy < scale; dy += 1)
              for (let dx = 0; dx < scale; dx += 1)
                dot(bitmap, left + index * advance + x * scale + dx, top + y * scale + dy, ink);
          });
        });
      });
    },
  };
}
