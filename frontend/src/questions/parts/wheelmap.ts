/** Geometry of a wheel in its own units: the centre is 0, 0 and the rim has the radius RIM. Petals run clockwise from the top. */

export const RIM = 98;
export const HUB = 38;
const GAP = 0.8;
const LETTER = 0.58;
const LARGEST = 6.4;

export interface Place {
  petal: number;
  ring: number;
}

export interface WheelSize {
  petals: number;
  rings: number;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** A point at an angle in degrees, 0 at the top, and a distance from the centre. */
const at = (degrees: number, radius: number): [number, number] => {
  const angle = ((degrees - 90) * Math.PI) / 180;
  return [round(radius * Math.cos(angle)), round(radius * Math.sin(angle))];
};

const radiusOf = (ring: number, { rings }: WheelSize): number => HUB + ((RIM - HUB) / rings) * ring;

/** The outline of a field of the wheel, as the `d` of a path. */
export function sector({ petal, ring }: Place, size: WheelSize): string {
  const width = 360 / size.petals;
  const middle = petal * width;
  const [low, high] = [radiusOf(ring, size) + GAP, radiusOf(ring + 1, size) - GAP];
  // The gap beside a petal is as wide at the hub as at the rim.
  const half = (radius: number) => width / 2 - (GAP / radius) * (180 / Math.PI);
  const corner = (side: number, radius: number) => at(middle + side * half(radius), radius).join(" ");
  return [
    `M${corner(-1, low)}`,
    `L${corner(-1, high)}`,
    `A${high} ${high} 0 0 1 ${corner(1, high)}`,
    `L${corner(1, low)}`,
    `A${low} ${low} 0 0 0 ${corner(-1, low)}`,
    "Z",
  ].join("");
}

export interface Lettering {
  x: number;
  y: number;
  /** Degrees; never upside down. */
  turn: number;
  size: number;
}

/** Where and how large a name stands in its field, along the ring; `ring` may be one beyond the last: outside the rim. */
export function lettering(text: string, { petal, ring }: Place, size: WheelSize): Lettering {
  const width = 360 / size.petals;
  const outside = ring >= size.rings;
  const radius = outside ? RIM + 5 : (radiusOf(ring, size) + radiusOf(ring + 1, size)) / 2;
  const [x, y] = at(petal * width, radius);
  const room = 2 * radius * Math.sin((width / 2) * (Math.PI / 180)) * 0.88;
  const upside = petal * width > 90 && petal * width < 270;
  return {
    x,
    y,
    turn: round(petal * width + (upside ? 180 : 0)),
    size: round(Math.min(LARGEST, room / (Math.max(text.length, 1) * LETTER))),
  };
}

/** The field that an arrow key leads to: left and right go round, up goes outward and stops at the rim. */
export function wheelStep(from: Place, key: string, size: WheelSize, has: (place: Place) => boolean): Place {
  const turn = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  const out = key === "ArrowUp" ? 1 : key === "ArrowDown" ? -1 : 0;
  if (turn === 0 && out === 0) return from;
  const petal = (from.petal + turn + size.petals) % size.petals;
  for (let ring = from.ring + out; ring >= 0 && ring < size.rings; ring += out || size.rings) {
    if (has({ petal, ring })) return { petal, ring };
  }
  // Petals need not have a field on every ring: going round then takes the nearest.
  return turn === 0 ? from : nearest({ petal, ring: from.ring }, size, has);
}

function nearest(to: Place, { rings }: WheelSize, has: (place: Place) => boolean): Place {
  for (let off = 0; off < rings; off++) {
    for (const ring of [to.ring - off, to.ring + off]) {
      if (ring >= 0 && has({ petal: to.petal, ring })) return { petal: to.petal, ring };
    }
  }
  return to;
}
