import { describe, expect, it } from "vitest";
import { leftToPlay, PlayLog } from "./playlog";

const played = (...ends: readonly (readonly [number, number])[]) =>
  ends.map(([from_s, to_s]) => ({ from_s, to_s }));

describe("the log of what was played", () => {
  it("follows the medium while it plays, and goes on after a pause", () => {
    const log = new PlayLog([]);
    for (const [s, playing] of [
      [0, true],
      [1, true],
      [1.1, false],
      [1.1, true],
      [2, false],
    ] as const)
      log.at(s, playing);
    expect(log.stretches).toEqual(played([0, 2]));
  });

  it("begins where the medium stood, however late that is heard of", () => {
    const log = new PlayLog([]);
    log.at(0, false);
    log.at(0.8, true);
    log.at(3, false);
    expect(log.stretches).toEqual(played([0, 3]));
  });

  it("leaves out what was leapt over, and keeps what was played again", () => {
    const log = new PlayLog(played([0, 1]));
    log.at(0, true);
    log.at(2, true);
    log.leap();
    log.at(8, true);
    log.at(9, false);
    expect(log.stretches).toEqual(played([0, 1], [0, 2], [8, 9]));
  });
});

describe("what is left to play", () => {
  it("is nothing where less is missing than players lose", () => {
    expect(leftToPlay({ times: 1 }, played([0, 9.2]), 10)).toBe(0);
    expect(leftToPlay({ times: 1 }, played([0, 8.5]), 10)).toBeCloseTo(1.5);
    expect(leftToPlay({ times: 1 }, played([0, 0.8]), 1)).toBeCloseTo(0.2);
  });

  it("counts each time through", () => {
    expect(leftToPlay({ times: 2 }, played([0, 10], [0, 4]), 10)).toBeCloseTo(6);
    expect(leftToPlay({ times: 2 }, played([0, 10], [0, 5], [5, 10]), 10)).toBe(0);
    // The same five seconds four times are not the whole twice.
    expect(leftToPlay({ times: 2 }, played([0, 5], [0, 5], [0, 5], [0, 5]), 10)).toBeCloseTo(10);
  });

  it("counts a second of the medium once where seconds are asked for", () => {
    expect(leftToPlay({ seconds: 5 }, played([0, 2], [0, 2], [4, 5]), 10)).toBeCloseTo(2);
    expect(leftToPlay({ seconds: 30 }, played([0, 10]), 10)).toBe(0);
  });
});
