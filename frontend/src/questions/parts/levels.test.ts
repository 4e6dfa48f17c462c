import { describe, expect, test } from "vitest";
import { seeded } from "../../testing/random";
import { append, down, dropOn, type Levels, levelsOf, ranksOf, remove, toggleTie, up } from "./levels";

const ABC: Levels = [["a"], ["b"], ["c"]];

describe("levels of a ranking", () => {
  test("up and down swap neighbours and stop at the ends", () => {
    expect(up(ABC, "b")).toEqual([["b"], ["a"], ["c"]]);
    expect(down(ABC, "b")).toEqual([["a"], ["c"], ["b"]]);
    expect(up(ABC, "a")).toEqual(ABC);
    expect(down(ABC, "c")).toEqual(ABC);
  });

  test("a tie is joined and left again", () => {
    const tied = toggleTie(ABC, "b");
    expect(tied).toEqual([["a", "b"], ["c"]]);
    expect(ranksOf(tied)).toEqual({ a: 1, b: 1, c: 2 });
    expect(toggleTie(tied, "b")).toEqual(ABC);
    expect(toggleTie(ABC, "a")).toEqual(ABC);
    expect(toggleTie([["a"], ["b", "c"]], "b")).toEqual([["a", "b"], ["c"]]);
    expect(up(tied, "b")).toEqual([["b"], ["a"], ["c"]]);
    expect(down(tied, "a")).toEqual([["b"], ["a"], ["c"]]);
  });

  test("a dropped one takes the place of the one below it", () => {
    expect(dropOn(ABC, "a", "c")).toEqual([["b"], ["c"], ["a"]]);
    expect(dropOn(ABC, "c", "a")).toEqual([["c"], ["a"], ["b"]]);
    expect(dropOn(ABC, "a", "a")).toEqual(ABC);
  });

  test("whatever is done, ranks count from 1 without a gap and come back as the same levels", () => {
    const random = seeded(3);
    const order = ["a", "b", "c", "d", "e"];
    const pick = () => order[Math.floor(random() * order.length)] ?? "a";
    let levels: Levels = [];
    for (let i = 0; i < 3000; i++) {
      const name = pick();
      const known = levels.flat().includes(name);
      const moves = [up, down, toggleTie, remove];
      const move = moves[Math.floor(random() * moves.length)] ?? up;
      levels = known ? move(levels, name) : append(levels, name);
      const ranks = ranksOf(levels);
      const used = [...new Set(Object.values(ranks))].sort();
      expect(used).toEqual(used.map((_, index) => index + 1));
      expect(ranksOf(levelsOf(ranks, order))).toEqual(ranks);
    }
  });
});
