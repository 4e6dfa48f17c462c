/** Numbers, sizes and times as people read them. */

export const MISSING = "–";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const count = (n: number): string => whole.format(n);

/** "1 item", "3 items". */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** A figure with a fixed number of decimals and a true minus sign; null and undefined are a dash. */
export function figure(value: number | null | undefined, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  const text = Math.abs(value).toFixed(digits);
  const zero = Number(text) === 0;
  return value < 0 && !zero ? `−${text}` : text;
}

export const percent = (part: number | null | undefined, digits = 0): string =>
  part === null || part === undefined ? MISSING : `${figure(part * 100, digits)} %`;

const SIZES = ["B", "kB", "MB", "GB", "TB"];

export function bytes(n: number): string {
  const step = n < 1000 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(n) / 3));
  const value = n / 1000 ** step;
  return `${value.toFixed(step > 0 && value < 10 ? 1 : 0)} ${SIZES[step]}`;
}

/** A place on a media time line: 7.25 -> "0:07.2". */
export function clock(seconds: number, digits = 1): string {
  const scale = 10 ** digits;
  const ticks = Math.floor(Math.max(0, seconds) * scale + 1e-9);
  const minutes = Math.floor(ticks / (60 * scale));
  const rest = ((ticks - minutes * 60 * scale) / scale).toFixed(digits);
  return `${minutes}:${rest.padStart(digits > 0 ? digits + 3 : 2, "0")}`;
}

/** How long something takes: "12 s", "3 min 20 s", "2 h 5 min". */
export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return s % 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${s / 60} min`;
  const minutes = Math.round((s % 3600) / 60);
  return minutes ? `${Math.floor(s / 3600)} h ${minutes} min` : `${Math.floor(s / 3600)} h`;
}

const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

export const when = (iso: string | null): string => (iso ? moment.format(new Date(iso)) : MISSING);

/** "image_emotion" -> "Image emotion". */
export const words = (key: string): string => {
  const text = key
    .replaceAll("_", " ")
    .replaceAll("-", " ")
    .replace(/\b(vad|eeg)\b/gi, (name) => name.toUpperCase());
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** "3 items · 12 annotations" */
export const tableCounts = (rows: Readonly<Record<string, number>>): string =>
  Object.entries(rows)
    .map(([table, n]) => `${count(n)} ${words(table).toLowerCase()}`)
    .join(" · ");

const MEASURES: Record<string, string> = {
  ccc_pairwise_mean: "CCC, mean over pairs",
  krippendorff_alpha_masi: "Krippendorff α, sets by MASI",
  krippendorff_alpha_jaccard: "Krippendorff α, sets by Jaccard",
  krippendorff_alpha_presence: "Krippendorff α, chosen or not",
  pearson_gradient_mean: "r of the changes, mean over pairs",
  sign_agreement: "α of up, stay, down",
  krippendorff_alpha_nominal: "Krippendorff α, nominal",
  krippendorff_alpha_ordinal: "Krippendorff α, ordinal",
  krippendorff_alpha_interval: "Krippendorff α, interval",
  retest_correlation: "Test-retest r",
  retest_kappa: "Test-retest κ",
  retest_jaccard: "Test-retest, Jaccard of the labels",
  retest_likeness: "Test-retest, likeness of marks",
  retest_ccc: "Test-retest CCC",
  retest_trace_correlation: "Test-retest r of traces",
  retest_same: "Test-retest, samples alike",
};

/** Measures by the names people know; an unknown one by its key. */
export const measureName = (key: string): string =>
  MEASURES[key] ?? words(key).replace(/^(icc|ccc)/i, (name) => name.toUpperCase());

const JOBS: Record<string, string> = {
  "ingest.file": "Read a file",
  "ingest.fingerprints": "Take fingerprints of a file",
  "annotation.analyse": "Agreement and gold",
  "annotation.progress": "Count a study for webhooks",
  "exports.check": "Check before publishing",
  "exports.compare": "Compare releases",
  "exports.drop": "Delete files that nothing needs",
  "exports.erase": "Erase a person",
  "exports.release": "Build a release",
  "exports.withdraw": "Withdraw releases, make their successor",
  "webhooks.deliver": "Tell a webhook",
};

export const jobName = (kind: string): string => JOBS[kind] ?? words(kind.replaceAll(".", " "));
