import { describe, expect, it } from "vitest";
import { blocksOf } from "../parts/Changelog";
import { criteriaOf, written } from "./criteria";
import { toCsv } from "./csv";
import { bytes, clock, figure, MISSING, measureName, percent, plural, span, words } from "./format";
import { keyOf, marksOf, supportOf, whereIs } from "./marks";
import { paceOf, withMark } from "./pace";
import { dimensionsOf } from "./questions";

describe("figures", () => {
  it("have a true minus sign and no negative zero", () => {
    expect(figure(-0.126)).toBe("−0.13");
    expect(figure(-0.001)).toBe("0.00");
    expect(figure(2, 0)).toBe("2");
  });

  it("are a dash where there is no number", () => {
    for (const value of [null, undefined, Number.NaN]) expect(figure(value)).toBe(MISSING);
    expect(percent(null)).toBe(MISSING);
  });
});

describe("the axes of a question", () => {
  const question = (type: string, options: Record<string, unknown>) =>
    ({ key: "q", type, prompt: "?", help: "", required: true, options }) as Parameters<
      typeof dimensionsOf
    >[0];

  it("are its dimensions, or the labels whose strength is asked", () => {
    const dimensions = [{ key: "v", name: "Valence", min: -1, max: 1 }];
    expect(dimensionsOf(question("scale", { dimensions }))).toEqual(dimensions);
    const labels = [{ key: "joy", name: "Joy" }];
    expect(dimensionsOf(question("label_intensity", { labels, min: 0, max: 3 }))).toEqual([
      { key: "joy", name: "Joy", min: 0, max: 3 },
    ]);
    expect(dimensionsOf(question("category", { labels }))).toEqual([]);
  });
});

describe("what raters marked together", () => {
  const box = { label: "face", x: 0.1, y: 0.2, width: 0.3, height: 0.4, share: 2 / 3, mean_iou: 0.905 };

  it("is told by its place in the picture, in time, in the text, or by whose it is", () => {
    expect(whereIs(box)).toBe("30 × 40 % at 10, 20 %");
    expect(whereIs({ ...box, at_s: 1.5 })).toBe("30 × 40 % at 10, 20 %, 1.50 s");
    expect(whereIs({ label: "doubt", start_s: 1, end_s: 2.5, share: 1 })).toBe("1.00–2.50 s");
    expect(whereIs({ label: "cause", part: 1, start: 4, end: 8 })).toBe("utterance 2, characters 5–8");
    expect(whereIs({ label: "joy", person: "Ann" })).toBe("Ann");
    expect(whereIs({ unit: "AU12", share: 1 })).toBe("");
  });

  it("says by how many, and what is missing", () => {
    expect(supportOf(box, 3)).toBe("67 % of 3 raters · mean overlap 0.91");
    const tied = { ...box, label: null, reason: "tie: face, thing" };
    expect(keyOf(tied)).toBe("");
    expect(supportOf(tied, 3)).toContain("tie: face, thing");
    expect(keyOf({ unit: "AU12" })).toBe("AU12");
  });

  it("is a list that may be empty, and no other label has one", () => {
    expect(marksOf({ marks: [] })).toEqual([]);
    expect(marksOf({ votes: {} })).toBeNull();
    expect(marksOf(null)).toBeNull();
  });
});

describe("times and sizes", () => {
  it("never round a media time up to the next minute", () => {
    expect(clock(59.97)).toBe("0:59.9");
    expect(clock(60)).toBe("1:00.0");
    expect(clock(7.25, 2)).toBe("0:07.25");
    expect(clock(75, 0)).toBe("1:15");
    expect(clock(-1)).toBe("0:00.0");
  });

  it("say long spans in the larger units only", () => {
    expect(span(12.4)).toBe("12 s");
    expect(span(200)).toBe("3 min 20 s");
    expect(span(120)).toBe("2 min");
    expect(span(7500)).toBe("2 h 5 min");
  });

  it("count bytes in thousands", () => {
    expect(bytes(85)).toBe("85 B");
    expect(bytes(6_328_199)).toBe("6.3 MB");
    expect(bytes(440_342)).toBe("440 kB");
  });
});

describe("words", () => {
  it("name what is counted", () => {
    expect(plural(1, "study", "studies")).toBe("1 study");
    expect(plural(1200, "item")).toBe("1,200 items");
  });

  it("give unknown measures and questions a readable name", () => {
    expect(measureName("krippendorff_alpha_nominal")).toBe("Krippendorff α, nominal");
    expect(measureName("icc1k")).toBe("ICC1k");
    expect(words("image_emotion_vad")).toBe("Image emotion VAD");
  });
});

describe("CSV", () => {
  it("quotes what needs it and leaves missing values empty", () => {
    expect(toCsv(["a", "b"], [['say "x", twice\n', null]])).toBe('a,b\r\n"say ""x"", twice\n",\r\n');
  });

  it("disarms texts that a spreadsheet would run, but no negative number", () => {
    expect(toCsv(["a", "b"], [["=1+1", -0.5]])).toBe("a,b\r\n'=1+1,-0.5\r\n");
  });
});

describe("the pace of polled work", () => {
  it("is unknown before anything was done", () => {
    expect(paceOf([{ at_ms: 0, done: 3 }], 10)).toBeNull();
    expect(
      paceOf(
        [
          { at_ms: 0, done: 3 },
          { at_ms: 1000, done: 3 },
        ],
        10,
      ),
    ).toBeNull();
  });

  it("gives the rate over the window and the time for the rest", () => {
    const marks = [0, 2000, 4000].map((at_ms, i) => ({ at_ms, done: 2 * i }));
    expect(paceOf(marks, 14)).toEqual({ rate_per_s: 1, remaining_s: 10 });
  });

  it("forgets what is older than half a minute and other work", () => {
    const marks = withMark([{ at_ms: 0, done: 1 }], { at_ms: 31_000, done: 2 });
    expect(marks).toEqual([{ at_ms: 31_000, done: 2 }]);
    expect(withMark(marks, { at_ms: 32_000, done: 0 })).toEqual([{ at_ms: 32_000, done: 0 }]);
  });
});

it("a changelog is read as headings, lists and paragraphs", () => {
  const text = "# Changelog\n\n## 1.0.0 (2026-11-21)\n\nThe first\nrelease.\n\n- One.\n- Two.\n";
  expect(blocksOf(text)).toEqual([
    { kind: "heading", lines: ["1.0.0 (2026-11-21)"] },
    { kind: "text", lines: ["The first", "release."] },
    { kind: "list", lines: ["One.", "Two."] },
  ]);
});

describe("how raters can disagree", () => {
  const question = (type: string, options: Record<string, unknown>) => ({
    ...{ key: type, type, prompt: "?", help: "", required: true, options },
  });

  it("is offered for labels, numbers and marks, not for traces and texts", () => {
    const labels = [{ key: "joy", name: "Joy" }];
    const dimensions = [{ key: "v", name: "Valence", min: 1, max: 5 }];
    const asked = [
      question("category", { labels }),
      question("scale", { dimensions }),
      question("label_intensity", { labels, min: 0, max: 4 }),
      question("trace1d", { dimensions }),
      question("segments", { labels }),
      question("text", {}),
    ];
    expect(criteriaOf(asked).map(({ key }) => key)).toEqual([
      "category.share_below",
      "scale.range_above",
      "label_intensity.range_above",
      "segments.agreement_below",
    ]);
    expect(written({ key: "category.share_below", limit: 0.6 })).toBe("category.share_below=0.6");
  });
});
