import { describe, expect, test } from "vitest";
import {
  answerOfMarked,
  linkOf,
  type Marked,
  markedBefore,
  markedOf,
  piecesOf,
  type Span,
  spanBetween,
  withLink,
  withoutSpan,
  withSpan,
  wordReached,
} from "./spans";

const TEXT = "🙂 She smiled, as the rain stopped.";
const words = (text: string) => piecesOf(text, 0).filter((piece) => piece.isWord);
const span = (start: number, end: number, label = "a", part = 0): Span => ({
  part,
  label,
  start,
  end,
  text: "",
});
const NONE: Marked = { spans: [], relations: [] };

describe("words of a text", () => {
  test("stand at code points and say what is there", () => {
    const found = words(TEXT);
    expect(found.map((word) => word.text)).toEqual(["She", "smiled", "as", "the", "rain", "stopped"]);
    for (const word of found) expect([...TEXT].slice(word.start, word.end).join("")).toBe(word.text);
    expect(found[0]).toMatchObject({ start: 2, end: 5 });
  });

  test("together with what is between them are the whole text", () => {
    expect(
      piecesOf(TEXT, 0)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(TEXT);
  });

  test("from one to another are a span, in whichever direction", () => {
    const [, smiled, , , rain] = words(TEXT);
    if (!smiled || !rain) throw new Error("no words");
    const there = spanBetween([{ text: TEXT }], smiled, rain, "a");
    expect(there).toEqual({ part: 0, label: "a", start: 6, end: 25, text: "smiled, as the rain" });
    expect(spanBetween([{ text: TEXT }], rain, smiled, "a")).toEqual(there);
  });
});

describe("spans", () => {
  test("do not overlap unless they may", () => {
    const one: Marked = { spans: [span(2, 5)], relations: [] };
    expect(withSpan(one, span(4, 8), "none", null)).toEqual({ refusal: "overlap" });
    expect(withSpan(one, span(4, 8, "b"), "none", null)).toEqual({ refusal: "overlap" });
    expect(withSpan(one, span(4, 8, "b"), "labels", null)).toHaveProperty("spans.length", 2);
    expect(withSpan(one, span(4, 8), "any", null)).toHaveProperty("spans.length", 2);
    expect(withSpan(one, span(4, 8, "a", 1), "none", null)).toHaveProperty("spans.length", 2);
    expect(withSpan(one, span(5, 8), "none", null)).toHaveProperty("spans.length", 2);
    expect(withSpan(one, span(5, 8), "none", 1)).toEqual({ refusal: "many" });
  });

  test("take their relations with them, and the others stay tied to the same spans", () => {
    const marked: Marked = {
      spans: [span(0, 1), span(2, 3), span(4, 5)],
      relations: [
        { relation: "r", source: 0, target: 1 },
        { relation: "r", source: 0, target: 2 },
      ],
    };
    expect(withoutSpan(marked, 1)).toEqual({
      spans: [span(0, 1), span(4, 5)],
      relations: [{ relation: "r", source: 0, target: 1 }],
    });
    expect(withoutSpan(marked, 0).relations).toEqual([]);
  });

  test("are tied once, and not to themselves", () => {
    const link = { relation: "r", source: 0, target: 1 };
    const tied = withLink({ ...NONE, spans: [span(0, 1), span(2, 3)] }, link);
    expect(tied.relations).toEqual([link]);
    expect(withLink(tied, { ...link })).toBe(tied);
    expect(withLink(tied, { ...link, target: 0 })).toBe(tied);
  });

  test("join a span and a whole utterance, and lose what a span that goes away had", () => {
    const spans = [span(0, 1), span(2, 3)];
    const link = linkOf("r", { part: 1 }, { span: 1 });
    expect(link).toEqual({ relation: "r", source_part: 1, target: 1 });
    const tied = withLink({ spans, relations: [] }, link);
    expect(withLink(tied, { ...link })).toBe(tied);
    // An utterance is another thing than the span of the same number.
    const other = withLink(tied, linkOf("r", { span: 1 }, { part: 1 }));
    expect(other.relations).toHaveLength(2);
    expect(withoutSpan(tied, 0).relations).toEqual([{ relation: "r", source_part: 1, target: 0 }]);
    expect(withoutSpan(tied, 1).relations).toEqual([]);
  });

  test("come back from an answer as they went in", () => {
    const marked = { spans: [span(0, 1)], relations: [] };
    expect(markedOf(answerOfMarked(marked))).toEqual(marked);
    expect(markedOf(null)).toBeNull();
  });
});

describe("keys among words", () => {
  const words = (text: string, part: number) => piecesOf(text, part).filter((piece) => piece.isWord);
  const text = words("one two three four five six seven eight nine ten", 0);
  const dialogue = [...words("I am fine", 0), ...words("really", 1), ...words("yes really", 2)];

  test("go by words, by lines of one text, and by utterances of several", () => {
    expect(wordReached(text, 3, "ArrowRight")).toBe(4);
    expect(wordReached(text, 9, "ArrowUp")).toBe(1);
    expect(wordReached(dialogue, 2, "ArrowDown")).toBe(3);
    expect(wordReached(dialogue, 5, "ArrowUp")).toBe(3);
  });

  test("lead to the ends of a part, to nothing beyond the first, and else nowhere", () => {
    expect(wordReached(dialogue, 1, "Home")).toBe(0);
    expect(wordReached(dialogue, 1, "End")).toBe(2);
    expect(wordReached(dialogue, 1, "ArrowUp")).toBe(-1);
    expect(wordReached(dialogue, 1, "x")).toBeNull();
  });
});

test("what was marked before a piece is told by share and by the labels that begin there", () => {
  const span = (label: string, start: number, end: number, part = 0) => ({
    part,
    label,
    start,
    end,
    text: "",
  });
  const earlier = [
    [span("cause", 0, 7), span("cause", 3, 4)],
    [span("feeling", 3, 7)],
    [span("cause", 3, 7, 1)],
    [],
  ];
  const piece = { part: 0, text: "left", start: 3, end: 7 };
  expect(markedBefore(piece, earlier)).toEqual({ share: 0.5, begins: ["cause", "feeling"] });
  expect(markedBefore({ ...piece, start: 7, end: 9 }, earlier)).toEqual({ share: 0, begins: [] });
  expect(markedBefore(piece, [])).toEqual({ share: 0, begins: [] });
});
