import { reasonsAt } from "../data/recipe";
import type { Collection, Study } from "../data/shapes";
import { useList } from "../data/useApi";
import { Field } from "../parts/Field";
import { Empty, More, Shown } from "../parts/States";
import { Line } from "./Line";
import type { PartProps } from "./part";

export function MadeFrom({ draft, faults, change }: PartProps) {
  const collections = useList<Collection>("collections/");
  return (
    <Shown of={collections}>
      {(rows) => (
        <div className="form-grid">
          <Field label="Collection" reasons={reasonsAt(faults, "collection")}>
            {(field) => (
              <select
                {...field}
                value={draft.collection}
                required
                onChange={(event) => change({ collection: event.target.value })}
              >
                <option value="">choose one</option>
                {[...new Set([...rows.map(({ name }) => name), draft.collection])]
                  .filter(Boolean)
                  .map((name) => (
                    <option key={name}>{name}</option>
                  ))}
              </select>
            )}
          </Field>
          <Line
            label="Fewest raters of a label"
            hint="left empty: as the protocols say"
            type="number"
            reasons={reasonsAt(faults, "gold.min_raters")}
            value={draft.minRaters}
            onChange={(minRaters) => change({ minRaters })}
          />
          <Line
            label="Share of raters of a category, above"
            hint="0.5: more than half; left empty: as the protocols say"
            type="number"
            step="any"
            reasons={reasonsAt(faults, "gold.share_above")}
            value={draft.shareAbove}
            onChange={(shareAbove) => change({ shareAbove })}
          />
          <Line
            label="Pairwise CCC of a gold trace, from"
            hint="below: no reliable gold; left empty: as the protocols say"
            type="number"
            step="any"
            reasons={reasonsAt(faults, "gold.min_ccc")}
            value={draft.minCcc}
            onChange={(minCcc) => change({ minCcc })}
          />
          <Field
            label="Own lag of each rater"
            hint="taken out of gold traces"
            reasons={reasonsAt(faults, "gold.lag_from")}
          >
            {(field) => (
              <select
                {...field}
                value={draft.lagFrom}
                onChange={(event) => change({ lagFrom: event.target.value })}
              >
                <option value="">as the protocols say</option>
                <option value="calibration">as the calibration shows it</option>
                <option value="none">none: traces as they were given</option>
              </select>
            )}
          </Field>
          <Line
            label="Lag of all raters, s"
            hint="taken out of gold traces; beside own lags: of raters without one; left empty: as the protocols say"
            type="number"
            step="any"
            reasons={reasonsAt(faults, "gold.lag_s")}
            value={draft.lagS}
            onChange={(lagS) => change({ lagS })}
          />
          <Line
            label="Fusion of gold traces"
            hint="such as affect=ewe; left empty: as the protocols say, else the mean"
            reasons={reasonsAt(faults, "gold.fusion")}
            value={draft.fusions}
            onChange={(fusions) => change({ fusions })}
          />
          <Field label="Media" reasons={reasonsAt(faults, "media")}>
            {(field) => (
              <select
                {...field}
                value={draft.media}
                onChange={(event) => change({ media: event.target.value })}
              >
                <option value="none">none; items are named only</option>
                <option value="proxy">browser copies are part of it</option>
                <option value="full">originals, too, with all that stands in their headers</option>
              </select>
            )}
          </Field>
          <More of={collections} />
        </div>
      )}
    </Shown>
  );
}

export function Studies({ draft, faults, change }: PartProps) {
  const studies = useList<Study>("studies/");
  const reasons = reasonsAt(faults, "studies");
  const toggle = (slug: string, chosen: boolean) =>
    change({ studies: chosen ? [...draft.studies, slug] : draft.studies.filter((one) => one !== slug) });
  return (
    <Shown of={studies}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty title="There is no study yet.">
            <p>A dataset publishes what raters of a study said.</p>
          </Empty>
        ) : (
          <fieldset>
            <legend>Studies</legend>
            {rows.map(({ slug, title }) => (
              <label key={slug} className="check">
                <input
                  type="checkbox"
                  checked={draft.studies.includes(slug)}
                  onChange={(event) => toggle(slug, event.target.checked)}
                />
                {title} ({slug})
              </label>
            ))}
            <More of={studies} />
            {reasons.length > 0 ? <p className="field-error">{reasons.join(" ")}</p> : null}
          </fieldset>
        )
      }
    </Shown>
  );
}
