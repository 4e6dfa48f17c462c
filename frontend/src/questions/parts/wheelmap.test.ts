import { describe, expect, test } from "vitest";
import { HUB, lettering, RIM, sector, wheelStep } from "./wheelmap";

const SIZE = { petals: 8, rings: 3 };
const all = () => true;

const points = (d: string): [number, number][] =>
  [...d.matchAll(/(-?[\d.]+) (-?[\d.]+)(?=[LAZ])/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe("a wheel", () => {
  test("has its first petal at the top and stays within its rim", () => {
    const corners = points(sector({ petal: 0, ring: 2 }, SIZE));
    expect(corners.length).toBeGreaterThanOrEqual(4);
    for (const [x, y] of corners) {
      expect(y).toBeLessThan(0);
      expect(Math.hypot(x, y)).toBeLessThan(RIM);
      expect(Math.hypot(x, y)).toBeGreaterThan(HUB);
    }
  });

  test("never writes upside down, and writes long names smaller", () => {
    for (let petal = 0; petal < 8; petal++) {
      const turn = lettering("joy", { petal, ring: 0 }, SIZE).turn % 360;
      expect(turn <= 90 || turn >= 270).toBe(true);
    }
    const short = lettering("joy", { petal: 0, ring: 0 }, SIZE).size;
    expect(lettering("apprehensiveness", { petal: 0, ring: 0 }, SIZE).size).toBeLessThan(short);
  });
});

describe("arrows on a wheel", () => {
  test("go round without end", () => {
    expect(wheelStep({ petal: 7, ring: 1 }, "ArrowRight", SIZE, all)).toEqual({ petal: 0, ring: 1 });
    expect(wheelStep({ petal: 0, ring: 1 }, "ArrowLeft", SIZE, all)).toEqual({ petal: 7, ring: 1 });
  });

  test("go outward and inward and stop there", () => {
    expect(wheelStep({ petal: 0, ring: 1 }, "ArrowUp", SIZE, all)).toEqual({ petal: 0, ring: 2 });
    expect(wheelStep({ petal: 0, ring: 2 }, "ArrowUp", SIZE, all)).toEqual({ petal: 0, ring: 2 });
    expect(wheelStep({ petal: 0, ring: 0 }, "ArrowDown", SIZE, all)).toEqual({ petal: 0, ring: 0 });
  });

  test("jump over fields that are not there", () => {
    const has = ({ petal, ring }: { petal: number; ring: number }) => petal === 0 || ring === 2;
    expect(wheelStep({ petal: 0, ring: 0 }, "ArrowRight", SIZE, has)).toEqual({ petal: 1, ring: 2 });
    const holes = ({ ring }: { ring: number }) => ring !== 1;
    expect(wheelStep({ petal: 0, ring: 0 }, "ArrowUp", SIZE, holes)).toEqual({ petal: 0, ring: 2 });
  });

  test("other keys leave the place", () => {
    expect(wheelStep({ petal: 3, ring: 1 }, "a", SIZE, all)).toEqual({ petal: 3, ring: 1 });
  });
});
