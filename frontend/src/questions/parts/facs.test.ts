import { describe, expect, test } from "vitest";
import {
  type Asked,
  answerOfCodes,
  type Coded,
  codesOf,
  extentOf,
  lackOf,
  MOMENTS,
  readCode,
  timesSeen,
  USUAL_SIDES,
} from "./facs";

const ASKED: Asked = {
  units: [
    { key: "AU12", name: "Corner up", part: "lower", sides: true },
    { key: "AU25", name: "Lips apart", part: "mouth", sides: false },
    { key: "AD19", name: "Tongue shown", part: "descriptor", sides: false },
  ],
  intensity: true,
  sides: true,
  sideChoices: USUAL_SIDES,
  moments: [],
};

describe("codes as coders write them", () => {
  test("say unit, side and intensity", () => {
    expect(readCode("12", ASKED)).toEqual({ unit: "AU12", side: "both" });
    expect(readCode(" L12c", ASKED)).toEqual({ unit: "AU12", side: "left", intensity: "C" });
    expect(readCode("rAU12E", ASKED)).toEqual({ unit: "AU12", side: "right", intensity: "E" });
    expect(readCode("ad19B", ASKED)).toEqual({ unit: "AD19", intensity: "B" });
  });

  test("are refused where they are no code of the question", () => {
    for (const text of ["", "1", "12F", "L25A", "T12", "AU", "12 C"])
      expect(readCode(text, ASKED)).toBeNull();
    expect(readCode("12C", { ...ASKED, intensity: false })).toBeNull();
    expect(readCode("L12", { ...ASKED, sides: false })).toBeNull();
  });
});

test("other sides are coded where they are offered, and none is taken for granted there", () => {
  const asked: Asked = { ...ASKED, sideChoices: ["left", "right", "top", "bottom"] };
  expect(readCode("T12", asked)).toEqual({ unit: "AU12", side: "top" });
  expect(readCode("12A", asked)).toEqual({ unit: "AU12", intensity: "A" });
  expect(lackOf([{ unit: "AU12", intensity: "A" }], 0, asked)).toBe("side");
});

describe("a code is whole", () => {
  const whole: Coded = { unit: "AU12", side: "both", intensity: "A" };

  test("when all that is asked is there", () => {
    expect(lackOf([whole], 0, ASKED)).toBeNull();
    expect(lackOf([{ unit: "AU12", side: "both" }], 0, ASKED)).toBe("intensity");
    expect(lackOf([{ unit: "AU12", intensity: "A" }], 0, ASKED)).toBe("side");
    const timed = { ...ASKED, moments: MOMENTS };
    expect(lackOf([{ ...whole, onset_s: 1, apex_s: 2 }], 0, timed)).toBe("offset_s");
    expect(lackOf([{ ...whole, onset_s: 1, apex_s: 3, offset_s: 2 }], 0, timed)).toBe("order");
  });

  test("and when it is not there already", () => {
    expect(lackOf([whole, { ...whole, side: "left" }], 1, ASKED)).toBe("double");
    expect(
      lackOf(
        [
          { ...whole, side: "right" },
          { ...whole, side: "left" },
        ],
        1,
        ASKED,
      ),
    ).toBeNull();
    const early = { ...whole, onset_s: 0, apex_s: 0.5, offset_s: 1 };
    const late = { ...whole, onset_s: 1, apex_s: 1.5, offset_s: 2 };
    const timed = { ...ASKED, moments: MOMENTS };
    expect(lackOf([early, late], 1, timed)).toBeNull();
    expect(lackOf([early, { ...late, onset_s: 0.9 }], 1, timed)).toBe("double");
  });

  test("comes back from an answer as it went in", () => {
    expect(codesOf(answerOfCodes([whole]))).toEqual([whole]);
    expect(codesOf(null)).toBeNull();
  });
});

test("a code lasts from its first to its last moment, where it has any", () => {
  expect(extentOf({ unit: "AU12", onset_s: 1, apex_s: 2, offset_s: 4 })).toEqual({ from_s: 1, to_s: 4 });
  expect(extentOf({ unit: "AU12", apex_s: 2 })).toEqual({ from_s: 2, to_s: 2 });
  expect(extentOf({ unit: "AU12", onset_s: 0, apex_s: 2 })).toEqual({ from_s: 0, to_s: 2 });
  expect(extentOf({ unit: "AU12" })).toBeNull();
});

test("a unit that a rater coded twice was seen by one rater", () => {
  const left: Coded = { unit: "AU12", side: "left" };
  expect(timesSeen("AU12", [[left, { ...left, side: "right" }], [{ unit: "AU25" }], [left]])).toBe(2);
  expect(timesSeen("AU12", [])).toBe(0);
});
