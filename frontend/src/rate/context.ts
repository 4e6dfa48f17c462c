import type { Item } from "../api/types";

type WithContext = Pick<Item, "context" | "context_hidden">;

/** Whether something that was said, here or in a part, is shown only when the rater asks for it. */
export const hidesContext = ({ context_hidden, parts }: Item): boolean =>
  Boolean(context_hidden) || parts.some(({ item }) => item.context_hidden);

const rated = <T extends WithContext>(item: T): T =>
  item.context_hidden
    ? { ...item, context: (item.context ?? []).filter((utterance) => utterance.target) }
    : item;

/** The item before the rater has asked: of a dialogue what is rated, and nothing else. */
export const withoutContext = (item: Item): Item => ({
  ...rated(item),
  parts: item.parts.map((part) => (part.item.context_hidden ? { ...part, item: rated(part.item) } : part)),
});
