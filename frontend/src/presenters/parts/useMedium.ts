import { useEffect, useState } from "react";
import type { Item } from "../../api/types";
import type { Medium } from "../../desk/medium";
import type { PresenterProps } from "../define";

type Range = Pick<Item, "onset_s" | "offset_s">;

/** Whether an item is only a part of its file. */
export const isStretch = ({ onset_s, offset_s }: Range): boolean => onset_s !== null || offset_s !== null;

/** Where a file is loaded from, so that the first picture of it is the first of the item. */
export const beginningAt = (src: string, { onset_s }: Range): string =>
  onset_s === null ? src : `${src}#t=${onset_s}`;

export interface ElementMedium<E> {
  element: E | null;
  /** What the item plays: all of the element's file, or its stretch of it. */
  medium: Medium | null;
  /** The element's `ref`. */
  take(element: E | null): void;
}

/** Makes an element that plays an item's file the item's medium. */
export function useMedium<E extends HTMLMediaElement>(
  item: Range,
  onMedia: PresenterProps["onMedia"],
  onFail: () => void,
): ElementMedium<E> {
  const [element, take] = useState<E | null>(null);
  const [medium, setMedium] = useState<Medium | null>(null);
  const { onset_s, offset_s } = item;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onFail` may be another function each time.
  useEffect(() => {
    if (!element) return;
    let gone = false;
    let end: () => void = () => undefined;
    const give = (found: Medium | null) => {
      setMedium(found);
      onMedia(found);
    };
    const cut = async () => {
      const { stretchOf } = await import("../../desk/stretch");
      if (gone) return;
      const made = stretchOf(element, onset_s ?? 0, offset_s);
      end = () => made.dispose();
      give(made);
    };
    if (isStretch({ onset_s, offset_s })) cut().catch(onFail);
    else give(element);
    return () => {
      gone = true;
      give(null);
      end();
    };
  }, [element, onset_s, offset_s, onMedia]);
  return { element, medium, take };
}
