import { expect, test } from "vitest";
import type { JsonObject } from "../../api/types";
import { OptionReader } from "../options";
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
