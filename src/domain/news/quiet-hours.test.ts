import { describe, expect, it } from 'vitest';
import { isQuiet, minuteOfDay, tomorrowMorning } from './quiet-hours.ts';

const at = (time: string) => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

describe('quiet hours', () => {
  it.each([
    ['13:00', '14:30', '12:59', false],
    ['13:00', '14:30', '13:00', true],
    ['13:00', '14:30', '14:29', true],
    ['13:00', '14:30', '14:30', false],
    ['22:00', '07:00', '21:59', false],
    ['22:00', '07:00', '22:00', true],
    ['22:00', '07:00', '00:00', true],
    ['22:00', '07:00', '06:59', true],
    ['22:00', '07:00', '07:00', false],
    ['09:00', '09:00', '09:00', false],
  ])('from %s until %s: at %s that is %s', (from, until, time, quiet) => {
    expect(isQuiet({ from, until }, at(time))).toBe(quiet);
  });

  it('are never when there are none', () => {
    expect(isQuiet(null, 0)).toBe(false);
  });

  it('go by the clock where the user is', () => {
    expect(minuteOfDay(new Date(2025, 5, 1, 23, 59).getTime())).toBe(at('23:59'));
  });
});

describe('tomorrow morning', () => {
  it('is at eight, also at the end of a month and just after midnight', () => {
    expect(tomorrowMorning(new Date(2025, 0, 31, 17).getTime())).toBe(new Date(2025, 1, 1, 8).getTime());
    expect(tomorrowMorning(new Date(2025, 0, 31, 0, 1).getTime())).toBe(new Date(2025, 1, 1, 8).getTime());
  });
});
