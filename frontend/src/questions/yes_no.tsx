import { t } from "../words/words";
import { CategoryView, problemOfCategory } from "./category";
import { defineField } from "./define";
import { readLabels } from "./parts/labels";

/** Two answers, shown and kept like one category of two. */
export const questionType = defineField({
  type: "yes_no",
  keys: [{ keys: "1, 2", does: t("answer yes or no") }],
  readOptions: (reader) => ({
    ...readLabels(reader),
    multiple: false,
    most: 1,
    layout: "tiles" as const,
    leavesOnly: false,
  }),
  problem: problemOfCategory,
  View: CategoryView,
});
