import { useState } from "react";
import { useSearchParams } from "wouter";
import { ApiError } from "../../api/http";
import { download, toCsv } from "../data/csv";
import { figure, MISSING, percent, plural } from "../data/format";
import { isContinuous } from "../data/questions";
import {
  type Agreement,
  numberIn,
  numbersIn,
  type Overlay as OverlayData,
  type RaterTrace,
  type Study,
} from "../data/shapes";
import { useApi, useList } from "../data/useApi";
import { AgreementTable } from "../parts/AgreementTable";
import { Simulated } from "../parts/Badge";
import { type Column, DataTable } from "../parts/DataTable";
import { Page, Section } from "../parts/Page";
import { Empty, Shown } from "../parts/States";
import { goldFirst, goldName, lagNote } from "../plot/gold";
import { Heatmap } from "../plot/Heatmap";
import { Overlay } from "../plot/Overlay";
import { seriesTable } from "../plot/table";
import { agreementRows } from "./Study";

function Medium({ data, onMedia }: { data: OverlayData; onMedia: (media: HTMLMediaElement | null) => void }) {
  const { proxy, poster } = data.media;
  if (!proxy) return <Empty title="There is no medium to play." />;
  if (proxy.media_type.startsWith("audio/"))
    return (
      // biome-ignore lint/a11y/useMediaCaption: the rated sound has no captions.
      <audio ref={onMedia} src={proxy.url} controls preload="auto" aria-label={data.title} />
    );
  return (
    // biome-ignore lint/a11y/useMediaCaption: the rated film has no captions.
    <video
      ref={onMedia}
      src={proxy.url}
      poster={poster?.url}
      controls
      playsInline
      preload="auto"
      aria-label={data.title}
    />
  );
}

const seconds = (row: RaterTrace, key: string, digits = 2) => figure(numberIn(row.validity, key), digits);

const inputsOf = ({ validity }: RaterTrace): string =>
  Array.isArray(validity.inputs) && validity.inputs.length > 0 ? validity.inputs.join(", ") : MISSING;

/** What the page was shown on: the kind of pointer and the size of the window. */
const deviceOf = ({ device: { pointer, viewport } }: RaterTrace): string =>
  pointer && Array.isArray(viewport) ? `${pointer} pointer, ${viewport.join(" × ")}` : MISSING;

const WHO: Column<RaterTrace>[] = [
  {
    label: "Rater",
    cell: (row) => (
      <span className="nowrap">
        {row.rater} {row.simulated ? <Simulated /> : <span className="soft">{row.kind}</span>}
      </span>
    ),
    csv: (row) => row.rater,
  },
  { label: "Kind", csv: (row) => row.kind },
];

const number = (label: string, key: string, digits = 2, scale = 1): Column<RaterTrace> => ({
  label,
  figures: true,
  cell: (row) => {
    const value = numberIn(row.validity, key);
    return figure(value === null ? null : value * scale, digits);
  },
  csv: (row) => numberIn(row.validity, key),
});

const calibrated = (label: string, key: "lag_s" | "gain" | "noise" | "r"): Column<RaterTrace> => ({
  label,
  figures: true,
  cell: (row) => figure(row.calibration?.[key] ?? null),
  csv: (row) => row.calibration?.[key] ?? null,
});

const CALIBRATION: Column<RaterTrace>[] = [
  ...WHO,
  calibrated("Lag, s", "lag_s"),
  calibrated("Gain", "gain"),
  calibrated("Noise", "noise"),
  calibrated("Correlation", "r"),
];

const DEVICES: Column<RaterTrace>[] = [
  ...WHO,
  { label: "Input", cell: inputsOf, csv: inputsOf },
  { label: "Device", cell: deviceOf, csv: deviceOf },
  number("Refresh, Hz", "refresh_hz", 0),
  number("Frames shown", "frames_shown", 0),
  number("Frames dropped", "frames_dropped", 0),
];

function validityColumns(data: OverlayData): Column<RaterTrace>[] {
  const ewe = data.gold.find(({ method }) => method === "ewe");
  const weight = (row: RaterTrace, dimension: string) => numbersIn(ewe?.weights[dimension])[row.rater];
  return [
    ...WHO,
    {
      label: "Coverage",
      figures: true,
      cell: (row) => percent(numberIn(row.validity, "coverage")),
      csv: (row) => numberIn(row.validity, "coverage"),
    },
    {
      label: "Gaps, s",
      figures: true,
      cell: (row) => seconds(row, "gap_total_s"),
      csv: (row) => numberIn(row.validity, "gap_total_s"),
    },
    number("At the ends, %", "at_bounds", 0, 100),
    number("Clock residual, ms", "clock_residual_us", 2, 1 / 1000),
    number("First move, s", "first_move_s"),
    number("Longest still, s", "longest_still_s"),
    number("Pauses", "pauses", 0),
    number("Stalls", "stalls", 0),
    number("Hidden", "hidden", 0),
    number("Speed or place set back", "locks_lost", 0),
    number("Events", "events", 0),
    number("Lost", "lost_events", 0),
    ...data.dimensions.map(
      ({ key, name }): Column<RaterTrace> => ({
        label: `EWE weight, ${name.toLowerCase()}`,
        figures: true,
        cell: (row) => figure(weight(row, key)),
        csv: (row) => weight(row, key),
      }),
    ),
  ];
}

function matrixOf(row: Agreement): { names: string[]; values: (number | null)[][] } | null {
  const { raters, matrix } = row.details;
  if (!Array.isArray(raters) || !Array.isArray(matrix)) return null;
  return { names: raters.map(String), values: matrix as (number | null)[][] };
}

function Pairs({ study, item, question }: { study: string; item: string; question: string }) {
  const agreement = useList<Agreement>(`studies/${study}/agreement/?item=${item}`);
  return (
    <Section title="Agreement of the raters on this item">
      <Shown of={agreement}>
        {(all) => {
          const rows = all.filter((row) => row.question === question);
          return (
            <>
              <AgreementTable
                rows={agreementRows(rows)}
                caption="Mean over pairs"
                name={`${study}-item-agreement`}
              />
              <div className="heatmaps">
                {rows.map((row) => {
                  const found = matrixOf(row);
                  return found ? (
                    <Heatmap
                      key={row.dimension}
                      caption={`CCC of each pair, ${row.dimension}`}
                      names={found.names}
                      values={found.values}
                    />
                  ) : null;
                })}
              </div>
            </>
          );
        }}
      </Shown>
    </Section>
  );
}

const boardNote = (data: OverlayData): string =>
  [
    plural(data.raters.length, "rater"),
    `${figure(data.rate_hz, 0)} samples per second`,
    lagNote(data.gold),
    ...goldFirst(data.gold).map((one) => one.reason && `${goldName(one)}: ${one.reason}`),
  ]
    .filter(Boolean)
    .join(" · ");

function Board({ data, study, item }: { data: OverlayData; study: string; item: string }) {
  const [media, setMedia] = useState<HTMLMediaElement | null>(null);
  const save = () => {
    const { header, rows } = seriesTable(data);
    download(`${study}-${data.item.replaceAll("/", "_")}-traces.csv`, toCsv(header, rows));
  };
  return (
    <>
      <div className="board">
        <div className="medium">
          <Medium data={data} onMedia={setMedia} />
        </div>
        <Overlay data={data} media={media} />
      </div>
      <p className="board-foot soft small-text">
        {boardNote(data)}
        <button type="button" className="small quiet" onClick={save}>
          CSV of all series
        </button>
      </p>
      <Pairs study={study} item={item} question={data.question} />
      <Section title="Validity of each trace">
        <DataTable
          caption="What is known of each session"
          columns={validityColumns(data)}
          rows={data.raters}
          rowKey={({ rater }) => rater}
          csvName={`${study}-validity`}
        />
        <DataTable
          caption="What it was rated with"
          columns={DEVICES}
          rows={data.raters}
          rowKey={({ rater }) => rater}
          csvName={`${study}-devices`}
        />
        {data.raters.some(({ calibration }) => calibration) ? (
          <DataTable
            caption="How each rater followed the calibration clip"
            columns={CALIBRATION}
            rows={data.raters}
            rowKey={({ rater }) => rater}
            csvName={`${study}-calibration`}
          />
        ) : null}
      </Section>
    </>
  );
}

export function TracesPage({ slug, item }: { slug: string; item: string }) {
  const [search, setSearch] = useSearchParams();
  const study = useApi<Study>(`studies/${slug}/`);
  const questions = study.data?.protocol.questions.filter(isContinuous) ?? [];
  const chosen = search.get("question");
  const query = chosen ? `?question=${encodeURIComponent(chosen)}` : "";
  const overlay = useApi<OverlayData>(`studies/${slug}/items/${item}/traces/${query}`);
  const missing = overlay.error instanceof ApiError && overlay.error.status === 404;
  return (
    <Page
      title={overlay.data?.title ?? "Traces"}
      crumbs={[
        { label: "Studies", href: "/studies" },
        { label: study.data?.title ?? slug, href: `/studies/${slug}` },
      ]}
      aside={overlay.data?.raters.some(({ simulated }) => simulated) ? <Simulated /> : null}
      actions={
        questions.length > 1 ? (
          <label>
            Question{" "}
            <select
              value={chosen ?? overlay.data?.question ?? questions[0]?.key}
              onChange={(event) => setSearch({ question: event.target.value }, { replace: true })}
            >
              {questions.map(({ key, prompt }) => (
                <option key={key} value={key}>
                  {prompt}
                </option>
              ))}
            </select>
          </label>
        ) : null
      }
    >
      {missing ? (
        <Empty title="No trace of this item has been analysed yet.">
          <p>Traces are shown when a rater has finished one and the analysis has run.</p>
        </Empty>
      ) : (
        <Shown of={overlay}>{(data) => <Board data={data} study={slug} item={item} />}</Shown>
      )}
    </Page>
  );
}
