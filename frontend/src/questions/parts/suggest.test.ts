import { describe, expect, test } from "vitest";
import { addWord, suggest } from "./suggest";

describe("suggestions", () => {
  const words = ["calm", "cheerful", "becalmed", "café mood"];

  test("that begin with what was typed come first", () => {
    expect(suggest(words, "calm", [])).toEqual(["calm", "becalmed"]);
  });

  test("do not mind case or accents, and leave out what is taken", () => {
    expect(suggest(words, "CAFE", [])).toEqual(["café mood"]);
    expect(suggest(words, "c", ["Calm", "cheerful"])).toEqual(["café mood", "becalmed"]);
  });

  test("are none before something is typed", () => {
    expect(suggest(words, " ", [])).toEqual([]);
  });
});

describe("adding a word", () => {
  test("takes away outer and doubled blanks", () => {
    expect(addWord(["calm"], "  at   ease ", 3)).toEqual({ words: ["calm", "at ease"] });
  });

  test("is refused when it is empty, there already, or one too many", () => {
    expect(addWord([], "  ", 3)).toEqual({ refused: "empty" });
    expect(addWord(["Calm"], "calm", 3)).toEqual({ refused: "twice" });
    expect(addWord(["calm"], "tense", 1)).toEqual({ refused: "full" });
  });
});
