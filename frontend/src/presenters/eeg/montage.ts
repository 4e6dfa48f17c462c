export type MontageName = "recorded" | "average" | "bipolar";

/** One line on the screen: a channel, less the mean of others. */
export interface Lane {
  label: string;
  unit: string;
  channel: number;
  minus: readonly number[];
}

interface Named {
  label: string;
  unit: string;
  rate_hz: number;
}

const ELECTRODE = /^(?:fp|af|f|fc|ft|c|t|tp|cp|p|po|o)(?:z|\d{1,2})$/;

/** Neighbours from front to back, outer and inner chain of each side, and the middle; newer names of the 10-20 system. */
const CHAINS: readonly (readonly string[])[] = [
  ["fp1", "f7", "t7", "p7", "o1"],
  ["fp1", "f3", "c3", "p3", "o1"],
  ["fz", "cz", "pz"],
  ["fp2", "f4", "c4", "p4", "o2"],
  ["fp2", "f8", "t8", "p8", "o2"],
];

const RENAMED: Readonly<Record<string, string>> = { t3: "t7", t4: "t8", t5: "p7", t6: "p8" };

/** The electrode that a channel's label names, in lower case; null: it names none on the scalp. */
export function electrodeOf(label: string): string | null {
  const bare = label
    .toLowerCase()
    .replace(/^eeg[\s_-]+/, "")
    .replace(/[\s_-]+(?:ref|le|re|ar|avg|[am][12])$/, "")
    .replace(/[.\s]+$/, "");
  return ELECTRODE.test(bare) ? bare : null;
}

interface Scalp {
  /** Channels that name an electrode and have the rate and unit of the first that does. */
  indices: number[];
  byName: Map<string, number>;
}

function scalpOf(channels: readonly Named[]): Scalp {
  const first = channels.find(({ label }) => electrodeOf(label));
  const indices: number[] = [];
  const byName = new Map<string, number>();
  channels.forEach(({ label, unit, rate_hz }, index) => {
    const name = electrodeOf(label);
    if (!name || unit !== first?.unit || rate_hz !== first.rate_hz) return;
    indices.push(index);
    byName.set(RENAMED[name] ?? name, index);
  });
  return { indices, byName };
}

const asRecorded = ({ label, unit }: Named, channel: number): Lane => ({ label, unit, channel, minus: [] });

function averaged(channels: readonly Named[], { indices }: Scalp): Lane[] {
  const scalp = new Set(indices);
  return channels.map((one, channel) =>
    scalp.has(channel) ? { ...asRecorded(one, channel), minus: indices } : asRecorded(one, channel),
  );
}

function bipolar(channels: readonly Named[], { indices, byName }: Scalp): Lane[] {
  const pairs = CHAINS.flatMap((chain) =>
    chain.slice(1).flatMap((after, i): Lane[] => {
      const [front, back] = [byName.get(chain[i] ?? ""), byName.get(after)];
      const one = front === undefined ? undefined : channels[front];
      const other = back === undefined ? undefined : channels[back];
      if (front === undefined || back === undefined || !one || !other) return [];
      return [
        { label: `${bareName(one)}-${bareName(other)}`, unit: one.unit, channel: front, minus: [back] },
      ];
    }),
  );
  const scalp = new Set(indices);
  const others = channels.flatMap((one, channel) => (scalp.has(channel) ? [] : [asRecorded(one, channel)]));
  return [...pairs, ...others];
}

const bareName = ({ label }: Named): string =>
  label.replace(/^EEG[\s_-]+/i, "").replace(/[\s_-]+(?:ref|le|re|ar|avg|[am][12])$/i, "");

/** The lines of each montage that the channels' names allow; what is not on the scalp stays as recorded. */
export function montages(channels: readonly Named[]): ReadonlyMap<MontageName, readonly Lane[]> {
  const scalp = scalpOf(channels);
  const found = new Map<MontageName, readonly Lane[]>([["recorded", channels.map(asRecorded)]]);
  if (scalp.indices.length > 1) found.set("average", averaged(channels, scalp));
  const pairs = bipolar(channels, scalp);
  if (pairs.some(({ minus }) => minus.length > 0)) found.set("bipolar", pairs);
  return found;
}

/** What a lane shows where its channels have these values. */
export const laneValue = (lane: Lane, of: (channel: number) => number): number =>
  lane.minus.length === 0
    ? of(lane.channel)
    : of(lane.channel) - lane.minus.reduce((sum, one) => sum + of(one), 0) / lane.minus.length;
