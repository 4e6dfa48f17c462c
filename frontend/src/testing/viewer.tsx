import { createRoot } from "react-dom/client";
import type { Item } from "../api/types";
import { presenterFor } from "../presenters/registry";
import "../tokens.css";
import "../buttons.css";
import "../rate/rate.css";

/** The item that `benchmarks/viewer.py` puts into the page before this runs, without a server behind it. */
declare const measuredItem: Item;

const { View } = presenterFor(measuredItem);
const page = document.getElementById("page");
const nothing = (): void => undefined;
if (page) {
  createRoot(page).render(
    <div className="stage">
      <View item={measuredItem} driven={false} timed={false} onMedia={nothing} onView={nothing} />
    </div>,
  );
}
