import { expect, it } from 'vitest';
import { createLogFollowers } from './log-followers.ts';

it('a log is asked for once, and no longer when the last page that looks at it is gone', () => {
  const asked: boolean[] = [];
  const followers = createLogFollowers((serverId, on) => {
    if (serverId === 's') asked.push(on);
  });
  const [one, two] = [{}, {}];
  followers.follow(one, 's', true);
  followers.follow(two, 's', true);
  expect(asked).toEqual([true]);
  followers.follow(one, 's', false);
  expect(asked).toEqual([true]);
  followers.leave(two);
  expect(asked).toEqual([true, false]);
  followers.follow(one, 'gone', true);
  followers.leave(one);
  expect(asked).toEqual([true, false]);
});
