import { expect, test } from "vitest";
import type { Item } from "../api/types";
import { hidesContext, withoutContext } from "./context";

const said = ["Hello.", "Go away!"].map((text, n) => ({ speaker: "A", text, target: n === 1 }));
const item = (more: object) => ({ kind: "dialogue", context: said, parts: [], ...more }) as unknown as Item;
const texts = ({ context }: Pick<Item, "context">) => context?.map(({ text }) => text);

test("what is not rated is left out where it is hidden, also in a part", () => {
  const hidden = item({ context_hidden: true });
  expect(hidesContext(hidden)).toBe(true);
  expect(texts(withoutContext(hidden))).toEqual(["Go away!"]);
  const pair = item({ context: null, parts: [{ name: "words", item: hidden }] });
  expect(hidesContext(pair)).toBe(true);
  expect(texts(withoutContext(pair).parts[0]?.item as Item)).toEqual(["Go away!"]);
});

test("elsewhere everything stays", () => {
  expect(hidesContext(item({}))).toBe(false);
  expect(texts(withoutContext(item({})))).toEqual(["Hello.", "Go away!"]);
});
