import { expect, test } from "vitest";
import type { JsonObject, Part } from "../../api/types";
import { OptionReader } from "../options";
import type { Segment } from "../parts/timeline";
import { attributesOf, readSegmentOptions, rulesOf } from "./options";
import { edgesOf, lacks, timeOf } from "./told";

const read = (options: JsonObject) =>
  readSegmentOptions(
    new OptionReader({ key: "q", options: { labels: [{ key: "a", name: "A" }], ...options } }),
  );
const segment: Segment = { label: "a", start_s: 1, end_s: null, apex_s: null, attributes: {} };

test("segments snap to the frames of this item, to steps, or to nothing", () => {
  const film = {
    kind: "video" as const,
    duration_s: 10,
    frame_rate_hz: 25,
    parts: [],
    samples: null,
    frames_s: [],
  };
  expect(rulesOf(read({ snap: "frames" }), film)).toMatchObject({ duration_s: 10, step_s: 0.04 });
  expect(rulesOf(read({ snap: "step", step_s: 0.2 }), film)).toMatchObject({ step_s: 0.2 });
  expect(rulesOf(read({ max_segments: 2 }), film)).toMatchObject({ step_s: null, most: 2, overlap: "none" });
});

test("on images in a row, the frames are where each image begins", () => {
  const part = (onset_s: number) => ({ onset_s, item: { media: {} } }) as Part;
  const parts = [part(1.5), part(0)];
  const row = {
    kind: "sequence" as const,
    duration_s: 3,
    frame_rate_hz: null,
    parts,
    samples: null,
    frames_s: [],
  };
  expect(rulesOf(read({ snap: "frames" }), row).marks_s).toEqual([0, 1.5]);
  expect(rulesOf(read({}), row).marks_s).toBeUndefined();
});

test("on a film whose frames come unevenly, the frames are where each begins", () => {
  const frames_s = [0.01, 0.05, 0.4];
  const film = {
    kind: "video" as const,
    duration_s: 1,
    frame_rate_hz: 5,
    parts: [],
    samples: null,
    frames_s,
  };
  expect(rulesOf(read({ snap: "frames" }), film).marks_s).toEqual(frames_s);
  expect(rulesOf(read({}), film).marks_s).toBeUndefined();
});

test("on a recording, steps are its samples, which count from the first of its file", () => {
  const samples = { rate_hz: 256, first_s: -0.001 };
  const item = {
    kind: "eeg" as const,
    duration_s: 10,
    frame_rate_hz: null,
    parts: [],
    samples,
    frames_s: [],
  };
  expect(rulesOf(read({ snap: "samples" }), item)).toMatchObject({
    step_s: 1 / 256,
    from_s: -0.001,
    samples: true,
  });
  expect(rulesOf(read({}), item)).toMatchObject({ step_s: null });
});

test("options that no page can show are named", () => {
  expect(() => read({ labels: [] })).toThrow('option "labels" must be a list with at least one label');
  expect(() => read({ apex: "often" })).toThrow('"none" or "optional" or "required"');
});

test("an attribute may be one of those who are marked in the item", () => {
  const options = read({ attributes: [{ key: "who", name: "Who", people: true }] });
  const people = [{ name: "Ann", boxes: [] }];
  expect(attributesOf(options, { people })[0]?.choices.map(({ key }) => key)).toEqual(["Ann"]);
});

test("a segment lacks what is asked of each, its strongest moment first", () => {
  const choices = [{ key: "low", name: "Low" }];
  const options = read({ apex: "required", attributes: [{ key: "level", name: "Level", choices }] });
  expect(lacks(segment, options)).toBe("its strongest moment");
  expect(lacks({ ...segment, apex_s: 2 }, options)).toBe("Level");
  expect(lacks({ ...segment, apex_s: 2, attributes: { level: "low" } }, options)).toBeNull();
});

test("edges stand in order of time; a missing end goes on", () => {
  expect(edgesOf(read({}))).toEqual(["start_s", "end_s"]);
  expect(edgesOf(read({ apex: "optional" })).map((edge) => timeOf(segment, edge))).toEqual([
    "0:01.000",
    "–",
    "goes on",
  ]);
});
