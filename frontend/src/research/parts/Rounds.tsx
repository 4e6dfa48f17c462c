import { type FormEvent, useRef, useState } from "react";
import { useLocation } from "wouter";
import { api } from "../data/api";
import { type Criterion, type CriterionKind, criteriaOf, written } from "../data/criteria";
import { plural } from "../data/format";
import type { NewRound, NewRoundBody, RoundAddress, RoundPlan, Study } from "../data/shapes";
import { useApi } from "../data/useApi";
import { Confirm } from "./Confirm";
import { CopyButton } from "./Copy";
import { type Column, DataTable } from "./DataTable";
import { Problem, Shown } from "./States";

const linkOf = ({ path }: RoundAddress): string => window.location.origin + path;

const ADDRESSES: Column<RoundAddress>[] = [
  { label: "Rater", cell: ({ rater }) => rater, csv: ({ rater }) => rater },
  {
    label: "Link",
    cell: (address) => (
      <span className="secret-line">
        <code className="path">{linkOf(address)}</code>
        <CopyButton text={linkOf(address)} what={`the link of ${address.rater}`} />
      </span>
    ),
    csv: linkOf,
  },
];

/** The personal link of each rater of a round. */
export function RoundLinks({ slug }: { slug: string }) {
  const addresses = useApi<RoundAddress[]>(`studies/${slug}/addresses/`);
  return (
    <Shown of={addresses}>
      {(rows) => (
        <>
          <p>
            Send each rater her own link: whoever has it answers as her.{" "}
            <CopyButton
              text={rows.map((row) => `${row.rater}\t${linkOf(row)}`).join("\n")}
              label="Copy all"
              what="links of raters"
            />
          </p>
          <DataTable
            caption="Personal links"
            columns={ADDRESSES}
            rows={rows}
            rowKey={({ rater }) => rater}
            csvName={`${slug}-links`}
          />
        </>
      )}
    </Shown>
  );
}

interface CriteriaProps {
  kinds: readonly CriterionKind[];
  criteria: readonly Criterion[];
  onChange(criteria: readonly Criterion[]): void;
}

/** One line for each criterion; an item that meets one of them goes back. */
function Criteria({ kinds, criteria, onChange }: CriteriaProps) {
  const replace = (place: number, next: Criterion) =>
    onChange(criteria.map((one, at) => (at === place ? next : one)));
  const limitOf = (key: string) => kinds.find((kind) => kind.key === key)?.limit ?? 0;
  const unused = kinds.find(({ key }) => criteria.every((one) => one.key !== key));
  return (
    <fieldset>
      <legend>Items go back where</legend>
      {criteria.map(({ key, limit }, place) => (
        <div key={key} className="criterion">
          <select
            aria-label={`Criterion ${place + 1}`}
            value={key}
            onChange={({ target }) => replace(place, { key: target.value, limit: limitOf(target.value) })}
          >
            {kinds
              .filter((kind) => kind.key === key || criteria.every((one) => one.key !== kind.key))
              .map((kind) => (
                <option key={kind.key} value={kind.key}>
                  {kind.label}
                </option>
              ))}
          </select>
          <input
            type="number"
            aria-label={`Limit of criterion ${place + 1}`}
            min={0}
            step="any"
            required
            value={Number.isNaN(limit) ? "" : limit}
            onChange={({ target }) => replace(place, { key, limit: target.valueAsNumber })}
          />
          {criteria.length > 1 ? (
            <button
              type="button"
              className="small"
              aria-label={`Remove criterion ${place + 1}`}
              onClick={() => onChange(criteria.filter((_, at) => at !== place))}
            >
              Remove
            </button>
          ) : null}
        </div>
      ))}
      {unused ? (
        <button
          type="button"
          className="small"
          onClick={() => onChange([...criteria, { key: unused.key, limit: unused.limit }])}
        >
          Or where …
        </button>
      ) : null}
    </fieldset>
  );
}

/** What the next round would be, as of now; while another one is counted, the one before. */
function usePlan(study: Study, criteria: readonly Criterion[]) {
  const where = new URLSearchParams(criteria.map((one) => ["where", written(one)]));
  const plan = useApi<RoundPlan>(`studies/${study.slug}/rounds/plan/?${where}#${study.responses}`);
  const last = useRef<RoundPlan | null>(null);
  if (plan.data) last.current = plan.data;
  return { plan: last.current, counting: plan.data === null, error: plan.error };
}

function RoundForm({ study, kinds }: { study: Study; kinds: readonly CriterionKind[] }) {
  const [criteria, setCriteria] = useState<readonly Criterion[]>(kinds.slice(0, 1));
  const [left, setLeft] = useState<readonly string[]>([]);
  const [asking, setAsking] = useState(false);
  const [, go] = useLocation();
  const valid = criteria.filter(({ limit }) => limit >= 0);
  const { plan, counting, error } = usePlan(study, valid);
  const raters = (plan?.raters ?? []).filter((rater) => !left.includes(rater));
  const ready = plan !== null && !counting && plan.items > 0 && raters.length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsking(true);
  };
  const start = async () => {
    const body: NewRoundBody = { criteria: valid.map(written), raters };
    const made = await api.post<NewRound>(`studies/${study.slug}/rounds/`, body);
    go(`/studies/${made.study}`);
  };
  return (
    <div>
      <form className="start-review" onSubmit={submit}>
        <h3>Consensus round</h3>
        <p className="soft">
          Items on which raters disagreed go back to some of them, who see what all answered, without names.
        </p>
        <Criteria kinds={kinds} criteria={criteria} onChange={setCriteria} />
        <p role="status" className="tabular">
          {plan && !counting ? `${plan.items} of ${plural(plan.of, "item")} would go back.` : "Counting …"}
        </p>
        {error ? <Problem error={error} /> : null}
        <fieldset>
          <legend>Raters of the round</legend>
          {plan?.raters.length === 0 ? <p className="soft">Nobody’s answers count yet.</p> : null}
          <div className="round-raters">
            {plan?.raters.map((rater) => (
              <label key={rater}>
                <input
                  type="checkbox"
                  checked={!left.includes(rater)}
                  onChange={({ target }) =>
                    setLeft(target.checked ? left.filter((one) => one !== rater) : [...left, rater])
                  }
                />
                {rater}
              </label>
            ))}
          </div>
        </fieldset>
        <p>
          <button type="submit" disabled={!ready}>
            Start a round
          </button>
        </p>
      </form>
      {asking && plan ? (
        <Confirm
          title={`Start round ${plan.round}?`}
          action="Start the round"
          onClose={() => setAsking(false)}
          onConfirm={start}
        >
          <p>
            It has {plural(plan.items, "item")} for {plural(raters.length, "rater")} and is called{" "}
            <code>{plan.study}</code>. Its page has a link for each of them.
          </p>
        </Confirm>
      ) : null}
    </div>
  );
}

/** The next consensus round of a study, where its questions are of a kind that raters can be seen to disagree about. */
export function StartRound({ study }: { study: Study }) {
  const kinds = criteriaOf(study.protocol.questions);
  return kinds.length > 0 ? <RoundForm study={study} kinds={kinds} /> : null;
}
