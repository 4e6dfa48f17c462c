import type { ComponentType } from "react";
import type { Item, ItemKind, JsonObject } from "../api/types";
import type { Medium } from "../desk/medium";
import type { KeyHelp } from "../questions/define";

export interface PresenterProps {
  item: Item;
  /** A continuous question plays the medium, so the presenter offers no controls of its own. */
  driven: boolean;
  /** A question asks about moments, so that there has to be a medium to go to them, whatever it is. */
  timed: boolean;
  /** Hands what plays to whoever needs its time; null when it goes away. `part`: of which of several parts it is. */
  onMedia(media: Medium | null, part?: string): void;
  /** How the rater looks at it now (zoom, montage ...), for the record; must not change between renderings. */
  onView(view: JsonObject): void;
}

/** What a file in this folder exports as `presenter`. */
export interface Presenter {
  kind: ItemKind;
  keys: readonly KeyHelp[];
  View: ComponentType<PresenterProps>;
}
