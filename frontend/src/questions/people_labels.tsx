import type { JsonObject } from "../api/types";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import { LabelTiles } from "./parts/LabelTiles";
import { choose, type Offer, readLabels } from "./parts/labels";
import { Complaint, Prompt, promptId } from "./parts/Prompt";
import "./people_labels.css";

interface PeopleOptions extends Offer {
  /** Nobody may be left without an answer. */
  complete: boolean;
}

const peopleIn = (value: JsonObject | null): Record<string, string[]> =>
  (value?.people ?? {}) as Record<string, string[]>;

/** The same labels for everybody who is marked in the item, one after the other. */
function PeopleView(props: FieldProps & { options: PeopleOptions }) {
  const { question, options, item, value, complaint, onChange } = props;
  const { labels, escapes, multiple } = options;
  const chosen = peopleIn(value);
  const names = item.people.map(({ name }) => name);
  const take = (name: string, key: string) => {
    const own = (who: string) => chosen[who] ?? [];
    const people = names.map((who) => [who, who === name ? choose(own(who), key, options) : own(who)]);
    onChange({ people: Object.fromEntries(people) });
  };
  return (
    <section className="question" aria-labelledby={promptId(question)}>
      <Prompt question={question} />
      {multiple ? <p className="hint">{t("Choose all that apply.")}</p> : null}
      {names.map((name, place) => (
        <fieldset key={name} className="person-labels">
          <legend dir="auto">{name}</legend>
          <LabelTiles
            labels={[...labels, ...escapes]}
            name={`${question.key} ${place}`}
            multiple={multiple}
            chosen={chosen[name] ?? []}
            firstKey={0}
            onTake={(key) => take(name, key)}
          />
        </fieldset>
      ))}
      <Complaint text={complaint} />
    </section>
  );
}

/** Who has no answer yet; null: nobody, or nothing has been said at all. */
const lackingIn = (value: JsonObject | null): string | null =>
  Object.entries(peopleIn(value)).find(([, own]) => own.length === 0)?.[0] ?? null;

export const questionType = defineField<PeopleOptions>({
  type: "people_labels",
  keys: [
    { keys: "Tab", does: t("to the next person") },
    { keys: "↑ ↓", does: t("move between labels") },
  ],
  readOptions(reader) {
    const offer = readLabels(reader);
    const multiple = reader.flag("multiple", false);
    return { ...offer, multiple, most: offer.labels.length, complete: reader.flag("complete", true) };
  },
  problem(value, { complete }, question) {
    if (value === null) return question.required ? t("Please choose an answer.") : null;
    const name = complete ? lackingIn(value) : null;
    return name === null ? null : t("Please choose an answer for {name}.", { name });
  },
  View: PeopleView,
});
