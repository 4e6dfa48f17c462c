import { useRef } from "react";
import type { JsonObject, Question } from "../api/types";
import { later } from "../words/Later";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import type { OptionReader } from "./options";
import { LabelTiles } from "./parts/LabelTiles";
import { choose, chosenOf, type Offer, readLabels } from "./parts/labels";
import { Menu } from "./parts/Menu";
import { Complaint, Prompt, promptId } from "./parts/Prompt";
import { Tree } from "./parts/Tree";
import { useShortKeys } from "./parts/useShortKeys";

/** Few taxonomies are shown as a wheel. */
const PetalWheel = later(() => import("./parts/PetalWheel").then(({ PetalWheel }) => PetalWheel));

const LAYOUTS = ["tiles", "wheel", "tree", "menu"] as const;

export interface CategoryOptions extends Offer {
  layout: (typeof LAYOUTS)[number];
  leavesOnly: boolean;
}

export function CategoryView(props: FieldProps & { options: CategoryOptions }) {
  const { question, options, value, complaint, primary, onChange } = props;
  const { labels, escapes, multiple, most, layout } = options;
  const section = useRef<HTMLElement>(null);
  const chosen = chosenOf(value);
  const tiled = layout === "tiles";
  const take = (key: string) => {
    const taken = choose(chosen, key, options);
    onChange(taken.length > 0 ? { labels: taken } : null);
  };

  useShortKeys(section, primary, (place) => {
    const label = tiled ? [...labels, ...escapes][place] : undefined;
    if (label) take(label.key);
  });

  const labelledBy = promptId(question);
  const shared = { labels, multiple, chosen, labelledBy, onTake: take };
  return (
    <section className="question" ref={section}>
      <Prompt question={question} />
      {multiple ? <p className="hint">{howMany(chosen.length, labels.length, most)}</p> : null}
      <fieldset aria-labelledby={labelledBy}>
        {layout === "wheel" ? <PetalWheel {...shared} /> : null}
        {layout === "tree" ? <Tree {...shared} leavesOnly={options.leavesOnly} /> : null}
        {layout === "menu" ? <Menu {...shared} /> : null}
        {tiled ? <LabelTiles {...shared} name={question.key} firstKey={1} /> : null}
        {escapes.length > 0 ? (
          <LabelTiles
            {...shared}
            labels={escapes}
            name={question.key}
            firstKey={tiled ? labels.length + 1 : 0}
            className="escape"
          />
        ) : null}
      </fieldset>
      <Complaint text={complaint} />
    </section>
  );
}

function howMany(taken: number, offered: number, most: number): string {
  if (most >= offered) return t("Choose all that apply.");
  return t("Choose at most {most}; {taken} chosen.", { most, taken });
}

export function readCategory(reader: OptionReader): CategoryOptions {
  const offer = readLabels(reader);
  return {
    ...offer,
    multiple: reader.flag("multiple", false),
    most: reader.number("max_labels", offer.labels.length),
    layout: reader.oneOf("layout", LAYOUTS),
    leavesOnly: reader.flag("leaves_only", false),
  };
}

export const problemOfCategory = (value: JsonObject | null, _: unknown, question: Question): string | null =>
  question.required && chosenOf(value).length === 0 ? t("Please choose an answer.") : null;

export const questionType = defineField<CategoryOptions>({
  type: "category",
  keys: [
    { keys: "1 – 9", does: t("choose a label") },
    { keys: "↑ ↓", does: t("move between labels") },
    { keys: "Space", does: t("choose on a wheel or in a tree") },
  ],
  readOptions: readCategory,
  problem: problemOfCategory,
  View: CategoryView,
});
