import { expect, test } from "vitest";
import { lineCount, lineSpan, ownCopy, reasonsIn } from "./text";

test("a line is found with its ends, also the last one and one behind it", () => {
  const text = "one\ntwo\n\nfour";
  const shown = [1, 2, 3, 4, 5].map((line) => text.slice(...lineSpan(text, line)));
  expect(shown).toEqual(["one", "two", "", "four", ""]);
  expect(lineCount(text)).toBe(4);
});

test("a copy gets a name of its own, and only its first name changes", () => {
  const text = '# name = "x"\nname = "meld"\nversion = "1.0.0"\n[[questions]]\nname = "meld"\n';
  expect(ownCopy(text)).toBe(text.replace('\nname = "meld"', '\nname = "my-meld"'));
});

test("reasons are told with what they are about", () => {
  expect(reasonsIn({ mood: { "spans[0].end": "must be behind start." }, joy: ["a", "b"] })).toEqual([
    "mood.spans[0].end: must be behind start.",
    "joy: a",
    "joy: b",
  ]);
  expect(reasonsIn({})).toEqual([]);
});
