import { expect, test } from "vitest";
import type { Item, JsonObject } from "../../api/types";
import { OptionReader } from "../options";
import { frameAt } from "./frame";
import { readFacsOptions } from "./options";
import { problemOf } from "./told";

const units = [{ key: "AU12", name: "Lip corner puller", part: "lower", sides: true }];
const read = (options: JsonObject) =>
  readFacsOptions(new OptionReader({ key: "q", options: { units, ...options } }));

test("timing says which moments are asked", () => {
  expect(read({}).moments).toEqual([]);
  expect(read({ timing: "apex" }).moments).toEqual(["apex_s"]);
  expect(read({ timing: "events", neutral_s: 0 })).toMatchObject({
    moments: ["onset_s", "apex_s", "offset_s"],
    neutral_s: 0,
  });
  expect(() => read({ timing: "frames" })).toThrow('option "timing"');
});

test("the first thing that a code lacks is told with its unit", () => {
  const asked = read({ timing: "apex" });
  expect(problemOf([{ unit: "AU12", side: "both" }], asked)).toBe("AU12 has no intensity yet.");
  const done = { unit: "AU12", side: "both", intensity: "C", apex_s: 1 } as const;
  expect(problemOf([done], asked)).toBeNull();
  expect(problemOf([done, done], asked)).toContain("twice");
});

test("the neutral frame is the picture due then, or that second of the item's stretch of its film", () => {
  const shown = (url: string, more: Partial<Item> = {}) =>
    ({
      media: { proxy: { url, media_type: "" } },
      onset_s: null,
      parts: [],
      frames_s: [],
      ...more,
    }) as unknown as Item;
  const parts = [0, 1.5].map((onset_s) => ({ onset_s, item: shown(`picture at ${onset_s}`) }));
  expect(frameAt({ kind: "sequence", frames_s: [], parts } as unknown as Item, 1.4)).toEqual({
    picture: "picture at 0",
  });
  expect(frameAt(shown("film", { kind: "video", onset_s: 10 }), 1.5)).toEqual({ film: "film", at_s: 11.5 });
});
